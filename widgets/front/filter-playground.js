// The filter playground: edit a 3×3 kernel, and the map follows.

import { convolve } from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { picture } from "./image-canvas.js";
import { live, roomIn } from "./live.js";
import { button, floats, frame, h, select, setAll } from "./ui.js";
import { digits } from "./numbers.js";

const presets = {
  identity: [0, 0, 0, 0, 1, 0, 0, 0, 0],
  "blur (mean)": Array(9).fill(1 / 9),
  "blur (Gauss)": [1, 2, 1, 2, 4, 2, 1, 2, 1].map((v) => v / 16),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  "Sobel ↔": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  "Sobel ↕": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  Laplace: [0, 1, 0, 1, -4, 1, 0, 1, 0],
  emboss: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
};
const mostSide = 192; // of an image that is chosen, in pixels

export default {
  render({ model, el }) {
    let image = floats(model, "x");
    let [H, W] = model.get("shape").slice(-2);
    const { root, end, onTheme } = frame(
      el,
      "Filter playground",
      "Type into the kernel, or choose one; pick another image. Move over the result: the window is framed.",
    );
    let hovered = null;
    let y;
    const inputs = Array.from({ length: 9 }, (_, i) => {
      const input = h("input", {
        class: "kb-number",
        type: "number",
        step: 0.1,
        "aria-label": `kernel row ${Math.floor(i / 3)}, column ${i % 3}`,
      });
      input.addEventListener("input", () => {
        const value = Number(input.value);
        if (input.value === "" || !Number.isFinite(value)) return;
        setAll(model, { kernel: model.get("kernel").map((old, k) => (k === i ? value : old)) });
      });
      return input;
    });
    const table = h(
      "table",
      { class: "kb-table", "aria-label": "kernel" },
      [0, 3, 6].map((row) =>
        h(
          "tr",
          {},
          inputs.slice(row, row + 3).map((input) => h("td", {}, input)),
        ),
      ),
    );
    const choose = select({
      label: "kernel",
      options: ["your own", ...Object.keys(presets)],
      value: "your own",
      onchange: (name) => presets[name] && setAll(model, { kernel: presets[name] }),
    });
    const file = h("input", {
      type: "file",
      accept: "image/*",
      hidden: true,
      onchange: () => file.files[0] && read(file.files[0]),
    });
    const source = picture({ label: "the image" });
    const result = picture({
      label: "the map",
      onhover: (r, c) => ((hovered = [r, c]), paint()),
      onleave: () => ((hovered = null), paint()),
    });
    const says = h("div", { class: "kb-formula" });
    root.append(
      h(
        "div",
        { class: "kb-controls" },
        choose,
        button("other image …", () => file.click()),
        button(
          "normalise",
          () => {
            const kernel = model.get("kernel");
            const sum = kernel.reduce((a, b) => a + b, 0);
            if (sum !== 0) setAll(model, { kernel: kernel.map((v) => v / sum) });
          },
          "divide by the sum",
        ),
        file,
      ),
      h("div", { class: "kb-row" }, source.element, table, result.element),
      says,
    );

    async function read(blob) {
      try {
        const bitmap = await createImageBitmap(blob);
        const scale = Math.min(1, mostSide / Math.max(bitmap.width, bitmap.height));
        [H, W] = [
          Math.max(1, Math.round(bitmap.height * scale)),
          Math.max(1, Math.round(bitmap.width * scale)),
        ];
        const canvas = h("canvas", { width: W, height: H });
        const pen = canvas.getContext("2d");
        pen.drawImage(bitmap, 0, 0, W, H);
        const { data } = pen.getImageData(0, 0, W, H);
        // grey as ITU-R 601-2, as PIL's convert("L")
        image = Float32Array.from(
          { length: H * W },
          (_, i) => (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255,
        );
        compute();
      } catch {
        says.replaceChildren(
          h(
            "span",
            { class: "kb-warn" },
            `${blob.name ?? "this file"} is no image that the browser can read`,
          ),
        );
      }
    }
    function compute() {
      const kernel = model.get("kernel");
      inputs.forEach((input, i) => {
        if (root.ownerDocument.activeElement !== input)
          input.value = String(Number(kernel[i].toFixed(3)));
      });
      const name = Object.keys(presets).find((key) =>
        presets[key].every((v, i) => Math.abs(v - kernel[i]) < 1e-6),
      );
      choose.give(name ?? "your own");
      y = convolve(
        image,
        { C: 1, O: 1, groups: 1, weight: Float32Array.from(kernel), bias: null, mode: "zeros" },
        { H, W, kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
      );
      paint();
    }
    function paint() {
      const room = roomIn(root, 320);
      const style = getComputedStyle(root).getPropertyValue("--kb-window");
      const [grey, scale] = [
        scaleOf(image, true),
        scaleOf(
          y,
          y.every((v) => v >= 0),
        ),
      ];
      source.draw({
        H,
        W,
        room,
        caption: `image ${H}×${W}`,
        pixel: (i) => grey(image[i]),
        marks: hovered
          ? [{ row: hovered[0] - 1, column: hovered[1] - 1, rows: 3, columns: 3, colour: style }]
          : [],
      });
      result.draw({
        H,
        W,
        room,
        caption: `map ${H}×${W}, with zeros around the image`,
        scale,
        pixel: (i) => scale(y[i]),
        marks: hovered ? [{ row: hovered[0], column: hovered[1], colour: style }] : [],
      });
      const sum = model.get("kernel").reduce((a, b) => a + b, 0);
      says.replaceChildren(
        hovered ? `map[${hovered}] = ` : `the kernel sums to `,
        h("b", {}, digits(hovered ? y[hovered[0] * W + hovered[1]] : sum)),
        hovered
          ? ""
          : h(
              "span",
              { class: "kb-soft" },
              Math.abs(sum - 1) < 1e-6
                ? "   brightness is kept"
                : Math.abs(sum) < 1e-6
                  ? "   flat parts become 0: an edge detector"
                  : "",
            ),
      );
    }
    return live({ model, keys: ["kernel"], root, onTheme, compute, paint, end });
  },
};
