// Convolutions and pools as nodes.

import type { Bins, Conv2dSize, PoolSize } from "../../compute/index.js";
import type { Pooling } from "../../ops/bins.js";
import type { Writing } from "./operations.js";
import type { Graph } from "./graph.js";

type Sliding = NonNullable<Pooling["sliding"]>;

const twice = (values: readonly number[]): number[] => [...values, ...values];

function attributes({ K, L, stride, padding, dilation, groups }: Conv2dSize, rank: number) {
  const last = (values: readonly number[]): number[] => values.slice(2 - rank);
  return {
    kernel_shape: last([K, L]),
    strides: last(stride),
    dilations: last(dilation),
    pads: twice(last(padding)),
    group: groups,
  };
}

/** Padding before and behind, so that there are exactly `places` windows. */
function padsFor(
  sizes: readonly number[],
  places: readonly number[],
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  dilation: readonly number[],
): number[] {
  const behind = sizes.map((size, i) => {
    const end = (places[i] - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
    return Math.max(end - size - padding[i], 0);
  });
  return [...padding, ...behind];
}

export function convolution({ graph, names, told, x }: Writing): string {
  const size = told.size as Conv2dSize;
  const { H, W, P, Q, K, L, stride, padding, dilation } = size;
  const rank = x.ndim - 2;
  const [sizes, places, kernel, ...rest] = [[H, W], [P, Q], [K, L], stride, padding, dilation].map(
    (pair) => pair.slice(2 - rank),
  );
  const pads = padsFor(sizes, places, kernel, rest[0], rest[1], rest[2]);
  return graph.add("Conv", names, { ...attributes(size, rank), pads });
}

export function transposedConvolution({ graph, names, told, x }: Writing): string {
  const size = told.size as Conv2dSize;
  const { H, W, P, Q, K, L, stride, padding, dilation } = size;
  const rank = x.ndim - 2;
  const [kernel, places] = [
    [K, L],
    [P, Q],
  ];
  const behind = [H, W].map(
    (side, i) =>
      side - (stride[i] * (places[i] - 1) + dilation[i] * (kernel[i] - 1) + 1 - 2 * padding[i]),
  );
  return graph.add("ConvTranspose", names, {
    ...attributes(size, rank),
    output_padding: behind.slice(2 - rank),
  });
}

/** The node for [N, C, …]; pictures without a batch axis get one before, and lose it after. */
function batched(
  { graph, names, x, y }: Writing,
  rank: number,
  write: (x: string) => string,
): string {
  if (x.ndim === rank + 2) return write(names[0]);
  return graph.reshape(write(graph.reshape(names[0], [1, ...x.shape])), y.shape);
}

export function maxPool(writing: Writing): string {
  const { graph, told } = writing;
  const rank = told.rank as number;
  const size = told.size as PoolSize;
  return batched(writing, rank, (from) => {
    const sliding = asSliding(told.sliding as Sliding | null, size, rank);
    if (sliding)
      return graph.add("MaxPool", [from], {
        ...slidingAttributes(sliding, size, rank),
        dilations: [...sliding.dilation],
      });
    const along = axesOf(size, rank);
    return along.reduce((name, [axis, bins]) => greatestAlong(graph, name, axis, bins), from);
  });
}

export function averagePool(writing: Writing): string {
  const { graph, told } = writing;
  const rank = told.rank as number;
  const size = told.size as PoolSize;
  const divisor = told.divisor as number | null;
  return batched(writing, rank, (from) => {
    const given = told.sliding as Sliding | null;
    const sliding = asSliding(given, size, rank);
    if (sliding && divisor === null && !(sliding.ceilMode && sliding.countPadding))
      return graph.add("AveragePool", [from], {
        ...slidingAttributes(sliding, size, rank),
        count_include_pad: sliding.countPadding ? 1 : 0,
      });
    const along = axesOf(size, rank);
    const sums = along.reduce(
      (name, [axis, bins, length]) => meanAlong(graph, name, axis, bins, length, divisor !== null),
      from,
    );
    return divisor === null ? sums : graph.add("Div", [sums, graph.number(divisor)]);
  });
}

/** ceilMode is said by padding: engines do not agree which windows there are with it. */
function slidingAttributes(
  { kernel, stride, padding, dilation }: Sliding,
  size: PoolSize,
  rank: number,
) {
  const along = axesOf(size, rank);
  const [sizes, places] = [
    along.map(([, , length]) => length),
    along.map(([, { start }]) => start.length),
  ];
  return {
    kernel_shape: [...kernel],
    strides: [...stride],
    pads: padsFor(sizes, places, kernel, stride, padding, dilation),
  };
}

/** The axes of the image, counted from the end, with their bins and lengths. */
function axesOf({ rows, columns, H, W }: PoolSize, rank: number): [number, Bins, number][] {
  const both: [number, Bins, number][] = [
    [-2, rows, H],
    [-1, columns, W],
  ];
  return both.slice(2 - rank);
}

/** Adaptive pools whose bins are all alike slide, too. */
function asSliding(sliding: Sliding | null, size: PoolSize, rank: number): Sliding | null {
  if (sliding) return sliding;
  const along = axesOf(size, rank).map(([, { start, end }]) => {
    const kernel = end[0] - start[0];
    const stride = start.length > 1 ? start[1] - start[0] : kernel;
    const alike = start.every((from, i) => from === i * stride && end[i] - from === kernel);
    return alike && stride > 0 ? { kernel, stride } : null;
  });
  if (along.includes(null)) return null;
  return {
    kernel: along.map((one) => one!.kernel),
    stride: along.map((one) => one!.stride),
    padding: along.map(() => 0),
    dilation: along.map(() => 1),
    ceilMode: false,
    countPadding: true,
  };
}

/** The greatest of each bin along one axis: a part for each, put together again. */
function greatestAlong(graph: Graph, from: string, axis: number, { start, end }: Bins): string {
  const parts = Array.from(start, (first, i) => {
    const part = graph.add("Slice", [
      from,
      graph.integers([first]),
      graph.integers([end[i]]),
      graph.integers([axis]),
    ]);
    return graph.add("ReduceMax", [part, graph.integers([axis])], { keepdims: 1 });
  });
  return graph.add("Concat", parts, { axis });
}

/** The means (or sums) of the bins along one axis: a product with a matrix of 1 / divisor. */
function meanAlong(
  graph: Graph,
  from: string,
  axis: number,
  { start, end, step, divisor }: Bins,
  length: number,
  sum: boolean,
): string {
  const count = start.length;
  const matrix = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    for (let k = start[i]; k < end[i]; k += step) matrix[i * length + k] = sum ? 1 : 1 / divisor[i];
  }
  if (axis === -2) return graph.add("MatMul", [graph.floats(matrix, [count, length]), from]);
  const turned = matrix.map((_, p) => matrix[(p % count) * length + Math.floor(p / count)]);
  return graph.add("MatMul", [from, graph.floats(turned, [length, count])]);
}
