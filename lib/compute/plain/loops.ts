// Loops that call a formula for every element. Each formula gets a loop of its own, made when it is first used on many
// elements: in one loop for all, V8 gives up looking into what it calls, which costs 10 ns an element instead of 1.

import type { TypedArray } from "../dtypes.js";

type Formula = (...numbers: number[]) => number;

/** to[at + i] = f(from[p]), p from `start` in steps. */
type Map = (
  f: Formula,
  count: number,
  ...rest: [to: TypedArray, at: number, from: TypedArray, start: number, step: number]
) => void;
/** to[at + i] = f(from[p], other[q]) */
type Zip = (
  f: Formula,
  count: number,
  ...rest: [
    ...[to: TypedArray, at: number, from: TypedArray, start: number, step: number],
    ...[other: TypedArray, otherStart: number, otherStep: number],
  ]
) => void;
/** to[q] = f(to[q], from[p]) */
type Fold = (
  f: Formula,
  count: number,
  ...rest: [
    ...[to: Float64Array, at: number, toStep: number],
    ...[from: TypedArray, start: number, step: number],
  ]
) => void;

const sources = {
  map: [
    "f, count, to, at, from, start, step",
    "for (let i = 0, p = start; i < count; i++, p += step) to[at + i] = convert(f(from[p]));",
  ],
  zip: [
    "f, count, to, at, from, start, step, other, otherStart, otherStep",
    "for (let i = 0, p = start, q = otherStart; i < count; i++, p += step, q += otherStep) to[at + i] = convert(f(from[p], other[q]));",
  ],
  fold: [
    "f, count, to, at, toStep, from, start, step",
    "for (let i = 0, p = start, q = at; i < count; i++, p += step, q += toStep) to[q] = f(to[q], from[p]);",
  ],
} as const;

const shared = {
  map: ((f, count, to, at, from, start, step) => {
    for (let i = 0, p = start; i < count; i++, p += step) to[at + i] = f(from[p]);
  }) as Map,
  zip: ((f, count, to, at, from, start, step, other, otherStart, otherStep) => {
    for (let i = 0, p = start, q = otherStart; i < count; i++, p += step, q += otherStep)
      to[at + i] = f(from[p], other[q]);
  }) as Zip,
  fold: ((f, count, to, at, toStep, from, start, step) => {
    for (let i = 0, p = start, q = at; i < count; i++, p += step, q += toStep)
      to[q] = f(to[q], from[p]);
  }) as Fold,
};

const FEW = 2048; // elements: they are done before a loop is found
const own = new globalThis.Map<string, unknown>();

/**
 * The loop for `elements` calls of f. Closures of one text share a loop. `convert`, which must not use anything around
 * it, is applied to what f gives.
 */
export function loopFor<K extends keyof typeof shared>(
  kind: K,
  f: Formula,
  elements: number,
  convert: ((value: number) => number) | null = null,
): (typeof shared)[K] {
  if (elements < FEW) return converting(kind, convert);
  const key = `${kind} ${convert} ${f}`;
  const known = own.get(key);
  if (known) return known as (typeof shared)[K];
  const made = make(kind, convert) ?? converting(kind, convert);
  own.set(key, made);
  return made;
}

function converting<K extends keyof typeof shared>(
  kind: K,
  convert: ((value: number) => number) | null,
): (typeof shared)[K] {
  const loop = shared[kind] as (f: Formula, count: number, ...rest: any[]) => void;
  if (!convert) return loop as (typeof shared)[K];
  return ((f: Formula, count: number, ...rest: any[]) =>
    loop((...numbers) => convert(f(...numbers)), count, ...rest)) as (typeof shared)[K];
}

function make<K extends keyof typeof shared>(
  kind: K,
  convert: ((value: number) => number) | null,
): (typeof shared)[K] | null {
  const [parameters, body] = sources[kind];
  const loop = convert ? `const convert = ${convert}; ${body}` : body.replace("convert(", "(");
  try {
    return new globalThis.Function(...parameters.split(", "), loop) as (typeof shared)[K];
  } catch {
    return null; // a page whose policy forbids it: the shared loop is as right
  }
}
