// Convolution, step by step: the padded input, the kernel and the output, and the sum that makes one number of it.

import {
  convolve,
  convolveAt,
  drawn,
  formatter,
  mostPadding,
  outputSize,
  sourceOf,
  unreached,
  usersOf,
} from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { grid } from "./grid.js";
import { pairSliders, sizeFormula, walker } from "./parts.js";
import { button, floats, frame, h, select, setAll, slider } from "./ui.js";

const modes = ["zeros", "reflect", "replicate", "circular"];
const divides = (n, ...numbers) => numbers.every((number) => number % n === 0);

export default {
  render({ model, el }) {
    const x = floats(model, "x");
    const [C, H, W] = model.get("shape");
    const O = model.get("outChannels");
    const own = {
      weight: floats(model, "weight"),
      bias: floats(model, "bias"),
      kernel: model.get("ownKernel"),
      groups: model.get("ownGroups"),
    };
    const { root, end, onTheme } = frame(
      el,
      "Convolution, step by step",
      "Move over the output or the input, press play, or use the arrow keys. Hatched cells are padding; faded ones are never reached.",
    );

    let channel = 0; // of the input
    let filter = 0; // of the output
    let hovered = null; // a cell of the input
    let layer, geometry, y;
    const read = (name) => model.get(name);
    const write = (name, value) => {
      setAll(model, { [name]: value });
    };

    const sliders = pairSliders(
      [
        {
          name: "kernel",
          label: "kernel",
          min: 1,
          max: (a) => Math.min(7, [H, W][a] + 2 * read("padding")[a]),
        },
        { name: "stride", label: "stride", min: 1, max: () => 4 },
        {
          name: "padding",
          label: "padding",
          min: 0,
          max: (a) => Math.min(4, mostPadding([H, W][a], read("paddingMode"))),
        },
        { name: "dilation", label: "dilation", min: 1, max: () => 3 },
      ],
      read,
      write,
    );
    const groupsAllowed = Array.from({ length: Math.min(C, O) }, (_, i) => i + 1).filter((n) =>
      divides(n, C, O),
    );
    const groups = select({
      label: "groups",
      options: groupsAllowed,
      value: read("groups"),
      onchange: (value) => write("groups", Number(value)),
    });
    const mode = select({
      label: "padding mode",
      options: modes,
      value: read("paddingMode"),
      onchange: (value) => write("paddingMode", value),
    });
    const inputChannel = slider({
      label: "in ch.",
      title: "input channel",
      min: 0,
      max: C - 1,
      value: 0,
      oninput: (value) => ((channel = value), paint()),
    });
    const outputChannel = slider({
      label: "out ch.",
      title: "output channel",
      min: 0,
      max: O - 1,
      value: 0,
      oninput: (value) => ((filter = value), followGroup(), paint()),
    });
    const reset = button("back to the layer", () =>
      setAll(model, { kernel: own.kernel, groups: own.groups, ...model.get("ownOptions") }),
    );

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
    const kernel = grid({ label: "kernel" });
    const output = grid({ label: "output", onhover: (r, c) => walk.moveTo(r, c) });
    [input, output].forEach(({ canvas }) => walk.listen(canvas));
    const formula = h("div", { class: "kb-formula" });
    const size = h("div", { class: "kb-size" });
    const warning = h("p", { class: "kb-warn", role: "status" });
    const live = h("div", { class: "kb-live", "aria-live": "polite" });
    const channels = h(
      "div",
      { class: "kb-controls" },
      C > 1 ? inputChannel : null,
      O > 1 ? outputChannel : null,
      groupsAllowed.length > 1 ? groups : null,
      mode,
      reset,
    );
    const grids = h(
      "div",
      { class: "kb-row" },
      input.element,
      h("span", { class: "kb-sign" }, "∗"),
      kernel.element,
      h("span", { class: "kb-sign" }, "="),
      output.element,
    );
    root.append(sliders.element, channels, walk.element, warning, grids, formula, size, live);

    function followGroup() {
      const perGroup = C / layer.groups;
      const first = Math.floor(filter / (O / layer.groups)) * perGroup;
      if (channel < first || channel >= first + perGroup) channel = first;
      inputChannel.give({ value: channel });
    }

    /** The options have changed: weights, sizes, all numbers anew. */
    function compute() {
      const kernelSize = read("kernel");
      const count = read("groups");
      const isOwn = kernelSize.every((k, a) => k === own.kernel[a]) && count === own.groups;
      const fan = (C / count) * kernelSize[0] * kernelSize[1];
      layer = {
        C,
        O,
        groups: count,
        mode: read("paddingMode"),
        bias: own.bias,
        weight: isOwn ? own.weight : drawn(O * fan, 1 / Math.sqrt(fan)),
        isOwn,
      };
      geometry = {
        H,
        W,
        kernel: kernelSize,
        stride: read("stride"),
        padding: read("padding"),
        dilation: read("dilation"),
      };
      const fits = outputSize(geometry).every((n) => n > 0);
      warning.textContent = fits
        ? ""
        : `The window does not fit: it spans ${kernelSize.map((k, a) => geometry.dilation[a] * (k - 1) + 1).join("×")} of ${H + 2 * geometry.padding[0]}×${W + 2 * geometry.padding[1]}.`;
      y = fits ? convolve(x, layer, geometry) : new Float32Array(0);
      sliders.refresh();
      groups.give(count);
      mode.give(layer.mode);
      followGroup();
      sizeFormula(size, geometry);
      grids.hidden = walk.element.hidden = formula.hidden = !fits;
      if (fits) walk.clamp();
    }

    function paint() {
      const [P, Q] = outputSize(geometry);
      if (P < 1 || Q < 1) return;
      const { padding, kernel: k, stride, dilation } = geometry;
      const [p, q] = walk.place;
      const rows = H + 2 * padding[0];
      const columns = W + 2 * padding[1];
      const lost = unreached(geometry);
      const plane = x.subarray(channel * H * W, (channel + 1) * H * W);
      const show = formatter(x);
      const showWeight = formatter(layer.weight);
      const showOut = formatter(y);
      const room = root.clientWidth < 520 ? root.clientWidth - 40 : 360;

      const cells = [];
      for (let i = 0; i < k[0]; i++) {
        for (let j = 0; j < k[1]; j++)
          cells.push({
            row: p * stride[0] + i * dilation[0],
            column: q * stride[1] + j * dilation[1],
            kind: "window",
          });
      }
      const users = hovered ? usersOf(geometry, ...hovered) : [];
      input.draw({
        rows,
        columns,
        room,
        caption: `input${C > 1 ? `, channel ${channel}` : ""}: ${H}×${W}${rows > H || columns > W ? `, padded ${rows}×${columns}` : ""}`,
        value: (r, c) => {
          const [i, j] = [
            sourceOf(r - padding[0], H, layer.mode),
            sourceOf(c - padding[1], W, layer.mode),
          ];
          return i < 0 || j < 0 ? 0 : plane[i * W + j];
        },
        colour: scaleOf(x),
        text: show,
        note: (r, c) => {
          if (r >= rows - lost[0] || c >= columns - lost[1]) return "lost";
          const outside =
            r < padding[0] || c < padding[1] || r >= padding[0] + H || c >= padding[1] + W;
          return outside ? "pad" : null;
        },
        marks: [
          ...cells,
          {
            row: p * stride[0],
            column: q * stride[1],
            rows: dilation[0] * (k[0] - 1) + 1,
            columns: dilation[1] * (k[1] - 1) + 1,
            kind: "window",
          },
          ...(hovered
            ? [{ row: hovered[0] + padding[0], column: hovered[1] + padding[1], kind: "use" }]
            : []),
        ],
      });

      const perGroup = C / layer.groups;
      const first = Math.floor(filter / (O / layer.groups)) * perGroup;
      const start = (filter * perGroup + (channel - first)) * k[0] * k[1];
      kernel.draw({
        rows: k[0],
        columns: k[1],
        room: Math.min(room, 44 * Math.max(...k)),
        caption: `kernel ${k[0]}×${k[1]}${O > 1 || perGroup > 1 ? `, out ${filter}, in ${channel}` : ""}${layer.isOwn ? "" : ", drawn"}`,
        value: (r, c) => layer.weight[start + r * k[1] + c],
        colour: scaleOf(layer.weight),
        text: showWeight,
      });
      output.draw({
        rows: P,
        columns: Q,
        room,
        caption: `output${O > 1 ? `, channel ${filter}` : ""}: ${P}×${Q}`,
        value: (r, c) => y[(filter * P + r) * Q + c],
        colour: scaleOf(y),
        text: showOut,
        marks: [
          ...users.map(([row, column]) => ({ row, column, kind: "use" })),
          { row: p, column: q, kind: "window" },
        ],
      });
      explain(
        convolveAt(x, layer, geometry, filter, p, q),
        show,
        showWeight,
        showOut,
        users.length,
      );
    }

    function explain(parts, show, showWeight, showOut, users) {
      const [p, q] = walk.place;
      const one = parts.channels.find(({ c }) => c === channel) ?? parts.channels[0];
      const long = one.terms.length > 25;
      const terms = (long ? one.terms.slice(0, 25) : one.terms)
        .map(({ value, weight }) => `${signed(show(value))}·${signed(showWeight(weight))}`)
        .join(" + ");
      const digits = (value) =>
        value
          .toFixed(4)
          .replace("-", "−")
          .replace(/\.?0+$/, "");
      const lines = [
        h(
          "div",
          {},
          h("span", { class: "kb-soft" }, parts.channels.length > 1 ? `channel ${one.c}: ` : ""),
          terms,
          long ? " + …" : "",
          " = ",
          h("b", {}, digits(one.sum)),
        ),
      ];
      if (parts.channels.length > 1) {
        const shown = parts.channels
          .slice(0, 16)
          .map(({ sum }) => signed(digits(sum)))
          .join(" + ");
        lines.push(
          h(
            "div",
            {},
            h("span", { class: "kb-soft" }, "over the channels: "),
            shown,
            parts.channels.length > 16 ? " + …" : "",
          ),
        );
      }
      lines.push(
        h(
          "div",
          {},
          h(
            "span",
            { class: "kb-soft" },
            own.bias ? `+ bias ${digits(parts.bias)}: ` : "no bias: ",
          ),
          `output[${filter}, ${p}, ${q}] = `,
          h("b", {}, digits(parts.value)),
          h("span", { class: "kb-soft" }, `  (${showOut(parts.value)} in the grid)`),
        ),
      );
      if (hovered)
        lines.push(
          h("div", { class: "kb-soft" }, `input [${hovered}] is used by ${users} of the outputs`),
        );
      formula.replaceChildren(...lines);
      live.textContent = `output row ${p}, column ${q}: ${digits(parts.value)}`;
    }

    const keys = ["kernel", "stride", "padding", "dilation", "groups", "paddingMode"];
    let asked = false;
    const soon = () => {
      if (asked) return;
      asked = true;
      queueMicrotask(() => {
        asked = false;
        compute();
      });
    };
    keys.forEach((key) => model.on(`change:${key}`, soon));
    const sized = new ResizeObserver(() => paint());
    compute();
    sized.observe(root);
    onTheme(paint);
    return () => {
      keys.forEach((key) => model.off(`change:${key}`, soon));
      walk.end();
      sized.disconnect();
      end();
    };
  },
};

const signed = (text) => (text.startsWith("−") ? `(${text})` : text);
