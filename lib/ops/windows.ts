// Where a sliding window fits: the size formulas of the chapter, shared by convolution and pooling.

/**
 * How many places a window has along one axis:
 * floor((size + 2·padding − dilation·(kernel − 1) − 1) / stride + 1).
 *
 * ```ts
 * torch.windowPlaces(6, 3) // → 4
 * torch.windowPlaces(256, 3, { stride: 2, padding: 1 }) // → 128
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html, "Shape"
 */
export function windowPlaces(
  size: number,
  kernel: number,
  {
    stride = 1,
    padding = 0,
    dilation = 1,
  }: { stride?: number; padding?: number; dilation?: number } = {},
): number {
  return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1);
}
