// torch.nn.init: ways to begin. All write in place, outside of autograd, and give the tensor back. The random ones draw
// what PyTorch draws.

import { ShapeError } from "../errors.js";
import { erf } from "../special.js";
import { uniform } from "../random/fill.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import { permutation } from "../random/integers.js";
import { normal } from "../random/normal.js";
import { numelOf, showShape } from "../shape.js";
import { copyInto, empty, type Tensor } from "../tensor.js";

export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "convTranspose1d"
  | "convTranspose2d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "selu";

/**
 * By how much a layer before this activation should enlarge its numbers, so that their spread stays the same.
 *
 * ```ts
 * nn.init.calculateGain("tanh") // → 1.6666666666666667
 * ```
 */
export function calculateGain(nonlinearity: Nonlinearity | "leaky_relu", param?: number): number {
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leakyRelu":
    case "leaky_relu":
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2));
    case "selu":
      return 3 / 4;
    case "linear":
    case "sigmoid":
    case "conv1d":
    case "conv2d":
    case "convTranspose1d":
    case "convTranspose2d":
      return 1;
    default:
      throw new RangeError(`calculateGain: there is no gain for "${String(nonlinearity)}"`);
  }
}

/**
 * All elements equal to `value`.
 *
 * ```ts
 * nn.init.constant_(torch.empty(2), 0.5).tolist() // → [0.5, 0.5]
 * ```
 */
export function constant_(x: Tensor, value: number): Tensor {
  return written(x, (values) => values.fill(value));
}

/**
 * All elements 1.
 *
 * ```ts
 * nn.init.ones_(torch.empty(2)).tolist() // → [1, 1]
 * ```
 */
export function ones_(x: Tensor): Tensor {
  return constant_(x, 1);
}

/**
 * All elements 0.
 *
 * ```ts
 * nn.init.zeros_(torch.empty(2)).tolist() // → [0, 0]
 * ```
 */
export function zeros_(x: Tensor): Tensor {
  return constant_(x, 0);
}

/**
 * Ones on the diagonal of a matrix, else zeros.
 *
 * ```ts
 * nn.init.eye_(torch.empty(2, 3)).tolist() // → [[1, 0, 0], [0, 1, 0]]
 * ```
 */
export function eye_(x: Tensor): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`eye_: needs 2 axes, not ${showShape(x.shape)}`);
  const columns = x.shape[1];
  return written(x, (values) => {
    values.fill(0);
    for (let i = 0; i < Math.min(...x.shape); i++) values[i * columns + i] = 1;
  });
}

/** A convolution's weight that lets as many channels as possible through unchanged. */
export function dirac_(x: Tensor, groups = 1): Tensor {
  if (x.ndim < 3 || x.ndim > 5) {
    throw new ShapeError(`dirac_: needs 3 to 5 axes, not ${showShape(x.shape)}`);
  }
  const [O, I, ...kernel] = x.shape;
  if (O % groups !== 0) {
    throw new ShapeError(`dirac_: groups ${groups} does not divide ${O} output channels`);
  }
  const cells = numelOf(kernel);
  const middle = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  const perGroup = O / groups;
  return written(x, (values) => {
    values.fill(0);
    for (let g = 0; g < groups; g++) {
      for (let d = 0; d < Math.min(perGroup, I); d++)
        values[((g * perGroup + d) * I + d) * cells + middle] = 1;
    }
  });
}

interface DrawOptions {
  /** The source of random numbers. Default: the one that `torch.manualSeed` starts. */
  generator?: Generator;
}

/** Uniform in [a, b), by default [0, 1). */
export function uniform_(x: Tensor, a = 0, b = 1, { generator }: DrawOptions = {}): Tensor {
  return drawn(x, () => uniform(x, a, b, generator));
}

/** Normal, by default with mean 0 and standard deviation 1. */
export function normal_(x: Tensor, mean = 0, std = 1, { generator }: DrawOptions = {}): Tensor {
  return drawn(x, () => normal(x, mean, std, generator));
}

/**
 * Normal numbers within [a, b], by rejection as in PyTorch 2.13: a whole tensor is drawn again and again, and only what
 * is still outside is taken from it; where [a, b] is a thin tail, from uniform numbers.
 */
export function truncNormal_(
  x: Tensor,
  mean = 0,
  std = 1,
  a = -2,
  b = 2,
  { generator }: DrawOptions = {},
): Tensor {
  const below = (v: number) => (1 + erf((v - mean) / std / Math.SQRT2)) / 2;
  const again = empty(x.shape, x.dtype);
  const chance = empty(x.shape, x.dtype);
  const common = below(b) - below(a) > 0.3;
  const [low, high] = x.dtype === "float32" ? [Math.fround(a), Math.fround(b)] : [a, b];
  const peak = -0.5 * ((Math.max(a, Math.min(mean, b)) - mean) / std) ** 2;
  const draw = (into: Tensor) => {
    if (common) normal(into, mean, std, generator);
    else {
      uniform(into, a, b, generator);
      uniform(chance, 0, 1, generator);
    }
  };
  const refused = (values: Tensor["data"], i: number) => {
    if (common) return values[i] < low || values[i] > high;
    const density = -0.5 * ((values[i] - mean) / std) ** 2 - peak;
    return Math.log(chance.storage.array[i]) > density;
  };

  return written(x, (values) => {
    draw(again);
    const candidates = again.storage.array;
    values.set(candidates);
    let open = Array.from(values.keys()).filter((i) => refused(values, i));
    while (open.length > 0) {
      draw(again);
      for (const i of open) values[i] = candidates[i];
      open = open.filter((i) => refused(values, i));
    }
  });
}

/** Uniform within gain · √(6 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
export function xavierUniform_(
  x: Tensor,
  { gain = 1, generator }: DrawOptions & { gain?: number } = {},
): Tensor {
  const { fanIn, fanOut } = fans("xavierUniform_", x);
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return drawn(x, () => uniform(x, -bound, bound, generator));
}

/** Normal with standard deviation gain · √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
export function xavierNormal_(
  x: Tensor,
  { gain = 1, generator }: DrawOptions & { gain?: number } = {},
): Tensor {
  const { fanIn, fanOut } = fans("xavierNormal_", x);
  return drawn(x, () => normal(x, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), generator));
}

export interface KaimingOptions extends DrawOptions {
  /** The slope of a leaky ReLU. Default 0. */
  a?: number;
  /** Keep the spread on the way forwards (fanIn) or backwards (fanOut). Default "fanIn". */
  mode?: "fanIn" | "fanOut" | "fan_in" | "fan_out";
  /** Default "leakyRelu". */
  nonlinearity?: Nonlinearity | "leaky_relu";
}

/** Uniform within gain · √(3 / fan) (He et al. 2015). */
export function kaimingUniform_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingStd("kaimingUniform_", x, options);
  return drawn(x, () => uniform(x, -bound, bound, options.generator));
}

/** Normal with standard deviation gain / √fan (He et al. 2015). */
export function kaimingNormal_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const std = kaimingStd("kaimingNormal_", x, options);
  return drawn(x, () => normal(x, 0, std, options.generator));
}

function kaimingStd(
  op: string,
  x: Tensor,
  { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" }: KaimingOptions,
): number {
  if (!["fanIn", "fanOut", "fan_in", "fan_out"].includes(mode)) {
    throw new RangeError(`${op}: mode must be "fanIn" or "fanOut", not ${JSON.stringify(mode)}`);
  }
  const { fanIn, fanOut } = fans(op, x);
  const fan = mode === "fanIn" || mode === "fan_in" ? fanIn : fanOut;
  return calculateGain(nonlinearity, a) / Math.sqrt(fan);
}

/**
 * A matrix (all axes but the first as one) with orthogonal rows or columns, times gain: the Q of the QR decomposition of
 * normal numbers. PyTorch's numbers up to rounding.
 */
export function orthogonal_(
  x: Tensor,
  { gain = 1, generator }: DrawOptions & { gain?: number } = {},
): Tensor {
  if (x.ndim < 2) {
    throw new ShapeError(`orthogonal_: needs at least 2 axes, not ${showShape(x.shape)}`);
  }
  const rows = x.shape[0];
  const columns = x.numel() / rows;
  const flat = normal(empty([rows, columns], x.dtype), 0, 1, generator).storage.array;
  const wide = rows < columns;
  const [m, n] = wide ? [columns, rows] : [rows, columns];
  const Q = orthonormal(m, n, (i, j) => (wide ? flat[j * columns + i] : flat[i * columns + j]));
  return written(x, (values) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) values[r * columns + c] = gain * (wide ? Q[r][c] : Q[c][r]);
    }
  });
}

/** The columns of Q for an m × n matrix, m ≥ n, with a positive diagonal of R: Gram-Schmidt, twice for precision. */
function orthonormal(m: number, n: number, at: (i: number, j: number) => number): Float64Array[] {
  const Q: Float64Array[] = [];
  for (let j = 0; j < n; j++) {
    const v = Float64Array.from({ length: m }, (_, i) => at(i, j));
    for (let pass = 0; pass < 2; pass++) {
      for (const q of Q) {
        const dot = v.reduce((sum, value, i) => sum + value * q[i], 0);
        for (let i = 0; i < m; i++) v[i] -= dot * q[i];
      }
    }
    const length = Math.hypot(...v);
    Q.push(v.map((value) => value / length));
  }
  return Q;
}

/** A normal matrix in which of every column the part `sparsity`, chosen by chance, is 0. */
export function sparse_(
  x: Tensor,
  sparsity: number,
  std = 0.01,
  { generator = defaultGenerator }: DrawOptions = {},
): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`sparse_: needs 2 axes, not ${showShape(x.shape)}`);
  const [rows, columns] = x.shape;
  const zeros = Math.ceil(sparsity * rows);
  drawn(x, () => normal(x, 0, std, generator));
  return written(x, (values) => {
    for (let c = 0; c < columns; c++) {
      for (const r of permutation(rows, generator).slice(0, zeros)) values[r * columns + c] = 0;
    }
  });
}

/** How many numbers one output is made of, and how many outputs one number goes into. */
function fans(op: string, x: Tensor): { fanIn: number; fanOut: number } {
  if (x.ndim < 2) {
    throw new ShapeError(
      `${op}: needs at least 2 axes [out, in, …] to know its fans, not ${showShape(x.shape)}`,
    );
  }
  const [out, into, ...kernel] = x.shape;
  return { fanIn: into * numelOf(kernel), fanOut: out * numelOf(kernel) };
}

function drawn(x: Tensor, draw: () => unknown): Tensor {
  if (x.numel() > 0) draw();
  x.storage.version++;
  return x;
}

/** Lets `write` change the numbers in row-major order. */
function written(x: Tensor, write: (values: Tensor["data"]) => unknown): Tensor {
  if (x.isContiguous())
    write(x.storage.array.subarray(x.offset, x.offset + x.numel()) as Tensor["data"]);
  else {
    const dense = empty(x.shape, x.dtype);
    copyInto(dense, x);
    write(dense.storage.array);
    copyInto(x, dense);
  }
  x.storage.version++;
  return x;
}
