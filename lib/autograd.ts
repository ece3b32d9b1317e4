// Reverse-mode differentiation. Every operation ends in `record(name, y, rows)`: a row pairs an input with *its* way
// back, gy -> the gradient of that input (a "vjp"). Nothing is kept for inputs that want no gradient.
// After autodidact (one vjp per argument) and micrograd (closures). How to walk back is in backward.ts.

import { settle } from "./compute/reclaim.js";
import type { Tensor } from "./tensor.js";

/** From the gradient of an operation's result to the gradient of one of its inputs. */
export type Vjp = (gy: Tensor) => Tensor;
export type Row = readonly [input: Tensor | null | undefined | number, vjp: Vjp];

/** The end of an arrow in the graph, as it was when the arrow was drawn: an operation, or a leaf. */
export type Edge = GradNode | Tensor;

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
    /** @internal Where the gradients go: to the operation that computed an input, or to a leaf. */
    public edges: readonly Edge[],
    /** @internal The way back to each. */
    public vjps: readonly Vjp[],
  ) {}

  /** The operations that the inputs came from, null for a leaf: PyTorch's next_functions. */
  get nextFunctions(): readonly (GradNode | null)[] {
    return this.edges.map((edge) => (edge instanceof GradNode ? edge : null));
  }

  /** Forget how to go back, and give back what was kept for it, unless a graph of the way back may still need it. */
  free(stillNeeded: boolean): void {
    if (!stillNeeded) this.owned?.forEach((storage) => storage.free());
    this.owned = null;
    this.saved = null;
    this.edges = [];
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
  /** What the operation was told besides its inputs, for those who listen. */
  told?: Told;
}

/** What an operation was told, under `op` its name: `{ op: "softmax", axis: 1 }`. */
export type Told = Readonly<Record<string, unknown>>;
export type Listener = (name: string, y: Tensor, inputs: readonly Row[0][], told: Told) => void;

let listener: Listener | null = null;
const nothing: Told = {};

/** Does anybody listen? Then every operation is to be told of. */
export function isListening(): boolean {
  return listener !== null;
}

/** Tells `to` of every operation that ends while `run` runs: for who writes the graph in another language (io/onnx). */
export function listening<T>(to: Listener, run: () => T): T {
  const before = listener;
  listener = to;
  try {
    return run();
  } finally {
    listener = before;
  }
}

/**
 * Remembers how to go back from `y` to those inputs that want a gradient. Returns y.
 * The last thing every operation does.
 */
export function record(
  name: string,
  y: Tensor,
  rows: readonly Row[],
  { saves, owns, mayKeepGradient = false, told = nothing }: RecordOptions = {},
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
  listener?.(
    name,
    y,
    rows.map(([input]) => input),
    told,
  );
  return y;
}

function nodeFor(name: string, y: Tensor, rows: readonly Row[]): GradNode | null {
  let edges: Edge[] | null = null;
  let vjps: Vjp[] | null = null;
  for (const [input, vjp] of rows) {
    if (!input || typeof input === "number" || !input.requiresGrad) continue;
    (edges ??= []).push(input.gradFn ?? input);
    (vjps ??= []).push(vjp);
  }
  return edges && vjps ? new GradNode(name, y.shape, edges, vjps) : null;
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
