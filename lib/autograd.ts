// Reverse-mode differentiation. Every operation ends in `record(name, y, rows)`: a row pairs an input with *its* way
// back, gy -> the gradient of that input (a "vjp"). Nothing is kept for inputs that want no gradient.
// After autodidact (one vjp per argument) and micrograd (closures). How to walk back is in backward.ts.

import { settle } from "./compute/reclaim.js";
import { copyInto, gather, type Tensor } from "./tensor.js";
import { showShape } from "./shape.js";

/** From the gradient of an operation's result to the gradient of one of its inputs. */
export type Vjp = (gy: Tensor) => Tensor;
export type Row = readonly [input: Tensor | null | undefined | number, vjp: Vjp];

let nextNumber = 0;
let enabled = true;

/** What {@link record} remembers of one operation. Nodes made later have a larger `number`. */
export class GradNode {
  readonly number = nextNumber++;
  /** @internal What the result was when it was made, to notice in-place changes; see saved(). */
  saved: { tensor: Tensor; version: number }[] | null = null;
  /** @internal Storages that only this node can reach: freed with it. */
  owned: readonly { free(): void }[] | null = null;
  /** @internal The way back is gone: {@link free} was called. */
  freed = false;
  /** @internal The way back is a user's, and may hold on to the gradient that it is given. */
  mayKeepGradient = false;
  /** @internal Called with the gradient of the result, which they may replace. */
  hooks: ((gy: Tensor) => Tensor | void)[] = [];
  /** @internal The result, if its gradient is to be kept although it is no leaf (retainGrad). */
  keeper: Tensor | null = null;

  constructor(
    /** The operation's name, in PyTorch's spelling for printing: `ConvolutionBackward0`. */
    readonly name: string,
    readonly shape: readonly number[],
    /** @internal */
    public inputs: readonly Tensor[],
    /** @internal */
    public vjps: readonly Vjp[],
  ) {}

  /** Forget how to go back, and give back what was kept for it. */
  free(): void {
    this.owned?.forEach((storage) => storage.free());
    this.owned = null;
    this.saved = null;
    this.inputs = [];
    this.vjps = [];
    this.freed = true;
  }
}

export interface RecordOptions {
  /** Tensors whose values the rows read: changing one in place before `backward` is an error. */
  saves?: readonly Tensor[];
  /** Storages made for the way back only, which nobody else can reach: given back after `backward`. */
  owns?: readonly { free(): void }[];
  /** The rows are a user's, and may hold on to gradients. Default false. */
  mayKeepGradient?: boolean;
}

/**
 * Remembers how to go back from `y` to those inputs that want a gradient. Returns y.
 * The last thing every operation does.
 */
export function record(
  name: string,
  y: Tensor,
  rows: readonly Row[],
  { saves, owns, mayKeepGradient = false }: RecordOptions = {},
): Tensor {
  const node = enabled ? nodeFor(name, y, rows) : null;
  if (node) {
    y.gradFn = node;
    node.saved = saves?.map((tensor) => ({ tensor, version: tensor.storage.version })) ?? null;
    node.owned = owns ?? null;
    node.mayKeepGradient = mayKeepGradient;
  } else {
    owns?.forEach((storage) => storage.free());
  }
  settle();
  return y;
}

function nodeFor(name: string, y: Tensor, rows: readonly Row[]): GradNode | null {
  let inputs: Tensor[] | null = null;
  let vjps: Vjp[] | null = null;
  for (const [input, vjp] of rows) {
    if (!input || typeof input === "number" || !input.requiresGrad) continue;
    (inputs ??= []).push(input);
    (vjps ??= []).push(vjp);
  }
  return inputs && vjps ? new GradNode(name, y.shape, inputs, vjps) : null;
}

/** Is a graph being recorded now? */
export function isGradEnabled(): boolean {
  return enabled;
}

/** Switch recording on or off until further notice. Prefer {@link noGrad}. */
export function setGradEnabled(value: boolean): void {
  enabled = value;
}

/**
 * Run `fn` without recording: what it computes has no gradient.
 *
 * ```ts
 * const w = torch.ones([2], { requiresGrad: true })
 * torch.noGrad(() => w.mul(2)).requiresGrad // → false
 * ```
 */
export function noGrad<T>(fn: () => T): T {
  return withGrad(false, fn);
}

/** Run `fn` with recording on, also inside {@link noGrad}. */
export function enableGrad<T>(fn: () => T): T {
  return withGrad(true, fn);
}

/** PyTorch's newer name for {@link noGrad}. */
export const inferenceMode = noGrad;

function withGrad<T>(value: boolean, fn: () => T): T {
  const before = enabled;
  enabled = value;
  let result: T;
  try {
    result = fn();
  } catch (error) {
    enabled = before;
    throw error;
  }
  if (result instanceof Promise) {
    return result.finally(() => (enabled = before)) as T;
  }
  enabled = before;
  return result;
}

/**
 * Writes `value` into x, in place, and remembers it: the one door for in-place operations (`add_`, `zero_` …).
 * `value` was computed, with its graph, from x as it was.
 * @throws TypeError on a leaf that wants a gradient, outside of noGrad.
 */
export function overwrite(op: string, x: Tensor, value: Tensor): Tensor {
  checkMayOverwrite(op, x);
  if (enabled && x.numel() !== x.storage.length && (x.requiresGrad || value.requiresGrad)) {
    throw new TypeError(
      `${op}: changing a view ${showShape(x.shape)} in place would lose the gradient of what it shows: work on a .clone(), or inside torch.noGrad(() => …)`,
    );
  }
  copyInto(x, value);
  x.storage.version++;
  if (enabled) x.gradFn = value.gradFn;
  return x;
}

/** x as it is now, at its place in the graph: what an in-place operation computes from. */
export function before(x: Tensor): Tensor {
  if (!enabled) return x;
  const copy = gather(x);
  copy.gradFn = x.gradFn;
  return copy;
}

export function checkMayOverwrite(op: string, x: Tensor): void {
  if (enabled && x.wantsGrad) {
    throw new TypeError(
      `${op}: a leaf tensor ${showShape(x.shape)} that requires grad cannot be changed in place: do it inside torch.noGrad(() => …), or compute a new tensor with ${op.replace(/_$/, "")}`,
    );
  }
}
