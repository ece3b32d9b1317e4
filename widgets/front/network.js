// A walk through a network: pick a layer, a channel, a pixel, and see which part of the input it comes from.

import { scaleOf } from "./colours.js";
import { picture } from "./image-canvas.js";
import { live, roomIn } from "./live.js";
import { receptiveRectangle } from "./arithmetic.js";
import { button, floats, frame, h, setAll, slider } from "./ui.js";
import { digits } from "./numbers.js";

export default {
  render({ model, el }) {
    const values = floats(model, "values");
    const layers = model.get("layers");
    const { root, end, onTheme } = frame(
      el,
      "Where does a number come from?",
      "Pick a layer and a channel, then move over its map: the framed part of the input is all that the number depends on.",
    );
    let place = [0, 0];
    const tabs = h("div", { class: "kb-layers", role: "group", "aria-label": "layers" });
    const channel = slider({
      label: "channel",
      min: 0,
      max: 0,
      value: 0,
      oninput: (value) => setAll(model, { channel: value }),
    });
    const source = picture({ label: "the input" });
    const map = picture({
      label: "the map of the chosen channel",
      onhover: (r, c) => ((place = [r, c]), paint()),
    });
    const says = h("div", { class: "kb-formula", "aria-live": "polite" });
    map.canvas.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[
        event.key
      ];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      const { shape } = layers[model.get("layer")];
      place = place.map((at, a) => Math.max(0, Math.min(shape[a + 1] - 1, at + move[a])));
      paint();
    });
    root.append(
      tabs,
      h("div", { class: "kb-controls" }, channel),
      h(
        "div",
        { class: "kb-row" },
        source.element,
        h("span", { class: "kb-sign" }, "→"),
        map.element,
      ),
      says,
    );

    function compute() {
      const chosen = model.get("layer");
      tabs.replaceChildren(
        ...layers.map(({ name, shape }, i) => {
          const one = button(`${name} ${shape.join("×")}`, () =>
            setAll(model, { layer: i, channel: 0 }),
          );
          one.setAttribute("aria-pressed", String(i === chosen));
          return one;
        }),
      );
      const [C, H, W] = layers[chosen].shape;
      channel.give({ max: C - 1, value: Math.min(model.get("channel"), C - 1) });
      channel.hidden = C < 2;
      place = [Math.floor(H / 2), Math.floor(W / 2)];
      paint();
    }
    function paint() {
      const room = roomIn(root, 340);
      const layer = layers[model.get("layer")];
      const [C, H, W] = layer.shape;
      const c = Math.min(model.get("channel"), C - 1);
      const plane = values.subarray(layer.start + c * H * W, layer.start + (c + 1) * H * W);
      const colour = getComputedStyle(root).getPropertyValue("--kb-window");
      const scale = scaleOf(values.subarray(layer.start, layer.start + C * H * W));
      map.draw({
        H,
        W,
        room,
        caption: `${layer.name}, channel ${c}: ${H}×${W}`,
        pixel: (i) => scale(plane[i]),
        scale,
        marks: [{ row: place[0], column: place[1], colour }],
      });

      const [inC, inH, inW] = layers[0].shape;
      const inside = values.subarray(0, inC * inH * inW);
      const colours = inC === 3 && inside.every((v) => v >= 0 && v <= 1);
      const grey = scaleOf(inside, true);
      const pixel = (i) =>
        colours
          ? [0, 1, 2].map((k) => Math.round(255 * inside[k * inH * inW + i]))
          : grey(inside[i]);
      const full = layer.path ? receptiveRectangle(layer.path, ...place) : [0, 0, inH - 1, inW - 1];
      const [top, left, bottom, right] = [
        Math.max(0, full[0]),
        Math.max(0, full[1]),
        Math.min(inH - 1, full[2]),
        Math.min(inW - 1, full[3]),
      ];
      const seen = bottom >= top && right >= left;
      source.draw({
        H: inH,
        W: inW,
        room,
        caption: `input ${layers[0].shape.join("×")}`,
        pixel,
        marks: seen
          ? [{ row: top, column: left, rows: bottom - top + 1, columns: right - left + 1, colour }]
          : [],
      });
      const size = `${full[2] - full[0] + 1}×${full[3] - full[1] + 1}`;
      const clipped =
        top !== full[0] || left !== full[1] || bottom !== full[2] || right !== full[3];
      says.replaceChildren(
        h(
          "div",
          {},
          `${layer.name}[${c}, ${place}] = `,
          h("b", {}, digits(plane[place[0] * W + place[1]])),
        ),
        h(
          "div",
          {},
          `it sees ${size} pixels of the input: rows ${top}–${bottom}, columns ${left}–${right}`,
          h(
            "span",
            { class: "kb-soft" },
            clipped ? "   (the rest lies in the padding)" : layer.path ? "" : "   (all of it)",
          ),
        ),
      );
    }
    return live({ model, keys: ["layer", "channel"], root, onTheme, compute, paint, end });
  },
};
