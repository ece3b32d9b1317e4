// Pooling, step by step: the winners of max pooling, the divisor of average pooling.

import { outputSize, pool, poolAt, unreached, usersOf } from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { grid } from "./grid.js";
import { live, roomIn } from "./live.js";
import { keyList, pairSliders, sizeFormula, walker } from "./parts.js";
import { checkbox, floats, frame, h, select, setAll, slider } from "./ui.js";
import { formatter, digits, signed } from "./numbers.js";

export default {
  render({ model, el }) {
    const x = floats(model, "x");
    const [C, H, W] = model.get("shape");
    const { root, end, onTheme } = frame(
      el,
      "Pooling, step by step",
      "Of each window one number remains: the greatest, or the mean. Move over a grid, press play, or use the arrow keys.",
    );
    let channel = 0;
    let hovered = null;
    let geometry, layer, y;
    const read = (name) => model.get(name);
    const write = (name, value) => setAll(model, { [name]: value });

    const sliders = pairSliders(
      [
        { name: "kernel", label: "window", min: 1, max: (a) => Math.min(6, [H, W][a]) },
        { name: "stride", label: "stride", min: 1, max: () => 5 },
        {
          name: "padding",
          label: "padding",
          min: 0,
          max: (a) => Math.floor(read("kernel")[a] / 2),
        },
        {
          name: "dilation",
          label: "dilation",
          min: 1,
          max: () => (read("kind") === "max" ? 3 : 1),
        },
      ],
      read,
      write,
    );
    const kind = select({
      label: "of each window",
      options: ["max", "average"],
      value: read("kind") === "max" ? "max" : "average",
      onchange: (value) =>
        setAll(model, value === "max" ? { kind: "max" } : { kind: "avg", dilation: [1, 1] }),
    });
    const ceil = checkbox({
      label: "ceil mode",
      value: read("ceilMode"),
      onchange: (value) => write("ceilMode", value),
    });
    const counted = checkbox({
      label: "count the padding",
      value: read("countIncludePad"),
      onchange: (value) => write("countIncludePad", value),
    });
    const channels = slider({
      label: "channel",
      min: 0,
      max: C - 1,
      value: 0,
      oninput: (value) => ((channel = value), paint()),
    });
    const walk = walker(() => outputSize(geometry), paint);
    const input = grid({
      label: "input",
      onhover: (r, c) => ((hovered = [r - geometry.padding[0], c - geometry.padding[1]]), paint()),
      onleave: () => ((hovered = null), paint()),
      onpick: (r, c) => {
        const [user] = usersOf(geometry, r - geometry.padding[0], c - geometry.padding[1]);
        if (user) walk.moveTo(...user);
      },
    });
    const output = grid({ label: "output", onhover: (r, c) => walk.moveTo(r, c) });
    [input, output].forEach(({ canvas }) => walk.listen(canvas));
    const grids = h(
      "div",
      { class: "kb-row" },
      input.element,
      h("span", { class: "kb-sign" }, "→"),
      output.element,
    );
    const keys = keyList("window", "use", "hit", "pad", "lost");
    const formula = h("div", { class: "kb-formula", "aria-live": "polite" });
    const size = h("div", { class: "kb-size" });
    const warning = h("p", { class: "kb-warn", role: "status" });
    root.append(
      sliders.element,
      h("div", { class: "kb-controls" }, kind, ceil, counted, C > 1 ? channels : null),
      walk.element,
      warning,
      grids,
      keys,
      formula,
      size,
    );

    function compute() {
      const most = read("kernel").map((k) => Math.floor(k / 2)); // as PyTorch: at most half of the window
      const padding = read("padding").map((p, a) => Math.min(p, most[a]));
      geometry = {
        H,
        W,
        kernel: read("kernel"),
        stride: read("stride"),
        padding,
        dilation: read("dilation"),
        ceil: read("ceilMode"),
      };
      layer = { kind: read("kind"), countIncludePad: read("countIncludePad") };
      const fits = outputSize(geometry).every((n) => n > 0);
      warning.textContent = fits ? "" : "The window does not fit into the image.";
      counted.hidden = layer.kind === "max";
      y = fits ? pool(x, layer, geometry, C) : new Float32Array(0);
      sliders.refresh();
      ceil.give(geometry.ceil);
      counted.give(layer.countIncludePad);
      sizeFormula(size, geometry);
      for (const part of [grids, walk.element, formula, keys]) part.hidden = !fits;
      keys.querySelector(".kb-key-hit").parentElement.hidden = layer.kind !== "max";
      if (fits) walk.clamp();
    }

    function paint() {
      const [P, Q] = outputSize(geometry);
      if (P < 1 || Q < 1) return;
      const { padding, kernel, stride, dilation } = geometry;
      const [p, q] = walk.place;
      const lost = unreached(geometry);
      const [rows, columns] = [H + 2 * padding[0], W + 2 * padding[1]];
      const plane = x.subarray(channel * H * W, (channel + 1) * H * W);
      const show = formatter(x);
      const showOut = formatter(y);
      const room = roomIn(root, 380);
      const winners = [];
      if (layer.kind === "max" && P * Q <= 1024) {
        for (let r = 0; r < P; r++) {
          for (let c = 0; c < Q; c++) {
            const at = poolAt(x, layer, geometry, channel, r, c);
            const cell = at.cells[at.winner];
            if (cell)
              winners.push({
                row: cell.row + padding[0],
                column: cell.column + padding[1],
                kind: "hit",
              });
          }
        }
      }
      const users = hovered ? usersOf(geometry, ...hovered) : [];
      const here = poolAt(x, layer, geometry, channel, p, q);
      const winner = here.cells[here.winner];
      input.draw({
        rows,
        columns,
        room,
        caption: `input${C > 1 ? `, channel ${channel}` : ""}: ${H}×${W}`,
        value: (r, c) =>
          r < padding[0] || c < padding[1] || r >= padding[0] + H || c >= padding[1] + W
            ? layer.kind === "max"
              ? null
              : 0
            : plane[(r - padding[0]) * W + c - padding[1]],
        colour: scaleOf(x),
        legend: true,
        text: show,
        note: (r, c) => {
          if (r >= rows - lost[0] || c >= columns - lost[1]) return "lost";
          return r < padding[0] || c < padding[1] || r >= padding[0] + H || c >= padding[1] + W
            ? "pad"
            : null;
        },
        marks: [
          ...winners,
          {
            row: p * stride[0],
            column: q * stride[1],
            rows: Math.min(rows - p * stride[0], dilation[0] * (kernel[0] - 1) + 1),
            columns: Math.min(columns - q * stride[1], dilation[1] * (kernel[1] - 1) + 1),
            kind: "window",
          },
          ...(winner
            ? [{ row: winner.row + padding[0], column: winner.column + padding[1], kind: "win" }]
            : []),
        ],
      });
      output.draw({
        rows: P,
        columns: Q,
        room,
        caption: `output${C > 1 ? `, channel ${channel}` : ""}: ${P}×${Q}`,
        value: (r, c) => y[(channel * P + r) * Q + c],
        colour: scaleOf(x),
        text: showOut,
        marks: [
          ...users.map(([row, column]) => ({ row, column, kind: "use" })),
          { row: p, column: q, kind: "window" },
        ],
      });
      const inside = here.cells
        .filter(({ value }) => value !== null)
        .map(({ value }) => digits(value));
      const text =
        layer.kind === "max"
          ? [
              `max(${inside.join(", ")}) = `,
              h("b", {}, digits(here.value)),
              winner
                ? h("span", { class: "kb-soft" }, `   at input [${winner.row}, ${winner.column}]`)
                : "",
            ]
          : [
              `(${inside.map(signed).join(" + ")}) / ${here.divisor} = `,
              h("b", {}, digits(here.value)),
              h(
                "span",
                { class: "kb-soft" },
                inside.length < here.divisor
                  ? `   ${here.divisor - inside.length} padding cells counted as 0`
                  : "",
              ),
            ];
      formula.replaceChildren(
        h("span", { class: "kb-soft" }, `output[${channel}, ${p}, ${q}] = `),
        ...text,
      );
    }

    const cleanup = live({
      model,
      keys: ["kernel", "stride", "padding", "dilation", "kind", "ceilMode", "countIncludePad"],
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
