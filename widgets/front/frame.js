// The picture below interact's controls. The old one stays until the new one is decoded: nothing flickers.

export default {
  render({ model, el }) {
    const text = el.appendChild(document.createElement("pre"));
    text.className = "kb-frame-text";
    let shown = null;
    let turn = 0;
    let ended = false;

    async function paint() {
      const mine = ++turn;
      const png = model.get("png");
      if (!png) {
        shown?.remove();
        shown = null;
        text.textContent = model.get("text");
        text.hidden = false;
        return;
      }
      const image = new Image();
      const address = URL.createObjectURL(new Blob([png], { type: "image/png" }));
      image.src = address;
      image.alt = model.get("alt");
      image.style.maxWidth = "100%";
      if (model.get("width")) image.width = model.get("width");
      await image.decode().catch(() => {});
      URL.revokeObjectURL(address);
      if (ended || mine !== turn) return;
      if (shown) shown.replaceWith(image);
      else el.append(image);
      shown = image;
      text.hidden = true;
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
