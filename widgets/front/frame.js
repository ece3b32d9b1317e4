// The picture below interact's controls. The old one stays until the new one is decoded: nothing flickers.

import { h } from "./ui.js";

export default {
  render({ model, el }) {
    const text = h("pre", { class: "kb-frame-text" });
    const canvas = h("canvas", { class: "kb-frame", role: "img", hidden: true });
    el.append(text, canvas);
    const pen = canvas.getContext("bitmaprenderer");
    let turn = 0;
    let ended = false;

    async function paint() {
      const mine = ++turn;
      const png = model.get("png");
      // decoded beside the page, and handed over whole; an <img> waits for a frame of the screen first
      const picture = png && (await createImageBitmap(new Blob([png], { type: "image/png" })));
      if (ended || mine !== turn) return;
      text.textContent = picture ? "" : model.get("text");
      text.hidden = Boolean(picture);
      canvas.hidden = !picture;
      if (!picture) return;
      [canvas.width, canvas.height] = [picture.width, picture.height];
      canvas.style.width = `${model.get("width") || picture.width}px`;
      canvas.setAttribute("aria-label", model.get("alt"));
      pen.transferFromImageBitmap(picture);
    }

    // several keys change in one message: paint once
    let asked = false;
    const soon = () => {
      if (asked) return;
      asked = true;
      queueMicrotask(() => {
        asked = false;
        paint();
      });
    };
    for (const key of ["png", "text"]) model.on(`change:${key}`, soon);
    paint();
    return () => {
      ended = true;
      for (const key of ["png", "text"]) model.off(`change:${key}`, soon);
    };
  },
};
