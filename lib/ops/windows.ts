// Where a sliding window fits: the size formulas of the chapter, shared by convolution and pooling.

export interface WindowOptions {
  /** Elements from one place to the next. Default 1. */
  stride?: number;
  /** Elements added on both sides. Default 0. */
  padding?: number;
  /** Elements from one cell of the window to the next. Default 1. */
  dilation?: number;
  /** Round up instead of down, as long as the last window begins inside the input or its left padding. Default false. */
  ceilMode?: boolean;
}

/**
 * How many places a window has along one axis:
 * floor((size + 2·padding − dilation·(kernel − 1) − 1) / stride + 1).
 *
 * ```ts
 * torch.windowPlaces(6, 3) // → 4
 * torch.windowPlaces(256, 3, { stride: 2, padding: 1 }) // → 128
 * torch.windowPlaces(6, 3, { stride: 2, ceilMode: true }) // → 3
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html, "Shape"
 */
export function windowPlaces(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1, ceilMode = false }: WindowOptions = {},
): number {
  const free = size + 2 * padding - dilation * (kernel - 1) - 1;
  if (!ceilMode) return Math.floor(free / stride + 1);
  const places = Math.ceil(free / stride) + 1;
  // a window that would begin in the padding behind is left out, as PyTorch does
  return (places - 1) * stride >= size + padding ? places - 1 : places;
}
