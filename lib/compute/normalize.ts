// Normalising by the engine's kernels, for dense float32; sizes and meanings as in plain/normalize.ts. Every function says
// whether it did the work; if not, the plain loops do.
//
// What is seen by the kernels are planes: runs of neighbouring numbers that share mean, spread, weight and bias. (Batch,
// group and instance norm: one channel of one image.) Where every place of a row has a weight of its own (layer norm),
// planes are rows, and the weight is multiplied apart.

import { binary } from "./elementwise.js";
import { floats } from "./arena.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import type { NormalizeSize } from "./plain/normalize.js";
import type { TypedArray } from "./dtypes.js";
import { Storage } from "./storage.js";
import { run } from "./team.js";
import { withWorkspace } from "./workspace.js";

interface Planes {
  readonly count: number;
  readonly length: number;
  /** Has each place of a plane a weight of its own? */
  readonly byPlace: boolean;
}

const SHORTEST = 8; // numbers: of shorter planes the tables are dearer than the loops

/** How the array falls into planes, for `affine` weights (0: none); null where it does not. */
function planesOf({ outer, S, inner, step }: NormalizeSize, affine: number): Planes | null {
  const total = outer * S * inner;
  const byPlace = affine > 0 && step === 1 && affine === inner && outer === 1;
  const length = affine === 0 || byPlace ? inner : step;
  if (length < SHORTEST || inner % length !== 0) return null;
  return { count: total / length, length, byPlace };
}

/** Which mean belongs to plane p. */
const statisticOf = (p: number, { length }: Planes, { S, inner }: NormalizeSize) =>
  Math.floor((p * length) / inner) % S;

const workOn = ({ count, length }: Planes) => ({ units: count, cost: length * 0.3 + 5 });

/** Mean and (biased) variance of each s. */
export function moments(
  x: Operand,
  mean: Float64Array,
  variance: Float64Array,
  { outer, S, inner }: NormalizeSize,
): boolean {
  if (!isFast(x) || inner < SHORTEST) return false;
  withWorkspace((workspace) => {
    const [means, variances] = [workspace.floats(S), workspace.floats(S)];
    const work = { units: S, cost: outer * inner * 0.3 + 5 };
    run("channelMoments", work, addressOf(x), outer, S, inner, means, variances);
    mean.set(floats(means, S));
    variance.set(floats(variances, S));
  });
  return true;
}

/** y = (x − mean) · scale · weight + bias. */
export function normalize(
  x: Operand,
  y: Operand,
  mean: Float64Array,
  scale: Float64Array,
  weight: Operand | null,
  bias: Operand | null,
  size: NormalizeSize,
  [weights, biases]: readonly (TypedArray | null)[],
): boolean {
  const affine = weights?.length ?? biases?.length ?? 0;
  const planes = planesOf(size, affine);
  const known = [x, y, ...(weight ? [weight] : []), ...(bias ? [bias] : [])];
  if (!planes || !known.every(isFast)) return false;

  const [w, b] = planes.byPlace ? [null, null] : [weights, biases];
  scaled(x, addressOf(y), mean, scale, w, b, planes, size);
  if (planes.byPlace) {
    const rows = rowsOf(y, planes);
    if (weight) binary("multiply", rows, rowOf(weight), rows);
    if (bias) binary("add", rows, rowOf(bias), rows);
  }
  return true;
}

function scaled(
  x: Operand,
  to: number,
  mean: Float64Array,
  scale: Float64Array,
  weights: TypedArray | null,
  biases: TypedArray | null,
  planes: Planes,
  size: NormalizeSize,
): void {
  withWorkspace(({ floatTable }) => {
    const [factors, shifts] = [new Float64Array(planes.count), new Float64Array(planes.count)];
    for (let p = 0; p < planes.count; p++) {
      const s = statisticOf(p, planes, size);
      factors[p] = scale[s] * (weights ? weights[p % weights.length] : 1);
      shifts[p] = (biases ? biases[p % biases.length] : 0) - mean[s] * factors[p];
    }
    run(
      ...(["scaleChannels", workOn(planes), addressOf(x), planes.count, planes.length] as const),
      ...[floatTable(factors), floatTable(shifts), to],
    );
  });
}

/** For each plane Σ gy and Σ gy · (x − mean). */
function sumsOf(gy: number, x: Operand, mean: Float64Array, planes: Planes, size: NormalizeSize) {
  const { count, length } = planes;
  return withWorkspace(({ floats: room, floatTable }) => {
    const means = Float64Array.from(
      { length: count },
      (_, p) => mean[statisticOf(p, planes, size)],
    );
    const [sums, dots] = [room(count), room(count)];
    run(
      ...(["channelGradients", workOn(planes), gy, addressOf(x), 1, count, length] as const),
      ...[floatTable(means), sums, dots],
    );
    return [floats(sums, count).slice(), floats(dots, count).slice()] as const;
  });
}

/** gx = scale · (g − mean(g) − x̂ · mean(g · x̂)), g = gy · weight; with `fixed` statistics scale · g. */
export function normalizeGradX(
  gy: Operand,
  x: Operand,
  gx: Operand,
  mean: Float64Array,
  scale: Float64Array,
  weight: Operand | null,
  weights: TypedArray | null,
  fixed: boolean,
  size: NormalizeSize,
): boolean {
  const planes = planesOf(size, weights?.length ?? 0);
  if (!planes || ![gy, x, gx, ...(weight ? [weight] : [])].every(isFast)) return false;
  if (planes.byPlace) {
    const g = {
      ...rowsOf(gy, planes),
      storage: new Storage("float32", planes.count * planes.length),
      offset: 0,
    };
    binary("multiply", rowsOf(gy, planes), rowOf(weight!), g);
    const done = normalizeGradX(g, x, gx, mean, scale, null, null, fixed, size);
    g.storage.free();
    return done;
  }

  const { count, length } = planes;
  const w = (p: number) => (weights ? weights[p % weights.length] : 1);
  const [sum, product] = [new Float64Array(size.S), new Float64Array(size.S)];
  if (!fixed) {
    const [sums, dots] = sumsOf(addressOf(gy), x, mean, planes, size);
    for (let p = 0; p < count; p++) {
      const s = statisticOf(p, planes, size);
      sum[s] += w(p) * sums[p];
      product[s] += w(p) * dots[p] * scale[s];
    }
  }
  const share = 1 / (size.outer * size.inner);
  const [a, b, c] = [0, 1, 2].map(() => new Float64Array(count));
  for (let p = 0; p < count; p++) {
    const s = statisticOf(p, planes, size);
    a[p] = scale[s] * w(p);
    b[p] = -scale[s] * scale[s] * product[s] * share;
    c[p] = -scale[s] * sum[s] * share - b[p] * mean[s];
  }
  withWorkspace(({ floatTable }) => {
    run(
      ...(["combineChannels", workOn(planes), addressOf(gy), addressOf(x), count, length] as const),
      ...[floatTable(a), floatTable(b), floatTable(c), addressOf(gx)],
    );
  });
  return true;
}

/** The gradients of weight (Σ gy · x̂) and bias (Σ gy). */
export function normalizeGradAffine(
  gy: Operand,
  x: Operand,
  gw: Operand,
  gb: Operand,
  mean: Float64Array,
  scale: Float64Array,
  affine: number,
  size: NormalizeSize,
): boolean {
  const planes = planesOf(size, affine);
  if (!planes || ![gy, x, gw, gb].every(isFast)) return false;
  if (planes.byPlace) return gradAffineByPlace(gy, x, gw, gb, mean, scale, planes, size);

  const [sums, dots] = sumsOf(addressOf(gy), x, mean, planes, size);
  const [weights, biases] = [new Float64Array(affine), new Float64Array(affine)];
  for (let p = 0; p < planes.count; p++) {
    weights[p % affine] += dots[p] * scale[statisticOf(p, planes, size)];
    biases[p % affine] += sums[p];
  }
  floats(addressOf(gw), affine).set(weights);
  floats(addressOf(gb), affine).set(biases);
  return true;
}

function gradAffineByPlace(
  gy: Operand,
  x: Operand,
  gw: Operand,
  gb: Operand,
  mean: Float64Array,
  scale: Float64Array,
  planes: Planes,
  size: NormalizeSize,
): boolean {
  const { count, length } = planes;
  const normal = {
    ...rowsOf(gy, planes),
    storage: new Storage("float32", count * length),
    offset: 0,
  };
  scaled(x, addressOf(normal), mean, scale, null, null, planes, size);
  binary("multiply", normal, rowsOf(gy, planes), normal);
  const work = { units: 1, cost: count * length * 0.3, scratch: 8 * length };
  run("sumColumns", work, addressOf(normal), count, length, 1, addressOf(gw));
  run("sumColumns", work, addressOf(gy), count, length, 1, addressOf(gb));
  normal.storage.free();
  return true;
}

const rowsOf = ({ storage, offset }: Operand, { count, length }: Planes): Operand => ({
  ...{ storage, offset },
  shape: [count, length],
  strides: [length, 1],
});

const rowOf = ({ storage, offset, shape }: Operand): Operand => ({
  ...{ storage, offset },
  shape: [shape.reduce((product, size) => product * size, 1)],
  strides: [1],
});
