// Activations of more than one step, and their ways back (g is the gradient that came in, x what the way forth read).

import { erf, exp, expOfNegative, logOfNext, sigmoid, tanh } from "./math";
import { multiplyAdd } from "./simd";

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

// @ts-ignore: decorator
@inline
export function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** log(1 + e^-|x|): of e = e^-|x|, which is at most 1, either e or (e - 1) / 2 goes into the logarithm's terms as it is. */
export function softplusOfSize(x: v128): v128 {
  const e = expOfNegative(f32x4.neg(f32x4.abs(x)));
  const large = f32x4.gt(e, splat(0.41421356));
  const y = v128.bitselect(f32x4.mul(f32x4.sub(e, splat(1)), splat(0.5)), e, large);
  return f32x4.add(v128.and(large, splat(0.69314718)), logOfNext(y));
}

/** log(1 + e^x) */
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.max(x, splat(0)), softplusOfSize(x));
}

/** x · (1 + tanh(k·(x + 0.044715·x³))) / 2 */
export function geluTanh(x: v128): v128 {
  return f32x4.mul(f32x4.mul(x, splat(0.5)), f32x4.add(tanh(geluInner(x)), splat(1)));
}

// @ts-ignore: decorator
@inline
function geluInner(x: v128): v128 {
  return f32x4.mul(splat(0.7978845608028654), multiplyAdd(f32x4.mul(square(x), x), splat(0.044715), x));
}

export function geluTanhBackward(g: v128, x: v128): v128 {
  const t = tanh(geluInner(x));
  const rise = f32x4.mul(splat(0.7978845608028654), multiplyAdd(square(x), splat(0.134145), splat(1)));
  const bend = f32x4.mul(f32x4.mul(x, f32x4.sub(splat(1), square(t))), rise);
  return f32x4.mul(g, f32x4.mul(splat(0.5), f32x4.add(f32x4.add(t, splat(1)), bend)));
}

/** Φ(x) + x·φ(x) */
export function geluBackward(g: v128, x: v128): v128 {
  const below = f32x4.mul(splat(0.5), f32x4.add(splat(1), erf(f32x4.mul(x, splat(0.70710678118654752)))));
  const density = f32x4.mul(exp(f32x4.mul(square(x), splat(-0.5))), splat(0.3989422804014327));
  return f32x4.mul(g, multiplyAdd(x, density, below));
}

export function siluBackward(g: v128, x: v128): v128 {
  const s = sigmoid(x);
  return f32x4.mul(g, f32x4.mul(s, multiplyAdd(x, f32x4.sub(splat(1), s), splat(1))));
}

/** (1 + e^x)² - 1, of which tanh(log(1 + e^x)) is n / (n + 2). */
// @ts-ignore: decorator
@inline
function mishNumber(x: v128): v128 {
  const e = exp(f32x4.pmin(x, splat(20))); // beyond, the quotient is 1
  return f32x4.mul(e, f32x4.add(e, splat(2)));
}

/** tanh(log(1 + e^x)) */
export function mishFactor(x: v128): v128 {
  const n = mishNumber(x);
  return f32x4.div(n, f32x4.add(n, splat(2)));
}

export function mishBackward(g: v128, x: v128): v128 {
  const n = mishNumber(x), whole = f32x4.add(n, splat(2));
  const t = f32x4.div(n, whole);
  const bend = f32x4.div(f32x4.mul(splat(4), f32x4.add(n, splat(1))), square(whole)); // 1 - t²
  return f32x4.mul(g, multiplyAdd(f32x4.mul(x, sigmoid(x)), bend, t));
}
