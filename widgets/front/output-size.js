// The output-size calculator, forwards and backwards: what size comes out, and which padding keeps the size.

import { places } from "./arithmetic.js";
import { live } from "./live.js";
import { pairSliders, sizeFormula } from "./parts.js";
import { checkbox, frame, h, setAll } from "./ui.js";

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
    const answers = h("div", { class: "kb-size" });
    root.append(sliders.element, h("div", { class: "kb-controls" }, ceil), size, answers);

    function compute() {
      const [H, W] = model.get("size");
      const [kernel, stride, padding, dilation] = ["kernel", "stride", "padding", "dilation"].map(
        (name) => model.get(name),
      );
      sliders.refresh();
      ceil.give(model.get("ceilMode"));
      sizeFormula(size, { H, W, kernel, stride, padding, dilation, ceil: model.get("ceilMode") });
      const find = (wanted) => {
        for (let p = 0; p <= 512; p++)
          if (places(H, kernel[0], stride[0], p, dilation[0], model.get("ceilMode")) === wanted)
            return p;
        return null;
      };
      const button = (label, wanted) => {
        const p = find(wanted);
        if (p === null)
          return h(
            "div",
            {},
            `${label} ${wanted}? `,
            h("span", { class: "kb-soft" }, "no padding gives that"),
          );
        const apply = h(
          "button",
          { type: "button", class: "kb-button", onclick: () => setAll(model, { padding: [p, p] }) },
          `padding ${p}`,
        );
        return h("div", { class: "kb-row" }, `${label} ${wanted}? `, apply);
      };
      answers.replaceChildren(button("keep the size", H), button("halve it", Math.ceil(H / 2)));
      if (H !== W) answers.append(h("div", { class: "kb-soft" }, "(asked for the height)"));
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
