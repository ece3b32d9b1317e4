// Writes the transforms of Winograd's algorithms (winograd-algorithms.mjs): small matrices applied to rows and then to
// columns. A pixel is CHANNELS channels side by side: one vector of four, or in the wide build two, of which V8 makes one
// of eight (see micro.mjs). Only loads, stores and arithmetic are left to it: some other operations abort it.

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

/** The text of the transforms where a pixel is so many vectors. The second vector of a variable ends in an underscore. */
function transforms(vectors) {
  const PIXEL = 16 * vectors;
  const halves = range(vectors).map((half) => ({ half, of: (name) => name + "_".repeat(half) }));
  const declare = (letter, n) =>
    `let ${names(letter, n)
      .flatMap((x) => halves.map(({ of }) => `${of(x)}: v128`))
      .join(", ")};`;

  /** A place is an address and what is added to it. */
  const loads = (variables, place) =>
    variables
      .flatMap((x, i) => halves.map(({ half, of }) => load(of(x), place(i), half)))
      .join("\n");
  const load = (x, [address, offset = 0], half) =>
    `    ${x} = v128.load(${address}, ${offset + 16 * half});`;
  const stores = (variables, place) =>
    variables
      .flatMap((y, i) => halves.map(({ half, of }) => store(of(y), place(i), half)))
      .join("\n");
  const store = (y, [address, offset = 0], half) =>
    `    v128.store(${address}, ${y}, ${offset + 16 * half});`;
  const applied = (matrix, xs, ys) =>
    halves.map(({ of }) => `    {\n${apply(matrix, xs.map(of), ys.map(of))}\n    }`).join("\n");

  /**
   * A transform to pixels `step` bytes apart, of pixels at `from`, rows `rowStep` bytes apart.
   * The loops over rows and columns stay: straight code would need more registers than there are.
   */
  function toPlaces(name, tall, wide) {
    const [lines, width] = [tall[0].length, wide.length];
    const [xs, ys] = [names("x", wide[0].length), names("y", width)];
    const [us, vs] = [names("x", lines), names("y", tall.length)];
    const rowPass = (place) => `${loads(xs, (j) => ["from", PIXEL * j])}
${applied(wide, xs, ys)}
${stores(ys, place)}`;
    const head = `
function ${name}(from: usize, rowStep: usize, out: usize, step: usize, work: usize): void {
  ${declare("x", Math.max(xs.length, lines))} ${declare("y", Math.max(width, tall.length))}`;
    if (isOne(tall)) return `${head}\n${rowPass((j) => [`out + ${j} * step`])}\n}\n`;
    return `${head}
  let w = work;
  for (let row = 0; row < ${lines}; row++) {
${rowPass((j) => ["w", PIXEL * j])}
    w += ${PIXEL * width};
    from += rowStep;
  }
  w = work;
  for (let column = 0; column < ${width}; column++) {
${loads(us, (i) => ["w", PIXEL * width * i])}
${applied(tall, us, vs)}
${stores(vs, (i) => [`out + ${width * i} * step`])}
    w += ${PIXEL};
    out += step;
  }
}
`;
  }

  /** The first half of a transform of pixels `step` bytes apart: to `work`, rows of `width` pixels. */
  function columnsFromPlaces(tall, width) {
    const [xs, ys] = [names("x", tall[0].length), names("y", tall.length)];
    return `  let w = work;
  for (let column = 0; column < ${width}; column++) {
${loads(xs, (i) => [`from + ${width * i} * step`])}
${applied(tall, xs, ys)}
${stores(ys, (i) => ["w", PIXEL * width * i])}
    w += ${PIXEL};
    from += step;
  }
  w = work;`;
  }

  /** The loads of a row of places: from `work`, or where there is one row, from where they lie. */
  const rowLoads = (tall, xs) =>
    loads(xs, (j) => (isOne(tall) ? [`from + ${j} * step`] : ["w", PIXEL * j]));

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
${applied(transposed(wide), xs, ys)}
${stores(ys.slice(0, L), (j) => ["out", PIXEL * j])}
    w += ${PIXEL * width};
    out += ${PIXEL * L};
  }
}
`;
  }

  /** Aᵀ m A, and what follows a convolution. */
  function output(number, { rows, columns, pooled }) {
    const [tall, wide] = [rows.output, columns.output];
    const [height, width] = [tall.length, wide.length];
    const [xs, ys] = [names("x", wide[0].length), names("y", width)];
    const each = (line) => halves.map(({ of }) => ys.map((y) => line(of(y), of("bias"))).join(" "));
    const row = `${rowLoads(tall, xs)}
${applied(wide, xs, ys)}
    ${each((y, bias) => `${y} = f32x4.add(${y}, ${bias});`).join("\n    ")}`;
    const declared = `${declare("x", Math.max(xs.length, tall[0].length))} ${declare("y", Math.max(width, height))} ${declare("bias", 1).replaceAll("bias0", "bias")}
  let t0: v128, t1: v128;
${loads(["bias"], () => ["biases"])}`;
    const down = isOne(tall) ? "  let w = work;" : columnsFromPlaces(tall, wide[0].length);

    // Four channels are written at once. If there are more in a pixel, they wait in `work` for their turn.
    const inWork = vectors > 1 ? `\n${stores(ys, (j) => ["w", PIXEL * j])}` : "";
    const fromWork = (variables, address, half) =>
      vectors > 1
        ? variables.map((y, j) => `${load(y, [address, PIXEL * j], half)}`).join("\n") + "\n"
        : "";
    const quads = (then) =>
      halves.map(({ half }) => then(half, half ? `(out + ${4 * half} * plane)` : "out")).join("\n");
    const rowBytes = PIXEL * wide[0].length;
    return `
function transformOutput${number}(
  from: usize, step: usize, biases: usize, relu: bool, out: usize, plane: usize, rowStep: usize, work: usize,
): void {
  ${declared}
  const zero = f32x4.splat(0);
${down}
  for (let row = 0; row < ${height}; row++) {
${row}
    if (relu) {
      ${each((y) => `${y} = f32x4.pmax(${y}, zero);`).join("\n      ")}
    }${inWork}
${quads((half, to) => fromWork(ys, "w", half) + storeRow(ys, to))}
    w += ${rowBytes};
    out += rowStep;
  }
}
${pooled ? pooledOutput() : ""}`;

    function pooledOutput() {
      const zs = names("z", width);
      const keep = vectors > 1 ? inWork : `\n    ${ys.map((y, i) => `z${i} = ${y};`).join(" ")}`;
      const pool = width === 4 ? poolFour : poolTwo;
      return `
function transformOutputPooled${number}(
  from: usize, step: usize, biases: usize, relu: bool, out: usize, winners: usize, plane: usize, rowStep: usize, work: usize,
): void {
  ${declared} let ${zs.map((z) => `${z}: v128`).join(", ")}, a: v128, b: v128;
  const most = plane >> 2;
${down}
  for (let row = 0; row < ${height / 2}; row++) {
${row}${keep}
    w += ${rowBytes};
${row}${inWork}
${quads((half, to) => fromWork(zs, `w - ${rowBytes}`, half) + fromWork(ys, "w", half) + pool(to, half ? `(winners + ${4 * half} * most)` : "winners"))}
    w += ${rowBytes};
    if (winners) winners += rowStep >> 2;
    out += rowStep;
  }
}
`;
    }
  }

  return { toPlaces, kernelGradient, output };
}

/** Four channels' rows of numbers, from columns of four channels. */
const storeFour = ([a, b, c, d], out, offset) => `
    t0 = v128.shuffle<f32>(${a}, ${b}, 0, 4, 1, 5); t1 = v128.shuffle<f32>(${c}, ${d}, 0, 4, 1, 5);
    v128.store(${out}, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5), ${offset}); v128.store(${out} + plane, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), ${offset});
    t0 = v128.shuffle<f32>(${a}, ${b}, 2, 6, 3, 7); t1 = v128.shuffle<f32>(${c}, ${d}, 2, 6, 3, 7);
    v128.store(${out} + 2 * plane, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5), ${offset}); v128.store(${out} + 3 * plane, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), ${offset});`;
const storeTwo = ([a, b], out) => `
    t0 = v128.shuffle<f32>(${a}, ${b}, 0, 4, 1, 5); t1 = v128.shuffle<f32>(${a}, ${b}, 2, 6, 3, 7);
    v128.store64_lane(${out}, t0, 0); v128.store64_lane(${out} + plane, t0, 1);
    v128.store64_lane(${out} + 2 * plane, t1, 0); v128.store64_lane(${out} + 3 * plane, t1, 1);`;
const storeRow = (ys, out) =>
  ys.length === 2
    ? storeTwo(ys, out)
    : range(ys.length / 4)
        .map((i) => storeFour(ys.slice(4 * i, 4 * i + 4), out, 16 * i))
        .join("");

const poolFour = (out, winners) => `    a = greatestOfWindow(z0, z1, y0, y1, relu);
    b = greatestOfWindow(z2, z3, y2, y3, relu);
    t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5); t1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    v128.store64_lane(${out}, t0, 0); v128.store64_lane(${out} + plane, t0, 1);
    v128.store64_lane(${out} + 2 * plane, t1, 0); v128.store64_lane(${out} + 3 * plane, t1, 1);
    if (winners) {
      a = v128.or(winnerOf(z0, z1, y0, a, relu), i32x4.shl(winnerOf(z2, z3, y2, b, relu), 8));
      v128.store16_lane(${winners}, a, 0); v128.store16_lane(${winners} + most, a, 2);
      v128.store16_lane(${winners} + 2 * most, a, 4); v128.store16_lane(${winners} + 3 * most, a, 6);
    }`;
const poolTwo = (out, winners) => `    a = greatestOfWindow(z0, z1, y0, y1, relu);
    v128.store32_lane(${out}, a, 0); v128.store32_lane(${out} + plane, a, 1);
    v128.store32_lane(${out} + 2 * plane, a, 2); v128.store32_lane(${out} + 3 * plane, a, 3);
    if (winners) {
      a = winnerOf(z0, z1, y0, a, relu);
      v128.store8_lane(${winners}, a, 0); v128.store8_lane(${winners} + most, a, 4);
      v128.store8_lane(${winners} + 2 * most, a, 8); v128.store8_lane(${winners} + 3 * most, a, 12);
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
export function winogradModule({ wide }) {
  const { toPlaces, kernelGradient, output } = transforms(wide ? 2 : 1);
  const to = "from: usize, rowStep: usize, out: usize, step: usize, work: usize";
  const back =
    "from: usize, step: usize, biases: usize, relu: bool, out: usize, plane: usize, rowStep: usize, work: usize";
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
    chooser("transformInput", "Bᵀ d B: pixels to pixels `step` bytes apart.", to),
    chooser("transformKernel", "G g Gᵀ, alike.", to),
    chooser("transformGradient", "A gy Aᵀ, alike.", to, trained),
    chooser(
      "transformKernelGradient",
      "Gᵀ u G: pixels `step` bytes apart to taps × taps pixels.",
      "from: usize, step: usize, out: usize, work: usize",
      trained,
    ),
    chooser(
      "transformOutput",
      "Aᵀ m A + bias, and ReLU: pixels `step` bytes apart to rows of numbers in each of CHANNELS planes.",
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
