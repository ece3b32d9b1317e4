// Explorables of where windows land: padding modes, stride and dilation, the output size.

import { nn, tensor, windowPlaces, type Tensor } from "../../lib/index.js";
import { Figure } from "../bundle.js";
import { heatmap } from "../views/heatmap.js";
import { arithmeticPicture, isReadable } from "./arithmetic-picture.js";
import { Explorable } from "./explorable.js";
import { bytesOf, pairOf, planes, type Pair } from "./given.js";

/**
 * The four padding modes side by side, on the first channel of `x`; hover a cell of the border for its source.
 * `x`: [H, W], [C, H, W] or [1, C, H, W], at most 24 on a side.
 */
export function padding(x: Tensor, { padding = 2 }: { padding?: number } = {}) {
  const { values, shape } = planes("explore.padding", x, 24);
  const state = { x: bytesOf(values), shape: shape as readonly number[], padding };
  const [, H, W] = shape;
  return new Explorable("padding", state, () => {
    const plane = tensor(Float32Array.from(values).slice(0, H * W)).reshape([H, W]);
    const padded = nn.functional.pad(plane.reshape([1, H, W]), [
      padding,
      padding,
      padding,
      padding,
    ]);
    const wide = padded.reshape([H + 2 * padding, W + 2 * padding]);
    const title = `[${H}, ${W}], padding ${padding}: [${wide.shape.join(", ")}]`;
    if (!isReadable(plane, wide)) return heatmap(plane, { title });
    return arithmeticPicture(
      [
        { x: plane, title: "input" },
        { x: wide, title: `padding ${padding}, zeros`, frame: [padding, padding, H, W] },
      ],
      ["→"],
      `${title}\n${wide}`,
    );
  });
}

export interface WindowOptions {
  /** The input's height and width. Default 8. */
  size?: number | Pair;
  /** Default 3. */
  kernelSize?: number | Pair;
  /** Default 1. */
  stride?: number | Pair;
  /** Default 0. */
  padding?: number | Pair;
  /** Default 1. */
  dilation?: number | Pair;
  /** Round up, as pooling can. Default false. */
  ceilMode?: boolean;
}

/**
 * Stride and dilation: where the windows land, how often each cell is used, which are skipped, how far one output sees.
 *
 * ```ts
 * explore.strideDilation({ size: 9, kernelSize: 3, dilation: 2 }).get("dilation") // → [2, 2]
 * ```
 */
export function strideDilation(options: WindowOptions = {}) {
  const state = stateOf("explore.strideDilation", options);
  return new Explorable("stride-dilation", state, () => sizeText(state));
}

/**
 * The output-size formula with the numbers put in, and solved backwards for the padding that keeps or halves the size.
 *
 * ```ts
 * explore.outputSize({ size: 6, kernelSize: 3 }).get("kernel") // → [3, 3]
 * ```
 */
export function outputSize(options: WindowOptions = {}) {
  const state = { ...stateOf("explore.outputSize", options), ceilMode: options.ceilMode ?? false };
  return new Explorable("output-size", state, () => sizeText(state));
}

interface WindowState {
  size: Pair;
  kernel: Pair;
  stride: Pair;
  padding: Pair;
  dilation: Pair;
  ceilMode?: boolean;
}

function stateOf(name: string, options: WindowOptions): WindowState {
  const { size = 8, kernelSize = 3, stride = 1, padding = 0, dilation = 1 } = options;
  const pairs = { size, kernel: kernelSize, stride, padding, dilation };
  for (const [key, value] of Object.entries(pairs)) {
    const least = key === "padding" ? 0 : 1;
    if (pairOf(value).every((n) => Number.isInteger(n) && n >= least)) continue;
    throw new RangeError(`${name}: ${key} must be whole numbers ≥ ${least}, not ${String(value)}`);
  }
  const entries = Object.entries(pairs).map(([key, value]) => [key, pairOf(value)]);
  return Object.fromEntries(entries) as unknown as WindowState;
}

/** Where nothing can move: the formula with its numbers. */
function sizeText({
  size,
  kernel,
  stride,
  padding,
  dilation,
  ceilMode = false,
}: WindowState): Figure {
  const [open, close] = ceilMode ? ["⌈", "⌉"] : ["⌊", "⌋"];
  const lines = ["height", "width"].map((name, a) => {
    const places = windowPlaces(size[a], kernel[a], {
      stride: stride[a],
      padding: padding[a],
      dilation: dilation[a],
      ceilMode,
    });
    return `${name} = ${open}(${size[a]} + 2·${padding[a]} − ${dilation[a]}·(${kernel[a]} − 1) − 1) / ${stride[a]}${close} + 1 = ${Math.max(0, places)}`;
  });
  return new Figure({ data: { "text/plain": lines.join("\n") } });
}
