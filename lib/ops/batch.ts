// Inputs with and without a batch axis.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { alias } from "./alias.js";
import { reshape } from "./views.js";

const letters = ["", "C, L", "C, H, W", "C, D, H, W"];

/** f(x) for x [N, C, …]; x [C, …] gets a batch axis of 1 before f, which its result loses again. `rank` axes follow C. */
export function withBatch(x: Tensor, rank: 1 | 2 | 3, f: (x: Tensor) => Tensor): Tensor {
  if (x.ndim === rank + 2) return f(x);
  const y = f(reshape(x, [1, ...x.shape]));
  return alias(y, y.shape.slice(1), y.strides.slice(1), y.offset, "SqueezeBackward1", (gy) =>
    reshape(gy, y.shape),
  );
}

/** Refuses what is neither [N, C, …] nor [C, …]. */
export function checkRank(op: string, x: Tensor, rank: 1 | 2 | 3): void {
  if (x.ndim === rank + 2 || x.ndim === rank + 1) return;
  const hint = x.ndim === rank ? `: x.unsqueeze(0) adds the channel axis` : "";
  throw new ShapeError(
    `${op}: x needs ${rank + 2} axes [N, ${letters[rank]}], or ${rank + 1} without a batch [${letters[rank]}], but has ${x.ndim}: ${showShape(x.shape)}${hint}`,
  );
}
