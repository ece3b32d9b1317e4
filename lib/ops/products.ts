// Matrix products of all ranks.

import { record } from "../autograd.js";
import * as compute from "../compute/index.js";
import { DTypeError, ShapeError } from "../errors.js";
import { broadcastShapes, numelOf, showShape } from "../shape.js";
import { empty, Tensor } from "../tensor.js";
import { add, mul } from "./arithmetic.js";
import { isBool, isWhole, refuse } from "./checks.js";
import { matrixProduct } from "./mm.js";
import { sum } from "./sum.js";
import { expand, reshape, select, squeeze, transpose, unsqueeze } from "./views.js";

/**
 * The product of two vectors (a number), of matrices, or of stacks of matrices (all axes but the last two broadcast).
 *
 * ```ts
 * const a = torch.tensor([[1, 2], [3, 4]], { dtype: "float32" })
 * a.matmul(a).tolist() // → [[7, 10], [15, 22]]
 * ```
 *
 * @throws ShapeError if the inner sizes differ.
 * @see https://pytorch.org/docs/stable/generated/torch.matmul.html
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  check("matmul", a, b);
  if (a.ndim === 1 && b.ndim === 1)
    return select(select(matrixProduct(unsqueeze(a, 0), unsqueeze(b, 1)), 0, 0), 0, 0);
  if (a.ndim === 1) return squeeze(matmul(unsqueeze(a, 0), b), -2);
  if (b.ndim === 1) return squeeze(matmul(a, unsqueeze(b, 1)), -1);
  if (a.ndim === 2 && b.ndim === 2) return matrixProduct(a, b);
  if (b.ndim === 2) {
    // a stack times one matrix is one long matrix times it
    const places = a.shape.slice(0, -1);
    const long = matrixProduct(reshape(a, [numelOf(places), b.shape[0]]), b);
    return reshape(long, [...places, b.shape[1]]);
  }
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [M, K] = a.shape.slice(-2);
  const N = b.shape.at(-1)!;
  const count = numelOf(batch);
  const wideA = reshape(expand(a, [...batch, M, K]), [count, M, K]);
  const wideB = reshape(expand(b, [...batch, K, N]), [count, K, N]);
  return reshape(products(wideA, wideB), [...batch, M, N]);
}

function checkDtypes(op: string, a: Tensor, b: Tensor): void {
  refuse(op, a, isBool, "x.float()");
  if (a.dtype !== b.dtype) {
    throw new DTypeError(
      `${op}: a is ${a.dtype} but b is ${b.dtype}: they must be equal, convert one with .to("${a.dtype}")`,
    );
  }
}

function check(op: string, a: Tensor, b: Tensor): void {
  checkDtypes(op, a, b);
  if (a.ndim === 0 || b.ndim === 0)
    throw new ShapeError(`${op}: both need at least one axis: a has ${a.ndim}, b has ${b.ndim}`);
  const [K, L] = [a.shape.at(-1)!, b.ndim === 1 ? b.shape[0] : b.shape.at(-2)!];
  if (K !== L) {
    throw new ShapeError(
      `${op}: a ${showShape(a.shape)} ends in ${K} but b ${showShape(b.shape)} takes ${L}: the inner sizes must be equal${transposeHint(K, b)}`,
    );
  }
}

/** The usual mistake: b has the right size, but at the other end. */
function transposeHint(K: number, b: Tensor): string {
  if (b.ndim < 2 || b.shape.at(-1) !== K) return "";
  return `: did you mean b.${b.ndim === 2 ? "t()" : "transpose(-2, -1)"}?`;
}

/** a [B, M, K] · b [B, K, N] */
function products(a: Tensor, b: Tensor): Tensor {
  const [B, M] = a.shape;
  const y = empty([B, M, b.shape[2]], a.dtype);
  const plane = (x: Tensor, i: number) =>
    new Tensor(x.storage, x.shape.slice(1), x.strides.slice(1), x.offset + i * x.strides[0]);
  for (let i = 0; i < B; i++) compute.gemm(plane(a, i), plane(b, i), plane(y, i));
  return record(
    "BmmBackward0",
    y,
    [
      [a, (gy) => products(gy, transpose(b, 1, 2))],
      [b, (gy) => products(transpose(a, 1, 2), gy)],
    ],
    { saves: [a, b] },
  );
}

function ranked(op: string, named: Record<string, [Tensor, number]>): void {
  for (const [name, [x, ndim]] of Object.entries(named)) {
    if (x.ndim !== ndim) {
      throw new ShapeError(
        `${op}: ${name} needs ${ndim} ${ndim === 1 ? "axis" : "axes"} but has ${x.ndim}: ${showShape(x.shape)}`,
      );
    }
  }
}

/**
 * The product of two matrices.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).mm(torch.tensor([[1], [10]])).tolist() // → [[21], [43]]
 * ```
 */
export function mm(a: Tensor, b: Tensor): Tensor {
  ranked("mm", { a: [a, 2], b: [b, 2] });
  return matmul(a, b);
}

/**
 * The products of two stacks of matrices: [B, M, K] · [B, K, N].
 *
 * ```ts
 * torch.ones(2, 3, 4).bmm(torch.ones(2, 4, 5)).shape // → [2, 3, 5]
 * ```
 */
export function bmm(a: Tensor, b: Tensor): Tensor {
  ranked("bmm", { a: [a, 3], b: [b, 3] });
  check("bmm", a, b);
  if (a.shape[0] !== b.shape[0]) {
    throw new ShapeError(
      `bmm: a ${showShape(a.shape)} has ${a.shape[0]} matrices but b ${showShape(b.shape)} has ${b.shape[0]}`,
    );
  }
  return products(a, b);
}

/**
 * A matrix times a vector.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).mv(torch.tensor([1, 10])).tolist() // → [21, 43]
 * ```
 */
export function mv(a: Tensor, b: Tensor): Tensor {
  ranked("mv", { a: [a, 2], b: [b, 1] });
  return matmul(a, b);
}

/**
 * The dot product of two vectors.
 *
 * ```ts
 * torch.tensor([1, 2, 3]).dot(torch.tensor([4, 5, 6])).item() // → 32
 * ```
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  ranked("dot", { a: [a, 1], b: [b, 1] });
  check("dot", a, b);
  return sum(mul(a, b), null, { dtype: a.dtype });
}

/**
 * Every product of an element of a with one of b: [M] , [N] → [M, N].
 *
 * ```ts
 * torch.tensor([1, 2]).outer(torch.tensor([3, 4, 5])).tolist() // → [[3, 4, 5], [6, 8, 10]]
 * ```
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  ranked("outer", { a: [a, 1], b: [b, 1] });
  return mul(unsqueeze(a, 1), unsqueeze(b, 0));
}

/**
 * The sum of the products along the last axis.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).inner(torch.tensor([1, 10])).tolist() // → [21, 43]
 * ```
 */
export function inner(a: Tensor, b: Tensor): Tensor {
  if (a.ndim === 0 || b.ndim === 0) return mul(a, b);
  checkDtypes("inner", a, b);
  if (a.shape.at(-1) !== b.shape.at(-1)) {
    throw new ShapeError(
      `inner: a ${showShape(a.shape)} ends in ${a.shape.at(-1)} but b ${showShape(b.shape)} in ${b.shape.at(-1)}: both must end alike`,
    );
  }
  const k = b.shape.at(-1)!;
  const rows = (x: Tensor) => reshape(x, [numelOf(x.shape.slice(0, -1)), k]);
  const y = matrixProduct(rows(a), transpose(rows(b), 0, 1));
  return reshape(y, [...a.shape.slice(0, -1), ...b.shape.slice(0, -1)]);
}

/**
 * The Kronecker product: every element of a times the whole of b.
 *
 * ```ts
 * torch.tensor([[1, 2]]).kron(torch.tensor([[1, 1], [0, 1]])).tolist() // → [[1, 1, 2, 2], [0, 1, 0, 2]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.kron.html
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  const ndim = Math.max(a.ndim, b.ndim);
  const wide = (x: Tensor) => [...new Array<number>(ndim - x.ndim).fill(1), ...x.shape];
  const [s, t] = [wide(a), wide(b)];
  const left = reshape(
    a,
    s.flatMap((n) => [n, 1]),
  );
  const right = reshape(
    b,
    t.flatMap((n) => [1, n]),
  );
  return reshape(
    mul(left, right),
    s.map((n, axis) => n * t[axis]),
  );
}

/** Another name of {@link dot}. */
export function vdot(a: Tensor, b: Tensor): Tensor {
  return dot(a, b);
}

export interface AddmmOptions {
  /** Default 1. */
  beta?: number;
  /** Default 1. */
  alpha?: number;
}

/**
 * beta · x + alpha · a·b. x broadcasts to [M, N].
 *
 * ```ts
 * torch.zeros(2, 1).addmm(torch.ones(2, 3), torch.ones(3, 1), { alpha: 2 }).tolist() // → [[6], [6]]
 * ```
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  return plus("addmm", x, mm(a, b), options);
}

/** beta · x + alpha · a·b for stacks of matrices. */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  return plus("baddbmm", x, bmm(a, b), options);
}

/** beta · x + alpha · a·b for a matrix and a vector. */
export function addmv(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  return plus("addmv", x, mv(a, b), options);
}

function plus(
  op: string,
  x: Tensor,
  product: Tensor,
  { beta = 1, alpha = 1 }: AddmmOptions,
): Tensor {
  broadcastShapes(op, x.shape, product.shape);
  // factors of whole numbers are whole: the fraction is cut off, as in PyTorch
  const factor = isWhole(product.dtype) ? Math.trunc : Number;
  const [a, b] = [factor(alpha), factor(beta)];
  const scaled = a === 1 ? product : mul(product, a);
  // beta 0 leaves x out altogether, also its NaN
  if (b === 0) return scaled;
  return add(scaled, b === 1 ? x : mul(x, b));
}
