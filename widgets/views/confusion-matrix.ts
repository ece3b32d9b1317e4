// Which classes are taken for which.

import { tensor, type Tensor } from "../../lib/index.js";
import { Figure } from "../bundle.js";
import { heatmap } from "./heatmap.js";
import { isTensor } from "./layers.js";

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
  ) {
    super(figure.bundle);
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
  });
  const { data, metadata } = figure.bundle;
  const hash = figure.text.split("\n").at(-1);
  const text = [head, ...worst, ...(labels ? [`classes: ${names.join(", ")}`] : []), hash].join(
    "\n",
  );
  const alt = { "image/png": { ...(metadata!["image/png"] as object), alt: head } };
  return new ConfusionMatrix(
    new Figure({ data: { ...data, "text/plain": text }, metadata: alt }),
    counts,
    accuracy,
    samples,
    images,
  );
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
