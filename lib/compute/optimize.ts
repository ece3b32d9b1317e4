// One step of an optimizer on dense operands, in place: the engine's kernel for float32, else the plain loops.

import { addressOf, valuesOf, type Operand } from "./operand.js";
import type { TypedArray } from "./dtypes.js";
import * as plain from "./plain/optimize.js";
import { run } from "./team.js";

const NANOSECONDS = 0.5; // per number

export function sgdStep(p: Operand, g: Operand, v: Operand | null, step: plain.SgdStep): void {
  if (step.sign < 0 || !inArena(p, g, v)) {
    return plain.sgdStep(numbers(p), numbers(g), v && numbers(v), step);
  }
  const { lr, momentum, dampening, weightDecay, nesterov, first } = step;
  run(
    ...(["sgdStep", workOf(p), addressOf(p), addressOf(g), v ? addressOf(v) : 0] as const),
    ...[lr, momentum, dampening, weightDecay, Number(nesterov), Number(first)],
  );
}

export function adamStep(
  p: Operand,
  g: Operand,
  mean: Operand,
  square: Operand,
  largest: Operand | null,
  step: plain.AdamStep,
): void {
  if (step.sign < 0 || !inArena(p, g, mean, square, largest)) {
    const [ps, gs, means, squares] = [p, g, mean, square].map(numbers);
    return plain.adamStep(ps, gs, means, squares, largest && numbers(largest), step);
  }
  const { lr, beta1, beta2, eps, weightDecay, decoupled, stepSize, correction } = step;
  run(
    ...(["adamStep", workOf(p), addressOf(p), addressOf(g), addressOf(mean)] as const),
    ...[addressOf(square), largest ? addressOf(largest) : 0, lr, beta1, beta2, eps],
    ...[weightDecay, Number(decoupled), stepSize, correction],
  );
}

export function nadamStep(
  p: Operand,
  g: Operand,
  mean: Operand,
  square: Operand,
  step: plain.NAdamStep,
): void {
  plain.nadamStep(numbers(p), numbers(g), numbers(mean), numbers(square), step);
}

export function rmspropStep(
  p: Operand,
  g: Operand,
  square: Operand,
  mean: Operand | null,
  velocity: Operand | null,
  step: plain.RmspropStep,
): void {
  if (step.sign < 0 || !inArena(p, g, square, mean, velocity)) {
    const [means, velocities] = [mean && numbers(mean), velocity && numbers(velocity)];
    return plain.rmspropStep(numbers(p), numbers(g), numbers(square), means, velocities, step);
  }
  const { lr, alpha, eps, weightDecay, momentum } = step;
  run(
    ...(["rmspropStep", workOf(p), addressOf(p), addressOf(g), addressOf(square)] as const),
    ...[mean ? addressOf(mean) : 0, velocity ? addressOf(velocity) : 0],
    ...[lr, alpha, eps, weightDecay, momentum],
  );
}

export function adagradStep(p: Operand, g: Operand, sum: Operand, step: plain.AdagradStep): void {
  if (step.sign < 0 || !inArena(p, g, sum)) {
    return plain.adagradStep(numbers(p), numbers(g), numbers(sum), step);
  }
  const { rate, eps, weightDecay } = step;
  const places = [p, g, sum].map(addressOf);
  run("adagradStep", workOf(p), ...places, rate, eps, weightDecay);
}

export function adadeltaStep(
  p: Operand,
  g: Operand,
  square: Operand,
  changes: Operand,
  step: plain.AdadeltaStep,
): void {
  plain.adadeltaStep(numbers(p), numbers(g), numbers(square), numbers(changes), step);
}

export function adamaxStep(
  p: Operand,
  g: Operand,
  mean: Operand,
  greatest: Operand,
  step: plain.AdamaxStep,
): void {
  plain.adamaxStep(numbers(p), numbers(g), numbers(mean), numbers(greatest), step);
}

export function asgdStep(p: Operand, g: Operand, average: Operand, step: plain.AsgdStep): void {
  plain.asgdStep(numbers(p), numbers(g), numbers(average), step);
}

function inArena(...operands: readonly (Operand | null)[]): boolean {
  return operands.every((x) => !x || (x.storage.dtype === "float32" && x.storage.pointer !== 0));
}

function workOf(p: Operand) {
  return { units: count(p), cost: NANOSECONDS, atLeast: 4096 };
}

/** Exactly the operand's numbers, as the loops run to the end of p. */
function numbers(x: Operand): TypedArray {
  return valuesOf(x).subarray(0, count(x)) as TypedArray;
}

function count(x: Operand): number {
  return x.shape.reduce((product, size) => product * size, 1);
}
