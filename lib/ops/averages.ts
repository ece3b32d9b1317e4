// What average pooling and adaptive average pooling share: the mean of each bin, and the way back.

import { record } from "../autograd.js";
import * as compute from "../compute/index.js";
import { isFloating } from "../compute/dtypes.js";
import { DTypeError } from "../errors.js";
import { showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import type { Pooling } from "./bins.js";
import { contiguous } from "./views.js";

/** @internal The mean of each bin; `divisor` overrides what the bins say. */
export function average(
  op: string,
  name: string,
  x: Tensor,
  pooling: Pooling,
  divisor: number | null = null,
): Tensor {
  if (!isFloating(x.dtype) && x.dtype !== "int64") {
    throw new DTypeError(
      `${op}: x ${showShape(x.shape)} is ${x.dtype} but means need floating point: x.to("float32")`,
    );
  }
  const dense = contiguous(x);
  const y = empty(pooling.shape, x.dtype);
  compute.avgPool(dense, y, divisor, pooling.size);
  const back = (gy: Tensor) => shareOut(gy, x.shape, pooling, divisor, op, name);
  const told = { op: "averagePool", ...pooling, divisor };
  return record(name, y, [[dense, back]], { told });
}

function shareOut(
  gy: Tensor,
  shape: readonly number[],
  pooling: Pooling,
  divisor: number | null,
  op: string,
  name: string,
): Tensor {
  const gx = empty(shape, gy.dtype);
  compute.avgPoolGrad(contiguous(gy), gx, divisor, pooling.size);
  return record(name.replace(/0$/, "Backward0"), gx, [
    [gy, (ggx) => average(op, name, ggx, pooling, divisor)],
  ]);
}
