// The examples in the documentation of widgets/: every line `expression // → value` is run and compared.

import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import * as torch from "kernelbook";
import * as widgets from "kernelbook/widgets";

const names = { torch, nn: torch.nn, ...widgets };
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

function examplesIn(file: string): string[] {
  const comments = fs.readFileSync(file, "utf8").match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments.flatMap((comment) =>
    [...comment.replace(/^ *\* ?/gm, "").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code),
  );
}

const files = (fs.readdirSync("widgets", { recursive: true }) as string[])
  .filter((file) => file.endsWith(".ts") && !file.endsWith("generated.ts"))
  .map((file) => path.join("widgets", file));

describe("the examples in widgets/", () => {
  let found = 0;
  for (const file of files) {
    examplesIn(file).forEach((code, i) => {
      found++;
      it(`${file}, ${i + 1}`, async () => {
        let checks = 0;
        const check = (met: unknown, said: unknown) => {
          checks++;
          expect(met).to.deep.equal(said);
        };
        const body = code.replace(
          /^(.*\S) \/\/ → (.*)$/gm,
          (_, met, said) => `$same(${met}, ${said})`,
        );
        await new AsyncFunction("$same", ...Object.keys(names), body)(
          check,
          ...Object.values(names),
        );
        expect(checks, "no line with // →").to.be.greaterThan(0);
      });
    });
  }

  it("are there", () => expect(found).to.be.greaterThan(10));
});
