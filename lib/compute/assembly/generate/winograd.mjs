// Writes the transforms of Winograd's algorithms (winograd-algorithms.mjs): small matrices applied to rows and then to
// columns, four channels in the four lanes.

import { algorithms } from "./winograd-algorithms.mjs";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const transposed = (m) => m[0].map((_, j) => m.map((row) => row[j]));
const isOne = (m) => m.length === 1 && m[0].length === 1;

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
 * Statements for ys = matrix · xs. Where the points come in pairs, 1 and -1, 2 and -2, neighbouring rows (or columns)
 * differ only in signs: they share their two halves (or sums and differences).
 */
function apply(matrix, xs, ys) {
  const lines = pairsOf(matrix).length
    ? applyByRows(matrix, xs, ys)
    : applyByColumns(matrix, xs, ys);
  return lines.map((line) => `    ${line}`).join("\n");
}

/** The first of each two neighbouring rows that differ only in signs. */
function pairsOf(matrix) {
  const pairs = [];
  for (let i = 0; i + 1 < matrix.length; i++) {
    const [a, b] = [matrix[i], matrix[i + 1]];
    const count = a.filter((c) => c !== 0).length;
    const alike = a.every((c, j) => Math.abs(c) === Math.abs(b[j])) && count > 1;
    if (alike) pairs.push(i++);
  }
  return pairs;
}

function applyByRows(matrix, xs, ys) {
  const pairs = pairsOf(matrix);
  const text = [];
  for (const [i, row] of matrix.entries()) {
    if (pairs.includes(i - 1)) continue;
    if (!pairs.includes(i)) {
      text.push(`${ys[i]} = ${combination(row.map((c, j) => [c, xs[j]]))};`);
      continue;
    }
    const alike = (j) => row[j] === matrix[i + 1][j];
    const even = row.map((c, j) => [alike(j) ? c : 0, xs[j]]);
    const odd = row.map((c, j) => [alike(j) ? 0 : c, xs[j]]);
    text.push(`const e${i} = ${combination(even)}, o${i} = ${combination(odd)};`);
    text.push(`${ys[i]} = f32x4.add(e${i}, o${i}); ${ys[i + 1]} = f32x4.sub(e${i}, o${i});`);
  }
  return text;
}

function applyByColumns(matrix, xs, ys) {
  const pairs = pairsOf(transposed(matrix));
  const halves = pairs.map(
    (j) =>
      `const s${j} = f32x4.add(${xs[j]}, ${xs[j + 1]}), d${j} = f32x4.sub(${xs[j]}, ${xs[j + 1]});`,
  );
  const rows = matrix.map((row, i) => {
    const terms = row.flatMap((c, j) => {
      if (pairs.includes(j - 1)) return [];
      if (!pairs.includes(j)) return [[c, xs[j]]];
      return [[c, (c === row[j + 1] ? "s" : "d") + j]];
    });
    return `${ys[i]} = ${combination(terms)};`;
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
 * A transform to vectors `step` bytes apart, of vectors at `from`, rows `rowStep` bytes apart.
 * The loops over rows and columns stay: straight code would need more registers than there are.
 */
function toPlaces(name, tall, wide) {
  const [lines, width] = [tall[0].length, wide.length];
  const [xs, ys] = [names("x", wide[0].length), names("y", width)];
  const [us, vs] = [names("x", lines), names("y", tall.length)];
  const rowPass = (store) => `${loads(xs, (j) => `from, ${16 * j}`)}
${apply(wide, xs, ys)}
${stores(ys, store)}`;
  const head = `
function ${name}(from: usize, rowStep: usize, out: usize, step: usize, work: usize): void {
  ${declare("x", Math.max(xs.length, lines))} ${declare("y", Math.max(width, tall.length))}`;
  if (isOne(tall)) return `${head}\n${rowPass((j, y) => `out + ${j} * step, ${y}`)}\n}\n`;
  return `${head}
  let w = work;
  for (let row = 0; row < ${lines}; row++) {
${rowPass((j, y) => `w, ${y}, ${16 * j}`)}
    w += ${16 * width};
    from += rowStep;
  }
  w = work;
  for (let column = 0; column < ${width}; column++) {
${loads(us, (i) => `w, ${16 * width * i}`)}
${apply(tall, us, vs)}
${stores(vs, (i, y) => `out + ${width * i} * step, ${y}`)}
    w += 16;
    out += step;
  }
}
`;
}

/** The first half of a transform of vectors `step` bytes apart: to `work`, rows of `width` vectors. */
function columnsFromPlaces(tall, width) {
  const [xs, ys] = [names("x", tall[0].length), names("y", tall.length)];
  return `  let w = work;
  for (let column = 0; column < ${width}; column++) {
${loads(xs, (i) => `from + ${width * i} * step`)}
${apply(tall, xs, ys)}
${stores(ys, (i, y) => `w, ${y}, ${16 * width * i}`)}
    w += 16;
    from += step;
  }
  w = work;`;
}

/** The loads of a row of places: from `work`, or where there is one row, from where they lie. */
const rowLoads = (tall, xs) =>
  loads(xs, (j) => (isOne(tall) ? `from + ${j} * step` : `w, ${16 * j}`));

/** Gᵀ u G: the kernel's gradient. */
function kernelGradient(name, tall, wide) {
  const [K, L, width] = [tall[0].length, wide[0].length, wide.length];
  const [xs, ys] = [names("x", Math.max(width, tall.length)), names("y", Math.max(K, L))];
  return `
function ${name}(from: usize, step: usize, out: usize, work: usize): void {
  ${declare("x", xs.length)} ${declare("y", ys.length)}
${isOne(tall) ? "  let w = work;" : columnsFromPlaces(transposed(tall), width)}
  for (let row = 0; row < ${K}; row++) {
${rowLoads(tall, xs.slice(0, width))}
${apply(transposed(wide), xs, ys)}
${stores(ys.slice(0, L), (j, y) => `out, ${y}, ${16 * j}`)}
    w += ${16 * width};
    out += ${16 * L};
  }
}
`;
}

/** Four channels' rows of numbers, from columns of four channels. */
const storeFour = ([a, b, c, d], offset) => `
    t0 = v128.shuffle<f32>(${a}, ${b}, 0, 4, 1, 5); t1 = v128.shuffle<f32>(${c}, ${d}, 0, 4, 1, 5);
    v128.store(out, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5), ${offset}); v128.store(out + plane, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), ${offset});
    t0 = v128.shuffle<f32>(${a}, ${b}, 2, 6, 3, 7); t1 = v128.shuffle<f32>(${c}, ${d}, 2, 6, 3, 7);
    v128.store(out + 2 * plane, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5), ${offset}); v128.store(out + 3 * plane, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), ${offset});`;
const storeTwo = ([a, b]) => `
    t0 = v128.shuffle<f32>(${a}, ${b}, 0, 4, 1, 5); t1 = v128.shuffle<f32>(${a}, ${b}, 2, 6, 3, 7);
    v128.store64_lane(out, t0, 0); v128.store64_lane(out + plane, t0, 1);
    v128.store64_lane(out + 2 * plane, t1, 0); v128.store64_lane(out + 3 * plane, t1, 1);`;
const storeRow = (ys) =>
  ys.length === 2
    ? storeTwo(ys)
    : range(ys.length / 4)
        .map((i) => storeFour(ys.slice(4 * i, 4 * i + 4), 16 * i))
        .join("");

/** Aᵀ m A, and what follows a convolution. */
function output(number, { rows, columns, pooled }) {
  const [tall, wide] = [rows.output, columns.output];
  const [height, width] = [tall.length, wide.length];
  const [xs, ys] = [names("x", wide[0].length), names("y", width)];
  const row = (then) => `    {
${rowLoads(tall, xs)}
${apply(wide, xs, ys)}
    }
    ${ys.map((y) => `${y} = f32x4.add(${y}, bias);`).join(" ")}${then}
    w += ${16 * wide[0].length};`;
  const variables = Math.max(xs.length, tall[0].length);
  const declared = `${declare("x", variables)} ${declare("y", Math.max(width, height))} let t0: v128, t1: v128;`;
  const down = isOne(tall) ? "  let w = work;" : columnsFromPlaces(tall, wide[0].length);
  return `
function transformOutput${number}(
  from: usize, step: usize, bias: v128, relu: bool, out: usize, plane: usize, rowStep: usize, work: usize,
): void {
  ${declared}
  const zero = f32x4.splat(0);
${down}
  for (let row = 0; row < ${height}; row++) {
${row(`
    if (relu) {
      ${ys.map((y) => `${y} = f32x4.pmax(${y}, zero);`).join(" ")}
    }${storeRow(ys)}`)}
    out += rowStep;
  }
}
${
  pooled
    ? `
function transformOutputPooled${number}(
  from: usize, step: usize, bias: v128, relu: bool, out: usize, winners: usize, plane: usize, rowStep: usize, work: usize,
): void {
  ${declared} ${declare("z", width)} let a: v128, b: v128;
${down}
  for (let row = 0; row < ${height / 2}; row++) {
${row("")}
    ${ys.map((y, i) => `z${i} = ${y};`).join(" ")}
${row("")}
${width === 4 ? poolFour : poolTwo}
    out += rowStep;
  }
}
`
    : ""
}`;
}

const poolFour = `    a = greatestOfWindow(z0, z1, y0, y1, relu);
    b = greatestOfWindow(z2, z3, y2, y3, relu);
    t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5); t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    v128.store64_lane(out, t0, 0); v128.store64_lane(out + plane, t0, 1);
    v128.store64_lane(out + 2 * plane, t1, 0); v128.store64_lane(out + 3 * plane, t1, 1);
    if (winners) {
      const most = plane >> 2;
      a = v128.or(winnerOf(z0, z1, y0, a, relu), i32x4.shl(winnerOf(z2, z3, y2, b, relu), 8));
      v128.store16_lane(winners, a, 0); v128.store16_lane(winners + most, a, 2);
      v128.store16_lane(winners + 2 * most, a, 4); v128.store16_lane(winners + 3 * most, a, 6);
      winners += rowStep >> 2;
    }`;
const poolTwo = `    a = greatestOfWindow(z0, z1, y0, y1, relu);
    v128.store32_lane(out, a, 0); v128.store32_lane(out + plane, a, 1);
    v128.store32_lane(out + 2 * plane, a, 2); v128.store32_lane(out + 3 * plane, a, 3);
    if (winners) {
      const most = plane >> 2;
      a = winnerOf(z0, z1, y0, a, relu);
      v128.store8_lane(winners, a, 0); v128.store8_lane(winners + most, a, 4);
      v128.store8_lane(winners + 2 * most, a, 8); v128.store8_lane(winners + 3 * most, a, 12);
      winners += rowStep >> 2;
    }`;

/** One function for all algorithms that calls that of each; `which` leaves some out. */
function chooser(name, doc, parameters, which = () => true) {
  const given = parameters.replace(/: \w+/g, "");
  const cases = algorithms
    .filter(which)
    .map(({ number }) => `    case ${number}: ${name}${number}(${given}); return;`);
  return `
/** ${doc} */
export function ${name}(algorithm: i32, ${parameters}): void {
  switch (algorithm) {
${cases.join("\n")}
  }
}
`;
}

/** A property of the algorithms, as a function of their number. */
function property(name, doc, valueOf) {
  const cases = algorithms.map((a) => `    case ${a.number}: return ${valueOf(a.size)};`);
  return `
/** ${doc} */
export function ${name}(algorithm: i32): i32 {
  switch (algorithm) {
${cases.join("\n")}
  }
  return 0;
}
`;
}

/** The text of the AssemblyScript module. */
export function winogradModule() {
  const to = "from: usize, rowStep: usize, out: usize, step: usize, work: usize";
  const back =
    "from: usize, step: usize, bias: v128, relu: bool, out: usize, plane: usize, rowStep: usize, work: usize";
  const axes = ["Rows", "Columns"].map((axis, i) => [axis, i]);
  const trained = (algorithm) => algorithm.trained;
  return [
    `// Generated by generate/winograd.mjs. Algorithms: ${algorithms.map(({ name, number }) => `${number} ${name}`).join(", ")}.
import { multiplyAdd } from "./simd";
import { greatestOfWindow, winnerOf } from "./pool";
`,
    property("placesOf", "Numbers in a transformed tile.", ({ places }) => places),
    ...axes.flatMap(([axis, i]) => [
      property(`taps${axis}`, `${axis} of the kernel.`, ({ taps }) => taps[i]),
      property(`results${axis}`, `${axis} of a tile of results.`, ({ results }) => results[i]),
      property(`reach${axis}`, `${axis} of pixels that a tile reads.`, ({ reach }) => reach[i]),
      property(`step${axis}`, `${axis} of pixels from tile to tile.`, ({ step }) => step[i]),
    ]),
    ...algorithms.flatMap((algorithm) => {
      const { number, rows, columns } = algorithm;
      return [
        toPlaces(`transformInput${number}`, rows.input, columns.input),
        toPlaces(`transformKernel${number}`, rows.kernel, columns.kernel),
        output(number, algorithm),
        ...(algorithm.trained
          ? [
              toPlaces(
                `transformGradient${number}`,
                ...[rows.output, columns.output].map(transposed),
              ),
              kernelGradient(`transformKernelGradient${number}`, rows.kernel, columns.kernel),
            ]
          : []),
      ];
    }),
    chooser("transformInput", "Bᵀ d B: vectors to vectors `step` bytes apart.", to),
    chooser("transformKernel", "G g Gᵀ, alike.", to),
    chooser("transformGradient", "A gy Aᵀ, alike.", to, trained),
    chooser(
      "transformKernelGradient",
      "Gᵀ u G: vectors `step` bytes apart to taps × taps vectors.",
      "from: usize, step: usize, out: usize, work: usize",
      trained,
    ),
    chooser(
      "transformOutput",
      "Aᵀ m A + bias, and ReLU: vectors `step` bytes apart to rows of numbers in each of four planes.",
      back,
    ),
    chooser(
      "transformOutputPooled",
      "The same, then 2 × 2 max pooling; `winners`: a byte for each result, or 0.",
      back.replace("out: usize,", "out: usize, winners: usize,"),
      ({ pooled }) => pooled,
    ),
  ].join("");
}
