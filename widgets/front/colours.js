// Values to colours in the browser: a few stops of the same maps that the pictures use.

const stops = {
  RdBu: "67001fb2182bd6604df4a582fddbc7f7f7f7d1e5f092c5de4393c32166ac053061",
  viridis: "440154482475414487355f8d2a788e21918c22a88444bf707ad151bddf26fde725",
  gray: "000000ffffff",
};

const cache = new Map();

export function colourAt(name, t) {
  let list = cache.get(name);
  if (!list) {
    list = stops[name]
      .match(/.{6}/g)
      .map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));
    cache.set(name, list);
  }
  const at = Math.min(1, Math.max(0, t)) * (list.length - 1);
  const i = Math.min(list.length - 2, Math.floor(at));
  return list[i].map((from, k) => Math.round(from + (at - i) * (list[i + 1][k] - from)));
}

/** A function from values to [red, green, blue]: white at 0 if any is below, else viridis (or grey) from 0. */
export function scaleOf(values, grey = false) {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const most = Math.max(-low, high) || 1;
  const scale = (value) => {
    if (Number.isNaN(value)) return [255, 0, 255];
    if (low < 0) return colourAt("RdBu", 0.5 + value / (2 * most));
    return colourAt(grey ? "gray" : "viridis", value / most);
  };
  scale.range = low < 0 ? [-most, most] : [0, most];
  scale.stops = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1].map(
    (t) => `rgb(${colourAt(low < 0 ? "RdBu" : grey ? "gray" : "viridis", t)})`,
  );
  return scale;
}

/** Black or white, whichever reads on a colour: at least 4.58 to 1 (WCAG 2.2, relative luminance). */
export function inkOn(colour) {
  const [r, g, b] = colour.map((c) =>
    c <= 10.31 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

/** A colour laid over "#rrggbb". */
export function laidOver(colour, opacity, hex) {
  const below = [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16));
  return colour.map((c, k) => Math.round(opacity * c + (1 - opacity) * below[k]));
}
