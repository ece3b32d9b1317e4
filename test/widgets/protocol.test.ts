import { expect } from "chai";
import * as torch from "kernelbook";
import * as widgets from "kernelbook/widgets";
import {
  anyWidget,
  Button,
  Dropdown,
  featureMaps,
  HBox,
  interact,
  IntSlider,
  jslink,
  Output,
  Play,
  widgetState,
} from "kernelbook/widgets";
import { FakeHost } from "./support/fake-host.js";

const displaySymbol = Symbol.for("Jupyter.display");
const show = (value: unknown) => (value as Record<symbol, () => any>)[displaySymbol]();
const turn = () => new Promise((go) => setTimeout(go, 5));

describe("widgets and their messages", () => {
  let host: FakeHost;
  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  it("open layout and style first, then the control, with the protocol's version", () => {
    const slider = new IntSlider({ value: 3, max: 9, continuousUpdate: false });
    const bundle = show(slider);
    expect(bundle.data["application/vnd.jupyter.widget-view+json"]).to.deep.equal({
      version_major: 2,
      version_minor: 0,
      model_id: slider.modelId,
    });
    const names = host.noted.map(({ data }) => data.state._model_name);
    expect(names.at(-1)).to.equal("IntSliderModel");
    expect(names).to.include.members(["LayoutModel", "SliderStyleModel"]);
    const { state } = host.of(slider.modelId)[0].data;
    expect(state).to.include({
      value: 3,
      max: 9,
      continuous_update: false,
      _view_name: "IntSliderView",
    });
    expect(state.layout).to.match(/^IPY_MODEL_/);
    expect(host.noted[0].metadata).to.deep.equal({ version: "2.1.0" });
  });

  it("send the changes of a turn as one update, with the changed keys only", async () => {
    const slider = new IntSlider();
    slider.open();
    slider.value = 4;
    slider.value = 5;
    slider.description = "k";
    await turn();
    const updates = host.of(slider.modelId).slice(1);
    expect(updates.map(({ data }) => data)).to.deep.equal([
      { method: "update", state: { value: 5, description: "k" }, buffer_paths: [] },
    ]);
  });

  it("echo what the page says, tell the listeners, and do not say it again", async () => {
    const slider = new IntSlider();
    const heard: number[] = [];
    slider.on("value", (value) => heard.push(value));
    slider.open();
    host.say(slider.modelId, { method: "update", state: { value: 7 }, buffer_paths: [] });
    await turn();
    expect(heard).to.deep.equal([7]);
    expect(slider.value).to.equal(7);
    expect(
      host
        .of(slider.modelId)
        .slice(1)
        .map(({ data }) => data),
    ).to.deep.equal([{ method: "echo_update", state: { value: 7 }, buffer_paths: [] }]);
  });

  it("carry binary values beside the state, both ways", () => {
    const widget = anyWidget({
      state: { x: new Float32Array([1, 2]), list: [new Uint8Array([9])] as any },
      esm: "",
    });
    widget.open();
    const [{ data, buffers }] = host.of(widget.modelId);
    expect(data.state).not.to.have.property("x");
    expect(data.state.list).to.deep.equal([null]);
    expect(data.buffer_paths).to.deep.equal([["x"], ["list", 0]]);
    expect(buffers).to.have.length(2);
    host.say(widget.modelId, { method: "update", state: {}, buffer_paths: [["x"]] }, [
      Uint8Array.of(5),
    ]);
    expect([...(widget.get("x") as unknown as Uint8Array)]).to.deep.equal([5]);
  });

  it("answer request_state, and request_states of the control target", () => {
    const slider = new IntSlider({ value: 2 });
    slider.open();
    host.say(slider.modelId, { method: "request_state" });
    expect(host.of(slider.modelId)[1].data).to.deep.include({ method: "update" });
    host.openFromPage("jupyter.widget.control", "control");
    host.say("control", { method: "request_states" });
    const { method, states } = host.of("control")[0].data;
    expect(method).to.equal("update_states");
    expect(states[slider.modelId]).to.include({
      model_name: "IntSliderModel",
      model_module: "@jupyter-widgets/controls",
    });
    expect(states[slider.modelId].state.value).to.equal(2);
  });

  it("name their children, link in the page, click, capture, close", async () => {
    const [play, slider, button, output] = [
      new Play(),
      new IntSlider(),
      new Button({ description: "stop" }),
      new Output(),
    ];
    show(new HBox({ children: [play, slider, button, output] }));
    const box = host.noted.find(({ data }) => data.state._model_name === "HBoxModel")!;
    expect(box.data.state.children[1]).to.equal(`IPY_MODEL_${slider.modelId}`);

    const link = jslink([play, "value"], [slider, "value"]);
    expect(host.of(link.modelId)[0].data.state.source).to.deep.equal([
      `IPY_MODEL_${play.modelId}`,
      "value",
    ]);

    let clicks = 0;
    button.onClick(() => clicks++);
    host.say(button.modelId, { method: "custom", content: { event: "click" } });
    expect(clicks).to.equal(1);

    await output.capture(() => 1);
    const ids = host
      .of(output.modelId)
      .slice(1)
      .map(({ data }) => data.state.msg_id);
    expect(ids).to.deep.equal(["parent", ""]);

    slider.close();
    expect(host.of(slider.modelId).at(-1)!.kind).to.equal("close");
    expect(() => slider.send({})).to.throw("closed");
    host.closeFromPage(play.modelId);
    play.value = 3; // nobody listens any more: no error
    expect(play.closed).to.equal(true);
  });

  it("survive malformed messages with a clear error or none", () => {
    const slider = new IntSlider({ value: 1 });
    slider.open();
    for (const data of [
      undefined,
      null,
      {},
      { method: "update" },
      { method: "update", state: 5 },
      { method: "what" },
    ]) {
      host.say(slider.modelId, data);
    }
    expect(() =>
      host.say(slider.modelId, { method: "update", state: {}, buffer_paths: [["a", "b"]] }, [
        new Uint8Array(1),
      ]),
    ).to.throw('widget message: buffer path ["a","b"] leads nowhere');
    const bytes = [new Uint8Array(1), new Uint8Array(1)];
    for (const path of [["__proto__", "x"], ["constructor", "prototype", "x"], [], "x", [["x"]]]) {
      expect(() =>
        host.say(slider.modelId, { method: "update", state: {}, buffer_paths: [path] }, bytes),
      ).to.throw("leads nowhere");
    }
    expect(() =>
      host.say(slider.modelId, { method: "update", state: {}, buffer_paths: [["a"]] }),
    ).to.throw("1 buffer_paths but 0 buffers");
    expect(({} as any).x).to.equal(undefined);
    expect(slider.value).to.equal(1);
  });

  it("save themselves in the form that nbconvert and GitHub accept: `state` is always there", () => {
    const saved: any = widgetState();
    expect(saved["application/vnd.jupyter.widget-state+json"]).to.include({
      version_major: 2,
      version_minor: 0,
    });
    expect(saved["application/vnd.jupyter.widget-state+json"]).to.have.property("state");
  });
});

/** Those that choose among options need some. */
const choosing =
  /^(Dropdown|RadioButtons|Select|SelectMultiple|SelectionRangeSlider|SelectionSlider|ToggleButtons)$/;
/** What is no model of the published schema. */
const ours = /^(Widget|AnyWidget|Explorable|Interactive)$/;

describe("every stock control", () => {
  for (const [name, Class] of Object.entries(widgets) as [string, any][]) {
    if (typeof Class !== "function" || !(Class.prototype instanceof widgets.Widget)) continue;
    if (ours.test(name)) continue;

    it(`${name}: opens, updates, echoes, answers request_state, closes`, async () => {
      const host = new FakeHost();
      try {
        const one: widgets.Widget = new Class(choosing.test(name) ? { options: ["a", "b"] } : {});
        expect(one.open()).to.equal(true);
        const [opened] = host.of(one.modelId);
        expect(opened.kind).to.equal("open");
        expect(opened.metadata).to.deep.equal({ version: "2.1.0" });
        const { state } = opened.data;
        expect(state._model_name).to.equal(`${name}Model`);
        for (const key of ["_model_module", "_model_module_version", "_view_module"])
          expect(state[key]).to.be.a("string");
        expect(JSON.stringify(state)).not.to.contain("undefined");
        for (const value of Object.values(state)) {
          if (typeof value !== "string" || !value.startsWith("IPY_MODEL_")) continue;
          expect(host.of(value.slice("IPY_MODEL_".length)), "opened before").not.to.be.empty;
        }

        const key = Object.keys(state).find((one) => !/^(_|layout$|style$)/.test(one));
        if (key) {
          host.say(one.modelId, { method: "update", state: { [key]: null }, buffer_paths: [] });
          const echo = host.of(one.modelId).at(-1)!;
          expect(echo.data).to.deep.equal({
            method: "echo_update",
            state: { [key]: null },
            buffer_paths: [],
          });
          one.set({ [key]: 1 });
          one.flush();
          expect(host.of(one.modelId).at(-1)!.data).to.deep.equal({
            method: "update",
            state: { [key]: 1 },
            buffer_paths: [],
          });
        }
        host.say(one.modelId, { method: "request_state" });
        const { data } = host.of(one.modelId).at(-1)!;
        expect(data.method).to.equal("update");
        expect(data.state).to.have.all.keys(Object.keys(state));
        one.close();
        expect(host.of(one.modelId).at(-1)!.kind).to.equal("close");
        one.close(); // twice is no error
      } finally {
        host.remove();
      }
    });
  }
});

describe("controls without a kernel", () => {
  it("are all there: one class for each model of the schema", () => {
    const made = Object.values(widgets).filter(
      (value) => typeof value === "function" && value.prototype instanceof widgets.Widget,
    );
    expect(made.length).to.be.greaterThan(67);
  });

  it("show their text, and name unknown options", () => {
    expect(show(new IntSlider({ value: 3 })).data).to.deep.equal({
      "text/plain": "IntSlider(value=3)",
    });
    expect(() => new IntSlider({ maximum: 3 } as never)).to.throw(
      'IntSlider: there is no option "maximum"; there are behavior',
    );
    expect(() => new Dropdown({ options: ["a"], value: "b" })).to.throw(
      "Dropdown: b is none of the options a",
    );
  });
});

describe("interact(f, abbreviations)", () => {
  let host: FakeHost;
  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  it("makes the controls that the values ask for", () => {
    const scene = interact(() => 0, {
      k: [1, 7, 2],
      mode: ["zeros", "reflect"],
      relu: true,
      n: 3,
      lr: 0.1,
      name: "x",
      pick: { a: 1, b: 2 },
    });
    const names = Object.values(scene.controls).map((control) => control.get("_model_name"));
    expect(names).to.deep.equal([
      "IntSliderModel",
      "DropdownModel",
      "CheckboxModel",
      "IntSliderModel",
      "FloatSliderModel",
      "TextModel",
      "DropdownModel",
    ]);
    expect(scene.values).to.deep.include({
      k: 3,
      mode: "zeros",
      relu: true,
      n: 3,
      lr: 0.1,
      name: "x",
      pick: 1,
    });
    const { n } = scene.controls;
    expect([n.get("min"), n.get("max")]).to.deep.equal([-3, 9]);
  });

  it("lets the last value win when f is slow", async () => {
    const seen: number[] = [];
    const scene = interact(
      async ({ k }) => {
        await turn();
        seen.push(k);
        return k;
      },
      { k: [0, 100] },
    );
    for (let k = 1; k <= 60; k++) scene.controls.k.value = k;
    await scene.update();
    expect(seen.at(-1)).to.equal(60);
    expect(seen.length).to.be.below(4);
    expect(show(scene).data["text/plain"]).to.equal('interact {"k":60}\n60');
  });

  it("sends the picture before the echo of the move that asked for it", async () => {
    const x = torch.ones([1, 3, 9, 9]);
    const scene = interact(({ k }) => featureMaps(x.mul(k)), { k: [0, 9] });
    await scene.update();
    scene.open();
    host.noted.length = 0;
    host.say((scene.controls.k as any).modelId, { method: "update", state: { value: 7 } });
    await turn();
    expect(host.noted.map(({ data }) => data.method)).to.deep.equal(["update", "echo_update"]);
    const [{ data, buffers }] = host.noted;
    expect(data.buffer_paths).to.deep.equal([["palette"], ["runs"]]);
    expect(data.state).to.include.keys("size", "alt");
    const [width, height] = data.state.size;
    expect(buffers[1].byteLength).to.be.below((width * height) / 20); // three flat maps
  });

  it("says so when the function returns nothing", async () => {
    const scene = interact(({ k }) => void k, { k: [0, 2] });
    await scene.update();
    expect(show(scene).data["text/plain"]).to.contain("the function returned nothing");
  });

  it("shows an error where the picture would be, and goes on", async () => {
    const scene = interact(
      ({ k }) => {
        if (k === 1) throw new RangeError("conv2d: too large");
        return k;
      },
      { k: [0, 2] },
    );
    await scene.update();
    expect(show(scene).data["text/plain"]).to.contain("RangeError: conv2d: too large");
    scene.controls.k.value = 2;
    await scene.update();
    expect(show(scene).data["text/plain"]).to.match(/\n2$/);
  });
});
