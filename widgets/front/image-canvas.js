// Images on canvases: flat numbers as pixels, enlarged without blurring, with frames and hover.

import { h, legend } from "./ui.js";

/** picture({ label, onhover, onleave, onpick }) gives { element, canvas, draw({ H, W, pixel(i): [r, g, b], room, caption, marks, scale }) }. */
export function picture({ label, onhover, onleave, onpick }) {
  const caption = h("figcaption", { class: "kb-caption" });
  const canvas = h("canvas", { tabindex: 0, role: "img", "aria-label": label });
  const bar = legend();
  const element = h("figure", { class: "kb-grid" }, caption, canvas, bar.element);
  let [rows, columns] = [1, 1];
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const r = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const c = Math.floor(((event.clientX - box.left) / box.width) * columns);
    return [Math.max(0, Math.min(rows - 1, r)), Math.max(0, Math.min(columns - 1, c))];
  };
  canvas.addEventListener("pointermove", (event) => onhover?.(...at(event)));
  canvas.addEventListener("pointerleave", () => onleave?.());
  canvas.addEventListener("pointerdown", (event) => (onpick ?? onhover)?.(...at(event)));

  function draw({ H, W, pixel, room = 320, caption: text, marks = [], scale }) {
    [rows, columns] = [H, W];
    caption.textContent = text;
    bar.show(scale);
    const side = room / Math.max(H, W);
    const [width, height] = [Math.max(1, W * side), Math.max(1, H * side)];
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    const data = new ImageData(W, H);
    for (let i = 0; i < H * W; i++) data.data.set([...pixel(i), 255], 4 * i);
    const small = h("canvas", { width: W, height: H });
    small.getContext("2d").putImageData(data, 0, 0);
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, canvas.width, canvas.height);
    const unit = canvas.width / W;
    for (const { row, column, rows: tall = 1, columns: wide = 1, colour } of marks) {
      // on a light edge, so that it is seen on every picture
      for (const [ink, line] of [
        ["rgba(255,255,255,.85)", 4],
        [colour, 2],
      ]) {
        pen.strokeStyle = ink;
        pen.lineWidth = line * ratio;
        pen.strokeRect(column * unit, row * unit, wide * unit, tall * unit);
      }
    }
  }
  return { element, canvas, draw };
}
