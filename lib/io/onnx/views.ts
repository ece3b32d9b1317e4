// Views as nodes. A view of a tensor is known by its strides and offset alone: which part of each axis it shows
// (Slice), in which order (Transpose), under which shape (Reshape), how often (Expand).

import type { Tensor } from "../../tensor.js";
import type { Graph } from "./graph.js";

/** The name of `y`, a view of `x`; null if it is none that ONNX has nodes for. */
export function viewOf(graph: Graph, name: string, x: Tensor, y: Tensor): string | null {
  if (y.numel() === 0 || x.numel() === 0) return null;
  if (isReshape(x, y)) return graph.reshape(name, y.shape);

  const starts = placeOf(x, y.offset - x.offset);
  if (!starts) return null;
  const taken = axesOf(x, y, starts);
  if (!taken) return null;

  let result = slice(graph, name, x, starts, taken);
  const order = taken.filter((axis) => axis !== null).map(({ axis }) => axis);
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !order.includes(axis));
  const perm = [...rest, ...order];
  // what is left of the axes that y does not have is of size 1
  if (order.some((axis, i) => i > 0 && axis < order[i - 1]))
    result = graph.add("Transpose", [result], { perm });
  const narrow = y.shape.map((size, axis) => (y.strides[axis] === 0 ? 1 : size));
  result = graph.reshape(result, narrow);
  const isWide = y.shape.some((size, axis) => size !== narrow[axis]);
  return isWide ? graph.expand(result, y.shape) : result;
}

/** Do both walk through the same elements in the same order? */
function isReshape(x: Tensor, y: Tensor): boolean {
  if (x.offset !== y.offset || x.numel() !== y.numel()) return false;
  const [a, b] = [joined(x), joined(y)];
  return (
    a.length === b.length && a.every(([size, stride], i) => size === b[i][0] && stride === b[i][1])
  );
}

/** Size and stride of the axes, those that follow each other without a gap as one. */
function joined(x: Tensor): [size: number, stride: number][] {
  const list: [number, number][] = [];
  x.shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = list.at(-1);
    if (last && last[1] === size * x.strides[axis])
      list[list.length - 1] = [last[0] * size, x.strides[axis]];
    else list.push([size, x.strides[axis]]);
  });
  return list;
}

/** The axes of x with more than one element, from the widest stride on. */
const wideAxes = (x: Tensor): number[] =>
  x.shape
    .map((_, axis) => axis)
    .filter((axis) => x.shape[axis] > 1 && x.strides[axis] > 0)
    .sort((a, b) => x.strides[b] - x.strides[a]);

/** Which element of x lies `distance` behind its first: a place along each axis. */
function placeOf(x: Tensor, distance: number): number[] | null {
  const starts = x.shape.map(() => 0);
  let left = distance;
  for (const axis of wideAxes(x)) {
    starts[axis] = Math.min(Math.floor(left / x.strides[axis]), x.shape[axis] - 1);
    left -= starts[axis] * x.strides[axis];
  }
  return left === 0 ? starts : null;
}

interface Taken {
  readonly axis: number;
  readonly step: number;
  readonly size: number;
}

/** For each axis of y the one of x that it runs along; null for those of size 1 and for repeated ones. */
function axesOf(x: Tensor, y: Tensor, starts: readonly number[]): (Taken | null)[] | null {
  const free = new Set(wideAxes(x));
  const taken: (Taken | null)[] = y.shape.map(() => null);
  const wide = y.shape.map((_, j) => j).filter((j) => y.shape[j] > 1 && y.strides[j] !== 0);
  for (const j of wide.sort((a, b) => y.strides[b] - y.strides[a])) {
    const size = y.shape[j];
    const axis = [...free].find((a) => {
      const step = y.strides[j] / x.strides[a];
      return Number.isInteger(step) && step > 0 && starts[a] + (size - 1) * step < x.shape[a];
    });
    if (axis === undefined) return null;
    free.delete(axis);
    taken[j] = { axis, step: y.strides[j] / x.strides[axis], size };
  }
  return taken;
}

function slice(
  graph: Graph,
  name: string,
  x: Tensor,
  starts: readonly number[],
  taken: readonly (Taken | null)[],
): string {
  const parts = x.shape.flatMap((full, axis) => {
    const found = taken.find((one) => one?.axis === axis);
    const { step, size } = found ?? { step: 1, size: 1 };
    if (size === full && step === 1) return [];
    return [{ axis, start: starts[axis], end: starts[axis] + (size - 1) * step + 1, step }];
  });
  if (parts.length === 0) return name;
  const list = (key: "start" | "end" | "axis" | "step"): string =>
    graph.integers(parts.map((part) => part[key]));
  return graph.add("Slice", [name, list("start"), list("end"), list("axis"), list("step")]);
}
