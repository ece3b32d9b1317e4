// One optimizer step, in place, for all numbers [from, to) of a parameter. The formulas are PyTorch's.

import { at, loadPart, loadUpTo, multiplyAdd, storePart, storeUpTo } from "./simd";

/**
 * SGD: g += weightDecay·p; v = momentum·v + (1 - dampening)·g, or g on the `first` step; p -= lr·(g + momentum·v with
 * `nesterov`, else v). velocity is 0 without momentum. `lr` is negative to climb.
 */
export function sgdStep(
  scratch: usize, from: i32, to: i32, parameter: usize, gradient: usize, velocity: usize,
  lr: f32, momentum: f32, dampening: f64, weightDecay: f32, nesterov: bool, first: bool,
): void {
  const rate = f32x4.splat(-lr), decay = f32x4.splat(weightDecay), keep = f32x4.splat(momentum), add = f32x4.splat(<f32>(1 - dampening));
  for (let i = from; i < to; i += 4) {
    const n = min(4, to - i), P = at(parameter, i), whole = n == 4;
    const p = whole ? v128.load(P) : loadPart(P, n);
    let g = whole ? v128.load(at(gradient, i)) : loadPart(at(gradient, i), n);
    g = multiplyAdd(decay, p, g);
    if (velocity) {
      const V = at(velocity, i);
      let v = g;
      if (!first) v = multiplyAdd(keep, whole ? v128.load(V) : loadPart(V, n), f32x4.mul(add, g));
      storePart(V, v, n);
      g = nesterov ? multiplyAdd(keep, v, g) : v;
    }
    storePart(P, multiplyAdd(rate, g, p), n);
  }
}

/**
 * Adam: m and v are running means of g and g²; p -= stepSize · m / (√v / correction + epsilon).
 * stepSize = lr / (1 - beta1^t), correction = √(1 - beta2^t). `decoupled` (AdamW) shrinks p by lr·weightDecay first.
 */
export function adamStep(
  scratch: usize, from: i32, to: i32, parameter: usize, gradient: usize, mean: usize, square: usize, largest: usize,
  lr: f32, beta1: f64, beta2: f64, epsilon: f32, weightDecay: f32, decoupled: bool, stepSize: f32, correction: f32,
): void {
  const b1 = f32x4.splat(<f32>(1 - beta1)), b2 = f32x4.splat(<f32>beta2), c2 = f32x4.splat(<f32>(1 - beta2)), eps = f32x4.splat(epsilon);
  const decay = f32x4.splat(weightDecay), shrink = f32x4.splat(1 - lr * weightDecay);
  const rate = f32x4.splat(-stepSize), root = f32x4.splat(correction);
  for (let i = from; i < to; i += 4) {
    const n = min(4, to - i), whole = n == 4, P = at(parameter, i), M = at(mean, i), S = at(square, i);
    let p = whole ? v128.load(P) : loadPart(P, n);
    let g = whole ? v128.load(at(gradient, i)) : loadPart(at(gradient, i), n);
    if (decoupled) p = f32x4.mul(p, shrink);
    else g = multiplyAdd(decay, p, g);
    let m = whole ? v128.load(M) : loadPart(M, n), s = whole ? v128.load(S) : loadPart(S, n);
    m = multiplyAdd(b1, f32x4.sub(g, m), m);
    s = multiplyAdd(f32x4.mul(c2, g), g, f32x4.mul(b2, s));
    storePart(M, m, n);
    storePart(S, s, n);
    if (largest) {
      const L = at(largest, i);
      s = f32x4.max(s, whole ? v128.load(L) : loadPart(L, n));
      storePart(L, s, n);
    }
    const scale = f32x4.add(f32x4.div(f32x4.sqrt(s), root), eps);
    storePart(P, multiplyAdd(rate, f32x4.div(m, scale), p), n);
  }
}

/**
 * RMSprop: g += weightDecay·p; square is a running mean of g²; with `mean` the square of that running mean is taken off
 * it; p -= lr · g / (√square + epsilon), with `velocity` by a sum of such changes that fades with `momentum`.
 */
export function rmspropStep(
  scratch: usize, from: i32, to: i32, parameter: usize, gradient: usize, square: usize, mean: usize, velocity: usize,
  lr: f32, alpha: f64, epsilon: f32, weightDecay: f32, momentum: f32,
): void {
  const keep = f32x4.splat(<f32>alpha), add = f32x4.splat(<f32>(1 - alpha)), eps = f32x4.splat(epsilon);
  const decay = f32x4.splat(weightDecay), rate = f32x4.splat(-lr), fade = f32x4.splat(momentum);
  for (let i = from; i < to; i += 4) {
    const n = to - i, P = at(parameter, i), S = at(square, i), p = loadUpTo(P, n);
    const g = multiplyAdd(decay, p, loadUpTo(at(gradient, i), n));
    let s = multiplyAdd(f32x4.mul(add, g), g, f32x4.mul(keep, loadUpTo(S, n)));
    storeUpTo(S, s, n);
    if (mean) {
      let m = loadUpTo(at(mean, i), n);
      m = multiplyAdd(add, f32x4.sub(g, m), m);
      storeUpTo(at(mean, i), m, n);
      s = f32x4.sub(s, f32x4.mul(m, m));
    }
    let change = f32x4.div(g, f32x4.add(f32x4.sqrt(s), eps));
    if (velocity) {
      change = multiplyAdd(fade, loadUpTo(at(velocity, i), n), change);
      storeUpTo(at(velocity, i), change, n);
    }
    storeUpTo(P, multiplyAdd(rate, change, p), n);
  }
}

/** Adagrad: g += weightDecay·p; sum += g²; p -= rate · g / (√sum + epsilon). */
export function adagradStep(
  scratch: usize, from: i32, to: i32, parameter: usize, gradient: usize, sum: usize, rate: f32, epsilon: f32, weightDecay: f32,
): void {
  const decay = f32x4.splat(weightDecay), eps = f32x4.splat(epsilon), by = f32x4.splat(-rate);
  for (let i = from; i < to; i += 4) {
    const n = to - i, P = at(parameter, i), S = at(sum, i), p = loadUpTo(P, n);
    const g = multiplyAdd(decay, p, loadUpTo(at(gradient, i), n)), s = multiplyAdd(g, g, loadUpTo(S, n));
    storeUpTo(S, s, n);
    storeUpTo(P, multiplyAdd(by, f32x4.div(g, f32x4.add(f32x4.sqrt(s), eps)), p), n);
  }
}
