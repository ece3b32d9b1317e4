// The output-size calculator, forwards and backwards: what size comes out, and which padding keeps the size.

import { places } from "./arithmetic.js";
import { live } from "./live.js";
import { pairSliders, sizeFormula } from "./parts.js";
import { button, checkbox, frame, h, setAll } from "./ui.js";

const solvable = [
  { name: "padding", least: 0, most: 256 },
  { name: "stride", least: 1, most: 256 },
  { name: "kernel", least: 1, most: 256 },
  { name: "dilation", least: 1, most: 256 },
];

export default {
  render({ model, el }) {
    const { root, end, onTheme } = frame(
      el,
      "Output size",
      "⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, with your numbers; below, the question asked backwards.",
    );
    const sliders = pairSliders(
      [
        { name: "size", label: "input L", min: 1, max: () => 256 },
        { name: "kernel", label: "kernel", min: 1, max: () => 11 },
        { name: "stride", label: "stride", min: 1, max: () => 8 },
        { name: "padding", label: "padding", min: 0, max: () => 12 },
        { name: "dilation", label: "dilation", min: 1, max: () => 8 },
      ],
      (name) => model.get(name),
      (name, value) => setAll(model, { [name]: value }),
    );
    const ceil = checkbox({
      label: "ceil mode (pooling)",
      value: model.get("ceilMode"),
      onchange: (value) => setAll(model, { ceilMode: value }),
    });
    const size = h("div", { class: "kb-formula kb-floor", "aria-live": "polite" });
    const wanted = h("input", {
      class: "kb-number",
      type: "number",
      min: 1,
      step: 1,
      "aria-label": "the size that is wanted",
      oninput: () => solve(),
    });
    const answers = h("div", { class: "kb-answers", "aria-live": "polite" });
    root.append(
      sliders.element,
      h("div", { class: "kb-controls" }, ceil),
      size,
      h(
        "div",
        { class: "kb-controls" },
        h("label", {}, "And backwards: an output of", wanted),
        button("keep the size", () => want(model.get("size")[0])),
        button("halve it", () => want(Math.ceil(model.get("size")[0] / 2))),
      ),
      answers,
    );
    const want = (length) => {
      wanted.value = String(length);
      solve();
    };

    function compute() {
      const [H, W] = model.get("size");
      const [kernel, stride, padding, dilation] = ["kernel", "stride", "padding", "dilation"].map(
        (name) => model.get(name),
      );
      sliders.refresh();
      ceil.give(model.get("ceilMode"));
      sizeFormula(size, { H, W, kernel, stride, padding, dilation, ceil: model.get("ceilMode") });
      if (wanted.value === "") wanted.value = String(H);
      solve();
    }

    /** Which value of each option, the others as they are, gives the wanted size. */
    function solve() {
      const length = Number(wanted.value);
      const [H] = model.get("size");
      const now = Object.fromEntries(solvable.map(({ name }) => [name, model.get(name)[0]]));
      const lines = solvable.map(({ name, least, most }) => {
        const fitting = [];
        for (let value = least; value <= most && fitting.length < 6; value++) {
          const { kernel, stride, padding, dilation } = { ...now, [name]: value };
          if (places(H, kernel, stride, padding, dilation, model.get("ceilMode")) === length)
            fitting.push(value);
        }
        return h(
          "div",
          {},
          h("span", { class: "kb-soft" }, `by the ${name}: `),
          fitting.length === 0
            ? h("span", { class: "kb-soft" }, "no value gives it")
            : fitting.map((value) => {
                const one = button(`${name} ${value}`, () =>
                  setAll(model, { [name]: [value, value] }),
                );
                one.setAttribute("aria-pressed", String(value === now[name]));
                return one;
              }),
        );
      });
      const [, W] = model.get("size");
      if (H !== W) lines.push(h("div", { class: "kb-soft" }, "(for the height)"));
      answers.replaceChildren(...lines);
    }
    return live({
      model,
      keys: ["size", "kernel", "stride", "padding", "dilation", "ceilMode"],
      root,
      onTheme,
      compute,
      paint: () => {},
      end,
    });
  },
};
