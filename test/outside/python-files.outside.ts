// Files of PyTorch, NumPy and safetensors read by us (make-files.py writes them), and ours read by them
// (read-back.py). Python is the PYTHON of CI.

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../lib/index.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
after(() => fs.rmSync(folder, { recursive: true }));

function python(script: string): string {
  const run = spawnSync(
    process.env.PYTHON ?? "python3",
    ["-W", "ignore", `test/outside/${script}.py`, folder],
    { encoding: "utf8" },
  );
  expect(run.status, run.stderr).to.equal(0);
  return run.stdout;
}

interface Expected {
  read: "load" | "readIdx" | "readNpy" | "readNpz" | "loadSafetensors";
  value?: unknown;
  refuse?: string;
}
const readers = { ...torch.io, load: torch.load };

/** A value as make-files.py says it. */
function said(value: unknown): unknown {
  if (value instanceof torch.nn.Parameter) {
    return { parameter: said(value.detach()), requiresGrad: value.requiresGrad };
  }
  if (value instanceof torch.Tensor) {
    const numbers = Array.from(value.contiguous().data, number);
    return { tensor: numbers, shape: [...value.shape], dtype: value.dtype };
  }
  if (typeof value === "number") return number(value);
  if (typeof value === "bigint") return { big: String(value) };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (Array.isArray(value)) return value.map(said);
  if (value instanceof Set) {
    return { set: [...value].map((item) => JSON.stringify(item).replaceAll('"', "'")).sort() };
  }
  if (ArrayBuffer.isView(value)) return said(torch.tensor(value as Float32Array));
  if (value === undefined) return null;
  if (typeof value !== "object" || value === null) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return { dict: entries.map(([key, item]) => [word(key), said(item)]) };
}

const word = (key: unknown): string => (Array.isArray(key) ? `(${key.join(", ")})` : String(key));

function number(v: number): unknown {
  if (Object.is(v, -0)) return { number: "-0.0" };
  if (Number.isFinite(v)) return v;
  return { number: Number.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf" };
}

const byName = ([a]: [string], [b]: [string]): number => (a < b ? -1 : 1);

/** Where two values differ first, in a line. */
function difference(got: any, want: any, where = ""): string | null {
  if (Object.is(got, want)) return null;
  const both = [got, want];
  if (both.every((v) => typeof v === "object" && v !== null)) {
    for (const key of new Set([...Object.keys(got), ...Object.keys(want)])) {
      const found = difference(got[key], want[key], `${where}.${key}`);
      if (found) return found;
    }
    return null;
  }
  return `${where}: ${both.map((v) => String(JSON.stringify(v)).slice(0, 200)).join(" instead of ")}`;
}

describe("files of PyTorch, NumPy and safetensors", () => {
  const given = process.env.KERNELBOOK_PYTHON_FILES;
  const place = given ?? folder;
  if (!given) python("make-files");
  const expected: Record<string, Expected> = JSON.parse(
    fs.readFileSync(path.join(place, "expected.json"), "utf8"),
  );
  for (const [name, want] of Object.entries(expected)) {
    const read = (): unknown => readers[want.read](path.join(place, name));
    if (want.refuse === undefined) {
      it(`${name} is read`, () => {
        const got: any = said(read());
        if (want.read === "loadSafetensors") got.dict.sort(byName); // the file's order is by size
        expect(difference(got, want.value)).to.equal(null);
      });
    } else {
      it(`${name} is refused, saying "${want.refuse}"`, () => {
        const started = performance.now();
        expect(read).to.throw(torch.io.FileError, want.refuse);
        expect(read).to.throw(torch.io.FileError, name);
        expect(performance.now() - started).to.be.lessThan(1000);
      });
    }
  }
});

describe("our files, read by PyTorch, NumPy and safetensors", () => {
  const { io, nn } = torch;
  const at = (name: string): string => path.join(folder, name);
  const int64 = { dtype: "int64" } as const;
  const base = torch.arange(6, { dtype: "float32" }).reshape([2, 3]);
  const tensors = {
    float32: torch.tensor([0, -0, 1.5, 1e-45, 3.4e38, Infinity, -Infinity, NaN]),
    float64: torch.tensor([0.1, 5e-324, -1e308], { dtype: "float64" }),
    int64: torch.tensor([0, -1, 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 1, 1 - 2 ** 53], int64),
    int32: torch.tensor([-(2 ** 31), 2 ** 31 - 1], { dtype: "int32" }),
    int16: torch.tensor([-32768, 32767], { dtype: "int16" }),
    int8: torch.tensor([-128, 127], { dtype: "int8" }),
    uint8: torch.tensor([0, 255], { dtype: "uint8" }),
    bool: torch.tensor([true, false]),
    scalar: torch.tensor(2.5),
    empty: torch.zeros(2, 0, 3),
    turned: base.transpose(0, 1),
    row: base.select(0, 1),
    every: torch.arange(10, { dtype: "float32" }).index("2::3"),
    한글: torch.ones(1),
  };
  const views = {
    base,
    turned: base.transpose(0, 1),
    row: base.select(0, 1),
    wide: torch.tensor([[1], [2]]).expand([2, 5]),
    parameter: new nn.Parameter(torch.ones(2)),
  };
  const values = {
    none: null,
    flags: [true, false],
    ints: [0, -1, 255, 65536, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, 2n ** 70n, -(2n ** 2000n)],
    floats: [0.5, -0, Infinity, -Infinity, NaN, 1e300],
    text: ["", "é한\u{1f600}", "a".repeat(70000)],
    bytes: Uint8Array.from({ length: 256 }, (_, i) => i),
    nested: { a: [[], {}, [[1]]], "7": { deep: torch.zeros(1) } },
    map: new Map<unknown, unknown>([
      [1, "a"],
      [false, 2],
      ["x", 3],
      [2.5, null],
    ]),
    tuples: new Map<unknown, unknown>([[[1, 2], 5]]),
    set: new Set([1, 2]),
    scores: Float32Array.of(1, 2.5),
    undefined: undefined,
  };
  (values as Record<string, unknown>)["constructor"] = 1;

  it("equal to the bit, with weights_only=True", () => {
    const named = tensors;
    torch.save(named, at("all.pt"));
    torch.save(views, at("views.pt"));
    torch.save(values, at("values.pt"));
    torch.manualSeed(0);
    const net = new nn.Sequential(
      new nn.Conv2d(1, 2, 3, { bias: false }),
      new nn.BatchNorm2d(2),
      new nn.ReLU(),
    );
    torch.save(net.stateDict(), at("net.pt"));
    torch.save([...Array(3000).keys()], at("long.pt"));
    torch.save(null, at("null.pt"));
    io.saveSafetensors(named, at("all.safetensors"), { metadata: { format: "pt", note: "é" } });
    io.saveSafetensors({}, at("none.safetensors"));
    io.writeNpz(named, at("all.npz"));
    for (const [name, x] of Object.entries(named)) io.writeNpy(x, at(`${name}.npy`));

    const optimizer = new torch.optim.Adam(net.parameters());
    const x = torch.arange(50, { dtype: "float32" }).reshape([2, 1, 5, 5]).sin();
    const step = (): void => {
      optimizer.zeroGrad();
      net(x).square().sum().backward();
      optimizer.step();
    };
    step();
    torch.save({ model: net.stateDict(), optimizer: optimizer.stateDict() }, at("training.pt"));
    step();
    torch.save(net.stateDict(), at("trained.pt"));

    const ours: Record<string, unknown> = {
      "all.pt": said(named),
      "views.pt": said(views),
      "values.pt": said(values),
      "long.pt": [...Array(3000).keys()],
      "null.pt": null,
      "all.safetensors": said(named),
      "none.safetensors": { dict: [] },
      "all.npz": said(named),
    };
    for (const [name, x] of Object.entries(named)) ours[`${name}.npy`] = said(x);
    fs.writeFileSync(at("ours.json"), JSON.stringify(ours));
    expect(python("read-back")).to.contain("22 files");
  });
});
