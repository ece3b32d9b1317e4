// What max pooling and adaptive max pooling share: the greatest of each bin, and the way back to it.

import { isGradEnabled, record } from "../autograd.js";
import * as compute from "../compute/index.js";
import { DTypeError } from "../errors.js";
import { showShape } from "../shape.js";
import { empty, gather, type Tensor } from "../tensor.js";
import type { Pooling } from "./bins.js";
import { contiguous } from "./views.js";

/** @internal */
export function greatest(
  op: string,
  name: string,
  x: Tensor,
  pooling: Pooling,
  { returnIndices = false }: { returnIndices?: boolean },
): Tensor | [Tensor, Tensor] {
  if (x.dtype === "bool") {
    throw new DTypeError(
      `${op}: x ${showShape(x.shape)} is bool, which has no greatest: x.to("float32")`,
    );
  }
  const { size, shape } = pooling;
  const told = { op: "maxPool", ...pooling };
  const dense = contiguous(x);
  const y = empty(shape, x.dtype);
  if (!returnIndices && !(isGradEnabled() && dense.requiresGrad)) {
    compute.maxPool(dense, y, null, size);
    return record(name, y, [[dense, noWayBack]], { told });
  }
  const winners = empty(shape, "int32");
  compute.maxPool(dense, y, winners, size);

  const indices = returnIndices ? gather(winners, "int64") : null;
  const owns = [winners.storage];
  // a graph of the way back may outlive this node, and with it the winners that the node owns
  const kept = () => (isGradEnabled() ? gather(winners) : winners);
  record(name, y, [[dense, (gy) => toWinners(gy, kept(), dense.shape, size)]], { owns, told });
  return indices ? [y, indices] : y;
}

/** For an input that wants no gradient. */
function noWayBack(): Tensor {
  throw new Error("max pooling without a gradient was asked for one");
}

function toWinners(
  gy: Tensor,
  winners: Tensor,
  shape: readonly number[],
  size: compute.PoolSize,
): Tensor {
  const gx = empty(shape, gy.dtype);
  compute.toWinners(contiguous(gy), winners, gx, size);
  return record("MaxPool2DWithIndicesBackwardBackward0", gx, [
    [gy, (ggx) => fromWinners(ggx, winners, gy.shape, size)],
  ]);
}

function fromWinners(
  x: Tensor,
  winners: Tensor,
  shape: readonly number[],
  size: compute.PoolSize,
): Tensor {
  const y = empty(shape, x.dtype);
  compute.fromWinners(contiguous(x), winners, y, size);
  return record("MaxPool2DWithIndicesBackwardBackward0", y, [
    [x, (gy) => toWinners(gy, winners, x.shape, size)],
  ]);
}
