// torch.linalg: what needs an elimination (det, inv, solve, slogdet), and norms. In double precision, rounded once.

import { record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import { DTypeError, ShapeError } from "../errors.js";
import { numelOf, showShape, type Shape } from "../shape.js";
import { empty, gather, type Tensor } from "../tensor.js";
import { log, abs, sign } from "./functions.js";
import { mul, neg } from "./arithmetic.js";
import { eye } from "../creation.js";
import { matmul } from "./products.js";
import { norm as normOf } from "./spread.js";
import { expand, select, transpose, unsqueeze } from "./views.js";

function checkSquare(op: string, x: Tensor): void {
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `${op}: x ${showShape(x.shape)} is ${x.dtype} but must be floating point: x.to("float32")`,
    );
  }
  if (x.ndim < 2 || x.shape.at(-1) !== x.shape.at(-2)) {
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} must be square matrices […, n, n]${x.ndim < 2 ? `, it has ${x.ndim} axes` : `, not ${x.shape.at(-2)}×${x.shape.at(-1)}`}`,
    );
  }
}

/** Gauss's elimination of [a | b] in place, with the largest pivot of each column. Gives det a; 0 leaves b unfinished. */
function eliminate(a: Float64Array, n: number, b: Float64Array, m: number): number {
  let det = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++)
        [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j], a[k * n + j]];
      for (let j = 0; j < m; j++)
        [b[k * m + j], b[pivot * m + j]] = [b[pivot * m + j], b[k * m + j]];
      det = -det;
    }
    const top = a[k * n + k];
    det *= top;
    if (top === 0) return 0;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = a[i * n + k] / top;
      if (factor === 0) continue;
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      for (let j = 0; j < m; j++) b[i * m + j] -= factor * b[k * m + j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) b[i * m + j] /= a[i * n + i];
  return det;
}

/** f(matrix, its number) for every matrix of x, as doubles. */
function forMatrices(x: Tensor, f: (matrix: Float64Array, i: number) => void): void {
  const values = gather(x).storage.array;
  const size = x.shape.at(-1)! * x.shape.at(-2)!;
  const count = numelOf(x.shape.slice(0, -2));
  for (let i = 0; i < count; i++)
    f(Float64Array.from(values.subarray(i * size, (i + 1) * size)), i);
}

/**
 * The determinant of each matrix. Shapes: […, n, n] → […].
 *
 * ```ts
 * torch.linalg.det(torch.tensor([[1, 2], [3, 4]], { dtype: "float64" })).item() // → -2
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.linalg.det.html
 */
export function det(x: Tensor): Tensor {
  checkSquare("det", x);
  const n = x.shape.at(-1)!;
  const y = empty(x.shape.slice(0, -2), x.dtype);
  forMatrices(x, (a, i) => (y.storage.array[i] = eliminate(a, n, new Float64Array(0), 0)));
  const back = (gy: Tensor) => mul(unsqueeze(unsqueeze(gy, -1), -1), cofactors(x));
  return record("LinalgDetBackward0", y, [[x, back]], { saves: [x] });
}

/** The gradient of the determinant: det(x) · x⁻ᵀ, of singular matrices by determinants of what is left of them. */
function cofactors(x: Tensor): Tensor {
  const singular = det(x.detach()).data.some((d) => d === 0);
  if (!singular) {
    return mul(unsqueeze(unsqueeze(det(x), -1), -1), transpose(inv(x), -2, -1));
  }
  const n = x.shape.at(-1)!;
  const y = empty(x.shape, x.dtype);
  forMatrices(x, (a, m) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const rest = a.filter((_, at) => Math.floor(at / n) !== i && at % n !== j);
        const minor = eliminate(rest, n - 1, new Float64Array(0), 0);
        y.storage.array[m * n * n + i * n + j] = (i + j) % 2 === 0 ? minor : -minor;
      }
    }
  });
  return y;
}

/**
 * The inverse of each matrix. Shapes: […, n, n] → the same.
 *
 * ```ts
 * torch.linalg.inv(torch.tensor([[2, 0], [0, 4]], { dtype: "float32" })).tolist() // → [[0.5, 0], [0, 0.25]]
 * ```
 *
 * @throws RangeError if a matrix has no inverse.
 * @see https://pytorch.org/docs/stable/generated/torch.linalg.inv.html
 */
export function inv(x: Tensor): Tensor {
  checkSquare("inv", x);
  const n = x.shape.at(-1)!;
  const y = solved("inv", x, expand(eye(n, { dtype: x.dtype }), x.shape));
  const back = (gy: Tensor) => {
    const yt = transpose(y, -2, -1);
    return neg(matmul(matmul(yt, gy), yt));
  };
  return record("LinalgInvExBackward0", y, [[x, back]], { saves: [y] });
}

/**
 * The solution of a · x = b. Shapes: a […, n, n], b […, n, m] (or [n]) → as b.
 *
 * ```ts
 * const a = torch.tensor([[2, 0], [0, 4]], { dtype: "float32" })
 * torch.linalg.solve(a, torch.tensor([2, 2], { dtype: "float32" })).tolist() // → [1, 0.5]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.linalg.solve.html
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  checkSquare("solve", a);
  if (b.ndim === 1 || (b.ndim === a.ndim - 1 && b.shape.every((s, i) => s === a.shape[i])))
    return select(solve(a, unsqueeze(b, -1)), -1, 0);
  const n = a.shape.at(-1)!;
  if (b.shape.at(-2) !== n) {
    throw new ShapeError(
      `solve: b ${showShape(b.shape)} must have as many rows as a ${showShape(a.shape)}: ${n}, not ${b.shape.at(-2)}`,
    );
  }
  if (b.dtype !== a.dtype) {
    throw new DTypeError(`solve: a is ${a.dtype} but b is ${b.dtype}: b.to("${a.dtype}")`);
  }
  return matmul(inv(a), b);
}

function solved(op: string, a: Tensor, b: Tensor): Tensor {
  const n = a.shape.at(-1)!;
  const m = b.shape.at(-1)!;
  const y = empty(b.shape, b.dtype);
  const rights = gather(b).storage.array;
  forMatrices(a, (matrix, i) => {
    const right = Float64Array.from(rights.subarray(i * n * m, (i + 1) * n * m));
    if (eliminate(matrix, n, right, m) === 0 && n > 0) {
      throw new RangeError(
        `${op}: matrix ${i} of a ${showShape(a.shape)} is singular: its determinant is 0, it has no inverse`,
      );
    }
    y.storage.array.set(right, i * n * m);
  });
  return y;
}

/** The sign of the determinant and the logarithm of its size: [sign, logabsdet], each […]. */
export function slogdet(x: Tensor): [Tensor, Tensor] {
  const d = det(x);
  return [sign(d.detach()), log(abs(d))];
}

/** The p-norm of x as one vector, or along `dim`. As {@link normOf}. */
export function vectorNorm(
  x: Tensor,
  ord = 2,
  dim: number | Shape | null = null,
  options: { keepdim?: boolean } = {},
): Tensor {
  return normOf(x, ord, dim, options);
}

/** The Frobenius norm of each matrix (the last two axes). */
export function matrixNorm(
  x: Tensor,
  ord: "fro" = "fro",
  dim: Shape = [-2, -1],
  options: { keepdim?: boolean } = {},
): Tensor {
  if (ord !== "fro") {
    throw new RangeError(`matrixNorm: ord can only be "fro" here, not ${JSON.stringify(ord)}`);
  }
  return normOf(x, 2, dim, options);
}

/** p-norms of vectors or matrices: without `dim` of all elements. */
export function norm(
  x: Tensor,
  ord: number | "fro" | null = null,
  dim: number | Shape | null = null,
  options: { keepdim?: boolean } = {},
): Tensor {
  return normOf(x, ord ?? 2, dim, options);
}

/** x · x · … n times; negative n: of the inverse. */
export function matrixPower(x: Tensor, n: number): Tensor {
  checkSquare("matrixPower", x);
  if (!Number.isInteger(n)) throw new RangeError(`matrixPower: n must be whole, not ${n}`);
  if (n < 0) return matrixPower(inv(x), -n);
  if (n === 0) return expand(eye(x.shape.at(-1)!, { dtype: x.dtype }), x.shape);
  let [y, square]: [Tensor | null, Tensor] = [null, x];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) y = y ? matmul(y, square) : square;
    if (rest > 1) square = matmul(square, square);
  }
  return y!;
}
