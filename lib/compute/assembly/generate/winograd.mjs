// Writes the transforms of Winograd's F(4×4, 3×3): 16 outputs of a 3 × 3 convolution with 36 multiplications
// instead of 144 (Lavin & Gray, Fast algorithms for convolutional neural networks, 2015, section 4.3).
//
// y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. Every transform is a small matrix applied to columns and then to rows; four tiles
// (or four channels) lie in the four lanes.

const B = [
  // Bᵀ: 6 × 6
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const A = [
  // Aᵀ: 4 × 6
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];
const G = [
  // 6 × 3
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];

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

/** Rows of four 4-wide pieces at p0…p3 (+ offset), transposed: variable i gets column i of all four. */
const transposeIn = (offset, into) => `
    r0 = v128.load(p0, ${offset}); r1 = v128.load(p1, ${offset}); r2 = v128.load(p2, ${offset}); r3 = v128.load(p3, ${offset});
    t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5); t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    ${into[0]} = v128.shuffle<f32>(t0, t1, 0, 1, 4, 5); ${into[1]} = v128.shuffle<f32>(t0, t1, 2, 3, 6, 7);${
      into.length < 4
        ? ""
        : `
    t0 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7); t1 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    ${into[2]} = v128.shuffle<f32>(t0, t1, 0, 1, 4, 5); ${into[3]} = v128.shuffle<f32>(t0, t1, 2, 3, 6, 7);`
    }`;

/** A transform of four tiles at p0…p3: `rows` of `size` numbers each, to 36 vectors `step` bytes apart. */
function fromTiles(name, matrix, doc) {
  const size = matrix[0].length;
  const xs = names("x", size),
    ys = names("y", 6);
  return `
/** ${doc} */
export function ${name}(p0: usize, p1: usize, p2: usize, p3: usize, rowStep: usize, out: usize, step: usize, work: usize): void {
  ${declare("x", size)} ${declare("y", 6)}
  let r0: v128, r1: v128, r2: v128, r3: v128, t0: v128, t1: v128;
  let w = work;
  for (let row = 0; row < ${size}; row++) {${transposeIn(0, xs.slice(0, 4))}${size === 6 ? transposeIn(16, xs.slice(4)).replace(/v128\.load\((p\d), 16\)/g, "v128.load64_zero($1, 16)") : ""}
${apply(matrix, xs, ys)}
${range(6)
  .map((j) => `    v128.store(w, y${j}, ${16 * j});`)
  .join("\n")}
    w += 96;
    p0 += rowStep; p1 += rowStep; p2 += rowStep; p3 += rowStep;
  }
  w = work;
  for (let column = 0; column < 6; column++) {
${xs.map((x, i) => `    ${x} = v128.load(w, ${96 * i});`).join("\n")}
${apply(matrix, xs, ys)}
${range(6)
  .map((i) => `    v128.store(out + ${6 * i} * step, y${i});`)
  .join("\n")}
    w += 16;
    out += step;
  }
}
`;
}

/** A transform of 36 vectors `step` bytes apart to size × size vectors at `out`. */
function toTiles(name, matrix, doc) {
  const size = matrix.length;
  const xs = names("x", 6),
    ys = names("y", size);
  return `
/** ${doc} */
export function ${name}(from: usize, step: usize, out: usize, work: usize): void {
  ${declare("x", 6)} ${declare("y", size)}
  let w = work;
  for (let row = 0; row < 6; row++) {
${xs.map((x, i) => `    ${x} = v128.load(from + ${i} * step);`).join("\n")}
${apply(matrix, xs, ys)}
${ys.map((y, j) => `    v128.store(w, ${y}, ${16 * j});`).join("\n")}
    w += ${16 * size};
    from += 6 * step;
  }
  w = work;
  for (let column = 0; column < ${size}; column++) {
${xs.map((x, i) => `    ${x} = v128.load(w, ${16 * size * i});`).join("\n")}
${apply(matrix, xs, ys)}
${ys.map((y, i) => `    v128.store(out, ${y}, ${16 * size * i});`).join("\n")}
    w += 16;
    out += 16;
  }
}
`;
}

/** 3 × 3 vectors at \`from\` to 36 vectors \`step\` bytes apart. */
function weights() {
  const xs = names("x", 3),
    ys = names("y", 6);
  return `
/** G g Gᵀ: nine vectors at \`from\` (four kernels in the lanes) to 36 vectors \`step\` bytes apart. */
export function transformKernels(from: usize, out: usize, step: usize, work: usize): void {
  ${declare("x", 3)} ${declare("y", 6)}
  let w = work;
  for (let row = 0; row < 3; row++) {
${xs.map((x, i) => `    ${x} = v128.load(from, ${16 * i});`).join("\n")}
${apply(G, xs, ys)}
${ys.map((y, j) => `    v128.store(w, ${y}, ${16 * j});`).join("\n")}
    w += 96;
    from += 48;
  }
  w = work;
  for (let column = 0; column < 6; column++) {
${xs.map((x, i) => `    ${x} = v128.load(w, ${96 * i});`).join("\n")}
${apply(G, xs, ys)}
${ys.map((y, i) => `    v128.store(out + ${6 * i} * step, ${y});`).join("\n")}
    w += 16;
    out += step;
  }
}
`;
}

/** The text of the AssemblyScript module. */
export function winogradModule() {
  return `// Generated by generate/winograd.mjs.
import { multiplyAdd } from "./simd";
${fromTiles("transformInput", B, "Bᵀ d B: four 6 × 6 tiles at p0 to p3.")}${fromTiles("transformGradient", transposed(A), "A gy Aᵀ: four 4 × 4 tiles at p0 to p3.")}${toTiles("transformOutput", A, "Aᵀ m A: 4 × 4 vectors.")}${toTiles("transformKernelGradient", transposed(G), "Gᵀ u G: 3 × 3 vectors.")}${weights()}`;
}
