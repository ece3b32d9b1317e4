// A mosaic of maps with hover: the same layout as its picture, drawn from the values.

import { colourAt } from "./colours.js";
import { digits } from "./numbers.js";
import { floats, followTheme, h } from "./ui.js";

export default {
  render({ model, el }) {
    const values = floats(model, "values");
    const [width, height] = model.get("size");
    const density = model.get("density");
    const panels = model.get("panels");
    const canvas = h("canvas", {
      width,
      height,
      tabindex: 0,
      role: "img",
      "aria-label": model.get("captions").join("; "),
    });
    canvas.style.cssText = `width:${width / density}px;max-width:100%;display:block`;
    const marker = h("div", { class: "kb-maps-mark", hidden: true });
    const hint = "move over a map, or use the arrow keys, for its values";
    const says = h("div", { class: "kb-maps-says", "aria-live": "polite" }, hint);
    const stage = h("div", { class: "kb-maps" }, canvas, marker);
    el.append(stage, says);
    const endTheme = followTheme(el, (dark) => {
      canvas.width = width; // empties it
      const ink = dark ? "#a3acb8" : "#5f6773";
      const heads = model.get("heads");
      drawAll(canvas.getContext("2d"), { width, density, values, panels, heads, ink });
    });

    let at = { panel: panels.find(({ columns, rows }) => columns * rows > 0), row: 0, column: 0 };
    function show() {
      const { panel, row, column } = at;
      const value = values[panel.start + row * panel.columns + column];
      const exact =
        Math.abs(value) >= 1e-3 || value === 0
          ? digits(value)
          : String(Number(value.toPrecision(6)));
      says.textContent = `${panel.label ? `map ${panel.label} ` : ""}[${row}, ${column}] = ${exact.replace("-", "−")}`;
      const [w, hgt] = [panel.width / panel.columns, panel.height / panel.rows];
      marker.hidden = false;
      marker.style.left = `${(100 * (panel.x + column * w)) / width}%`;
      marker.style.top = `${(100 * (panel.y + row * hgt)) / height}%`;
      marker.style.width = `${(100 * w) / width}%`;
      marker.style.height = `${(100 * hgt) / height}%`;
    }
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const px = ((event.clientX - box.left) / box.width) * width;
      const py = ((event.clientY - box.top) / box.height) * height;
      const panel = panels.find(
        (one) => px >= one.x && py >= one.y && px < one.x + one.width && py < one.y + one.height,
      );
      if (!panel) return;
      at = {
        panel,
        row: Math.floor(((py - panel.y) / panel.height) * panel.rows),
        column: Math.floor(((px - panel.x) / panel.width) * panel.columns),
      };
      show();
    });
    canvas.addEventListener("pointerleave", () => {
      marker.hidden = true;
      says.textContent = hint;
    });
    canvas.addEventListener("keydown", (event) => {
      const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      const move = moves[event.key];
      if (!move || !at.panel) return;
      event.preventDefault();
      event.stopPropagation();
      // past the edge of a map lies its neighbour
      const place = panels.indexOf(at.panel);
      let [row, column] = [at.row + move[0], at.column + move[1]];
      const by =
        column < 0 || row < 0 ? -1 : column >= at.panel.columns || row >= at.panel.rows ? 1 : 0;
      const panel = panels[place + by] ?? at.panel;
      if (by && panel !== at.panel) {
        if (move[1]) column = by > 0 ? 0 : panel.columns - 1;
        else row = by > 0 ? 0 : panel.rows - 1;
      }
      at = {
        panel,
        row: Math.max(0, Math.min(panel.rows - 1, row)),
        column: Math.max(0, Math.min(panel.columns - 1, column)),
      };
      show();
    });
    return () => {
      endTheme();
      el.replaceChildren();
    };
  },
};

function drawAll(pen, { width, density, values, panels, heads, ink }) {
  pen.imageSmoothingEnabled = false;
  pen.font = `${11 * density}px system-ui, sans-serif`;
  pen.textBaseline = "top";
  for (const { text, y, scale } of heads) {
    pen.fillStyle = ink;
    pen.fillText(text, 0, y);
    if (scale) drawBar(pen, { right: width, y, density, ink, ...scale });
  }
  for (const panel of panels) {
    const { x, y, columns, rows, start, cmap, range, dead } = panel;
    pen.fillStyle = ink;
    if (panel.label) pen.fillText(panel.label, x, y - 14 * density);
    if (columns * rows === 0) continue;
    const pixels = new ImageData(columns, rows);
    for (let i = 0; i < columns * rows; i++)
      pixels.data.set([...colourOf(values[start + i], cmap, range), 255], 4 * i);
    const small = h("canvas", { width: columns, height: rows });
    small.getContext("2d").putImageData(pixels, 0, 0);
    pen.drawImage(small, x, y, panel.width, panel.height);
    if (!dead) continue;
    pen.strokeStyle = ink;
    pen.lineWidth = density;
    pen.beginPath();
    pen.moveTo(x + 3, y + 3);
    pen.lineTo(x + panel.width - 4, y + panel.height - 4);
    pen.moveTo(x + panel.width - 4, y + 3);
    pen.lineTo(x + 3, y + panel.height - 4);
    pen.stroke();
  }
}

/** The marks for what is no number are those of the pictures (plot/scale.ts). */
function colourOf(value, cmap, [low, high]) {
  if (Number.isNaN(value)) return [255, 0, 255];
  if (value === Infinity) return [255, 120, 0];
  if (value === -Infinity) return [0, 200, 120];
  return colourAt(cmap, high === low ? 0.5 : (value - low) / (high - low));
}

function drawBar(pen, { right, y, density, ink, cmap, range: [low, high] }) {
  const wide = 72 * density;
  pen.textAlign = "right";
  pen.fillText(digits(high), right, y);
  const end = right - pen.measureText(digits(high)).width - 4 * density;
  for (let i = 0; i < wide; i++) {
    pen.fillStyle = `rgb(${colourAt(cmap, i / (wide - 1))})`;
    pen.fillRect(end - wide + i, y + 3 * density, 1, 8 * density);
  }
  pen.fillStyle = ink;
  pen.fillText(digits(low), end - wide - 4 * density, y);
  pen.textAlign = "left";
}
