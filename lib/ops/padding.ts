// More room around a tensor.

import { noGrad, record } from "../autograd.js";
import { filled } from "../creation.js";
import { ShapeError } from "../errors.js";
import { showShape, type Shape } from "../shape.js";
import { copyInto, empty, gather, type Tensor } from "../tensor.js";
import { add } from "./arithmetic.js";
import { checkFits } from "./checks.js";
import { slicesAt, slicesBack } from "./picking.js";
import { contiguous, narrow } from "./views.js";

export interface PadOptions {
  /** What stands in the border. Default "constant". */
  mode?: "constant" | "reflect" | "replicate" | "circular";
  /** The number for "constant". Default 0. */
  value?: number;
}

/**
 * x with a border. `pad` counts from the last axis: [left, right, top, bottom, …]; negative numbers cut off.
 * "reflect" mirrors without the edge (at most size − 1), "replicate" repeats the edge, "circular" goes on at the other side
 * (at most size).
 *
 * ```ts
 * torch.nn.functional.pad(torch.tensor([[1, 2, 3]]), [2, 1], { mode: "circular" }).tolist() // → [[2, 3, 1, 2, 3, 1]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 */
export function pad(
  x: Tensor,
  sides: Shape,
  { mode = "constant", value = 0 }: PadOptions = {},
): Tensor {
  if (sides.length % 2 !== 0 || sides.length / 2 > x.ndim) {
    throw new ShapeError(
      `pad: ${showShape(sides)} must hold two numbers for each padded axis, and x ${showShape(x.shape)} has ${x.ndim} axes`,
    );
  }
  if (!["constant", "reflect", "replicate", "circular"].includes(mode)) {
    throw new TypeError(
      `pad: there is no mode "${mode}"; there are constant, reflect, replicate, circular`,
    );
  }
  if (mode === "constant") return padConstant(x, sides, value);

  const axesPadded = sides.length / 2;
  if (x.ndim !== axesPadded + 1 && x.ndim !== axesPadded + 2) {
    throw new ShapeError(
      `pad: mode "${mode}" with ${sides.length} numbers takes ${axesPadded + 1} or ${axesPadded + 2} axes, x ${showShape(x.shape)} has ${x.ndim}`,
    );
  }
  const kinds = { reflect: "Reflection", replicate: "Replication", circular: "" };
  const name = kinds[mode] ? `${kinds[mode]}Pad${axesPadded}DBackward0` : "CopySlices"; // as PyTorch
  let y = x;
  for (let i = 0; i < axesPadded; i++) {
    y = padAxis(y, x.ndim - 1 - i, sides[2 * i], sides[2 * i + 1], mode, name);
  }
  return y;
}

function padConstant(x: Tensor, sides: Shape, value: number): Tensor {
  const before = x.shape.map((_, axis) => sides[2 * (x.ndim - 1 - axis)] ?? 0);
  const after = x.shape.map((_, axis) => sides[2 * (x.ndim - 1 - axis) + 1] ?? 0);
  const shape = x.shape.map((n, axis) => n + before[axis] + after[axis]);
  if (shape.some((n) => n < 0)) {
    throw new ShapeError(
      `pad: ${showShape(sides)} cuts more off x ${showShape(x.shape)} than there is: ${showShape(shape)}`,
    );
  }
  // what of x is left, and where it lies in y
  const inside = (whole: Tensor, lead: number[]) =>
    x.shape.reduce((part, n, axis) => {
      const length = n + Math.min(before[axis], 0) + Math.min(after[axis], 0);
      return narrow(part, axis, Math.max(lead[axis], 0), Math.max(length, 0));
    }, whole);
  const cut = before.map((b) => -b);
  checkFits("pad", "value", value, x.dtype);
  const y = filled(shape, value, x.dtype);
  copyInto(inside(y, before), inside(x.detach(), cut));
  return record(
    "ConstantPadNdBackward0",
    y,
    [
      [
        x,
        (gy) =>
          padConstant(
            gy,
            sides.map((n) => -n),
            0,
          ),
      ],
    ],
    { told: { op: "pad", before, after, value } },
  );
}

function padAxis(
  x: Tensor,
  axis: number,
  before: number,
  after: number,
  mode: string,
  name: string,
): Tensor {
  if (before === 0 && after === 0) return x;
  const size = x.shape[axis];
  const most = mode === "reflect" ? size - 1 : mode === "circular" ? size : Infinity;
  if (Math.max(before, after) > most) {
    throw new ShapeError(
      `pad: mode "${mode}" can add at most ${most} on a side of an axis of size ${size}${mode === "reflect" ? " (size − 1)" : ""}, asked for ${Math.max(before, after)}`,
    );
  }
  if (size === 0)
    throw new ShapeError(
      `pad: mode "${mode}" has nothing to repeat along axis ${axis} of ${showShape(x.shape)}`,
    );
  // what goes round is what the negative numbers leave
  const start = Math.max(-before, 0);
  const period = size - start - Math.max(-after, 0);
  const from = (at: number): number => {
    if (mode === "circular") return start + ((((at - start) % period) + period) % period);
    if (at >= 0 && at < size) return at;
    if (mode === "replicate") return at < 0 ? 0 : size - 1;
    return at < 0 ? -at : 2 * (size - 1) - at;
  };
  const length = size + before + after;
  if (before < 0 || after < 0) {
    const places = empty([length], "int64");
    for (let k = 0; k < length; k++) places.storage.array[k] = from(k - before);
    const dense = contiguous(x);
    return record(name, slicesAt(dense, axis, places), [
      [dense, (gy) => slicesBack(x.shape, axis, places, gy)],
    ]);
  }
  const edges: (readonly [place: number, source: number])[] = [];
  for (let k = 0; k < before; k++) edges.push([k, from(k - before)]);
  for (let k = before + size; k < length; k++) edges.push([k, from(k - before)]);
  const padding = { axis, before, length, edges };
  return record(name, padded(x, padding), [[x, (gy) => unpadded(gy, size, padding)]], {
    told: { op: "padAxis", axis, before, after, mode },
  });
}

interface Padding {
  readonly axis: number;
  readonly before: number;
  readonly length: number;
  /** Which slice of x each added slice repeats. */
  readonly edges: readonly (readonly [place: number, source: number])[];
}

function padded(x: Tensor, { axis, before, length, edges }: Padding): Tensor {
  const y = empty(x.shape.with(axis, length), x.dtype);
  const source = x.detach();
  copyInto(narrow(y, axis, before, x.shape[axis]), source);
  for (const [place, from] of edges) {
    copyInto(narrow(y, axis, place, 1), narrow(source, axis, from, 1));
  }
  return y;
}

/** The way back: the slices that were repeated get the gradients of their copies besides. */
function unpadded(gy: Tensor, size: number, padding: Padding): Tensor {
  const { axis, before, edges } = padding;
  const gx = gather(narrow(gy.detach(), axis, before, size));
  noGrad(() => {
    for (const [place, from] of edges) {
      const part = narrow(gx, axis, from, 1);
      copyInto(part, add(part, narrow(gy.detach(), axis, place, 1)));
    }
  });
  return record("PadBackwardBackward0", gx, [[gy, (ggx) => repadded(ggx, size, padding)]]);
}

function repadded(ggx: Tensor, size: number, padding: Padding): Tensor {
  const y = padded(ggx, padding);
  return record("PadBackwardBackward0", y, [[ggx, (gy) => unpadded(gy, size, padding)]]);
}
