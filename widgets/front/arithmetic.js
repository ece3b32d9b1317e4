// The numbers of the explorables: convolution, pooling and padding on plain arrays, without any DOM. Checked against lib by
// test/widgets/arithmetic.test.ts. Sums are made in double precision and rounded once, as in lib.
//
// A geometry: { H, W, kernel: [K, L], stride: [s, t], padding: [p, q], dilation: [d, e], ceil }.

/** How many places a window has along an axis: floor((size + 2p − d(k − 1) − 1) / s) + 1, at least 0. */
export function places(size, kernel, stride, padding, dilation, ceil = false) {
  const free = size + 2 * padding - dilation * (kernel - 1) - 1;
  if (free < 0) return 0;
  if (!ceil) return Math.floor(free / stride) + 1;
  const up = Math.ceil(free / stride) + 1;
  // a window must start inside of the image or of its left padding (PyTorch)
  return (up - 1) * stride >= size + padding ? up - 1 : up;
}

/** [P, Q]: the size of the result. */
export function outputSize({ H, W, kernel, stride, padding, dilation, ceil }) {
  return [H, W].map((size, a) => places(size, kernel[a], stride[a], padding[a], dilation[a], ceil));
}

/** How many rows and columns of the padded image no window reaches, at the bottom and on the right. */
export function unreached(geometry) {
  const { H, W, kernel, stride, padding, dilation } = geometry;
  const size = outputSize(geometry);
  return [H, W].map((length, a) => {
    const end = (size[a] - 1) * stride[a] + dilation[a] * (kernel[a] - 1) + 1;
    return size[a] < 1 ? 0 : Math.max(0, length + 2 * padding[a] - end);
  });
}

/** Which place of the image the padding copies; −1 for none (a zero). `i` counts from the image's first place. */
export function sourceOf(i, size, mode = "zeros") {
  if (i >= 0 && i < size) return i;
  if (mode === "replicate") return i < 0 ? 0 : size - 1;
  if (mode === "circular") return ((i % size) + size) % size;
  if (mode === "reflect") {
    if (size === 1) return -1;
    const period = 2 * (size - 1);
    const k = ((i % period) + period) % period;
    return k < size ? k : period - k;
  }
  return -1;
}

/** The largest padding that a mode allows on an axis (PyTorch refuses more). */
export function mostPadding(size, mode) {
  return mode === "reflect" ? size - 1 : mode === "circular" ? size : Infinity;
}

/** The cells under the window of output (p, q): where they lie in the image (may be outside), and where their value comes from. */
export function windowCells(geometry, p, q, mode = "zeros") {
  const { H, W, kernel, stride, padding, dilation } = geometry;
  const cells = [];
  for (let k = 0; k < kernel[0]; k++) {
    for (let l = 0; l < kernel[1]; l++) {
      const row = p * stride[0] - padding[0] + k * dilation[0];
      const column = q * stride[1] - padding[1] + l * dilation[1];
      const [i, j] = [sourceOf(row, H, mode), sourceOf(column, W, mode)];
      cells.push({ k, l, row, column, source: i < 0 || j < 0 ? -1 : i * W + j });
    }
  }
  return cells;
}

/** The outputs whose windows touch the cell (row, column), which may lie in the padding. */
export function usersOf(geometry, row, column) {
  const size = outputSize(geometry);
  const along = (at, a) => {
    const found = [];
    for (let p = 0; p < size[a]; p++) {
      const off = at + geometry.padding[a] - p * geometry.stride[a];
      const k = off / geometry.dilation[a];
      if (Number.isInteger(k) && k >= 0 && k < geometry.kernel[a]) found.push(p);
    }
    return found;
  };
  const across = along(column, 1);
  return along(row, 0).flatMap((p) => across.map((q) => [p, q]));
}

/**
 * One number of a convolution, taken apart: the products per input channel, their sums, the bias, the total.
 * layer: { C, O, groups, weight (flat [O, C / groups, K, L]), bias (flat [O] or null), mode }.
 */
export function convolveAt(x, layer, geometry, o, p, q) {
  const { C, O, groups, weight, bias, mode } = layer;
  const [K, L] = geometry.kernel;
  const perGroup = C / groups;
  const first = Math.floor(o / (O / groups)) * perGroup;
  const cells = windowCells(geometry, p, q, mode);
  const area = geometry.H * geometry.W;
  let total = 0;
  const channels = [];
  for (let i = 0; i < perGroup; i++) {
    const c = first + i;
    let sum = 0;
    const terms = cells.map(({ k, l, source }) => {
      const value = source < 0 ? 0 : x[c * area + source];
      const w = weight[((o * perGroup + i) * K + k) * L + l];
      const product = value * w;
      sum += product;
      return { value, weight: w, product };
    });
    total += sum;
    channels.push({ c, terms, sum });
  }
  const b = bias ? bias[o] : 0;
  return { channels, bias: b, value: Math.fround(total + b) };
}

/** A whole convolution: flat [O, P, Q]. */
export function convolve(x, layer, geometry) {
  const [P, Q] = outputSize(geometry);
  const { C, O, groups, weight, bias, mode } = layer;
  const { H, W, kernel, stride, padding, dilation } = geometry;
  const [K, L] = kernel;
  const perGroup = C / groups;
  const y = new Float32Array(O * P * Q);
  // where each row and column of each window comes from, once for all channels
  const rows = Array.from({ length: P }, (_, p) =>
    Array.from({ length: K }, (_, k) =>
      sourceOf(p * stride[0] - padding[0] + k * dilation[0], H, mode),
    ),
  );
  const columns = Array.from({ length: Q }, (_, q) =>
    Array.from({ length: L }, (_, l) =>
      sourceOf(q * stride[1] - padding[1] + l * dilation[1], W, mode),
    ),
  );
  for (let o = 0; o < O; o++) {
    const first = Math.floor(o / (O / groups)) * perGroup;
    for (let p = 0; p < P; p++) {
      for (let q = 0; q < Q; q++) {
        let sum = 0;
        for (let i = 0; i < perGroup; i++) {
          for (let k = 0; k < K; k++) {
            const row = rows[p][k];
            if (row < 0) continue;
            for (let l = 0; l < L; l++) {
              const column = columns[q][l];
              if (column < 0) continue;
              sum +=
                x[((first + i) * H + row) * W + column] *
                weight[((o * perGroup + i) * K + k) * L + l];
            }
          }
        }
        y[(o * P + p) * Q + q] = sum + (bias ? bias[o] : 0);
      }
    }
  }
  return y;
}

/** One number of a pooling: the values under the window (null in the padding), the winner's place, the divisor, the result. */
export function poolAt(x, { kind, countIncludePad = true }, geometry, c, p, q) {
  const { H, W, padding, kernel, stride } = geometry;
  const cells = windowCells(geometry, p, q).map((cell) => ({
    ...cell,
    value: cell.source < 0 ? null : x[c * H * W + cell.source],
  }));
  if (kind === "max") {
    let winner = -1;
    cells.forEach(({ value }, i) => {
      if (value === null || (winner >= 0 && Number.isNaN(cells[winner].value))) return;
      if (winner < 0 || value > cells[winner].value || Number.isNaN(value)) winner = i;
    });
    return { cells, winner, divisor: 1, value: cells[winner]?.value ?? -Infinity };
  }
  let sum = 0;
  for (const { value } of cells) sum += value ?? 0;
  // places beyond the padding (ceil mode) never count
  const extent = (at, a, size) => {
    const start = at * stride[a] - padding[a];
    return Math.min(start + kernel[a], size + padding[a]) - start;
  };
  const divisor = countIncludePad
    ? extent(p, 0, H) * extent(q, 1, W)
    : cells.filter(({ value }) => value !== null).length;
  return { cells, winner: -1, sum, divisor, value: Math.fround(sum / divisor) };
}

/** A whole pooling of C channels: flat [C, P, Q]. */
export function pool(x, layer, geometry, C) {
  const [P, Q] = outputSize(geometry);
  const y = new Float32Array(C * P * Q);
  for (let c = 0; c < C; c++) {
    for (let p = 0; p < P; p++) {
      for (let q = 0; q < Q; q++)
        y[(c * P + p) * Q + q] = poolAt(x, layer, geometry, c, p, q).value;
    }
  }
  return y;
}

/** The rectangle of the image [top, left, bottom, right] (both ends included, not clipped) that a place of a layer's result sees,
 * through layers of { kernel, stride, padding, dilation }, the last one first applied backwards. */
export function receptiveRectangle(layers, row, column) {
  let rectangle = [row, column, row, column];
  for (const { kernel, stride, padding, dilation } of [...layers].reverse()) {
    rectangle = rectangle.map((at, i) => {
      const a = i % 2;
      return at * stride[a] - padding[a] + (i >= 2 ? dilation[a] * (kernel[a] - 1) : 0);
    });
  }
  return rectangle;
}

/** The curves of the activation functions. */
export const activations = {
  ReLU: (v) => Math.max(v, 0),
  "LeakyReLU 0.01": (v) => (v > 0 ? v : 0.01 * v),
  Sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  Tanh: (v) => Math.tanh(v),
  SiLU: (v) => v / (1 + Math.exp(-v)),
  ELU: (v) => (v > 0 ? v : Math.expm1(v)),
};

/** Numbers between −1 and 1, always the same for one seed: weights for kernels that the learner did not bring. */
export function drawn(count, bound, seed = 7) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.round(200 * bound * (state / 2 ** 31 - 1)) / 200;
  });
}
