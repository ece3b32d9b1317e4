// When an explorable paints: once after all changes of a turn, when its width or the page's theme changes.

/** Calls compute() after changes of the model's keys and now, paint() when the look changes; gives the cleanup. */
export function live({ model, keys, root, onTheme, compute, paint, end }) {
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      compute();
    });
  };
  keys.forEach((key) => model.on(`change:${key}`, soon));
  const sized = new ResizeObserver(() => paint());
  compute();
  sized.observe(root);
  onTheme(paint);
  return () => {
    keys.forEach((key) => model.off(`change:${key}`, soon));
    sized.disconnect();
    end();
  };
}

/** The pixels that grids may take, side by side or below each other. */
export function roomIn(root, most) {
  const width = root.clientWidth || 900;
  return width < 520 ? width - 40 : Math.min(most, width * 0.42);
}
