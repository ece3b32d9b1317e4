// Walking the graph backwards: from a result to the leaves, newest operation first, summing where paths meet.

import { enableGrad, GradNode, noGrad, type Edge } from "./autograd.js";
import { isFloating } from "./compute/dtypes.js";
import { rest } from "./compute/reclaim.js";
import { storagesMade, withTemporaries } from "./compute/storage.js";
import { DTypeError, ShapeError } from "./errors.js";
import { full } from "./creation.js";
import { add } from "./ops/arithmetic.js";
import { Passing } from "./passing.js";
import { sameShape, showShape } from "./shape.js";
import { copyInto, gather, type Tensor } from "./tensor.js";

export interface BackwardOptions {
  /** Keep the graph for another call. Default: what createGraph is. */
  retainGraph?: boolean;
  /** Record the way back itself, for gradients of gradients. Default false. */
  createGraph?: boolean;
  /** Bring gradients to these leaves only. Default: to all. */
  inputs?: Tensor | readonly Tensor[];
}

/**
 * Compute the gradient of `y` with respect to every leaf that requires grad, and add it to the leaf's `grad`.
 * Without `gradient`, y must have one element.
 *
 * ```ts
 * const x = torch.tensor([1, 2, 3], { requiresGrad: true })
 * x.mul(x).sum().backward()
 * x.grad.tolist() // → [2, 4, 6]
 * ```
 *
 * @throws TypeError if y has no gradient or its graph is gone; ShapeError if `gradient` does not fit.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.backward.html
 */
export function backward(
  y: Tensor,
  gradient?: Tensor | BackwardOptions | null,
  options: BackwardOptions = {},
): void {
  if (gradient && !("storage" in gradient)) return backward(y, null, gradient);
  const only = options.inputs && new Set<Edge>([options.inputs].flat() as Tensor[]);
  const visit: Visit = (at, g, mayKeep) =>
    only && !only.has(at) ? false : accumulateInLeaf(at, g, mayKeep);
  const first = storagesMade();
  walkBack("backward", [[y, seedFor("backward", y, gradient)]], first, options, visit);
  rest();
}

export interface GradOptions extends BackwardOptions {
  /** The gradients to start from, one per output. Default: 1 for outputs of one element. */
  gradOutputs?: Tensor | (Tensor | null)[] | null;
  /** Give null for an input that the outputs do not depend on, instead of an error. Default false. */
  allowUnused?: boolean;
}

/**
 * The gradients of the outputs with respect to `inputs`, as values; no `grad` is touched.
 *
 * ```ts
 * const x = torch.tensor([1, 2], { requiresGrad: true })
 * torch.autograd.grad(x.mul(x).sum(), x)[0].tolist() // → [2, 4]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): Tensor[] {
  const ys = Array.isArray(outputs) ? (outputs as Tensor[]) : [outputs as Tensor];
  const xs = Array.isArray(inputs) ? (inputs as Tensor[]) : [inputs as Tensor];
  const { gradOutputs } = options;
  const seeds = Array.isArray(gradOutputs) ? gradOutputs : [gradOutputs ?? null];
  for (const [i, x] of xs.entries()) {
    if (!x.requiresGrad) throw new TypeError(`grad: input ${i} does not require grad`);
  }

  const found = new Map<Edge, Tensor>();
  for (const x of xs) found.set(x.gradFn ?? x, null as unknown as Tensor);
  const first = storagesMade();
  const roots = ys.map((y, i) => [y, seedFor("grad", y, seeds[i])] as const);
  walkBack("grad", roots, first, options, (at, g) => {
    if (found.has(at)) found.set(at, g);
    return found.has(at);
  });

  return xs.map((x, i) => {
    const g = found.get(x.gradFn ?? x) ?? null;
    if (!g && !options.allowUnused) {
      throw new TypeError(
        `grad: the outputs do not depend on input ${i} ${showShape(x.shape)}: leave it out, or set allowUnused: true to get null`,
      );
    }
    return g as Tensor;
  });
}

function seedFor(op: string, y: Tensor, gradient: Tensor | null | undefined): Tensor {
  if (!y.requiresGrad) {
    throw new TypeError(
      `${op}: the tensor ${showShape(y.shape)} does not require grad and was not computed from one that does: set requiresGrad on what should get a gradient`,
    );
  }
  if (!gradient) {
    if (y.numel() !== 1) {
      throw new ShapeError(
        `${op}: only a tensor of one element has a gradient by itself, this one has ${y.numel()}: ${showShape(y.shape)}: take .sum() or .mean(), or pass a gradient of that shape`,
      );
    }
    return full(y.shape, 1, { dtype: y.dtype });
  }
  if (!sameShape(gradient.shape, y.shape)) {
    throw new ShapeError(
      `${op}: the gradient is ${showShape(gradient.shape)} but the tensor is ${showShape(y.shape)}: they must be equal`,
    );
  }
  if (!isFloating(gradient.dtype)) {
    throw new DTypeError(`${op}: the gradient is ${gradient.dtype}, it must be ${y.dtype}`);
  }
  return gradient;
}

/** Told of the gradient of every node and leaf. Says what it keeps: the gradient itself (true) or nothing of it. */
type Visit = (at: Edge, gradient: Tensor, mayKeep: boolean) => boolean;

function walkBack(
  op: string,
  roots: readonly (readonly [Tensor, Tensor])[],
  first: number,
  { createGraph = false, retainGraph = createGraph }: BackwardOptions,
  visit: Visit,
): void {
  const pending = new Map<Edge, Tensor>();
  const passing = new Passing(!retainGraph && !createGraph, first);
  const give = (at: Edge, g: Tensor) => {
    const before = pending.get(at);
    const sum = before ? add(before, g) : g;
    passing.take(sum);
    if (before) passing.drop(before);
    pending.set(at, sum);
  };
  const mode = createGraph ? enableGrad : noGrad;

  mode(() => {
    for (const [y, g] of roots) give(y.gradFn ?? y, g);
    for (const node of nodesBehind(roots.map(([y]) => y))) {
      const given = pending.get(node);
      if (!given) continue;
      let gy = given;
      const isSeen = node.hooks.length > 0 || node.keeper !== null || node.mayKeepGradient;
      if (isSeen) passing.release(given);
      for (const hook of node.hooks) gy = hook(gy) ?? gy;
      if (node.keeper) node.keeper.grad = gy;
      if (visit(node, gy, false) || isSeen) passing.release(gy);
      checkUnchanged(op, node);
      for (const [i, edge] of node.edges.entries()) {
        const back = () => node.vjps[i](gy);
        // a way back of ours keeps nothing of what it makes but the gradient
        const ours = passing.enabled && !node.mayKeepGradient;
        const g = ours ? withTemporaries(back) : back();
        if (node.mayKeepGradient) passing.release(g);
        give(edge, g);
      }
      pending.delete(node);
      passing.drop(given);
      if (!retainGraph) node.free(createGraph);
    }
    for (const [leaf, g] of pending) {
      let final = g;
      if (leaf.hooks?.length) passing.release(g);
      for (const hook of leaf.hooks ?? []) final = hook(final) ?? final;
      if (visit(leaf, final, final === g && passing.isSole(g))) passing.release(g);
      else passing.drop(g);
    }
  });
}

/** All nodes that the results depend on, newest first: every node stands before those that it was computed from. */
function nodesBehind(results: readonly Tensor[]): GradNode[] {
  const seen = new Set<GradNode>();
  const stack = results.flatMap((y) => y.gradFn ?? []);
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const edge of node.edges) if (edge instanceof GradNode) stack.push(edge);
  }
  return [...seen].sort((a, b) => b.number - a.number);
}

function checkUnchanged(op: string, node: GradNode): void {
  if (node.freed) {
    throw new TypeError(
      `${op}: the graph behind ${node.name} was already walked and freed: pass { retainGraph: true } to the first backward, or compute the loss again`,
    );
  }
  for (const { tensor, version } of node.saved ?? []) {
    if (tensor.storage.version === version) continue;
    throw new TypeError(
      `${op}: a tensor ${showShape(tensor.shape)} that ${node.name} needs was changed in place after it was used (version ${tensor.storage.version}, expected ${version}): work on a .clone()`,
    );
  }
}

function accumulateInLeaf(at: Edge, g: Tensor, mayKeep: boolean): boolean {
  if (!("storage" in at)) return false;
  const { gradient } = at;
  if (gradient) {
    const sum = add(gradient, g);
    if (sum.requiresGrad || gradient.requiresGrad) at.grad = sum;
    else {
      // in place, as PyTorch: who holds x.grad sees it grow
      copyInto(gradient, sum);
      gradient.storage.version++;
      sum.storage.free();
    }
    return false;
  }
  // A copy where the gradient may be shared with another tensor: grads are changed in place by optimizers.
  if (g.requiresGrad) at.grad = g;
  else at.ownGradient(mayKeep ? g : gather(g));
  return mayKeep || g.requiresGrad;
}
