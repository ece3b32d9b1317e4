// Writes the transforms of Winograd's F(4×4, 3×3), 16 outputs of a 3 × 3 convolution with 36 multiplications instead of
// 144, and of F(2×2, 5×5), 4 outputs with 36 instead of 100
// (Lavin & Gray, Fast algorithms for convolutional neural networks, 2015, section 4.3).
//
// y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. Every transform is a small matrix applied to rows and then to columns; four channels
// lie in the four lanes. Both algorithms take the points 0, 1, -1, 2, -2, ∞: they share B, and where four outputs take
// the powers 0 to 3 of the points, five taps take the powers 0 to 4.

const B = [
  // Bᵀ: 6 × 6
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const POINTS = [0, 1, -1, 2, -2];
const SCALES = [1 / 4, -1 / 6, -1 / 6, 1 / 24, 1 / 24];

/** A power of each point (0⁰ is 1), and at infinity 1 for the last power, else 0. */
const powers = (power, last) => [...POINTS.map((p) => p ** power), power === last ? 1 : 0];

/** Aᵀ [outputs × 6], G [6 × taps]. */
const outputMatrix = (outputs) => range(outputs).map((i) => powers(i, outputs - 1));
const kernelMatrix = (taps) =>
  transposed(
    range(taps).map((i) => powers(i, taps - 1).map((value, j) => value * (SCALES[j] ?? 1))),
  );

const transposed = (m) => m[0].map((_, j) => m.map((row) => row[j]));
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** The text of Σ coefficient · term, with as few operations as its signs allow. */
function combination(terms) {
  const [first, ...rest] = terms.filter(([c]) => c !== 0).sort(([a], [b]) => (b === 1) - (a === 1));
  if (!first) return "f32x4.splat(0)";
  const start = first[0] === 1 ? first[1] : `f32x4.mul(${constant(first[0])}, ${first[1]})`;
  return rest.reduce((sum, [c, x]) => {
    if (c === 1) return `f32x4.add(${sum}, ${x})`;
    if (c === -1) return `f32x4.sub(${sum}, ${x})`;
    return `multiplyAdd(${constant(c)}, ${x}, ${sum})`;
  }, start);
}

const constant = (c) => `f32x4.splat(${Number.isInteger(c) ? c : `<f32>${c}`})`;

/**
 * Statements for ys = matrix · xs. The points of F(4, 3) come in pairs, 1 and -1, 2 and -2. So in a matrix with six
 * rows, rows 1, 2 and 3, 4 differ only in the signs of some columns, and share their two halves; in one with six
 * columns, columns 1, 2 and 3, 4 do, and share sums and differences.
 */
function apply(matrix, xs, ys) {
  return (matrix.length === 6 ? applyByRows : applyByColumns)(matrix, xs, ys)
    .map((line) => `    ${line}`)
    .join("\n");
}

function applyByRows(matrix, xs, ys) {
  const text = [];
  const alike = (row, j) => row[j] === matrix[matrix.indexOf(row) + 1][j];
  for (const i of [0, 5])
    text.push(`${ys[i]} = ${combination(matrix[i].map((c, j) => [c, xs[j]]))};`);
  for (const i of [1, 3]) {
    const row = matrix[i];
    const even = row.map((c, j) => [alike(row, j) ? c : 0, xs[j]]);
    const odd = row.map((c, j) => [alike(row, j) ? 0 : c, xs[j]]);
    text.push(`const e${i} = ${combination(even)}, o${i} = ${combination(odd)};`);
    text.push(`${ys[i]} = f32x4.add(e${i}, o${i}); ${ys[i + 1]} = f32x4.sub(e${i}, o${i});`);
  }
  return text;
}

function applyByColumns(matrix, xs, ys) {
  const halves = [1, 3].map(
    (j) =>
      `const s${j} = f32x4.add(${xs[j]}, ${xs[j + 1]}), d${j} = f32x4.sub(${xs[j]}, ${xs[j + 1]});`,
  );
  const rows = matrix.map((row, i) => {
    const half = (j) => [row[j], (row[j] === row[j + 1] ? "s" : "d") + j];
    return `${ys[i]} = ${combination([[row[0], xs[0]], half(1), half(3), [row[5], xs[5]]])};`;
  });
  return [...halves, ...rows];
}

const names = (letter, n) => range(n).map((i) => letter + i);
const declare = (letter, n) =>
  `let ${names(letter, n)
    .map((x) => `${x}: v128`)
    .join(", ")};`;

const loads = (variables, place) =>
  variables.map((x, i) => `    ${x} = v128.load(${place(i)});`).join("\n");
const stores = (variables, place) =>
  variables.map((y, i) => `    v128.store(${place(i, y)});`).join("\n");

/**
 * A transform to 36 vectors `step` bytes apart, of size × size vectors at `from`, rows `rowStep` bytes apart.
 * The loops over rows and columns stay: straight code would need more registers than there are.
 */
function to36(name, matrix, doc) {
  const size = matrix[0].length;
  const [xs, ys] = [names("x", size), names("y", 6)];
  return `
/** ${doc} */
export function ${name}(from: usize, rowStep: usize, out: usize, step: usize, work: usize): void {
  ${declare("x", size)} ${declare("y", 6)}
  let w = work;
  for (let row = 0; row < ${size}; row++) {
${loads(xs, (j) => `from, ${16 * j}`)}
${apply(matrix, xs, ys)}
${stores(ys, (j, y) => `w, ${y}, ${16 * j}`)}
    w += 96;
    from += rowStep;
  }
  w = work;
  for (let column = 0; column < 6; column++) {
${loads(xs, (i) => `w, ${96 * i}`)}
${apply(matrix, xs, ys)}
${stores(ys, (i, y) => `out + ${6 * i} * step, ${y}`)}
    w += 16;
    out += step;
  }
}
`;
}

/** The first half of a transform of 36 vectors `step` bytes apart: to `work`, rows of \`rows\` vectors. */
function columnsFrom36(matrix, xs, ys) {
  return `  let w = work;
  for (let column = 0; column < 6; column++) {
${loads(xs, (i) => `from + ${6 * i} * step`)}
${apply(matrix, xs, ys)}
${stores(ys, (i, y) => `w, ${y}, ${96 * i}`)}
    w += 16;
    from += step;
  }
  w = work;`;
}

/** Gᵀ u G: the kernel's gradient. */
function kernelGradient(taps) {
  const matrix = transposed(kernelMatrix(taps));
  const [xs, ys] = [names("x", 6), names("y", taps)];
  return `
/** Gᵀ u G: 36 vectors \`step\` bytes apart to ${taps} × ${taps} vectors. */
export function transformKernelGradient${taps}(from: usize, step: usize, out: usize, work: usize): void {
  ${declare("x", 6)} ${declare("y", taps)}
${columnsFrom36(matrix, xs, ys)}
  for (let row = 0; row < ${taps}; row++) {
${loads(xs, (j) => `w, ${16 * j}`)}
${apply(matrix, xs, ys)}
${stores(ys, (j, y) => `out, ${y}, ${16 * j}`)}
    w += 96;
    out += ${16 * taps};
  }
}
`;
}

/** Four channels' rows of \`size\` numbers, from \`size\` columns of four channels. */
const storeRow = {
  4: `
    t0 = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5); t1 = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
    v128.store(out, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5)); v128.store(out + plane, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
    t0 = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7); t1 = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
    v128.store(out + 2 * plane, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5)); v128.store(out + 3 * plane, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));`,
  2: `
    t0 = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5); t1 = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
    v128.store64_lane(out, t0, 0); v128.store64_lane(out + plane, t0, 1);
    v128.store64_lane(out + 2 * plane, t1, 0); v128.store64_lane(out + 3 * plane, t1, 1);`,
};

/** Aᵀ m A, and what follows a convolution. */
function output(size) {
  const matrix = outputMatrix(size);
  const [xs, ys] = [names("x", 6), names("y", size)];
  const row = (then) => `    {
${loads(xs, (j) => `w, ${16 * j}`)}
${apply(matrix, xs, ys)}
    }
    ${ys.map((y) => `${y} = f32x4.add(${y}, bias);`).join(" ")}${then}
    w += 96;`;
  const declared = `${declare("x", 6)} ${declare("y", size)} let t0: v128, t1: v128;`;
  return `
/** Aᵀ m A + bias, and ReLU: 36 vectors \`step\` bytes apart to ${size} × ${size} numbers in each of four planes. */
export function transformOutput${size}(
  from: usize, step: usize, bias: v128, relu: bool, out: usize, plane: usize, rowStep: usize, work: usize,
): void {
  ${declared}
  const zero = f32x4.splat(0);
${columnsFrom36(matrix, xs, ys)}
  for (let row = 0; row < ${size}; row++) {
${row(`
    if (relu) {
      ${ys.map((y) => `${y} = f32x4.pmax(${y}, zero);`).join(" ")}
    }${storeRow[size]}`)}
    out += rowStep;
  }
}

/** The same, then 2 × 2 max pooling; \`out\` and \`winners\` (a byte each, or 0) are ${size / 2} × ${size / 2} in each plane. */
export function transformOutputPooled${size}(
  from: usize, step: usize, bias: v128, relu: bool, out: usize, winners: usize, plane: usize, rowStep: usize, work: usize,
): void {
  ${declared} ${declare("z", size)} let a: v128, b: v128;
${columnsFrom36(matrix, xs, ys)}
  for (let row = 0; row < ${size / 2}; row++) {
${row("")}
    ${ys.map((y, i) => `z${i} = ${y};`).join(" ")}
${row("")}
    a = greatestOfWindow(z0, z1, y0, y1, relu);${
      size === 4
        ? `
    b = greatestOfWindow(z2, z3, y2, y3, relu);
    t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5); t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    v128.store64_lane(out, t0, 0); v128.store64_lane(out + plane, t0, 1);
    v128.store64_lane(out + 2 * plane, t1, 0); v128.store64_lane(out + 3 * plane, t1, 1);`
        : `
    v128.store32_lane(out, a, 0); v128.store32_lane(out + plane, a, 1);
    v128.store32_lane(out + 2 * plane, a, 2); v128.store32_lane(out + 3 * plane, a, 3);`
    }
    if (winners) {
      const most = plane >> 2;
      a = winnerOf(z0, z1, y0, a, relu);${
        size === 4
          ? `
      b = winnerOf(z2, z3, y2, b, relu);
      a = v128.or(a, i32x4.shl(b, 8));
      v128.store16_lane(winners, a, 0); v128.store16_lane(winners + most, a, 2);
      v128.store16_lane(winners + 2 * most, a, 4); v128.store16_lane(winners + 3 * most, a, 6);`
          : `
      v128.store8_lane(winners, a, 0); v128.store8_lane(winners + most, a, 4);
      v128.store8_lane(winners + 2 * most, a, 8); v128.store8_lane(winners + 3 * most, a, 12);`
      }
      winners += rowStep >> 2;
    }
    out += rowStep;
  }
}
`;
}

/** The text of the AssemblyScript module. */
export function winogradModule() {
  const algorithms = [
    { outputs: 4, taps: 3 },
    { outputs: 2, taps: 5 },
  ];
  return [
    `// Generated by generate/winograd.mjs.
import { multiplyAdd } from "./simd";
import { greatestOfWindow, winnerOf } from "./pool";
`,
    to36("transformInput", B, "Bᵀ d B: 6 × 6 vectors."),
    ...algorithms.flatMap(({ outputs, taps }) => [
      to36(`transformKernel${taps}`, kernelMatrix(taps), `G g Gᵀ: ${taps} × ${taps} vectors.`),
      to36(
        `transformGradient${outputs}`,
        transposed(outputMatrix(outputs)),
        `A gy Aᵀ: ${outputs} × ${outputs} vectors.`,
      ),
      kernelGradient(taps),
      output(outputs),
    ]),
  ].join("");
}
