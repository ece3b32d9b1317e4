// The padding modes side by side: hover a cell of the border to see where its value comes from.

import { mostPadding, sourceOf } from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { grid } from "./grid.js";
import { live, roomIn } from "./live.js";
import { floats, frame, h, setAll, slider } from "./ui.js";
import { formatter } from "./numbers.js";

const modes = {
  zeros: "nothing is there",
  reflect: "the image, mirrored at its edge",
  replicate: "its edge, repeated",
  circular: "its other side",
};

export default {
  render({ model, el }) {
    const x = floats(model, "x");
    const [, H, W] = model.get("shape");
    const { root, end, onTheme } = frame(
      el,
      "What the padding holds",
      "Four modes of the same padding. Move over a hatched cell, or use the arrow keys: its source is framed.",
    );
    const plane = x.subarray(0, H * W);
    let hovered = null;
    const padding = slider({
      label: "padding",
      min: 0,
      max: 4,
      value: model.get("padding"),
      oninput: (value) => setAll(model, { padding: value }),
    });
    const says = h("div", { class: "kb-formula", "aria-live": "polite" });
    const grids = Object.keys(modes).map((mode) => {
      const one = grid({
        label: `${mode} padding`,
        onhover: (r, c) => ((hovered = { mode, r, c }), paint()),
        onleave: () => ((hovered = null), paint()),
      });
      one.canvas.addEventListener("keydown", (event) => {
        const move = {
          ArrowUp: [-1, 0],
          ArrowDown: [1, 0],
          ArrowLeft: [0, -1],
          ArrowRight: [0, 1],
        }[event.key];
        if (!move) return;
        event.preventDefault();
        event.stopPropagation();
        const p = model.get("padding");
        const from = hovered ?? { r: 0, c: 0 };
        hovered = {
          mode,
          r: Math.max(0, Math.min(H + 2 * p - 1, from.r + move[0])),
          c: Math.max(0, Math.min(W + 2 * p - 1, from.c + move[1])),
        };
        paint();
      });
      return { mode, one };
    });
    root.append(
      h("div", { class: "kb-controls" }, padding),
      h(
        "div",
        { class: "kb-row" },
        grids.map(({ one }) => one.element),
      ),
      says,
    );

    function paint() {
      const p = model.get("padding");
      padding.give({ value: p });
      const show = formatter(plane);
      const colour = scaleOf(plane);
      for (const { mode, one } of grids) {
        if (p > Math.min(mostPadding(H, mode), mostPadding(W, mode))) {
          one.draw({
            rows: 0,
            columns: 0,
            caption: `${mode}: at most ${Math.min(mostPadding(H, mode), mostPadding(W, mode))} here`,
          });
          continue;
        }
        const source = (r, c) => [sourceOf(r - p, H, mode), sourceOf(c - p, W, mode)];
        const mine = hovered?.mode === mode ? hovered : null;
        const marks = [];
        if (mine) {
          const [i, j] = source(mine.r, mine.c);
          marks.push({ row: mine.r, column: mine.c, kind: "window" });
          if (i >= 0 && j >= 0) marks.push({ row: i + p, column: j + p, kind: "use" });
        }
        one.draw({
          rows: H + 2 * p,
          columns: W + 2 * p,
          room: roomIn(root, 320),
          caption: `${mode}: ${modes[mode]}`,
          value: (r, c) => {
            const [i, j] = source(r, c);
            return i < 0 || j < 0 ? 0 : plane[i * W + j];
          },
          colour,
          text: show,
          note: (r, c) => (r < p || c < p || r >= p + H || c >= p + W ? "pad" : null),
          marks,
        });
      }
      if (!hovered) return says.replaceChildren(`${H}×${W} becomes ${H + 2 * p}×${W + 2 * p}`);
      const [i, j] = [
        sourceOf(hovered.r - p, H, hovered.mode),
        sourceOf(hovered.c - p, W, hovered.mode),
      ];
      says.replaceChildren(
        `${hovered.mode}: place [${hovered.r - p}, ${hovered.c - p}] holds `,
        h("b", {}, i < 0 || j < 0 ? "0" : show(plane[i * W + j])),
        i < 0 || j < 0 ? "" : `, from image [${i}, ${j}]`,
      );
    }
    return live({ model, keys: ["padding"], root, onTheme, compute: paint, paint, end });
  },
};
