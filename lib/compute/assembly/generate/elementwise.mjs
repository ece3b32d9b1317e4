// Writes one AssemblyScript loop for each pointwise operation, from the table of operations below.
// `x`, `y` are four lanes of the inputs, `p` and `q` the splatted numbers of an operation that has parameters.

const lanes = {
  zero: "f32x4.splat(0)",
  one: "f32x4.splat(1)",
};
const { zero, one } = lanes;
const pick = (condition, yes, no) => `v128.bitselect(${yes}, ${no}, ${condition})`;
const mul = (a, b) => `f32x4.mul(${a}, ${b})`;
const add = (a, b) => `f32x4.add(${a}, ${b})`;
const sub = (a, b) => `f32x4.sub(${a}, ${b})`;

/** One input. */
export const unary = {
  copy: "x",
  negate: "f32x4.neg(x)",
  absolute: "f32x4.abs(x)",
  squareRoot: "f32x4.sqrt(x)",
  reciprocal: `f32x4.div(${one}, x)`,
  square: mul("x", "x"),
  floor: "f32x4.floor(x)",
  ceil: "f32x4.ceil(x)",
  round: "f32x4.nearest(x)", // to even, as PyTorch
  relu: `f32x4.pmax(x, ${zero})`, // in this order NaN stays NaN, at one instruction
  exp: "exp(x)",
  log: "log(x)",
  sigmoid: "sigmoid(x)",
  tanh: "tanh(x)",
  erf: "erf(x)",
  silu: mul("x", "sigmoid(x)"),
  gelu: mul(
    mul("x", "f32x4.splat(0.5)"),
    add(one, `erf(${mul("x", "f32x4.splat(0.70710678118654752)")})`),
  ),
  addNumber: add("x", "p"),
  multiplyNumber: mul("x", "p"),
  affine: "multiplyAdd(x, p, q)", // p·x + q
  subtractFromNumber: sub("p", "x"),
  divideNumber: "f32x4.div(p, x)", // p / x
  divideByNumber: "f32x4.div(x, p)",
  clamp: "f32x4.pmin(f32x4.pmax(x, p), q)", // in this order NaN stays NaN
  leakyRelu: pick(`f32x4.gt(x, ${zero})`, "x", mul("x", "p")),
  elu: pick(`f32x4.gt(x, ${zero})`, "x", mul("p", sub("exp(x)", one))),
};

/** Two inputs of one shape; a scalar input is read again and again from one vector. */
export const binary = {
  add: add("x", "y"),
  subtract: sub("x", "y"),
  multiply: mul("x", "y"),
  divide: "f32x4.div(x, y)",
  maximum: "f32x4.max(x, y)",
  minimum: "f32x4.min(x, y)",
  addScaled: "multiplyAdd(y, p, x)", // x + p·y
  // ways back: x is the gradient that came in, y what the way forth kept
  reluBackward: `v128.and(x, f32x4.gt(y, ${zero}))`,
  leakyReluBackward: pick(`f32x4.gt(y, ${zero})`, "x", mul("x", "p")),
  sigmoidBackward: mul("x", mul("y", sub(one, "y"))),
  tanhBackward: mul("x", sub(one, mul("y", "y"))),
  absoluteBackward: `v128.bitselect(${zero}, v128.xor(x, v128.and(y, i32x4.splat(0x80000000))), f32x4.eq(y, ${zero}))`,
  reciprocalBackward: `f32x4.neg(${mul("x", mul("y", "y"))})`,
  squareRootBackward: `f32x4.div(${mul("x", "f32x4.splat(0.5)")}, y)`,
};

/** Operations that wait for memory rather than compute. */
const isCheap = (expression) => !/\b(exp|log|sigmoid|tanh|erf)\(/.test(expression);

/**
 * The loop over whole cache lines of a cheap operation. Each input is touched one KiB ahead, as far as it reaches:
 * a sixth faster on arrays that are too large for the second-level cache (measured 2026-11). The branch is never taken.
 */
const AHEAD = 1024;
function lineLoop(inputs, step, result) {
  const touch = inputs.map(
    ([x, bytes]) => `    if (<i32>load<u8>(${x} + ${bytes(AHEAD)}) == never) break;`,
  );
  const stores = [0, 1, 2, 3].map((i) => `    v128.store(out, ${result(i)}, ${16 * i});`);
  return `  const never = fenceValue() - 1;
  for (; n >= ${AHEAD / 4 + 16}; n -= 16) {
${[...touch, ...stores].join("\n")}
    ${step}
    out += 64;
  }
`;
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);

function unaryLoop(name, expression) {
  return `
// @ts-ignore: decorator
@inline
function ${name}Of(x: v128, p: v128, q: v128): v128 {
  return ${expression};
}

function unary${capital(name)}(x: usize, out: usize, n: i32, p: v128, q: v128): void {
${isCheap(expression) ? lineLoop([["x", (ahead) => ahead]], "x += 64;", (i) => `${name}Of(v128.load(x, ${16 * i}), p, q)`) : ""}  for (; n >= 8; n -= 8) {
    v128.store(out, ${name}Of(v128.load(x), p, q));
    v128.store(out, ${name}Of(v128.load(x, 16), p, q), 16);
    x += 32;
    out += 32;
  }
  if (n >= 4) {
    v128.store(out, ${name}Of(v128.load(x), p, q));
    x += 16;
    out += 16;
    n -= 4;
  }
  if (n) storePart(out, ${name}Of(loadPart(x, n), p, q), n);
}
`;
}

function binaryLoop(name, expression) {
  return `
// @ts-ignore: decorator
@inline
function ${name}Of(x: v128, y: v128, p: v128): v128 {
  return ${expression};
}

function binary${capital(name)}(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, n: i32, p: v128): void {
${lineLoop(
  ["x", "y"].map((x) => [x, (ahead) => `${x}Step * ${ahead / 16}`]),
  "x += xStep << 2;\n    y += yStep << 2;",
  (i) => `${name}Of(v128.load(x + xStep * ${i}), v128.load(y + yStep * ${i}), p)`,
)}  for (; n >= 8; n -= 8) {
    v128.store(out, ${name}Of(v128.load(x), v128.load(y), p));
    v128.store(out, ${name}Of(v128.load(x + xStep), v128.load(y + yStep), p), 16);
    x += xStep << 1;
    y += yStep << 1;
    out += 32;
  }
  if (n >= 4) {
    v128.store(out, ${name}Of(v128.load(x), v128.load(y), p));
    x += xStep;
    y += yStep;
    out += 16;
    n -= 4;
  }
  if (n) storePart(out, ${name}Of(loadPart(x, n), loadPart(y, n), p), n);
}
`;
}

/** The text of the AssemblyScript module. */
export function elementwiseModule() {
  return `// Generated by generate/elementwise.mjs.
import { at, fenceValue, multiplyAdd, loadPart, storePart } from "./simd";
import { exp, log, sigmoid, tanh, erf } from "./math";
${Object.entries(unary)
  .map(([name, expression]) => unaryLoop(name, expression))
  .join("")}
/** out[i] = operation(x[i]) for i in [from, to). */
export function unary(scratch: usize, from: i32, to: i32, operation: i32, x: usize, out: usize, p: f32, q: f32): void {
  const P = f32x4.splat(p), Q = f32x4.splat(q), n = to - from;
  x = at(x, from);
  out = at(out, from);
  switch (operation) {
${Object.keys(unary)
  .map((name, i) => `    case ${i}: unary${capital(name)}(x, out, n, P, Q); break;`)
  .join("\n")}
  }
}
${Object.entries(binary)
  .map(([name, expression]) => binaryLoop(name, expression))
  .join("")}
/** out[i] = operation(x[i], y[i]) for i in [from, to). A step is 1, or 0 where one number is used throughout. scratch: 32 bytes. */
export function binary(scratch: usize, from: i32, to: i32, operation: i32, x: usize, xStep: i32, y: usize, yStep: i32, out: usize, p: f32): void {
  binaryRow(scratch, operation, at(x, from * xStep), xStep, at(y, from * yStep), yStep, at(out, from), to - from, f32x4.splat(p));
}

/** The same for rows [from, to) of \`n\` numbers, \`xRow\` and \`yRow\` floats apart; out is dense. */
export function binaryRows(
  scratch: usize, from: i32, to: i32, operation: i32, x: usize, xRow: i32, xStep: i32, y: usize, yRow: i32, yStep: i32,
  out: usize, n: i32, p: f32,
): void {
  const P = f32x4.splat(p);
  for (let row = from; row < to; row++)
    binaryRow(scratch, operation, at(x, row * xRow), xStep, at(y, row * yRow), yStep, at(out, row * n), n, P);
}

function binaryRow(scratch: usize, operation: i32, x: usize, xOne: i32, y: usize, yOne: i32, out: usize, n: i32, P: v128): void {
  // a single number is spread over a vector, which is then read again and again
  const xStep: usize = xOne ? 16 : 0, yStep: usize = yOne ? 16 : 0;
  if (!xOne) {
    v128.store(scratch, v128.load32_splat(x));
    x = scratch;
  }
  if (!yOne) {
    v128.store(scratch, v128.load32_splat(y), 16);
    y = scratch + 16;
  }
  switch (operation) {
${Object.keys(binary)
  .map((name, i) => `    case ${i}: binary${capital(name)}(x, xStep, y, yStep, out, n, P); break;`)
  .join("\n")}
  }
}
`;
}
