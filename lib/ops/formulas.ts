// Formulas of one and two numbers that the engine knows as kernels: `map` and `zip` take a formula, and where this
// table has it they hand float32 to the kernel instead of calling it for every element.

import { erf, roundHalfEven } from "../special.js";
import type { Question } from "../compute/masks.js";
import type { BinaryName, UnaryName } from "../compute/operations.js";

export const plus = (a: number, b: number) => a + b;
export const minus = (a: number, b: number) => a - b;
export const times = (a: number, b: number) => a * b;
export const over = (a: number, b: number) => a / b;
export const opposite = (v: number) => -v;
export const inverse = (v: number) => 1 / v;
export const positivePart = (v: number) => (v > 0 || v !== v ? v : 0);
export const whereKeptPositive = (g: number, v: number) => (v > 0 ? g : 0);
export const larger = (p: number, q: number) => (p !== p || q !== q ? NaN : p >= q ? p : q);
export const smaller = (p: number, q: number) => (p !== p || q !== q ? NaN : p <= q ? p : q);
export const inverseRoot = (v: number) => 1 / Math.sqrt(v);
export const powerOfTwo = (v: number) => 2 ** v;
export const signOf = (v: number) => (v > 0 ? 1 : v < 0 ? -1 : 0); // of NaN: 0, as PyTorch
export const equal = (p: number, q: number) => Number(p === q);
export const different = (p: number, q: number) => Number(p !== q);
export const less = (p: number, q: number) => Number(p < q);
export const atMost = (p: number, q: number) => Number(p <= q);
export const more = (p: number, q: number) => Number(p > q);
export const atLeast = (p: number, q: number) => Number(p >= q);
export const bothTrue = (p: number, q: number) => Number(p !== 0 && q !== 0);
export const eitherTrue = (p: number, q: number) => Number(p !== 0 || q !== 0);
export const oneTrue = (p: number, q: number) => Number((p !== 0) !== (q !== 0));
export const logistic = (v: number) => 1 / (1 + Math.exp(-v));

type Unary = (v: number) => number;
type Binary = (a: number, b: number) => number;

export const unaryKernels: ReadonlyMap<Unary, UnaryName> = new Map<Unary, UnaryName>([
  [opposite, "negate"],
  [inverse, "reciprocal"],
  [positivePart, "relu"],
  [logistic, "sigmoid"],
  [Math.abs, "absolute"],
  [Math.sqrt, "squareRoot"],
  [Math.floor, "floor"],
  [Math.ceil, "ceil"],
  [Math.exp, "exp"],
  [Math.log, "log"],
  [Math.tanh, "tanh"],
  [roundHalfEven, "round"],
  [erf, "erf"],
  [signOf, "sign"],
  [inverseRoot, "inverseSquareRoot"],
  [powerOfTwo, "exp2"],
  [Math.trunc, "truncate"],
  [Math.expm1, "expm1"],
  [Math.log1p, "log1p"],
  [Math.log2, "log2"],
  [Math.sin, "sin"],
  [Math.cos, "cos"],
  [Math.atan, "atan"],
]);

export const binaryKernels: ReadonlyMap<Binary, BinaryName> = new Map<Binary, BinaryName>([
  [plus, "add"],
  [minus, "subtract"],
  [times, "multiply"],
  [Math.imul, "multiply"],
  [over, "divide"],
  [Math.atan2, "atan2"],
  [larger, "maximum"],
  [smaller, "minimum"],
  [whereKeptPositive, "reluBackward"],
]);

/** The same with a number on the right: the kernel, and the number that it takes. */
export const numberKernels: ReadonlyMap<Binary, readonly [UnaryName, (b: number) => number]> =
  new Map<Binary, readonly [UnaryName, (b: number) => number]>([
    [plus, ["addNumber", (b) => b]],
    [minus, ["addNumber", (b) => -b]],
    [times, ["multiplyNumber", (b) => b]],
    [over, ["divideByNumber", (b) => b]],
  ]);

/** Questions about two numbers: the kernel, and whether it wants them the other way round. */
export const questionKernels: ReadonlyMap<Binary, readonly [Question, swapped: boolean]> = new Map<
  Binary,
  readonly [Question, boolean]
>([
  [equal, ["equal", false]],
  [different, ["different", false]],
  [less, ["less", false]],
  [atMost, ["atMost", false]],
  [more, ["less", true]],
  [atLeast, ["atMost", true]],
  [bothTrue, ["both", false]],
  [eitherTrue, ["either", false]],
  [oneTrue, ["exactlyOne", false]],
]);
