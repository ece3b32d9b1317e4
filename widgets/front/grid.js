// A grid of numbers on a canvas: colours, digits where they fit, marks, hover, arrow keys. It only draws what it is told.

import { inkOn, laidOver } from "./colours.js";
import { h, legend } from "./ui.js";

/**
 * grid({ label, onhover(row, column), onleave(), onpick(row, column) }) gives { element, draw(view) }.
 * view: { rows, columns, value(r, c), colour(value), text(value), note(r, c): "pad" | "lost" | "gap" | null,
 *   marks: [{ row, column, rows, columns, kind: "window" | "use" | "win" | "hit" }], caption, room, legend: true }.
 */
export function grid({ label, onhover, onleave, onpick }) {
  const caption = h("figcaption", { class: "kb-caption" });
  const canvas = h("canvas", { tabindex: 0, role: "img", "aria-label": label });
  const bar = legend();
  const element = h("figure", { class: "kb-grid" }, caption, canvas, bar.element);
  let view = null;
  let side = 24;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * view.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * view.rows);
    return row < 0 || column < 0 || row >= view.rows || column >= view.columns
      ? null
      : [row, column];
  };
  canvas.addEventListener("pointermove", (event) => {
    const cell = view && at(event);
    if (cell) onhover?.(...cell);
  });
  canvas.addEventListener("pointerleave", () => onleave?.());
  canvas.addEventListener("pointerdown", (event) => {
    const cell = view && at(event);
    if (cell) (onpick ?? onhover)?.(...cell);
  });

  function draw(next) {
    view = next;
    const { rows, columns, room = 340 } = view;
    if (rows < 1 || columns < 1) {
      canvas.width = canvas.height = 1;
      caption.textContent = `${view.caption}: nothing`;
      return;
    }
    side = Math.max(2, Math.min(44, Math.floor(room / Math.max(columns, rows, 1))));
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    const [width, height] = [columns * side, rows * side];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    caption.textContent = view.caption;
    bar.show(view.legend ? view.colour : null);
    const style = getComputedStyle(element);
    const [panel, line] = ["--kb-panel", "--kb-line"].map((name) => style.getPropertyValue(name));
    const pen = canvas.getContext("2d");
    pen.scale(canvas.width / width, canvas.height / height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const size = Math.max(8, Math.min(13, side * 0.34));
    pen.font = `${size}px system-ui, sans-serif`;
    const gap = side >= 12 ? 1 : 0;

    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const value = view.value(r, c);
        const note = view.note?.(r, c);
        const [x, y] = [c * side, r * side];
        const blank = value === null || value === undefined;
        const colour = blank ? null : view.colour(value);
        const opacity = { lost: 0.3, pad: 0.55 }[note] ?? 1;
        const seen = colour && laidOver(colour, opacity, panel);
        pen.globalAlpha = colour ? 1 : opacity;
        pen.fillStyle = colour ? `rgb(${seen})` : style.getPropertyValue("--kb-blank");
        pen.fillRect(x, y, side - gap, side - gap);
        pen.globalAlpha = 1;
        if (note === "pad" && side >= 8) hatch(pen, x, y, side - gap, line);
        if (side >= 22 && !blank) {
          // a hatch takes about a ninth of the cell
          pen.fillStyle = inkOn(note === "pad" ? laidOver(seen, 0.89, line) : seen);
          const text = view.text(value);
          const most = side - 3;
          const wide = pen.measureText(text).width;
          pen.save();
          pen.translate(x + (side - gap) / 2, y + (side - gap) / 2);
          if (wide > most) pen.scale(most / wide, most / wide);
          pen.fillText(text, 0, 0.5);
          pen.restore();
        }
      }
    }
    for (const mark of view.marks ?? []) {
      const kind = mark.kind ?? "window";
      const thick = kind === "hit" ? 2 : 3;
      pen.strokeStyle = style.getPropertyValue(`--kb-${kind}`);
      pen.lineWidth = side < 10 ? 1.5 : thick;
      const [w, hgt] = [(mark.columns ?? 1) * side - gap, (mark.rows ?? 1) * side - gap];
      const inset = pen.lineWidth / 2;
      pen.strokeRect(
        mark.column * side + inset,
        mark.row * side + inset,
        w - 2 * inset,
        hgt - 2 * inset,
      );
    }
  }

  return { element, canvas, draw, redraw: () => view && draw(view) };
}

function hatch(pen, x, y, side, colour) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, side, side);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.45;
  pen.beginPath();
  for (let k = -side; k < side; k += 6) {
    pen.moveTo(x + k, y + side);
    pen.lineTo(x + k + side, y);
  }
  pen.stroke();
  pen.restore();
}
