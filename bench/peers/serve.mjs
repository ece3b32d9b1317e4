// What every JavaScript peer does: read questions {case, ms}, one JSON line each, and answer {best, median, error}
// (milliseconds; error: largest difference from the result in float64, as part of the largest number) or {skip: reason}.
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";

export const folder = process.argv[2];
export const threads = Number(process.argv[3] ?? 1);
export const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array };

/** A tensor's shape and numbers. */
export function load(name) {
  const { shape, dtype } = manifest.tensors[name];
  const bytes = fs.readFileSync(path.join(folder, `${name}.bin`));
  return { shape, dtype, data: new arrays[dtype](Uint8Array.from(bytes).buffer) };
}

/** The inputs x, y, z of a case, as far as it has them. */
export function inputsOf(name) {
  return ["x", "y", "z"]
    .map((letter) => `${name}_${letter}`)
    .filter((n) => n in manifest.tensors)
    .map(load);
}

/**
 * @param makeCase name → {run, result}, or null where the peer cannot do it. `run` does the work once, `result` gives
 * the numbers to compare (both may be async).
 */
export async function serve(makeCase) {
  const ready = new Map();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { case: name, ms } = JSON.parse(line);
    if (!ready.has(name)) ready.set(name, await prepare(makeCase, name));
    const entry = ready.get(name);
    console.log(
      JSON.stringify(entry.skip ? entry : await measure(entry, ms, name === "small_add" ? 100 : 1)),
    );
  }
  process.exit(0);
}

/** A peer whose first result takes longer (ms) is timed once. */
const SLOW = 4000;

async function prepare(makeCase, name) {
  try {
    const made = await makeCase(name, manifest.cases[name]);
    if (!made) return { skip: "cannot" };
    const begin = performance.now();
    const error = made.result
      ? relativeError(await made.result(), load(`${name}_out`).data)
      : undefined;
    const slow = performance.now() - begin > SLOW && name !== "lenet_epoch";
    const start = performance.now(); // WebAssembly and JavaScript are compiled again while they run
    for (let i = 0; i < 3 || (performance.now() - start < 500 && i < 300); i++) {
      if (slow || !made.result) break;
      await made.run();
    }
    return { run: made.run, error, slow };
  } catch (error) {
    return {
      skip: String(error.message ?? error)
        .split("\n")[0]
        .slice(0, 120),
    };
  }
}

async function measure({ run, error, slow }, ms, repeat) {
  const times = [];
  const end = performance.now() + ms;
  while (performance.now() < end || times.length < (slow ? 1 : 3)) {
    const start = performance.now();
    for (let i = 0; i < repeat; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    times.push((performance.now() - start) / repeat);
  }
  times.sort((a, b) => a - b);
  return { best: times[0], median: times[times.length >> 1], error, slow };
}

function relativeError(got, wanted) {
  if (got.length !== wanted.length) return Infinity;
  let [difference, largest] = [0, 1e-6];
  for (let i = 0; i < wanted.length; i++) {
    const d = Math.abs(got[i] - wanted[i]);
    if (!(d <= difference)) difference = d;
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return difference / largest;
}
