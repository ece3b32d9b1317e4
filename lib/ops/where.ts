// Choosing between two tensors.

import { record } from "../autograd.js";
import * as masks from "../compute/masks.js";
import { DTypeError } from "../errors.js";
import { broadcastShapes } from "../shape.js";
import { converters, empty, type Tensor, walk } from "../tensor.js";
import { filled } from "../creation.js";
import { checkFits } from "./checks.js";
import { operand, stretched } from "./pointwise.js";
import { promote } from "./promotion.js";
import { sumTo } from "./stretch.js";

/**
 * From `a` where `condition` is true, else from `b`. All three broadcast; a and b may be numbers.
 *
 * ```ts
 * const x = torch.tensor([-1, 2])
 * torch.where(x.gt(0), x, 0).tolist() // → [0, 2]
 * ```
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  if (condition.dtype !== "bool") {
    throw new DTypeError(
      `where: the condition is ${condition.dtype}, it must be bool: compare first, as in x.gt(0)`,
    );
  }
  const dtype = promote(a, b);
  for (const value of [a, b]) {
    if (typeof value === "number") checkFits("where", "the number", value, dtype);
  }
  const [p, q] = [operand(a, typeof a === "number" ? dtype : "float32"), operand(b, dtype)];
  const shape = broadcastShapes(
    "where",
    broadcastShapes("where", p.shape, q.shape),
    condition.shape,
  );
  const y = empty(shape, dtype);
  if (!masks.choose(condition, p, q, y)) chooseByHand(condition, p, q, y);
  const zero = (gy: Tensor) => filled([], 0, gy.dtype);
  return record("WhereBackward0", y, [
    [p, (gy) => sumTo(where(condition, gy, zero(gy)), p)],
    [q, (gy) => sumTo(where(condition, zero(gy), gy), q)],
  ]);
}

function chooseByHand(condition: Tensor, p: Tensor, q: Tensor, y: Tensor): void {
  const { shape } = y;
  const convert = converters[y.dtype];
  const [ys, cs, ps, qs] = [y, condition, p, q].map((tensor) => tensor.storage.array);
  const all = [y, stretched(condition, shape), stretched(p, shape), stretched(q, shape)];
  walk(shape, all, (count, starts, steps) => {
    let [i, c, m, n] = starts;
    const [di, dc, dm, dn] = steps;
    for (let k = 0; k < count; k++, i += di, c += dc, m += dm, n += dn) {
      const value = cs[c] !== 0 ? ps[m] : qs[n];
      ys[i] = convert ? convert(value) : value;
    }
  });
}
