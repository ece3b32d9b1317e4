// Convolution, step by step: the padded input, the kernel, their products and the output, and the sum that makes one number of it.

import { convolve, convolveAt, drawn, mostPadding, outputSize, usersOf } from "./arithmetic.js";
import { drawConvolution } from "./convolution-grids.js";
import { writtenSum } from "./convolution-sum.js";
import { grid } from "./grid.js";
import { live } from "./live.js";
import { keyList, pairSliders, sizeFormula, walker } from "./parts.js";
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
      "Move over an output to see its window, over an input to see all outputs that use it; press play, or use the arrow keys.",
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
    const products = grid({ label: "products" });
    const output = grid({ label: "output", onhover: (r, c) => walk.moveTo(r, c) });
    [input, output].forEach(({ canvas }) => walk.listen(canvas));
    const formula = h("div", { class: "kb-formula" });
    const size = h("div", { class: "kb-size" });
    const warning = h("p", { class: "kb-warn", role: "status" });
    const spoken = h("div", { class: "kb-live", "aria-live": "polite" });
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
      products.element,
      h("span", { class: "kb-sign" }, "Σ →"),
      output.element,
    );
    const keys = keyList("window", "use", "pad", "lost");
    root.append(
      sliders.element,
      channels,
      walk.element,
      warning,
      grids,
      keys,
      formula,
      size,
      spoken,
    );

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
      for (const part of [grids, walk.element, formula, keys]) part.hidden = !fits;
      if (fits) walk.clamp();
    }

    function paint() {
      if (y.length === 0) return;
      const [p, q] = walk.place;
      const users = hovered ? usersOf(geometry, ...hovered) : [];
      const parts = convolveAt(x, layer, geometry, filter, p, q);
      const one = parts.channels.find(({ c }) => c === channel) ?? parts.channels[0];
      drawConvolution(
        { input, kernel, products, output },
        {
          x,
          y,
          layer,
          geometry,
          place: [p, q],
          channel,
          filter,
          hovered,
          users,
          one,
          width: root.clientWidth || 900,
        },
      );
      const lines = writtenSum({
        parts,
        one,
        hasBias: Boolean(own.bias),
        at: [filter, p, q],
        onchannel: (c) => ((channel = c), inputChannel.give({ value: c }), paint()),
      });
      if (hovered)
        lines.push(
          h(
            "div",
            { class: "kb-soft" },
            `input [${hovered.join(", ")}] is used by ${users.length} of the ${y.length / O} outputs of a channel`,
          ),
        );
      formula.replaceChildren(...lines);
      spoken.textContent = `output row ${p}, column ${q}: ${parts.value.toFixed(4)}`;
    }

    const cleanup = live({
      model,
      keys: ["kernel", "stride", "padding", "dilation", "groups", "paddingMode"],
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
