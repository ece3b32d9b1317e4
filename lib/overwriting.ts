// Changing tensors in place, so that gradients stay right: the one door is `overwrite`.
//
// A view changed in place changes its base: the base gets a new history, CopySlices, and every other view of it asks
// for a new one when its gradFn is read next (Tensor.gradFn). Nodes point to nodes, not to tensors, so what was
// computed before keeps the history it was computed with. After PyTorch's notes on view + in-place.

import { GradNode, isGradEnabled, type Edge, type Vjp } from "./autograd.js";
import { Storage } from "./compute/storage.js";
import { filled } from "./creation.js";
import { showShape, type Shape } from "./shape.js";
import { copyInto, gather, Tensor, viewHistory } from "./tensor.js";

/**
 * Writes `value` into x, in place, and remembers it. `value` was computed, with its graph, from x as it was.
 * @throws TypeError on a leaf that wants a gradient, outside of noGrad.
 */
export function overwrite(op: string, x: Tensor, value: Tensor): Tensor {
  checkMayOverwrite(op, x);
  const history = isGradEnabled() && (x.requiresGrad || value.requiresGrad);
  const edge: Edge | null = history && value.requiresGrad ? (value.gradFn ?? value) : null;
  const before = x.gradFn;

  copyInto(x, value);
  x.storage.version++;
  if (!history) return x;

  if (x.base) {
    const { base } = x;
    base.gradFn = copySlices(base, x, edge);
    base.generation++;
  } else {
    x.gradFn = edge instanceof GradNode ? edge : constantIn(x, edge, before);
    x.generation++;
  }
  return x;
}

/** The history of a tensor that was filled with constants or with a leaf: nothing flows to what it was before. */
function constantIn(x: Tensor, edge: Edge | null, before: GradNode | null): GradNode {
  if (edge) return new GradNode("CopyBackwards", x.shape, [edge], [(gy) => gy]);
  const zero: Vjp = (gy) => filled(gy.shape, 0, gy.dtype);
  return new GradNode("FillBackward0", x.shape, before ? [before] : [], before ? [zero] : []);
}

/** @throws TypeError if x, or what x is a view of, is a leaf that requires grad. */
export function checkMayOverwrite(op: string, x: Tensor): void {
  if (!isGradEnabled()) return;
  const leaf = x.wantsGrad ? x : x.base?.wantsGrad ? x.base : null;
  if (!leaf) return;
  const what = leaf === x ? "a leaf tensor" : "a view of a leaf tensor";
  throw new TypeError(
    `${op}: ${what} ${showShape(leaf.shape)} that requires grad cannot be changed in place: do it inside torch.noGrad(() => …), or compute a new tensor with ${op.replace(/_$/, "")}`,
  );
}

/** x as it is now, at its place in the graph: what an in-place operation computes from. */
export function before(x: Tensor): Tensor {
  if (!isGradEnabled()) return x;
  const copy = gather(x);
  copy.gradFn = x.gradFn;
  return copy;
}

/** base's new history after its part `view` was replaced: the part's gradient goes to the new value, the rest on. */
function copySlices(base: Tensor, view: Tensor, value: Edge | null): GradNode {
  const place = placeIn(base, view);
  const edges: Edge[] = [];
  const vjps: Vjp[] = [];
  if (base.requiresGrad) {
    edges.push(base.gradFn ?? base);
    vjps.push((gy) => {
      const rest = laidOutAs(base, gy);
      copyInto(seenAt(rest, place), filled(view.shape, 0, gy.dtype));
      return rest;
    });
  }
  if (value) {
    edges.push(value);
    vjps.push((gy) => seenAt(laidOutAs(base, gy), place));
  }
  return new GradNode("CopySlices", base.shape, edges, vjps);
}

viewHistory.renewed = (view, base) => {
  if (!base.requiresGrad) return null;
  const place = placeIn(base, view);
  const toBase: Vjp = (gy) => {
    const gx = laidOutAs(base, filled(base.shape, 0, gy.dtype));
    copyInto(seenAt(gx, place), gy);
    return gx;
  };
  return new GradNode("AsStridedBackward0", view.shape, [base.gradFn ?? base], [toBase]);
};

interface Place {
  readonly shape: Shape;
  readonly strides: Shape;
  /** From the base's first element. */
  readonly offset: number;
}

function placeIn(base: Tensor, { shape, strides, offset }: Tensor): Place {
  return { shape, strides, offset: offset - base.offset };
}

function seenAt(x: Tensor, { shape, strides, offset }: Place): Tensor {
  return new Tensor(x.storage, shape, strides, x.offset + offset);
}

/** A copy of g in memory that is laid out as `base` is. */
function laidOutAs(base: Tensor, g: Tensor): Tensor {
  let [low, high] = [0, 0];
  base.shape.forEach((size, axis) => {
    const reach = (size - 1) * base.strides[axis];
    if (reach < 0) low += reach;
    else high += reach;
  });
  const storage = new Storage(g.dtype, base.numel() === 0 ? 0 : high - low + 1);
  const y = new Tensor(storage, base.shape, base.strides, -low);
  copyInto(y, g);
  return y;
}
