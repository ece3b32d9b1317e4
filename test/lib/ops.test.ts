// Every operation against PyTorch's answers and gradients: test/fixtures/ops.py writes the cases.
import { expect } from "chai";
import fs from "node:fs";
import * as torch from "kernelbook";

interface Packed {
  d: torch.DType;
  s: number[];
  v: (number | "nan" | "inf" | "-inf")[];
}
type Case = [
  call: string,
  inputs: Packed[],
  rest: unknown[],
  outputs: Packed[],
  gradients: (Packed | null)[],
];

const cases = JSON.parse(fs.readFileSync("test/fixtures/ops.json", "utf8")) as Case[];
const special = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const number = (v: Packed["v"][number]) => (typeof v === "string" ? special[v] : v);
const isPacked = (v: unknown): v is Packed => typeof v === "object" && v !== null && "d" in v;

function unpack({ d, s, v }: Packed, requiresGrad = false): torch.Tensor {
  return torch.tensor(v.map(number), { dtype: d }).reshape(s).detach().requiresGrad_(requiresGrad);
}

type Loose = (...values: unknown[]) => unknown;

/** "relu", "F.pad"; "list.cat" takes its inputs as a list, "clone.add_" works on a copy of its first. */
function call(name: string, inputs: torch.Tensor[], rest: unknown[]): torch.Tensor[] {
  const [first, second] = name.includes(".") ? name.split(".") : ["", name];
  const F = torch.nn.functional as unknown as Record<string, Loose>;
  const all = torch as unknown as Record<string, Loose>;
  let result: unknown;
  if (first === "linalg") {
    result = (torch.linalg as unknown as Record<string, Loose>)[second](...inputs, ...rest);
  } else if (first === "F") result = F[second](...inputs, ...rest);
  else if (second === "einsum") result = torch.einsum(rest[0] as string, ...inputs);
  else if (second === "indexPut_") {
    result = torch.indexPut_(
      inputs[0].clone(),
      rest[0] as torch.IndexEntry[],
      inputs[1] ?? (rest[1] as number),
    );
  } else if (first === "list") result = all[second](inputs, ...rest);
  else if (first === "clone") result = all[second](inputs[0].clone(), ...inputs.slice(1), ...rest);
  else result = all[second](...inputs, ...rest);
  return result instanceof torch.Tensor ? [result] : [...(result as Iterable<torch.Tensor>)];
}

function weight(y: torch.Tensor): torch.Tensor {
  const values = Array.from({ length: y.numel() }, (_, i) => (((7 * i) % 11) - 5) / 5);
  return torch.tensor(values, { dtype: y.dtype }).reshape(y.shape);
}

function compare(got: torch.Tensor, want: Packed, what: string): void {
  expect(got.shape, `${what}: shape`).to.deep.equal(want.s);
  expect(got.dtype, `${what}: dtype`).to.equal(want.d);
  // hardsigmoid: PyTorch's slope is 1/6 as a float32
  const loose = want.d === "float32" ? 1e-4 : what.startsWith("F.hardsigmoid") ? 1e-7 : 1e-9;
  const [rtol, atol] = [loose, loose / 10];
  got.data.forEach((value, i) => {
    const right = number(want.v[i]);
    const near =
      Object.is(value, right) ||
      value === right ||
      Math.abs(value - right) <= atol + rtol * Math.abs(right);
    expect(near, `${what}[${i}]: ${value}, PyTorch ${right}`).to.equal(true);
  });
}

describe("operations, against PyTorch", () => {
  const byName = grouped(cases);
  for (const [name, list] of byName) {
    it(`${name}: ${list.length} cases, values and gradients`, () => {
      for (const [, inputs, rest, outputs, gradients] of list)
        run(name, inputs, rest, outputs, gradients);
    });
  }
});

function grouped(list: Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>();
  for (const one of list) groups.set(one[0], [...(groups.get(one[0]) ?? []), one]);
  return groups;
}

function run(
  name: string,
  inputs: Packed[],
  rest: unknown[],
  outputs: Packed[],
  gradients: (Packed | null)[],
): void {
  const what = `${name}(${inputs.map(({ s, d }) => `${d}[${s}]`).join(", ")}; ${JSON.stringify(rest).slice(0, 80)})`;
  try {
    const xs = inputs.map((x, i) => unpack(x, gradients[i] !== null));
    const ys = call(
      name,
      xs,
      rest.map((v) => (isPacked(v) ? unpack(v) : v === "inf" || v === "-inf" ? special[v] : v)),
    );
    expect(ys.length, `${what}: outputs`).to.equal(outputs.length);
    ys.forEach((y, i) => compare(y.detach(), outputs[i], what));

    const losses = ys.filter((y) => y.requiresGrad).map((y) => y.mul(weight(y)).sum());
    if (losses.length > 0) losses.reduce((a, b) => a.add(b)).backward();
    gradients.forEach((g, i) => {
      if (!g) return;
      expect(xs[i].grad, `${what}: gradient ${i}`).not.to.equal(null);
      compare(xs[i].grad!, g, `${what}: gradient ${i}`);
    });
  } catch (error) {
    (error as Error).message = `${what}: ${(error as Error).message}`;
    throw error;
  }
}
