// Where the maps of a mosaic lie in a page that is narrower than its picture: fewer of them in a row, letters as large as ever.

const gap = 4;
const line = 14; // a line of text, in pixels of the page
/** Shrunk to this, letters of 11 pixels still read: then the picture keeps its rows. */
const readable = 0.7;

/**
 * From the picture's layout (its `size`, `heads` and `panels`, in its own pixels) to one for a page of `room` pixels: { size, heads, panels }.
 */
export function fitted({ size, heads, panels, density }, room) {
  const wide = Math.floor(room * density);
  if (readable * size[0] <= wide) return { size, heads, panels };
  const step = gap * density;
  const text = line * density;
  const moved = { heads: [], panels: [] };
  let y = 0;
  heads.forEach((head, i) => {
    const below = heads[i + 1]?.y ?? Infinity;
    const own = panels.filter((panel) => panel.y >= head.y && panel.y < below);
    // the scale's bar gets a line of its own
    moved.heads.push({ ...head, y, barY: head.scale ? y + text : undefined });
    y += (head.scale ? 2 : 1) * text + step / 2;
    let [x, tallest] = [1, 0];
    for (const panel of own) {
      const shrink = Math.min(1, (wide - 2) / panel.width);
      const [width, height] = [panel.width * shrink, panel.height * shrink];
      if (x > 1 && x + width > wide) {
        y += tallest + text + step;
        [x, tallest] = [1, 0];
      }
      moved.panels.push({ ...panel, x, y: y + text, width, height });
      x += width + step;
      tallest = Math.max(tallest, height);
    }
    y += tallest + text + 2 * step;
  });
  return { size: [wide, Math.max(1, y)], ...moved };
}
