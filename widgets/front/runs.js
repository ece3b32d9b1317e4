// A picture of coloured runs (plot/runs.ts), painted at once.

/** The pixels of each canvas, kept for its next picture: most often that has the same size. */
const kept = new WeakMap();

export function paintRuns(canvas, [width, height], palette, runs) {
  const last = kept.get(canvas);
  const fits = last?.width === width && last.height === height;
  const image = fits ? last : new ImageData(width, height);
  kept.set(canvas, image);
  const words = new Uint32Array(image.data.buffer);
  const colours = new Uint32Array(Uint8Array.from(palette).buffer);
  let [at, next] = [0, 0];
  for (let y = 0; y < height; y++) {
    const end = at + width;
    if (runs[next] === 0) {
      next++;
      words.copyWithin(at, at - width, at);
      at = end;
    }
    while (at < end) {
      const until = at + runs[next++];
      const colour = colours[runs[next++]];
      while (at < until) words[at++] = colour;
    }
  }
  // also where it is the same, a new size empties the canvas and has the page laid out again
  if (canvas.width !== width || canvas.height !== height)
    [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(image, 0, 0);
}
