// Writes the inner loops of matrix product and direct convolution: a tile of sums kept in registers.
//
// What decides their shape (read from V8's --print-wasm-code): in a block of straight code V8 puts all loads
// first, so loads + sums + temporaries must fit in 15 registers, or it spills (2-4 times slower). Hence 4 rows × 8
// columns: 8 sums, as many as hide the latency of multiply-add. A branch that is never taken (a "fence") ends the
// block, and lets a loop be unrolled without meeting the limit.
//
// The wide build is for an engine that merges two neighbouring vectors into one register of 256 bits
// (--experimental-wasm-revectorize). Its tiles are 4 × 16: again 8 sums, of two vectors each. V8 starts from two stores
// side by side and asks whether all that leads to them comes in pairs too; a load between two stores of a row would end
// that. Every number is the sum of the same products in the same order, so the results are the same bits.

const range = (n) => Array.from({ length: n }, (_, i) => i);
const lines = (n, line) => range(n).map(line).join("\n");

const ROWS = 4;

/** `sum[row][vector] += a[row] · b[vector]`; a is four neighbouring floats, b the vectors at `bPlace`. */
function rankOne(vectors, aOffset, bPlace) {
  const loadsB = lines(vectors, (v) => `    b${v} = v128.load(${bPlace(v)});`);
  const products = lines(ROWS, (row) =>
    [
      `    a = v128.load32_splat(${aOffset(row)});`,
      ...range(vectors).map((v) => `    sum${row}_${v} = multiplyAdd(a, b${v}, sum${row}_${v});`),
    ].join("\n"),
  );
  return `${loadsB}\n${products}\n`;
}

const declare = (vectors, first) =>
  `${lines(ROWS, (row) =>
    range(vectors)
      .map((v) => `  let sum${row}_${v} = ${first(row)};`)
      .join(" "),
  )}
  let a: v128, ${range(vectors)
    .map((v) => `b${v}: v128`)
    .join(", ")};
`;

const storeTile = (vectors, value) =>
  lines(ROWS, (row) =>
    [
      ...range(vectors).map((v) => `  v128.store(out, ${value(row, v)}, ${16 * v});`),
      "  out += outStep;",
    ].join("\n"),
  );

/** Adds the sums to a tile. All loads of a row stand before its stores. */
const addTile = (vectors) =>
  lines(ROWS, (row) =>
    [
      ...range(vectors).map((v) => `  b${v} = v128.load(out, ${16 * v});`),
      ...range(vectors).map(
        (v) => `  v128.store(out, f32x4.add(b${v}, sum${row}_${v}), ${16 * v});`,
      ),
      "  out += outStep;",
    ].join("\n"),
  );

let fences = 0;
const fence = () => `    if (fence == ${++fences}) break;\n`;

/** `count` steps, with a fence of its own between each two: the compiler would merge equal ones. */
const unrolled = (count, step) =>
  range(count)
    .map((k) => (k ? fence() : "") + step(k))
    .join("");

/**
 * out[4][COLUMNS] (+)= a[4][k] · b[k][COLUMNS]. `a` is packed, four rows side by side.
 * @param packed do rows of b follow each other, or are they `bStep` bytes apart?
 * @param pitch bytes from four numbers of a to the next four
 */
function product(name, vectors, packed, pitch = 16) {
  const unroll = 4;
  const next = packed ? "" : "    b += bStep;\n";
  const place = (step) => (v) => `b, ${16 * (packed ? step * vectors + v : v)}`;
  const steps = range(unroll).map(
    (step) => rankOne(vectors, (row) => `a_, ${step * pitch + 4 * row}`, place(step)) + next,
  );
  return `
export function ${name}(a_: usize, b: usize,${packed ? "" : " bStep: usize,"} out: usize, outStep: usize, k: i32, accumulate: bool): void {
  const fence = fenceValue();
${declare(vectors, () => "f32x4.splat(0)")}
  while (k >= ${unroll}) {
${steps.reduce((text, step) => text + fence() + step)}    a_ += ${unroll * pitch};
${packed ? `    b += ${unroll * 16 * vectors};\n` : ""}    k -= ${unroll};
  }
  while (k > 0) {
${steps[0]}    a_ += ${pitch};
${packed ? `    b += ${16 * vectors};\n` : ""}    k--;
  }
  if (accumulate) {
${addTile(vectors)}
  } else {
${storeTile(vectors, (row, v) => `sum${row}_${v}`)}
  }
}
`;
}

/** So many products at most are summed one after the other: longer sums are made of parts, for smaller rounding errors. */
const PART = 576;

/**
 * out[4 channels][4·vectors pixels] = bias + Σ over taps of weight · x, then ReLU if wanted. Here a tap is one of an input
 * channel. weights: [taps][4]; taps: byte offsets from x. With `apart` the second half of the vectors is not beside the
 * first but `second` bytes further.
 */
function convolution(name, vectors, apart = false) {
  const half = vectors / 2;
  const step = (offset) =>
    `    p = x + load<u32>(taps, ${4 * offset});\n` +
    rankOne(
      vectors,
      (row) => `weights, ${16 * offset + 4 * row}`,
      (v) => (apart && v >= half ? `p + second, ${16 * (v - half)}` : `p, ${16 * v}`),
    );
  const sums = (value) =>
    lines(ROWS, (row) =>
      range(vectors)
        .map((v) => `    sum${row}_${v} = ${value(row, v)};`)
        .join("\n"),
    );
  return `
export function ${name}(weights: usize, x: usize,${apart ? " second: usize," : ""} taps: usize, count: i32, bias: usize, out: usize, outStep: usize, relu: bool): void {
  const fence = fenceValue();
${declare(vectors, (row) => `v128.load32_splat(bias, ${4 * row})`)}
  let p: usize, whole = true;
  for (;;) {
    const some = min(count, ${PART}), end = taps + (<usize>some << 2), end3 = taps + (<usize>(some - some % 3) << 2);
    while (taps < end3) {
${step(0)}${fence()}${step(1)}${fence()}${step(2)}    weights += 48;
    taps += 12;
    }
    while (taps < end) {
${step(0)}    weights += 16;
    taps += 4;
    }
    count -= some;
    if (count == 0 && whole) break;
    if (!whole) {
${addTile(vectors)}
    } else {
${storeTile(vectors, (row, v) => `sum${row}_${v}`)}
    }
    out -= ${ROWS} * outStep;
    if (count == 0) {
      if (relu) cutRows(out, outStep, ${vectors});
      return;
    }
${sums(() => "f32x4.splat(0)")}
    whole = false;
  }
  if (relu) {
    const zero = f32x4.splat(0);
${sums((row, v) => `f32x4.pmax(sum${row}_${v}, zero)`)}
  }
${storeTile(vectors, (row, v) => `sum${row}_${v}`)}
}
`;
}

/**
 * out[4·vectors pixels] = bias + Σ over taps of weight · x: one channel. taps as in `convolution`, weights one float each.
 */
function depthwise(name, vectors) {
  const step = (offset) => `    p = x + load<u32>(taps, ${4 * offset});
    a = v128.load32_splat(weights, ${4 * offset});
${lines(vectors, (v) => `    sum${v} = multiplyAdd(a, v128.load(p, ${16 * v}), sum${v});`)}
`;
  return `
export function ${name}(weights: usize, x: usize, taps: usize, tapCount: i32, bias: f32, out: usize): void {
  const fence = fenceValue();
  let a: v128, p: usize;
${lines(vectors, (v) => `  let sum${v} = f32x4.splat(bias);`)}
  for (; tapCount >= 3; tapCount -= 3) {
${step(0)}${fence()}${step(1)}${fence()}${step(2)}    taps += 12;
    weights += 12;
  }
  for (; tapCount > 0; tapCount--) {
${step(0)}    taps += 4;
    weights += 4;
  }
${lines(vectors, (v) => `  v128.store(out, sum${v}, ${16 * v});`)}
}
`;
}

/**
 * Two neighbouring rows of a depthwise convolution, 4·vectors pixels of each. Input row r of K + 1 meets kernel row r in the
 * first and r - 1 in the second. weights: [K][L]; taps: byte offsets of the L taps of a row; down: bytes to the next row.
 */
function depthwiseTwoRows(name, vectors) {
  const each = (line) => lines(vectors, (v) => `      ${line(v)}`);
  const inputRow = (first, second) => `    for (let l: usize = 0; l < L; l += 4) {
      const p = x + load<u32>(taps + l);
${each((v) => `const x${v} = v128.load(p, ${16 * v});`)}
${
  first
    ? `      const a = v128.load32_splat(w + l);
${each((v) => `a${v} = multiplyAdd(a, x${v}, a${v});`)}`
    : ""
}
${
  second
    ? `      const b = v128.load32_splat(w + l - L);
${each((v) => `b${v} = multiplyAdd(b, x${v}, b${v});`)}`
    : ""
}
    }
    x += down;
    w += L;`;
  return `
export function ${name}(weights: usize, x: usize, down: usize, taps: usize, K: i32, columns: i32, bias: f32, out: usize, outStep: usize): void {
  const first = f32x4.splat(bias), L = <usize>columns << 2;
${lines(vectors, (v) => `  let a${v} = first, b${v} = first;`)}
  let w = weights;
${inputRow(true, false)}
  for (let k = 1; k < K; k++) {
${inputRow(true, true)}
  }
${inputRow(false, true)}
${lines(vectors, (v) => `  v128.store(out, a${v}, ${16 * v}); v128.store(out + outStep, b${v}, ${16 * v});`)}
}
`;
}

/**
 * A row, or two neighbouring ones, of a 3 × 3 depthwise convolution: Q (at least 4) pixels each, all nine weights in
 * registers. x: the first pixel; rowStep, o1, o2: bytes to the next row and to the second and third column of the kernel.
 */
function depthwiseRows(name, rows) {
  return `
export function ${name}(weights: usize, x: usize, rowStep: usize, o1: usize, o2: usize, Q: i32, bias: f32, out: usize${rows > 1 ? ", outStep: usize" : ""}): void {
  const fence = fenceValue(), b = f32x4.splat(bias), last = <usize>(Q - 4) << 2, end = <usize>Q << 2;
${nineWeights}
  for (let i: usize = 0; i < end; i += 16) {
    const at = min(i, last); // the last vector may do some pixels a second time
    let p = x + at, ${range(rows)
      .map((row) => `sum${row} = b`)
      .join(", ")};
${unrolled(
  rows + 2,
  (r) => `    x0 = v128.load(p); x1 = v128.load(p + o1); x2 = v128.load(p + o2);
    ${nineProducts(r, rows)}
    p += rowStep;
`,
)}    v128.store(out + at, sum0);${rows > 1 ? "\n    v128.store(out + outStep + at, sum1);" : ""}
  }
}
`;
}

const nineWeights = `  const ${range(9)
  .map((i) => `w${i} = v128.load32_splat(weights, ${4 * i})`)
  .join(", ")};
  let x0: v128, x1: v128, x2: v128;`;

/** What three vectors of input row r add to the sums of the rows that see it. */
const nineProducts = (r, rows) =>
  range(rows)
    .filter((row) => r - row >= 0 && r - row < 3)
    .flatMap((row) =>
      range(3).map((l) => `sum${row} = multiplyAdd(w${3 * (r - row) + l}, x${l}, sum${row});`),
    )
    .join(" ");

/**
 * Two rows of a 3 × 3 depthwise convolution with one zero around an image of W (at least 8) columns, which is read where it
 * lies: what stands beside a row is masked. r0 to r3: the first pixels of the four input rows.
 */
function depthwiseBordered(name) {
  const vector = (left, right, at) => `${unrolled(
    4,
    (
      r,
    ) => `    x0 = ${left ? `v128.andnot(v128.load(r${r} + ${at} - 4), i32x4(-1, 0, 0, 0))` : `v128.load(r${r} + ${at} - 4)`};
    x1 = v128.load(r${r} + ${at});
    x2 = ${right ? `v128.andnot(v128.load(r${r} + ${at}, 4), i32x4(0, 0, 0, -1))` : `v128.load(r${r} + ${at}, 4)`};
    ${nineProducts(r, 2)}
`,
  )}    v128.store(out + ${at}, sum0);
    v128.store(out + outStep + ${at}, sum1);
`;
  const once = (text) => `  do {
    sum0 = b; sum1 = b;
${text}  } while (false);
`;
  return `
export function ${name}(weights: usize, r0: usize, r1: usize, r2: usize, r3: usize, W: i32, bias: f32, out: usize, outStep: usize): void {
  const fence = fenceValue(), b = f32x4.splat(bias), last = <usize>(W - 4) << 2;
${nineWeights}
  let sum0 = b, sum1 = b;
${once(vector(true, false, "<usize>0"))}
  for (let i: usize = 16; i < last; i += 16) {
    sum0 = b; sum1 = b;
${vector(false, false, "i")}  }
${once(vector(false, true, "last"))}
}
`;
}

/**
 * out[4 tiles][COLUMNS outputs] = Σ over `groups` · CHANNELS inputs of v · u. v: [groups][tiles][CHANNELS], `vStep` bytes from
 * group to group; u: [inputs][COLUMNS].
 */
function tileProduct(name, vectors) {
  const channels = 2 * vectors;
  const step = (k) =>
    rankOne(
      vectors,
      (row) => `v, ${4 * (channels * row + k)}`,
      (v) => `u, ${16 * (vectors * k + v)}`,
    );
  return `
export function ${name}(v: usize, vStep: usize, u: usize, out: usize, groups: i32): void {
  const fence = fenceValue(), outStep: usize = ${16 * vectors};
${declare(vectors, () => "f32x4.splat(0)")}
  for (; groups > 0; groups--) {
${unrolled(channels, step)}    v += vStep;
    u += ${16 * vectors * channels};
  }
${storeTile(vectors, (row, v) => `sum${row}_${v}`)}
}
`;
}

/**
 * The text of the AssemblyScript module. COLUMNS is the width of a tile, ROW the bytes of one of its four rows; CHANNELS
 * is how many channels Winograd's transforms take at once.
 */
export function microModule({ wide }) {
  fences = 0;
  const vectors = wide ? 4 : 2;
  return [
    `// Generated by generate/micro.mjs.
import { multiplyAdd, fenceValue } from "./simd";

export const COLUMNS: i32 = ${4 * vectors};
export const ROW: usize = ${16 * vectors};
export const CHANNELS: i32 = ${2 * vectors};

/** ReLU of a tile where it lies. */
function cutRows(out: usize, outStep: usize, vectors: i32): void {
  for (let row = 0; row < ${ROWS}; row++, out += outStep) {
    for (let v: usize = 0; v < <usize>vectors << 4; v += 16)
      v128.store(out + v, f32x4.pmax(v128.load(out + v), f32x4.splat(0)));
  }
}
`,
    product("multiplyTile", vectors, true),
    product("multiplyTileStrided", vectors, false),
    convolution("convolveTile", vectors),
    convolution("convolveHalf", vectors / 2),
    convolution("convolveHalves", vectors, true),
    depthwise("correlate16", 4),
    depthwise("correlate8", 2),
    depthwiseRows("correlateRow3", 1),
    depthwiseRows("correlateTwoRows3", 2),
    depthwiseBordered("correlateBordered3"),
    ...[1, 2, 3, 4].map((v) => depthwiseTwoRows(`correlateTwoRows${4 * v}Wide`, v)),
    tileProduct("productOfTiles", vectors),
    product("sumOverTiles", vectors, true, 8 * vectors), // of a only the first four of each CHANNELS
  ].join("");
}
