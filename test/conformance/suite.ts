// Reads the outside conformance suites (the format is described in their README): cases with inputs, a short program of
// PyTorch calls, the expected outputs and a tolerance.

import fs from "node:fs";
import path from "node:path";
import * as torch from "kernelbook";

export interface Numbers {
  name: string;
  shape: number[];
  dtype: string;
  data?: (number | string | boolean)[];
  fill?: number;
  offset?: number;
  count?: number;
}

export interface Step {
  out: string | string[];
  fn: string;
  in: string[];
  args?: Record<string, unknown>;
}

export interface Case {
  id: string;
  inputs: Numbers[];
  outputs: Numbers[];
  tol: { rtol?: number; atol?: number };
  torch: Step[] | null;
}

export interface Suite {
  cases: Case[];
  raw: Buffer;
}

/** Where the suites lie: beside the checkout, or where KERNELBOOK_CONFORMANCE says. */
export function conformanceFolder(): string {
  return process.env.KERNELBOOK_CONFORMANCE ?? path.resolve("..", "shared", "conformance");
}

export function loadSuite(folder: string): Suite {
  const bin = path.join(folder, "data.bin");
  const lines = fs.readFileSync(path.join(folder, "index.jsonl"), "utf8").split("\n");
  return {
    cases: lines.filter(Boolean).map((line) => JSON.parse(line) as Case),
    raw: fs.existsSync(bin) ? fs.readFileSync(bin) : Buffer.alloc(0),
  };
}

const special: Record<string, number> = { NaN, Infinity, "-Infinity": -Infinity };

/** The numbers of an input or output, flat. */
export function valuesOf(t: Numbers, raw: Buffer): number[] {
  const { offset, fill, count = t.shape.reduce((a, b) => a * b, 1) } = t;
  if (offset !== undefined) {
    return Array.from({ length: count }, (_, i) => raw.readFloatLE(offset + 4 * i));
  }
  if (fill !== undefined) return new Array<number>(count).fill(fill);
  return t.data!.map((value) => (typeof value === "string" ? special[value] : Number(value)));
}

/** Kinds of number that the library lacks are kept in the next wider one. */
const kinds: Record<string, torch.DType> = {
  uint32: "int64",
  uint64: "int64",
};

export function kindOf(dtype: string): torch.DType {
  return kinds[dtype] ?? (dtype as torch.DType);
}

export function tensorOf(t: Numbers, raw: Buffer): torch.Tensor {
  const dtype = kindOf(t.dtype);
  return torch.tensor(new Float64Array(valuesOf(t, raw)), { dtype }).reshape(t.shape);
}

/** null where all numbers agree within the tolerance, else what differs. */
export function difference(
  got: torch.Tensor,
  want: Numbers,
  raw: Buffer,
  tol: Case["tol"],
): string | null {
  if (String(got.shape) !== String(want.shape)) {
    return `shape [${got.shape.join(", ")}], expected [${want.shape.join(", ")}]`;
  }
  const expected = valuesOf(want, raw);
  const { data } = got;
  const { atol = 0, rtol = 0 } = tol;
  const wrong = expected.flatMap((w, i) => {
    const g = data[i];
    const same = g === w || (Number.isNaN(g) && Number.isNaN(w));
    return same || Math.abs(g - w) <= atol + rtol * Math.abs(w) ? [] : [i];
  });
  if (wrong.length === 0) return null;
  const [at] = wrong;
  return `${wrong.length} of ${expected.length} differ, e.g. [${at}] ${data[at]}, expected ${expected[at]}`;
}
