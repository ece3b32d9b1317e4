// Stride and dilation: where windows land, which cells they skip, how far one sees.

import { outputSize, usersOf } from "./arithmetic.js";
import { grid } from "./grid.js";
import { live, roomIn } from "./live.js";
import { pairSliders, sizeFormula, walker } from "./parts.js";
import { frame, h, setAll } from "./ui.js";

export default {
  render({ model, el }) {
    const { root, end, onTheme } = frame(
      el,
      "Stride and dilation",
      "The number in a cell counts the windows that use it; 0 is skipped. Press play, or use the arrow keys.",
    );
    let geometry;
    const sliders = pairSliders(
      [
        { name: "size", label: "input", min: 1, max: () => 16 },
        { name: "kernel", label: "kernel", min: 1, max: () => 5 },
        { name: "stride", label: "stride", min: 1, max: () => 5 },
        { name: "dilation", label: "dilation", min: 1, max: () => 4 },
        { name: "padding", label: "padding", min: 0, max: () => 4 },
      ],
      (name) => model.get(name),
      (name, value) => setAll(model, { [name]: value }),
    );
    const walk = walker(() => outputSize(geometry), paint);
    const input = grid({ label: "how many windows use each input cell" });
    const output = grid({ label: "output places", onhover: (r, c) => walk.moveTo(r, c) });
    [input, output].forEach(({ canvas }) => walk.listen(canvas));
    const says = h("div", { class: "kb-formula" });
    const size = h("div", { class: "kb-size" });
    const grids = h(
      "div",
      { class: "kb-row" },
      input.element,
      h("span", { class: "kb-sign" }, "→"),
      output.element,
    );
    root.append(sliders.element, walk.element, grids, says, size);

    function compute() {
      const [H, W] = model.get("size");
      geometry = {
        H,
        W,
        kernel: model.get("kernel"),
        stride: model.get("stride"),
        padding: model.get("padding"),
        dilation: model.get("dilation"),
      };
      sliders.refresh();
      sizeFormula(size, geometry);
      const fits = outputSize(geometry).every((n) => n > 0);
      grids.hidden = walk.element.hidden = !fits;
      if (!fits)
        return says.replaceChildren(
          h("span", { class: "kb-warn" }, "The window does not fit into the padded input."),
        );
      walk.clamp();
    }
    function paint() {
      const [P, Q] = outputSize(geometry);
      if (P < 1 || Q < 1) return;
      const { H, W, kernel, stride, padding, dilation } = geometry;
      const [p, q] = walk.place;
      const counts = Array.from({ length: H + 2 * padding[0] }, (_, r) =>
        Array.from(
          { length: W + 2 * padding[1] },
          (_, c) => usersOf(geometry, r - padding[0], c - padding[1]).length,
        ),
      );
      const most = Math.max(1, ...counts.flat());
      const dark = root.classList.contains("kb-dark");
      const tint = (value) => {
        const t = value / most;
        const [from, to] = dark
          ? [
              [43, 49, 57],
              [24, 100, 171],
            ]
          : [
              [231, 234, 238],
              [116, 192, 252],
            ];
        return value === 0
          ? dark
            ? [33, 37, 43]
            : [255, 255, 255]
          : from.map((v, k) => Math.round(v + t * (to[k] - v)));
      };
      const cells = [];
      for (let k = 0; k < kernel[0]; k++) {
        for (let l = 0; l < kernel[1]; l++)
          cells.push({
            row: p * stride[0] + k * dilation[0],
            column: q * stride[1] + l * dilation[1],
          });
      }
      const span = kernel.map((k, a) => dilation[a] * (k - 1) + 1);
      const room = roomIn(root, 420);
      input.draw({
        rows: counts.length,
        columns: counts[0].length,
        room,
        caption: `input ${H}×${W}: windows that use each cell`,
        value: (r, c) => counts[r][c],
        colour: tint,
        text: String,
        note: (r, c) =>
          r < padding[0] || c < padding[1] || r >= padding[0] + H || c >= padding[1] + W
            ? "pad"
            : null,
        marks: [
          {
            row: p * stride[0],
            column: q * stride[1],
            rows: span[0],
            columns: span[1],
            kind: "use",
          },
          ...cells,
        ],
      });
      output.draw({
        rows: P,
        columns: Q,
        room,
        caption: `output ${P}×${Q}`,
        value: (r, c) => r * Q + c,
        colour: () => (dark ? [43, 49, 57] : [231, 234, 238]),
        text: String,
        marks: [{ row: p, column: q }],
      });
      const skipped = counts
        .slice(padding[0], padding[0] + H)
        .flatMap((row) => row.slice(padding[1], padding[1] + W))
        .filter((n) => n === 0).length;
      says.replaceChildren(
        h(
          "div",
          {},
          `one output sees ${dilation.map((d, a) => `${d}·(${kernel[a]} − 1) + 1`)[0]} = `,
          h("b", {}, span.join("×")),
          ` of the input, through ${kernel[0] * kernel[1]} weights`,
        ),
        h(
          "div",
          { class: skipped ? "kb-warn" : "kb-soft" },
          skipped
            ? `${skipped} of ${H * W} input cells are used by no window`
            : "every input cell is used",
        ),
      );
    }
    const cleanup = live({
      model,
      keys: ["size", "kernel", "stride", "dilation", "padding"],
      root,
      onTheme,
      compute,
      paint,
      end,
    });
    return () => {
      walk.end();
      cleanup();
    };
  },
};
