// Rows of a table by their numbers.

import { record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import { addSlices } from "../compute/places.js";
import { DTypeError, ShapeError } from "../errors.js";
import { filled } from "../creation.js";
import { showShape } from "../shape.js";
import { empty, Tensor } from "../tensor.js";
import { to } from "./convert.js";
import { slicesAt } from "./picking.js";
import { contiguous, reshape } from "./views.js";

/**
 * The rows of `weight` that `indices` names. Shapes: indices […] of whole numbers, weight [K, D] → […, D].
 * The row `paddingIdx` gets no gradient.
 *
 * ```ts
 * const table = torch.tensor([[0, 1], [2, 3]], { dtype: "float32" })
 * torch.nn.functional.embedding(torch.tensor([1, 1]), table).tolist() // → [[2, 3], [2, 3]]
 * ```
 *
 * @throws RangeError if an index is not from 0 to K − 1.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 */
export function embedding(
  indices: Tensor,
  weight: Tensor,
  { paddingIdx = null }: { paddingIdx?: number | null } = {},
): Tensor {
  const op = "embedding";
  if (indices.dtype !== "int64" && indices.dtype !== "int32") {
    const swapped = isFloating(indices.dtype) && !isFloating(weight.dtype);
    const remedy = swapped ? "the indices come first" : 'indices.to("int64")';
    throw new DTypeError(
      `${op}: indices ${showShape(indices.shape)} are ${indices.dtype} but must be whole numbers (int64): ${remedy}`,
    );
  }
  if (weight.ndim !== 2) {
    throw new ShapeError(
      `${op}: weight needs 2 axes [rows, columns] but has ${weight.ndim}: ${showShape(weight.shape)}`,
    );
  }
  const [K, D] = weight.shape;
  const rows = Int32Array.from(indices.data);
  for (const row of rows) {
    if (row >= 0 && row < K) continue;
    throw new RangeError(`${op}: index ${row} is out of range: the table has rows 0 to ${K - 1}`);
  }

  const places = reshape(to(indices.detach(), "int64"), [-1]);
  const picked = slicesAt(contiguous(weight), 0, contiguous(places));
  const y = new Tensor(picked.storage, [...indices.shape, D]);
  const skip = paddingIdx === null ? -1 : paddingIdx < 0 ? paddingIdx + K : paddingIdx;
  return record("EmbeddingBackward0", y, [[weight, (gy) => sumRows(gy, rows, skip, weight)]], {
    told: { op: "embedding", indices },
  });
}

/** The way back: each row of gy is added to the row of the table that it came from. */
function sumRows(gy: Tensor, rows: Int32Array, skip: number, weight: Tensor): Tensor {
  const [K, D] = weight.shape;
  const dense = contiguous(gy);
  if (skip < 0) {
    const gw = filled([K, D], 0, gy.dtype);
    const places = empty([rows.length], "int64");
    places.storage.array.set(rows);
    if (addSlices(dense, 0, places, gw)) {
      return record("EmbeddingDenseBackward0", gw, [[gy, (ggw) => pickRows(ggw, rows, skip, gy)]]);
    }
  }
  const sums = new Float64Array(K * D);
  const values = dense.storage.array;
  rows.forEach((row, i) => {
    if (row === skip) return;
    for (let d = 0; d < D; d++) sums[row * D + d] += values[dense.offset + i * D + d];
  });
  const gw = empty([K, D], gy.dtype);
  gw.storage.array.set(sums);
  return record("EmbeddingDenseBackward0", gw, [[gy, (ggw) => pickRows(ggw, rows, skip, gy)]]);
}

function pickRows(table: Tensor, rows: Int32Array, skip: number, like: Tensor): Tensor {
  const D = table.shape[1];
  const y = empty(like.shape, table.dtype);
  const from = contiguous(table);
  rows.forEach((row, i) => {
    const start = from.offset + row * D;
    if (row === skip) y.storage.array.fill(0, i * D, (i + 1) * D);
    else y.storage.array.set(from.storage.array.subarray(start, start + D), i * D);
  });
  return record("EmbeddingBackward0", y, [[table, (gy) => sumRows(gy, rows, skip, table)]]);
}
