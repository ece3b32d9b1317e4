// A mosaic of maps with hover: the same layout as its picture, drawn from the values.

import { colourAt } from "./colours.js";
import { floats, h } from "./ui.js";

export default {
  render({ model, el }) {
    const values = floats(model, "values");
    const [width, height] = model.get("size");
    const density = model.get("density");
    const canvas = h("canvas", {
      width,
      height,
      tabindex: 0,
      role: "img",
      "aria-label": model.get("captions").join("; "),
    });
    canvas.style.cssText = `width:${width / density}px;max-width:100%;display:block`;
    const says = h(
      "div",
      { class: "kb-maps-says", "aria-live": "polite" },
      "move over a map for its values",
    );
    el.append(canvas, says);

    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.font = `${11 * density}px system-ui, sans-serif`;
    pen.fillStyle = "#787c82";
    pen.textBaseline = "top";
    model.get("heads").forEach(({ text, y }) => pen.fillText(text, 0, y));
    for (const panel of model.get("panels")) {
      const { x, y, columns, rows, start, cmap, range } = panel;
      if (panel.label) pen.fillText(panel.label, x, y - 14 * density);
      if (columns * rows === 0) continue;
      const pixels = new ImageData(columns, rows);
      const [low, high] = range;
      for (let i = 0; i < columns * rows; i++) {
        const value = values[start + i];
        const colour = Number.isNaN(value)
          ? [255, 0, 255]
          : value === Infinity
            ? [255, 120, 0]
            : value === -Infinity
              ? [0, 200, 120]
              : colourAt(cmap, high === low ? 0.5 : (value - low) / (high - low));
        pixels.data.set([...colour, 255], 4 * i);
      }
      const small = h("canvas", { width: columns, height: rows });
      small.getContext("2d").putImageData(pixels, 0, 0);
      pen.drawImage(small, x, y, panel.width, panel.height);
    }

    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const px = ((event.clientX - box.left) / box.width) * width;
      const py = ((event.clientY - box.top) / box.height) * height;
      const panel = model
        .get("panels")
        .find(
          (one) => px >= one.x && py >= one.y && px < one.x + one.width && py < one.y + one.height,
        );
      if (!panel) return;
      const row = Math.floor(((py - panel.y) / panel.height) * panel.rows);
      const column = Math.floor(((px - panel.x) / panel.width) * panel.columns);
      const value = values[panel.start + row * panel.columns + column];
      says.textContent = `${panel.label ? `map ${panel.label} ` : ""}[${row}, ${column}] = ${Number(value.toPrecision(6))}`;
    });
    return () => el.replaceChildren();
  },
};
