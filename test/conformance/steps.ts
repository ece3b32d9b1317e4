// One step of a case's program, in our public API: the twin of the suites' steps.py, which runs them with PyTorch.

import * as torch from "kernelbook";
import type { Tensor } from "kernelbook";
import { kindOf, type Step } from "./suite.js";

// A case names functions by text, so this file looks them up by name; an unknown one is reported as missing.
const F = torch.nn.functional as unknown as Record<string, (...args: any[]) => any>;
type Args = Record<string, any>;

const special: Record<string, number> = { NaN, Infinity, "-Infinity": -Infinity };

/** Runs a program. `inputs` by name; gives everything by name. */
export function run(
  program: readonly Step[],
  inputs: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const env = new Map(inputs);
  for (const { out, fn, in: names, args = {} } of program) {
    const xs = names.map((name) => (name === "" ? null : env.get(name)!));
    const y = step(fn, xs as Tensor[], inOurWords(args));
    const results = Array.isArray(out) ? Array.from(y as Tensor[]) : [y as Tensor];
    [out].flat().forEach((name, i) => name && env.set(name, results[i]));
  }
  return env;
}

/** count_include_pad → countIncludePad; "-Infinity" → -Infinity. */
function inOurWords(args: Args): Args {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [camel(name), special[value as string] ?? value]),
  );
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The operations that take tensors alone, or a number in place of the second. */
const unary =
  "abs neg exp log sqrt reciprocal floor ceil round sign erf sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid relu isnan isinf logical_not square bitwise_not".split(
    " ",
  );
const binary =
  "add sub mul div pow maximum minimum remainder fmod eq ne gt lt ge le logical_and logical_or logical_xor matmul atan2".split(
    " ",
  );

function step(fn: string, xs: Tensor[], a: Args): unknown {
  const [x] = xs;
  const own = calls[fn];
  if (own) return own(xs, a);
  if (unary.includes(fn)) return method(x, fn)();
  if (binary.includes(fn)) return method(x, fn)(xs[1] ?? a.other);
  return named(fn)(...xs, a);
}

function method(x: Tensor, fn: string): (...args: unknown[]) => unknown {
  const f = (x as unknown as Args)[camel(fn)];
  if (typeof f !== "function") throw new Missing(`tensor.${camel(fn)}`);
  return f.bind(x);
}

function named(fn: string): (...args: any[]) => any {
  const f = F[camel(fn)] ?? (torch as unknown as Args)[camel(fn)];
  if (typeof f !== "function") throw new Missing(camel(fn));
  return f;
}

/** Something that the library does not have. */
export class Missing extends Error {}

const reduce =
  (fn: string) =>
  ([x]: Tensor[], { dim, keepdim = false }: Args) => {
    if (dim?.length === 0) {
      return fn === "logsumexp" ? method(method(x, "unsqueeze")(0) as Tensor, fn)(0) : x;
    }
    const axes = dim ?? x.shape.map((_, axis) => axis);
    return method(x, fn)(axes, { keepdim });
  };

const inOrderOfAxes = (x: Tensor, dims: number[]) =>
  dims.map((d) => (d + x.ndim) % x.ndim).sort((p, q) => q - p);

const pool =
  (fn: string) =>
  ([x]: Tensor[], { kernelSize, ...options }: Args) =>
    named(fn)(x, kernelSize, options);

/** Functions that take more than tensors: what is positional in our API, what is an option. */
const calls: Record<string, (xs: Tensor[], a: Args) => unknown> = {
  floor_divide: ([x, y]) => (x as any).div(y, { roundingMode: "floor" }),
  trunc_divide: ([x, y]) => (x as any).div(y, { roundingMode: "trunc" }),
  conv1d: ([x, w, b = null], a) => named("conv1d")(x, w, b, a),
  conv2d: ([x, w, b = null], a) => named("conv2d")(x, w, b, a),
  conv_transpose1d: ([x, w, b = null], a) => named("conv_transpose1d")(x, w, b, a),
  conv_transpose2d: ([x, w, b = null], a) => named("conv_transpose2d")(x, w, b, a),
  max_pool1d: pool("max_pool1d"),
  max_pool2d: pool("max_pool2d"),
  avg_pool1d: pool("avg_pool1d"),
  avg_pool2d: pool("avg_pool2d"),
  adaptive_avg_pool2d: ([x], { outputSize }) => named("adaptive_avg_pool2d")(x, outputSize),
  leaky_relu: ([x], a) => named("leaky_relu")(x, a.negativeSlope),
  elu: ([x], a) => named("elu")(x, a.alpha),
  prelu: ([x, w]) => named("prelu")(x, w),
  softmax: ([x], { dim }) => named("softmax")(x, dim),
  log_softmax: ([x], { dim }) => named("log_softmax")(x, dim),
  linear: ([x, w, b = null]) => named("linear")(x, w, b),
  pad: ([x], { pad, mode, value }) => named("pad")(x, pad, { mode, value }),
  batch_norm: ([x, mean, variance, weight, bias], a) =>
    named("batch_norm")(x, mean, variance, { ...a, weight, bias }),
  instance_norm: ([x, weight = null, bias = null], a) =>
    named("instance_norm")(x, { ...a, weight, bias }),
  layer_norm: ([x, weight = null, bias = null], a) =>
    named("layer_norm")(x, a.normalizedShape, { weight, bias, eps: a.eps }),
  group_norm: ([x, weight = null, bias = null], a) =>
    named("group_norm")(x, a.numGroups, { weight, bias, eps: a.eps }),
  sum: reduce("sum"),
  mean: reduce("mean"),
  amax: reduce("amax"),
  amin: reduce("amin"),
  logsumexp: reduce("logsumexp"),
  prod: ([x], { dim, keepdim = false }) => {
    const axes = inOrderOfAxes(x, dim ?? x.shape.map((_, axis) => axis));
    return axes.reduce((y, d) => (y as any).prod(d, { keepdim }), x);
  },
  argmax: ([x], { dim, keepdim }) => method(x, "argmax")(dim, { keepdim }),
  argmin: ([x], { dim, keepdim }) => method(x, "argmin")(dim, { keepdim }),
  cumsum: ([x], { dim }) => method(x, "cumsum")(dim),
  cumprod: ([x], { dim }) => method(x, "cumprod")(dim),
  cat: (xs, { dim }) => named("cat")(xs, dim),
  stack: (xs, { dim }) => named("stack")(xs, dim),
  split: ([x], { sizes, dim }) => method(x, "split")(sizes, dim),
  permute: ([x], { dims }) => method(x, "permute")(dims),
  reshape: ([x], { shape }) => x.reshape(shape),
  flatten: ([x], { startDim, endDim }) => method(x, "flatten")(startDim, endDim),
  squeeze: ([x], { dims }) => inOrderOfAxes(x, dims).reduce((y, d) => (y as any).squeeze(d), x),
  unsqueeze: ([x], { dim }) => method(x, "unsqueeze")(dim),
  expand: ([x], { shape }) => x.expand(shape),
  broadcast_to: ([x], { shape }) => method(x, "broadcast_to")(shape),
  tile: ([x], { dims }) => method(x, "tile")(dims),
  gather: ([x, index], { dim }) => method(x, "gather")(dim, index),
  index_select: ([x, index], { dim }) => method(x, "index_select")(dim, index),
  slice: ([x], { slices }) =>
    (slices as [number, number, number][]).reduce(
      (y, [start, end, step], dim) => (y as any).slice(dim, start, end, step),
      x,
    ),
  flip: ([x], { dims }) => method(x, "flip")(dims),
  where: ([condition, x, y]) => named("where")(condition, x, y),
  clamp: ([x], { min, max }) => method(x, "clamp")(min, max),
  tril: ([x], { diagonal }) => method(x, "tril")(diagonal),
  triu: ([x], { diagonal }) => method(x, "triu")(diagonal),
  ones_like: ([x]) => torch.onesLike(x),
  to: ([x], { dtype }) => x.to(kindOf(dtype)),
  clone: ([x]) => method(x, "clone")(),
  addmm: ([x, a, b], { alpha, beta }) => named("addmm")(x, a, b, { alpha, beta }),
};
