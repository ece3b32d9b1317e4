// Pointwise operations on float32, with broadcasting: views are read where they lie as far as rows of neighbours go.
// Each function says whether it did the work; if not (another dtype), the caller's plain loops do.

import { isRowMajor, numelOf, rowMajorStrides } from "../shape.js";
import { allocate, memory } from "./arena.js";
import { kernels } from "./engine.js";
import { binaryNames, unaryNames } from "./kernels.wasm.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import type { BinaryName, UnaryName } from "./operations.js";
import { collapsed, copyDense, copyPlaces, eachOuter, type Place } from "./strided.js";
import { run } from "./team.js";
import { withWorkspace } from "./workspace.js";

const numbersOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name, number) => [name, number]));
const unaryNumber: Readonly<Record<string, number>> = numbersOf(unaryNames);
const binaryNumber: Readonly<Record<string, number>> = numbersOf(binaryNames);

const FEW = 16384; // elements: so little work never wakes a thread
const NANOSECONDS = 0.3; // per element
const COSTLY = // four times as much
  /^(exp|log|sin|cos|atan|power|sigmoid|tanh|erf|silu|gelu|elu|mish|softplus)/;

/** Where the caller's thread spreads a single number over a vector. */
const SPREAD_BYTES = 32;
const spread = allocate(SPREAD_BYTES);

/** y = operation(x); p and q are the numbers that some operations take. y is dense and has x's shape. */
export function unary(name: UnaryName, x: Operand, y: Operand, p = 0, q = 0): boolean {
  if (!isFast(x) || !isFast(y)) return false;
  const count = numelOf(y.shape);
  const to = addressOf(y);
  let from = addressOf(x);
  if (!isRowMajor(x.shape, x.strides)) {
    copyDense(placeOf(x), x.shape, to);
    from = to;
  }
  if ((name === "sin" || name === "cos") && !isWithin(TURNS, from, count)) return false;
  const operation = unaryNumber[name];
  if (count <= FEW) kernels.unary(0, 0, count, operation, from, to, p, q);
  else {
    const cost = COSTLY.test(name) ? 4 * NANOSECONDS : NANOSECONDS;
    run("unary", { units: count, cost, atLeast: 4096 }, operation, from, to, p, q);
  }
  return true;
}

const TURNS = 2 ** 27; // beyond, the kernels of sine and cosine do not know how often a circle fits into x

/** Are all numbers in size at most `limit`? */
function isWithin(limit: number, from: number, count: number): boolean {
  kernels.foldRows(0, 0, 1, 2, from, count, spread);
  return new Float32Array(memory.buffer, spread, 1)[0] <= limit;
}

/** y = operation(a, b), where a and b broadcast to y's shape; p and q are the numbers that some operations take. y is dense. */
export function binary(
  name: BinaryName,
  a: Operand,
  b: Operand,
  y: Operand,
  p = 0,
  q = 0,
): boolean {
  if (!isFast(a) || !isFast(b) || !isFast(y)) return false;
  const operation = binaryNumber[name];
  const count = numelOf(y.shape);
  const [stepA, stepB] = [evenStep(a, count), evenStep(b, count)];
  if (stepA < 0 || stepB < 0)
    return binaryByRows(operation, placeOf(a), placeOf(b), placeOf(y), p, q);

  const [fromA, fromB, to] = [addressOf(a), addressOf(b), addressOf(y)];
  if (count <= FEW)
    kernels.binary(spread, 0, count, operation, fromA, stepA, fromB, stepB, to, p, q);
  else {
    const cost = COSTLY.test(name) ? 4 * NANOSECONDS : NANOSECONDS;
    const work = { units: count, cost, atLeast: 4096, scratch: SPREAD_BYTES };
    run("binary", work, operation, fromA, stepA, fromB, stepB, to, p, q);
  }
  return true;
}

/** How x walks while a dense result of `count` elements is filled: 1 if dense too, 0 for one number, else -1. */
function evenStep(x: Operand, count: number): number {
  const mine = numelOf(x.shape);
  if (mine === count) return isRowMajor(x.shape, x.strides) ? 1 : -1;
  return mine === 1 ? 0 : -1;
}

function binaryByRows(
  operation: number,
  a: Place,
  b: Place,
  y: Place,
  p: number,
  q: number,
): boolean {
  const axes = collapsed(y.shape, [a, b]);
  const rank = axes.shape.length;
  const n = rank > 0 ? axes.shape[rank - 1] : 1;
  const rows = rank > 1 ? axes.shape[rank - 2] : 1;
  const steps = axes.strides.map((strides) => (rank > 0 ? strides[rank - 1] : 1));
  const [rowA, rowB] = axes.strides.map((strides) => (rank > 1 ? strides[rank - 2] : 0));
  if (steps.some((step) => step !== 0 && step !== 1)) {
    return withWorkspace(({ floats }) => {
      const [denseA, denseB] = [a, b].map((x) => madeDense(x, floats));
      return binaryByRows(operation, denseA, denseB, y, p, q);
    });
  }

  const [fromA, fromB, to] = [a.pointer, b.pointer, y.pointer];
  const work = { units: rows, cost: n * NANOSECONDS + 5, scratch: SPREAD_BYTES };
  eachOuter(axes, 2, ([offsetA, offsetB], index) => {
    run(
      ...(["binaryRows", work, operation, fromA + 4 * offsetA, rowA, steps[0]] as const),
      ...[fromB + 4 * offsetB, rowB, steps[1], to + 4 * index * rows * n, n, p, q],
    );
  });
  return true;
}

/** x, or a dense copy of it in its own shape (not stretched). */
function madeDense(x: Place, floats: (count: number) => number): Place {
  if (isRowMajor(x.shape, x.strides)) return x;
  const pointer = floats(numelOf(x.shape));
  copyDense(x, x.shape, pointer);
  return { pointer, shape: x.shape, strides: rowMajorStrides(x.shape) };
}

const placeOf = (x: Operand): Place => ({
  pointer: addressOf(x),
  shape: x.shape,
  strides: x.strides,
});

/** y = x, both float32 and of one shape. */
export function copy(x: Operand, y: Operand): boolean {
  if (!isFast(x) || !isFast(y)) return false;
  const turned = isRowMajor(y.shape, y.strides) && !x.strides.includes(-1);
  if (turned) copyDense(placeOf(x), y.shape, addressOf(y));
  else copyPlaces(placeOf(x), placeOf(y));
  return true;
}
