// One step of each optimizer as plain loops, in place: p parameter, g gradient, the rest running numbers. PyTorch's
// formulas (torch/optim/*.py). `sign` is -1 to climb (maximize).

import type { TypedArray } from "../dtypes.js";

export interface SgdStep {
  readonly lr: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  readonly sign: 1 | -1;
  /** The velocity begins as the first gradient. */
  readonly first: boolean;
}

export function sgdStep(p: TypedArray, g: TypedArray, v: TypedArray | null, step: SgdStep): void {
  const { lr, momentum, dampening, weightDecay, nesterov, sign, first } = step;
  for (let i = 0; i < p.length; i++) {
    let slope = sign * g[i] + weightDecay * p[i];
    if (v) {
      v[i] = first ? slope : momentum * v[i] + (1 - dampening) * slope;
      slope = nesterov ? slope + momentum * v[i] : v[i];
    }
    p[i] -= lr * slope;
  }
}

export interface AdamStep {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  /** AdamW: the decay shrinks p itself. */
  readonly decoupled: boolean;
  readonly sign: 1 | -1;
  /** lr / (1 − beta1^t) */
  readonly stepSize: number;
  /** √(1 − beta2^t) */
  readonly correction: number;
}

export function adamStep(
  p: TypedArray,
  g: TypedArray,
  mean: TypedArray,
  square: TypedArray,
  largest: TypedArray | null,
  step: AdamStep,
): void {
  const { lr, beta1, beta2, eps, weightDecay, decoupled, sign, stepSize, correction } = step;
  for (let i = 0; i < p.length; i++) {
    let slope = sign * g[i];
    if (decoupled) p[i] *= 1 - lr * weightDecay;
    else slope += weightDecay * p[i];
    mean[i] += (1 - beta1) * (slope - mean[i]);
    square[i] = beta2 * square[i] + (1 - beta2) * slope * slope;
    let spread = square[i];
    if (largest) spread = largest[i] = Math.max(largest[i], spread);
    p[i] -= (stepSize * mean[i]) / (Math.sqrt(spread) / correction + eps);
  }
}

export interface NAdamStep {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly decoupled: boolean;
  readonly sign: 1 | -1;
  /** 1 − beta2^t */
  readonly correction: number;
  /** What g and the mean are multiplied by. */
  readonly slopeRate: number;
  readonly meanRate: number;
}

export function nadamStep(
  p: TypedArray,
  g: TypedArray,
  mean: TypedArray,
  square: TypedArray,
  step: NAdamStep,
): void {
  const { lr, beta1, beta2, eps, weightDecay, decoupled, sign } = step;
  for (let i = 0; i < p.length; i++) {
    let slope = sign * g[i];
    if (decoupled) p[i] *= 1 - lr * weightDecay;
    else slope += weightDecay * p[i];
    mean[i] += (1 - beta1) * (slope - mean[i]);
    square[i] = beta2 * square[i] + (1 - beta2) * slope * slope;
    const scale = Math.sqrt(square[i] / step.correction) + eps;
    p[i] -= (step.slopeRate * slope + step.meanRate * mean[i]) / scale;
  }
}

export interface RmspropStep {
  readonly lr: number;
  readonly alpha: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly momentum: number;
  readonly sign: 1 | -1;
}

export function rmspropStep(
  p: TypedArray,
  g: TypedArray,
  square: TypedArray,
  mean: TypedArray | null,
  velocity: TypedArray | null,
  { lr, alpha, eps, weightDecay, momentum, sign }: RmspropStep,
): void {
  for (let i = 0; i < p.length; i++) {
    const slope = sign * g[i] + weightDecay * p[i];
    square[i] = alpha * square[i] + (1 - alpha) * slope * slope;
    let spread = square[i];
    if (mean) {
      mean[i] += (1 - alpha) * (slope - mean[i]);
      spread -= mean[i] * mean[i];
    }
    let change = slope / (Math.sqrt(spread) + eps);
    if (velocity) change = velocity[i] = momentum * velocity[i] + change;
    p[i] -= lr * change;
  }
}

export interface AdagradStep {
  /** lr / (1 + (t − 1) · lrDecay) */
  readonly rate: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly sign: 1 | -1;
}

export function adagradStep(
  p: TypedArray,
  g: TypedArray,
  sum: TypedArray,
  { rate, eps, weightDecay, sign }: AdagradStep,
): void {
  for (let i = 0; i < p.length; i++) {
    const slope = sign * g[i] + weightDecay * p[i];
    sum[i] += slope * slope;
    p[i] -= (rate * slope) / (Math.sqrt(sum[i]) + eps);
  }
}

export interface AdadeltaStep {
  readonly lr: number;
  readonly rho: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly sign: 1 | -1;
}

export function adadeltaStep(
  p: TypedArray,
  g: TypedArray,
  square: TypedArray,
  changes: TypedArray,
  { lr, rho, eps, weightDecay, sign }: AdadeltaStep,
): void {
  for (let i = 0; i < p.length; i++) {
    const slope = sign * g[i] + weightDecay * p[i];
    square[i] = rho * square[i] + (1 - rho) * slope * slope;
    const change = (Math.sqrt(changes[i] + eps) / Math.sqrt(square[i] + eps)) * slope;
    changes[i] = rho * changes[i] + (1 - rho) * change * change;
    p[i] -= lr * change;
  }
}

export interface AdamaxStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly sign: 1 | -1;
  /** lr / (1 − beta1^t) */
  readonly stepSize: number;
}

export function adamaxStep(
  p: TypedArray,
  g: TypedArray,
  mean: TypedArray,
  greatest: TypedArray,
  { beta1, beta2, eps, weightDecay, sign, stepSize }: AdamaxStep,
): void {
  for (let i = 0; i < p.length; i++) {
    const slope = sign * g[i] + weightDecay * p[i];
    mean[i] += (1 - beta1) * (slope - mean[i]);
    greatest[i] = Math.max(beta2 * greatest[i], Math.abs(slope) + eps);
    p[i] -= (stepSize * mean[i]) / greatest[i];
  }
}

export interface AsgdStep {
  /** The step size of this step. */
  readonly eta: number;
  /** How far the average goes towards the parameter. */
  readonly mu: number;
  readonly lambd: number;
  readonly weightDecay: number;
  readonly sign: 1 | -1;
}

export function asgdStep(
  p: TypedArray,
  g: TypedArray,
  average: TypedArray,
  { eta, mu, lambd, weightDecay, sign }: AsgdStep,
): void {
  for (let i = 0; i < p.length; i++) {
    const slope = sign * g[i] + weightDecay * p[i];
    p[i] = p[i] * (1 - lambd * eta) - eta * slope;
    average[i] = mu === 1 ? p[i] : average[i] + mu * (p[i] - average[i]);
  }
}
