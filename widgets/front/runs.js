// A picture of coloured runs (plot/runs.ts), painted at once.

export function paintRuns(canvas, [width, height], palette, runs) {
  const image = new ImageData(width, height);
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
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(image, 0, 0);
}
