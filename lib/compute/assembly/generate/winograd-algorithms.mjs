// Winograd's algorithms as matrices. A tile of a convolution along one axis is y = Aᵀ [(G g) ⊙ (Bᵀ d)]: in two
// dimensions the matrices are applied to rows and then to columns
// (Lavin & Gray, Fast algorithms for convolutional neural networks, 2015, section 4).
//
// An axis: `input` is Bᵀ [places × pixels read], `kernel` G [places × taps], `output` Aᵀ [results × places];
// `step` is how many pixels lie between the tiles.

const range = (n) => Array.from({ length: n }, (_, i) => i);

/** Points of Toom and Cook's interpolation, ∞ being the last one: the first few that are needed. */
const POINTS = [0, 1, -1, 2, -2, 0.5];

/** F(results, taps): `results` numbers of a convolution with `taps` taps, by results + taps - 1 multiplications. */
function valid(results, taps) {
  const points = POINTS.slice(0, results + taps - 2);
  const others = (i) => points.filter((_, j) => j !== i);
  const scale = (i) => others(i).reduce((product, p) => product / (points[i] - p), 1);
  const atInfinity = (length) => range(length).map((i) => (i === length - 1 ? 1 : 0));
  return {
    input: [...points.map((_, i) => [...polynomial(others(i)), 0]), polynomial(points)],
    kernel: [...points.map((p, i) => range(taps).map((k) => p ** k * scale(i))), atInfinity(taps)],
    output: range(results).map((i) => [...points.map((p) => p ** i), i === results - 1 ? 1 : 0]),
    step: results,
  };
}

/** The coefficients of Π (x - root), lowest power first. */
function polynomial(roots) {
  return roots.reduce(
    (c, root) => range(c.length + 1).map((i) => (c[i - 1] ?? 0) - root * (c[i] ?? 0)),
    [1],
  );
}

/** One tap: nothing to save. */
const plain = (results) => {
  const same = range(results).map((i) => range(results).map((j) => (i === j ? 1 : 0)));
  return { input: same, kernel: same.map(() => [1]), output: same, step: results };
};

/**
 * A stride of 2 takes even pixels with even taps and odd pixels with odd taps: two convolutions without a stride, whose
 * results are added. Three taps: 9 multiplications for four results, not 12.
 */
function halving(results, taps) {
  const parts = [0, 1].map((phase) => {
    const own = range(taps).filter((k) => k % 2 === phase);
    const { input, kernel, output } = own.length > 1 ? valid(results, own.length) : plain(results);
    return {
      input: input.map((row) => spread(row, 2, phase, 2 * (results - 1) + taps)),
      kernel: kernel.map((row) => spread(row, 2, phase, taps)),
      output,
    };
  });
  return {
    input: parts.flatMap((part) => part.input),
    kernel: parts.flatMap((part) => part.kernel),
    output: range(results).map((i) => parts.flatMap((part) => part.output[i])),
    step: 2 * results,
  };
}

/** Numbers put `step` places apart, zeros between. */
const spread = (row, step, first, length) =>
  range(length).map((i) => (i % step === first % step ? (row[(i - first) / step] ?? 0) : 0));

/**
 * The gradient of the pixels of `halving(results, 3)` where the padding is odd: from results + 1 neighbours of gy, pixels
 * by turns gy · (tap 1) and gy · (taps 2 and 0).
 */
function doubling(results) {
  const [two, one] = [valid(results, 2), plain(results)];
  return {
    input: [...two.input, ...one.input.map((row) => [...row, 0])],
    kernel: [
      ...two.kernel.map(([first, second]) => [second, 0, first]),
      ...one.kernel.map(([w]) => [0, w, 0]),
    ],
    output: range(2 * results).map((i) =>
      i % 2
        ? [...two.output[i >> 1], ...one.output[0].map(() => 0)]
        : [...two.output[0].map(() => 0), ...one.output[i >> 1]],
    ),
    step: results,
  };
}

const square = (axis) => ({ rows: axis, columns: axis });

/** `trained`: it has a gradient of the weights. `pooled`: max pooling may be fused with it. */
const table = {
  three: { ...square(valid(4, 3)), trained: true, pooled: true },
  five: { ...square(valid(2, 5)), trained: true, pooled: true },
  halving: { ...square(halving(4, 3)), trained: true, pooled: true },
  doubling: square(doubling(4)),
  line: { rows: plain(1), columns: valid(4, 3), trained: true },
};

/** The algorithms in the order of their numbers, with what follows from their matrices. */
export const algorithms = Object.entries(table).map(([name, algorithm], number) => {
  const axes = [algorithm.rows, algorithm.columns];
  const [tall, wide] = axes;
  return {
    ...{ name, number, trained: false, pooled: false, ...algorithm },
    size: {
      number,
      places: tall.input.length * wide.input.length,
      taps: axes.map(({ kernel }) => kernel[0].length),
      results: axes.map(({ output }) => output.length),
      reach: axes.map(({ input }) => input[0].length),
      step: axes.map(({ step }) => step),
    },
  };
});
