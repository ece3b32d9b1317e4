// Which classes are taken for which.

import { tensor, type Tensor } from "../../lib/index.js";
import { Figure } from "../bundle.js";
import { Explorable } from "../explore/explorable.js";
import { explorableMime, explorablePayload } from "../explore/payload.js";
import { statisticsOf } from "../plot/statistics.js";
import { heatmap } from "./heatmap.js";
import { isTensor } from "./layers.js";
import { colourMap, mapShape } from "./tensor-maps.js";

export interface ConfusionMatrixOptions {
  /** The classes' names, in their order. */
  labels?: readonly string[];
  /** [N, C, H, W]: the images, for `imagesOf`. */
  images?: Tensor;
}

/** A confusion matrix that knows which samples are in each of its cells. */
export class ConfusionMatrix extends Figure {
  constructor(
    figure: Figure,
    /** counts[target][prediction] */
    readonly counts: readonly (readonly number[])[],
    /** The share of samples on the diagonal. */
    readonly accuracy: number,
    private readonly cells: readonly (readonly number[][])[],
    private readonly images: Tensor | undefined,
    private readonly state: Record<string, unknown>,
  ) {
    super(figure.bundle);
  }

  /** The matrix to click into, live: JupyterLab needs a widget for that, our page and exports do it by themselves. */
  explore(): Explorable {
    return new Explorable("confusion", this.state, () => this);
  }

  /** The indices of the samples of class `target` that were taken for `prediction`. */
  samples(target: number, prediction: number): readonly number[] {
    return this.cells[target]?.[prediction] ?? [];
  }

  /** Their images, one tensor [C, H, W] each: `matrix.imagesOf(3, 5).map((x) => show(x))`. */
  imagesOf(target: number, prediction: number): Tensor[] {
    if (!this.images) throw new TypeError("confusionMatrix: imagesOf needs the option `images`");
    return this.samples(target, prediction).map((i) => this.images!.select(0, i));
  }
}

/**
 * Targets (rows) against predictions (columns), counted. Both are class numbers, N of each; predictions may be scores
 * [N, classes], of which the greatest counts.
 *
 * ```ts
 * confusionMatrix([0, 1, 1], [0, 1, 0]).counts // → [[1, 0], [1, 1]]
 * ```
 *
 * @throws RangeError if the counts differ, or a class is none.
 */
export function confusionMatrix(
  targets: Tensor | ArrayLike<number>,
  predictions: Tensor | ArrayLike<number>,
  { labels, images }: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  const is = Array.from(isTensor(targets) ? targets.data : targets);
  const said = classesOf(predictions);
  if (is.length !== said.length) {
    throw new RangeError(`confusionMatrix: ${is.length} targets but ${said.length} predictions`);
  }
  const wrong = [...is, ...said].find((c) => !Number.isInteger(c) || c < 0);
  if (wrong !== undefined) {
    throw new RangeError(`confusionMatrix: a class must be a whole number ≥ 0, not ${wrong}`);
  }
  const classes = [...is, ...said].reduce((most, c) => Math.max(most, c + 1), labels?.length ?? 1);

  const samples = Array.from({ length: classes }, () =>
    Array.from({ length: classes }, (): number[] => []),
  );
  is.forEach((target, i) => samples[target][said[i]].push(i));
  const counts = samples.map((row) => row.map((cell) => cell.length));
  const right = counts.reduce((sum, row, c) => sum + row[c], 0);
  const accuracy = is.length ? right / is.length : NaN;

  const head = `confusion matrix of ${is.length} samples, ${classes} classes: accuracy ${(100 * accuracy).toFixed(1)} %`;
  const names = Array.from({ length: classes }, (_, c) => labels?.[c] ?? String(c));
  const worst = counts
    .flatMap((row, t) => row.map((count, p) => ({ count, t, p })))
    .filter(({ count, t, p }) => t !== p && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 3)
    .map(({ count, t, p }) => `${names[t]} taken for ${names[p]} ${count}×`);
  const figure = heatmap(tensor(counts).to("float32"), {
    title: `rows: target, columns: prediction   accuracy ${(100 * accuracy).toFixed(1)} %`,
    numbers: classes <= 24,
    names: {
      rows: names.map((name, c) => (labels ? `${name}  ${c}` : name)),
      columns: names,
    },
  });
  const { data, metadata } = figure.bundle;
  const hash = figure.text.split("\n").at(-1);
  const text = [head, ...worst, ...(labels ? [`classes: ${names.join(", ")}`] : []), hash].join(
    "\n",
  );
  const alt = { "image/png": { ...(metadata!["image/png"] as object), alt: head } };
  const state = {
    counts,
    labels: names,
    chosen: worstCell(counts),
    ...samplesFor(samples, images),
  };
  const touch = classes <= 24 ? { [explorableMime]: explorablePayload("confusion", state) } : {};
  return new ConfusionMatrix(
    new Figure({
      data: { "image/png": data["image/png"], "text/plain": text, ...touch },
      metadata: alt,
    }),
    counts,
    accuracy,
    samples,
    images,
    state,
  );
}

/** The cell off the diagonal with the most samples: the one to look at first. */
function worstCell(counts: readonly (readonly number[])[]): [number, number] {
  let best = 0;
  let at: [number, number] = [0, 0];
  counts.forEach((row, t) =>
    row.forEach((count, p) => {
      if (t === p || count <= best) return;
      best = count;
      at = [t, p];
    }),
  );
  return at;
}

/** So many samples of each cell can be opened. */
const samplesPerCell = 8;
/** The images of a page, in bytes. */
const mostBytes = 200_000;

/** The first samples of each cell, those off the diagonal first, with their images in 8 bits as far as there is room. */
function samplesFor(cells: readonly (readonly number[][])[], images: Tensor | undefined) {
  const all = cells.flatMap((row, t) =>
    row.flatMap((cell, p) => cell.slice(0, samplesPerCell).map((i) => [t, p, i])),
  );
  all.sort((a, b) => Number(a[0] === a[1]) - Number(b[0] === b[1]));
  if (!images || images.ndim !== 4 || ![1, 3].includes(images.shape[1])) return { samples: all };
  const { C, H, W } = mapShape("confusionMatrix", images);
  const samples = all.slice(0, Math.floor(mostBytes / (C * H * W)));
  const data = images.data;
  const { min, max } = statisticsOf(data);
  const bounds =
    images.dtype === "uint8"
      ? { low: 0, high: 255 }
      : min >= 0 && max <= 1
        ? { low: 0, high: 1 }
        : { low: min, high: max };
  const pixels = new Uint8Array(samples.length * C * H * W);
  samples.forEach(([, , n], place) => {
    const { rgba } = colourMap(data, { N: images.shape[0], C, H, W }, n, bounds);
    for (let k = 0; k < C; k++) {
      for (let i = 0; i < H * W; i++) pixels[(place * C + k) * H * W + i] = rgba[4 * i + k];
    }
  });
  return { samples, images: pixels, imageShape: [C, H, W] };
}

function classesOf(predictions: Tensor | ArrayLike<number>): number[] {
  if (!isTensor(predictions)) return Array.from(predictions);
  if (predictions.ndim < 2) return Array.from(predictions.data);
  const [N, classes] = predictions.shape;
  const { data } = predictions;
  return Array.from({ length: N }, (_, n) => {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (data[n * classes + c] > data[n * classes + best]) best = c;
    return best;
  });
}
