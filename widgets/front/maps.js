// A mosaic of maps with hover: the same layout as its picture, drawn from the values; several of them (`frames`), as the kernels of a
// layer after every epoch, with a slider.

import { colourAt } from "./colours.js";
import { fitted } from "./maps-layout.js";
import { digits } from "./numbers.js";
import { floats, followTheme, h, setAll, slider } from "./ui.js";

export default {
  render({ model, el }) {
    const all = floats(model, "values");
    const { count: frames, name: frameName } = model.get("frames") ?? { count: 1 };
    const count = all.length / frames;
    const values = () => all.subarray(model.get("frame") * count || 0);
    const density = model.get("density");
    const canvas = h("canvas", {
      tabindex: 0,
      role: "img",
      "aria-label": model.get("captions").join("; "),
    });
    const marker = h("div", { class: "kb-maps-mark", hidden: true });
    const hint = "move over a map, or use the arrow keys, for its values";
    const says = h("div", { class: "kb-maps-says", "aria-live": "polite" }, hint);
    const stage = h("div", { class: "kb-maps" }, canvas, marker);
    const epochs = slider({
      label: frameName,
      min: 0,
      max: frames - 1,
      value: model.get("frame") ?? 0,
      oninput: (frame) => setAll(model, { frame }),
    });
    const root = h("div", { class: "kb-maps-root" }, frames > 1 ? epochs : null, stage, says);
    el.append(root);

    let dark = false;
    let layout;
    let at = null; // { place of the panel, row, column }
    function draw() {
      layout = fitted(
        {
          ...Object.fromEntries(["size", "heads", "panels"].map((key) => [key, model.get(key)])),
          density,
        },
        root.clientWidth || Infinity,
      );
      [canvas.width, canvas.height] = layout.size; // empties it
      canvas.style.cssText = `width:${layout.size[0] / density}px;max-width:100%;display:block`;
      const ink = dark ? "#a3acb8" : "#5f6773";
      drawAll(canvas.getContext("2d"), { ...layout, density, values: values(), ink });
      if (at) show();
    }
    const endTheme = followTheme(el, (now) => {
      dark = now;
      draw();
    });
    const sized = new ResizeObserver(() => {
      const { size } = fitted(
        { size: model.get("size"), heads: [], panels: [], density },
        root.clientWidth || Infinity,
      );
      if (size[0] !== layout.size[0]) draw();
    });
    sized.observe(root);
    const follow = () => {
      epochs.give({ value: model.get("frame") });
      draw();
    };
    model.on("change:frame", follow);

    function show() {
      const { row, column } = at;
      const panel = layout.panels[at.place];
      const value = values()[panel.start + row * panel.columns + column];
      const exact =
        Math.abs(value) >= 1e-3 || value === 0
          ? digits(value)
          : String(Number(value.toPrecision(6)));
      says.textContent = `${panel.label ? `map ${panel.label} ` : ""}[${row}, ${column}] = ${exact.replace("-", "−")}`;
      const [w, hgt] = [panel.width / panel.columns, panel.height / panel.rows];
      const [width, height] = layout.size;
      marker.hidden = false;
      marker.style.left = `${(100 * (panel.x + column * w)) / width}%`;
      marker.style.top = `${(100 * (panel.y + row * hgt)) / height}%`;
      marker.style.width = `${(100 * w) / width}%`;
      marker.style.height = `${(100 * hgt) / height}%`;
    }
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const px = ((event.clientX - box.left) / box.width) * layout.size[0];
      const py = ((event.clientY - box.top) / box.height) * layout.size[1];
      const place = layout.panels.findIndex(
        (one) => px >= one.x && py >= one.y && px < one.x + one.width && py < one.y + one.height,
      );
      if (place < 0) return;
      const panel = layout.panels[place];
      at = {
        place,
        row: Math.floor(((py - panel.y) / panel.height) * panel.rows),
        column: Math.floor(((px - panel.x) / panel.width) * panel.columns),
      };
      show();
    });
    canvas.addEventListener("pointerleave", () => {
      at = null;
      marker.hidden = true;
      says.textContent = hint;
    });
    canvas.addEventListener("keydown", (event) => {
      const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      const move = moves[event.key];
      const first = layout.panels.findIndex(({ columns, rows }) => columns * rows > 0);
      if (!move || first < 0) return;
      event.preventDefault();
      event.stopPropagation();
      at = neighbour(layout.panels, at ?? { place: first, row: 0, column: 0 }, move);
      show();
    });
    return () => {
      endTheme();
      sized.disconnect();
      model.off("change:frame", follow);
      root.remove();
    };
  },
};

/** One cell further; past the edge of a map lies the next one. */
function neighbour(panels, { place, row, column }, [down, right]) {
  const panel = panels[place];
  [row, column] = [row + down, column + right];
  const by = column < 0 || row < 0 ? -1 : column >= panel.columns || row >= panel.rows ? 1 : 0;
  const next = panels[place + by] ? place + by : place;
  const { rows, columns } = panels[next];
  if (next !== place) {
    if (right) column = by > 0 ? 0 : columns - 1;
    else row = by > 0 ? 0 : rows - 1;
  }
  const within = (value, most) => Math.max(0, Math.min(most - 1, value));
  return { place: next, row: within(row, rows), column: within(column, columns) };
}

function drawAll(pen, { size, density, values, panels, heads, ink }) {
  pen.imageSmoothingEnabled = false;
  pen.font = `${11 * density}px system-ui, sans-serif`;
  pen.textBaseline = "top";
  for (const { text, y, barY = y, scale } of heads) {
    pen.fillStyle = ink;
    pen.fillText(text, 0, y, size[0]);
    if (scale) drawBar(pen, { right: size[0], y: barY, density, ink, ...scale });
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
