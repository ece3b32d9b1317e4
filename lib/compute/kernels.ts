// The one interface between the library and a set of kernels: a table of functions that take addresses (of float32
// in the arena, in bytes) and numbers. The WebAssembly builds fill it; a native build could.
//
// A kernel whose first parameters are (scratch, from, to) does the units [from, to) of its work and leaves the rest
// to other threads; `scratch` is memory of its own. What it computes does not depend on where it was cut.
// What the parameters mean is said in lib/compute/assembly, beside each kernel.

type Address = number;
type Flag = number | boolean;
/** `(scratch, from, to, …)` */
export type Divisible = (scratch: Address, from: number, to: number, ...rest: number[]) => void;

export interface DivisibleKernels {
  /** (operation, x, out, p, q) */
  unary: Divisible;
  /** (operation, x, xStep, y, yStep, out, p, q) */
  binary: Divisible;
  /** (operation, x, xRow, xStep, y, yRow, yStep, out, n, p, q) */
  binaryRows: Divisible;
  /** (x, row, step, n, out) */
  copyRows: Divisible;
  /** (x, row, step, n, out, outRow, outStep) */
  placeRows: Divisible;
  /** (x, size, inner, left, right, weight, length, out) */
  resampleAxis: Divisible;
  /** (gy, size, inner, left, right, weight, length, gx) */
  resampleAxisBackward: Divisible;
  /** (x, step, rows, n, out) */
  copyTransposed: Divisible;
  /** (byRows, M, N, K, a, aRow, aColumn, b, bRow, bColumn, out, outRow, accumulate) */
  gemm: Divisible;
  /** (M, N, K, a, aRow, aColumn, b, bRow, out, outRow, accumulate) */
  gemmThin: Divisible;
  /** (M, K, a, aRow, b, bRow, out, outRow, accumulate) */
  gemmDots: Divisible;
  /** (x, planeStep, rowStep, H, W, top, left, rows, pitch, phases, out, outPlane) */
  padPlanes: Divisible;
  /** (weights, groupStep, outputStep, inputStep, outputs, inputs, tapPlaces, tapCount, packed) */
  packWeights: Divisible;
  /** (x, imageStep, rowStep, taps, count, weights, bias, outputs, groups, out, OH, OW, relu) */
  convolve: Divisible;
  /** (x, imageStep, rowStep, phases, across, zeros, outputs, groups, out, rows, top, down, H, W) */
  convolveSpread: Divisible;
  /** (x, imageStep, rowStep, taps, count, weights, bias, outputs, groups, out, winners, PH, PW, relu) */
  convolvePool: Divisible;
  /** (gy, gyImage, gyPlane, gyRow, channels, x, xImage, xRow, offsets, count, images, OH, vectors, strip, sums, gradient, first, last) */
  convolveWeightGradient: Divisible;
  /** (x, H, W, top, left, rows, pitch, phases, rowStep, taps, tapPlaces, K, L, weights, bias, channels, out, P, Q) */
  depthwise: Divisible;
  /** (x, H, W, weights, flip, bias, channels, out) */
  depthwiseBordered: Divisible;
  /** (gy, P, Q, top, left, rows, pitch, pixels, down, across, taps, tapPlaces, count, weights, channels, gx, H, W) */
  depthwiseSpread: Divisible;
  /** (x, H, W, top, left, rows, pitch, phases, rowStep, taps, count, size, gy, images, channels, P, Q, gradient) */
  depthwiseWeightGradient: Divisible;
  /** (algorithm, weights, outputStep, inputStep, outputs, inputs, flip, out) */
  winogradWeights: Divisible;
  /** (algorithm, block, tiles, tilesDown, tilesAcross, down, across, x, imageStep, H, W, top, left, inputs, weights, bias, outputs, out, outImage, winners, P, Q, relu, pool) */
  winograd: Divisible;
  /** (algorithm, part, block, tiles, tilesDown, tilesAcross, down, across, x, xImage, H, W, top, left, inputs, gy, gyImage, P, Q, outputs, u, uStep) */
  winogradWeightGradient: Divisible;
  /** (algorithm, u, uStep, parts, outputs, inputs, gradient) */
  winogradWeightGradientEnd: Divisible;
  /** (gy, winners, PH, PW, outputs, images, x, imageStep, rowStep, columnStep, offsets, count, sums, biasSums, first) */
  pooledWeightGradient: Divisible;
  /** (x, H, W, out, places) */
  maxPool2: Divisible;
  /** (gy, winners, H, W, gx) */
  maxPool2Backward: Divisible;
  /** (x, H, W, P, rowStart, rowEnd, rowStep, Q, columnStart, columnEnd, columnStep, out, places) */
  maxPool: Divisible;
  /** (x, H, W, P, rowStart, rowEnd, rowStep, Q, columnStart, columnEnd, dilation, kernel, stride, padding, out, places) */
  maxPoolSliding: Divisible;
  /** (gy, places, outputs, inputs, gx) */
  maxPoolBackward: Divisible;
  /** (x, H, W, P, rowStart, rowEnd, rowDivisor, Q, columnStart, columnEnd, columnDivisor, out) */
  averagePool: Divisible;
  /** (x, H, W, P, rowStart, rowEnd, rowDivisor, Q, columnDivisor, kernel, stride, padding, out) */
  averagePoolSliding: Divisible;
  /** (x, H, W, share, out) */
  averagePool2: Divisible;
  /** (gy, H, W, P, rowStart, rowEnd, rowDivisor, Q, columnStart, columnEnd, columnDivisor, gx) */
  averagePoolBackward: Divisible;
  /** (x, n, scale, out) */
  sumRows: Divisible;
  /** (x, n, inner, scale, out) */
  sumColumns: Divisible;
  /** (x, images, channels, pixels, out) */
  sumChannels: Divisible;
  /** (x, n, logarithm, out) */
  softmaxRows: Divisible;
  /** (gy, y, n, logarithm, gx) */
  softmaxRowsBackward: Divisible;
  /** (x, n, inner, logarithm, out) */
  softmaxColumns: Divisible;
  /** (gy, y, n, inner, logarithm, gx) */
  softmaxColumnsBackward: Divisible;
  /** (operation, x, n, out) */
  foldRows: Divisible;
  /** (operation, x, n, inner, out) */
  foldColumns: Divisible;
  /** (x, n, least, places, values) */
  bestRows: Divisible;
  /** (x, n, inner, least, places, values) */
  bestColumns: Divisible;
  /** (x, n, inner, backwards, out) */
  runningSums: Divisible;
  /** (x, images, channels, pixels, means, variances) */
  channelMoments: Divisible;
  /** (x, channels, pixels, scales, shifts, out) */
  scaleChannels: Divisible;
  /** (gy, x, images, channels, pixels, means, sums, dots) */
  channelGradients: Divisible;
  /** (gy, x, channels, pixels, a, b, c, gx) */
  combineChannels: Divisible;
  /** (operation, kind, a, aRow, aStep, b, bRow, bStep, out, n, total) */
  compareRows: Divisible;
  /** (condition, cRow, cStep, a, aRow, aStep, b, bRow, bStep, out, n, total) */
  chooseRows: Divisible;
  /** (x, n, values, out) */
  countRows: Divisible;
  /** (out, unit, bytes, low, high) */
  fillBytes: Divisible;
  /** (pair, x, out) */
  convert: Divisible;
  /** (operation, a, aRow, aStep, b, bRow, bStep, out, n, total) */
  wideRows: Divisible;
  /** (x, n, out) */
  sumWideRows: Divisible;
  /** (x, n, least, out) */
  extremeWideRows: Divisible;
  /** (x, out) */
  expWide: Divisible;
  /** (operation, bytes, a, aRow, aStep, b, bRow, bStep, out, n, total) */
  wholeRows: Divisible;
  /** (x, size, index, k, inner, out) */
  gatherAxis: Divisible;
  /** (values, index, k, inner, adds, out, size) */
  scatterAxis: Divisible;
  /** (x, size, index, k, inner, out) */
  gatherSlices: Divisible;
  /** (values, index, k, inner, out, size) */
  addSlices: Divisible;
  /** (words, low, range, high, out) */
  uniformFloats: Divisible;
  /** (words, keep, scale, out) */
  chanceFloats: Divisible;
  /** (words, range, low, out) */
  remainders: Divisible;
  /** (words, mean, std, out) */
  normalBlocks: Divisible;
  /** (parameter, gradient, velocity, lr, momentum, dampening, weightDecay, nesterov, first) */
  sgdStep: Divisible;
  /** (parameter, gradient, mean, square, largest, lr, beta1, beta2, epsilon, weightDecay, decoupled, stepSize, correction) */
  adamStep: Divisible;
  /** (parameter, gradient, square, mean, velocity, lr, alpha, epsilon, weightDecay, momentum) */
  rmspropStep: Divisible;
  /** (parameter, gradient, sum, rate, epsilon, weightDecay) */
  adagradStep: Divisible;
}

export interface Kernels extends DivisibleKernels {
  /** `count` words of the Mersenne Twister; gives the place of the next word in its state. */
  twister(state: Address, next: number, out: Address, count: number): number;
  /** The first place that does not lie in an axis of that size; n if there is none. */
  firstBadPlace(index: Address, n: number, size: number): number;
  /** Columns of a tile. The layouts of packed operands follow from it: see lib/compute/assembly/generate/micro.mjs. */
  readonly tileColumns: { readonly value: number };
  fillBias(
    out: Address,
    rows: number,
    columns: number,
    outRow: number,
    bias: Address,
    perRow: Flag,
  ): void;
}

export type KernelName = keyof DivisibleKernels;
