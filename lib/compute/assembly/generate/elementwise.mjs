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

/** min(max(x + 3, 0), 6), NaN stays NaN. */
const kneeled = `f32x4.pmin(f32x4.pmax(${add("x", "f32x4.splat(3)")}, ${zero}), f32x4.splat(6))`;

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
  elu: pick(`f32x4.gt(x, ${zero})`, mul("x", "p"), mul("q", "expm1(x)")), // p and q: 1 and alpha, or SELU's numbers
  truncate: "f32x4.trunc(x)",
  sign: pick(
    `f32x4.gt(x, ${zero})`,
    one,
    `v128.and(f32x4.lt(x, ${zero}), f32x4.splat(-1))`, // of NaN 0, as PyTorch
  ),
  inverseSquareRoot: `f32x4.div(${one}, f32x4.sqrt(x))`,
  cube: mul(mul("x", "x"), "x"),
  expm1: "expm1(x)",
  exp2: "exp2(x)",
  log1p: "log1p(x)",
  log2: "log2(x)",
  sin: "sin(x)",
  cos: "cos(x)",
  atan: "atan(x)",
  power: "power(x, p)", // x >= 0
  softplus: pick(`f32x4.gt(${mul("x", "p")}, q)`, "x", `f32x4.div(softplus(${mul("x", "p")}), p)`),
  logSigmoid: "f32x4.neg(softplus(f32x4.neg(x)))",
  mish: mul("x", "mishFactor(x)"),
  geluTanh: "geluTanh(x)",
  softsign: `f32x4.div(x, ${add(one, "f32x4.abs(x)")})`,
  hardsigmoid: `f32x4.div(${kneeled}, f32x4.splat(6))`,
  hardswish: `f32x4.div(${mul("x", kneeled)}, f32x4.splat(6))`,
  hardshrink: "v128.andnot(x, f32x4.le(f32x4.abs(x), p))",
  softshrink: pick(
    "f32x4.gt(x, p)",
    sub("x", "p"),
    pick("f32x4.lt(x, f32x4.neg(p))", add("x", "p"), "v128.and(x, f32x4.ne(x, x))"),
  ),
  threshold: pick("f32x4.le(x, p)", "q", "x"),
};

/** Two inputs of one shape; a scalar input is read again and again from one vector. */
export const binary = {
  add: add("x", "y"),
  subtract: sub("x", "y"),
  multiply: mul("x", "y"),
  divide: "f32x4.div(x, y)",
  maximum: "f32x4.max(x, y)",
  minimum: "f32x4.min(x, y)",
  atan2: "atan2(x, y)",
  addScaled: "multiplyAdd(y, p, x)", // x + p·y
  // ways back: x is the gradient that came in, y what the way forth kept
  reluBackward: `v128.and(x, f32x4.gt(y, ${zero}))`,
  leakyReluBackward: pick(`f32x4.gt(y, ${zero})`, "x", mul("x", "p")),
  sigmoidBackward: mul("x", mul("y", sub(one, "y"))),
  tanhBackward: mul("x", sub(one, mul("y", "y"))),
  absoluteBackward: `v128.bitselect(${zero}, v128.xor(x, v128.and(y, i32x4.splat(0x80000000))), f32x4.eq(y, ${zero}))`,
  reciprocalBackward: `f32x4.neg(${mul("x", mul("y", "y"))})`,
  squareRootBackward: `f32x4.div(${mul("x", "f32x4.splat(0.5)")}, y)`,
  cubeBackward: mul("x", mul("f32x4.splat(3)", mul("y", "y"))),
  clampBackward: "v128.and(x, v128.and(f32x4.ge(y, p), f32x4.le(y, q)))",
  hardtanhBackward: "v128.andnot(x, v128.or(f32x4.le(y, p), f32x4.ge(y, q)))",
  eluBackward: mul("x", pick(`f32x4.gt(y, ${zero})`, "p", mul("q", "exp(y)"))),
  siluBackward: "siluBackward(x, y)",
  geluBackward: "geluBackward(x, y)",
  geluTanhBackward: "geluTanhBackward(x, y)",
  mishBackward: "mishBackward(x, y)",
  softplusBackward: pick(
    `f32x4.gt(${mul("y", "p")}, q)`,
    "x",
    mul("x", `sigmoid(${mul("y", "p")})`),
  ),
  logSigmoidBackward: mul("x", "sigmoid(f32x4.neg(y))"),
  softsignBackward: `f32x4.div(x, square(${add(one, "f32x4.abs(y)")}))`,
  hardsigmoidBackward: `v128.and(${mul("x", "f32x4.splat(0.16666667)")}, f32x4.lt(f32x4.abs(y), f32x4.splat(3)))`,
  hardswishBackward: mul(
    "x",
    pick(
      "f32x4.gt(y, f32x4.splat(3))",
      one,
      `v128.andnot(${add("f32x4.div(y, f32x4.splat(3))", "f32x4.splat(0.5)")}, f32x4.lt(y, f32x4.splat(-3)))`,
    ),
  ),
  shrinkBackward: "v128.and(x, f32x4.gt(f32x4.abs(y), p))",
  thresholdBackward: "v128.andnot(x, f32x4.le(y, p))",
  // losses of a difference x - y
  squaredDifference: "square(f32x4.sub(x, y))",
  absoluteDifference: "f32x4.abs(f32x4.sub(x, y))",
  smoothDifference: pick(
    // Huber's loss over p: a parabola within p, straight lines beyond
    "f32x4.lt(f32x4.abs(f32x4.sub(x, y)), p)",
    `f32x4.div(${mul("f32x4.splat(0.5)", "square(f32x4.sub(x, y))")}, p)`,
    sub("f32x4.abs(f32x4.sub(x, y))", mul("f32x4.splat(0.5)", "p")),
  ),
  logisticLoss: add(sub("f32x4.max(x, f32x4.splat(0))", mul("x", "y")), "softplusOfSize(x)"), // x: scores, y: targets
};

/** Operations that wait for memory rather than compute. */
const isCheap = (expression) =>
  !/\b(exp|expm1|exp2|log|log1p|log2|sin|cos|atan2?|power|sigmoid|tanh|erf|\w*[Ss]oftplus\w*|mish\w*|gelu\w*|silu\w*)\(/.test(
    expression,
  );

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
  const lines = lineLoop(
    [["x", (ahead) => ahead]],
    "x += 64;",
    (i) => `${name}Of(v128.load(x, ${16 * i}), p, q)`,
  );
  // two at a time: one's waiting is the other's work
  const pairs = `  for (; n >= 8; n -= 8, x += 32, out += 32) {
    v128.store(out, ${name}Of(v128.load(x), p, q));
    v128.store(out, ${name}Of(v128.load(x, 16), p, q), 16);
  }
`;
  return `
// @ts-ignore: decorator
@inline
function ${name}Of(x: v128, p: v128, q: v128): v128 {
  return ${expression};
}

function unary${capital(name)}(x: usize, out: usize, n: i32, p: v128, q: v128): void {
${isCheap(expression) ? lines : pairs}  for (; n > 0; n -= 4, x += 16, out += 16) {
    storeUpTo(out, ${name}Of(loadUpTo(x, n), p, q), n);
  }
}
`;
}

function binaryLoop(name, expression) {
  const lines = lineLoop(
    ["x", "y"].map((x) => [x, (ahead) => `${x}Step * ${ahead / 16}`]),
    "x += xStep << 2;\n    y += yStep << 2;",
    (i) => `${name}Of(v128.load(x + xStep * ${i}), v128.load(y + yStep * ${i}), p, q)`,
  );
  return `
// @ts-ignore: decorator
@inline
function ${name}Of(x: v128, y: v128, p: v128, q: v128): v128 {
  return ${expression};
}

function binary${capital(name)}(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, n: i32, p: v128, q: v128): void {
${isCheap(expression) ? lines : ""}  for (; n > 0; n -= 4, x += xStep, y += yStep, out += 16) {
    storeUpTo(out, ${name}Of(loadUpTo(x, n), loadUpTo(y, n), p, q), n);
  }
}
`;
}

/** The text of the AssemblyScript module. */
export function elementwiseModule() {
  return `// Generated by generate/elementwise.mjs.
import { at, fenceValue, loadUpTo, multiplyAdd, storeUpTo } from "./simd";
import { atan, atan2, cos, erf, exp, exp2, expm1, log, log1p, log2, power, sigmoid, sin, tanh } from "./math";
import {
  geluBackward, geluTanh, geluTanhBackward, mishBackward, mishFactor, siluBackward, softplus, softplusOfSize, square,
} from "./activations";
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
export function binary(scratch: usize, from: i32, to: i32, operation: i32, x: usize, xStep: i32, y: usize, yStep: i32, out: usize, p: f32, q: f32): void {
  binaryRow(scratch, operation, at(x, from * xStep), xStep, at(y, from * yStep), yStep, at(out, from), to - from, f32x4.splat(p), f32x4.splat(q));
}

/** The same for rows [from, to) of \`n\` numbers, \`xRow\` and \`yRow\` floats apart; out is dense. */
export function binaryRows(
  scratch: usize, from: i32, to: i32, operation: i32, x: usize, xRow: i32, xStep: i32, y: usize, yRow: i32, yStep: i32,
  out: usize, n: i32, p: f32, q: f32,
): void {
  const P = f32x4.splat(p), Q = f32x4.splat(q);
  for (let row = from; row < to; row++)
    binaryRow(scratch, operation, at(x, row * xRow), xStep, at(y, row * yRow), yStep, at(out, row * n), n, P, Q);
}

function binaryRow(scratch: usize, operation: i32, x: usize, xOne: i32, y: usize, yOne: i32, out: usize, n: i32, P: v128, Q: v128): void {
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
  .map(
    (name, i) => `    case ${i}: binary${capital(name)}(x, xStep, y, yStep, out, n, P, Q); break;`,
  )
  .join("\n")}
  }
}
`;
}
