// The picture below interact's controls: as runs of colours, painted at once, or as a PNG. Then the old one stays until the new one
// is decoded: nothing flickers.

import { paintRuns } from "./runs.js";
import { bytes, h } from "./ui.js";

export default {
  render({ model, el }) {
    const text = h("pre", { class: "kb-frame-text" });
    const canvas = h("canvas", { class: "kb-frame", role: "img", hidden: true });
    el.append(text, canvas);
    let turn = 0;
    let ended = false;

    async function paint() {
      const mine = ++turn;
      const png = model.get("png");
      if (model.get("runs")) {
        paintRuns(canvas, model.get("size"), bytes(model, "palette"), bytes(model, "runs"));
      } else if (png) {
        const picture = await createImageBitmap(new Blob([png], { type: "image/png" }));
        if (ended || mine !== turn) return;
        [canvas.width, canvas.height] = [picture.width, picture.height];
        canvas.getContext("2d").drawImage(picture, 0, 0);
      }
      canvas.hidden = !model.get("runs") && !png;
      text.hidden = !canvas.hidden;
      text.textContent = model.get("text");
      canvas.style.width = `${model.get("width") || canvas.width}px`;
      canvas.setAttribute("aria-label", model.get("alt"));
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
    const keys = ["runs", "png", "text"];
    for (const key of keys) model.on(`change:${key}`, soon);
    paint();
    return () => {
      ended = true;
      for (const key of keys) model.off(`change:${key}`, soon);
    };
  },
};
