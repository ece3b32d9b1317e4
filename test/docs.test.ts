// Runs the ```ts examples in the library's documentation: a line that ends in `// → value` must give that value.
import { expect } from "chai";
import ndarray from "ndarray";
import fs from "node:fs";
import path from "node:path";
import * as torch from "kernelbook";
import ts from "typescript";

const scope = {
  torch,
  nn: torch.nn,
  F: torch.nn.functional,
  optim: torch.optim,
  ndarray,
};

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(file);
    return file.endsWith(".ts") && !file.endsWith(".d.ts") ? [file] : [];
  });
}

/** The examples of one file, each with the line it begins at. */
function examplesIn(file: string): { line: number; code: string }[] {
  const text = fs.readFileSync(file, "utf8");
  return [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split("\n").length,
    code: match[1].replace(/^ *\* ?/gm, ""),
  }));
}

/** Lines that state a value become calls of `check`. */
function withChecks(code: string): string {
  return code.replace(
    /^(.*?);? *\/\/ → (.*)$/gm,
    (_, line: string, value: string) => `check(() => (${line}\n), () => (${value}\n));`,
  );
}

/** Deep equality, but numbers that are not whole may differ in the sixth digit: float32. */
function expectNear(got: unknown, want: unknown): void {
  if (typeof got === "number" && typeof want === "number" && !Number.isInteger(got)) {
    expect(got).to.be.closeTo(want, 1e-5 * Math.max(1, Math.abs(want)));
  } else if (Array.isArray(got) && Array.isArray(want) && got.length === want.length) {
    got.forEach((value, i) => expectNear(value, want[i]));
  } else expect(got).to.deep.equal(want);
}

describe("the examples in the documentation", () => {
  for (const file of filesBelow("lib")) {
    for (const { line, code } of examplesIn(file)) {
      it(`${file}:${line}`, async () => {
        const { outputText } = ts.transpileModule(withChecks(code), {
          compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
        });
        const check = (got: () => unknown, want: () => unknown) => expectNear(got(), want());
        const names = [...Object.keys(scope), "check"];
        const run = new Function(...names, `return (async () => { ${outputText} })()`);
        await run(...Object.values(scope), check);
      });
    }
  }
});
