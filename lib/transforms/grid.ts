// Many pictures as one, as torchvision.utils.

import { ShapeError } from "../errors.js";
import { encodePng } from "../io/image.js";
import { writeTo } from "../io/source.js";
import { showShape } from "../shape.js";
import { empty, gather, Tensor } from "../tensor.js";
import { filled } from "../creation.js";

export interface GridOptions {
  /** Pictures in a row. Default 8. */
  nrow?: number;
  /** Pixels between them. Default 2. */
  padding?: number;
  /** Spread the values from 0 to 1. Default false. */
  normalize?: boolean;
  /** With `normalize`: what becomes 0 and 1. Default: the smallest and the largest value. */
  valueRange?: readonly [number, number];
  /** With `normalize`: each picture by itself. Default false. */
  scaleEach?: boolean;
  /** What stands between the pictures. Default 0. */
  padValue?: number;
}

/**
 * Pictures [N, C, H, W] (or a list of [C, H, W]) side by side, as one picture [3 or C, …]. One channel becomes three.
 *
 * ```ts
 * torch.utils.makeGrid(torch.zeros(10, 3, 4, 4)).shape // → [3, 14, 50]
 * ```
 */
export function makeGrid(pictures: Tensor | readonly Tensor[], options: GridOptions = {}): Tensor {
  const {
    nrow = 8,
    padding = 2,
    normalize = false,
    valueRange,
    scaleEach = false,
    padValue = 0,
  } = options;
  let x = batchOf(pictures);
  if (normalize) x = spread(x, valueRange, scaleEach);
  const [N, C, H, W] = x.shape;
  if (N === 1) return gather(x.select(0, 0));

  const columns = Math.min(nrow, N);
  const rows = Math.ceil(N / columns);
  const [h, w] = [H + padding, W + padding];
  const y = filled([C, rows * h + padding, columns * w + padding], padValue, x.dtype);
  const [from, to] = [x.data, y.storage.array];
  const [height, width] = y.shape.slice(1);
  for (let n = 0; n < N; n++) {
    const top = Math.floor(n / columns) * h + padding;
    const left = (n % columns) * w + padding;
    for (let c = 0; c < C; c++) {
      for (let i = 0; i < H; i++) {
        const row = ((n * C + c) * H + i) * W;
        to.set(from.subarray(row, row + W) as never, (c * height + top + i) * width + left);
      }
    }
  }
  return y;
}

/** [N, C, H, W], with three channels for one. */
function batchOf(pictures: Tensor | readonly Tensor[]): Tensor {
  const list = pictures instanceof Tensor ? null : pictures;
  let x = list ? stackAll(list) : (pictures as Tensor);
  if (x.ndim === 2) x = x.reshape([1, ...x.shape]);
  if (x.ndim === 3) x = x.reshape([1, ...x.shape]);
  if (x.ndim !== 4 || x.numel() === 0) {
    throw new ShapeError(`makeGrid: pictures are [N, C, H, W], these are ${showShape(x.shape)}`);
  }
  const [N, C, H, W] = x.shape;
  return C === 1 ? x.expand([N, 3, H, W]) : x;
}

function stackAll(list: readonly Tensor[]): Tensor {
  if (list.length === 0) throw new ShapeError("makeGrid: there is no picture in the list");
  const [first] = list;
  const y = empty([list.length, ...first.shape], first.dtype);
  list.forEach((x, i) => {
    if (x.numel() !== first.numel()) {
      throw new ShapeError(
        `makeGrid: the pictures differ: ${showShape(first.shape)} and ${showShape(x.shape)}`,
      );
    }
    y.storage.array.set(x.data as never, i * first.numel());
  });
  return y;
}

function spread(x: Tensor, range: readonly [number, number] | undefined, each: boolean): Tensor {
  const y = gather(x, "float32");
  const values = y.storage.array;
  const step = each ? values.length / x.shape[0] : values.length;
  for (let at = 0; at < values.length; at += step) {
    const part = values.subarray(at, at + step);
    let [low, high] = range ?? [Infinity, -Infinity];
    if (!range) {
      for (const v of part) {
        if (v < low) low = v;
        if (v > high) high = v;
      }
    }
    const by = Math.max(high - low, 1e-5); // as torchvision
    for (let i = 0; i < part.length; i++)
      part[i] = (Math.min(Math.max(part[i], low), high) - low) / by;
  }
  return y;
}

/** Writes pictures with values from 0 to 1 as one PNG, side by side as {@link makeGrid} puts them. */
export function saveImage(
  pictures: Tensor | readonly Tensor[],
  path: string | URL,
  options: GridOptions = {},
): void {
  const grid = makeGrid(pictures, options);
  const y = empty(grid.shape, "uint8");
  const [from, to] = [grid.data, y.storage.array];
  for (let i = 0; i < to.length; i++)
    to[i] = Math.trunc(Math.min(Math.max(Math.fround(from[i] * 255) + 0.5, 0), 255));
  writeTo("saveImage", path, [encodePng(y)]);
}
