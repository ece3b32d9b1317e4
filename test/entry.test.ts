// The package as it is imported from outside: its bundles hold what the modules hold, every class once.
import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import * as modules from "kernelbook";

/** Runs a module in the package's root, where "kernelbook" is the package, and gives what it prints. */
function runOutside(script: string): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(stderr).to.equal("");
  return JSON.parse(stdout);
}

describe("the package's entries", () => {
  it("name everything that the modules name, functions and classes under their own names", () => {
    const namesIn = (space: object): string[] =>
      Object.entries(space).flatMap(([key, value]) => {
        if (typeof value === "function") return [`${key}: ${value.name}`];
        return typeof value === "object" && value !== null && value[Symbol.toStringTag] === "Module"
          ? namesIn(value).map((name) => `${key}.${name}`)
          : [key];
      });
    const outside = runOutside(`
      import * as torch from "kernelbook";
      const namesIn = ${namesIn.toString()};
      console.log(JSON.stringify(namesIn(torch)));`) as string[];
    expect(outside.sort()).to.deep.equal(namesIn(modules).sort());
    expect(outside).to.include("nn.functional.relu: relu");
  });

  it("share every class: the widgets show the library's tensors", () => {
    const [before, after, shown] = runOutside(`
      import * as torch from "kernelbook";
      const display = Symbol.for("Jupyter.display");
      const x = torch.ones(2, 3, 8, 8);
      const before = display in x;
      const { show } = await import("kernelbook/widgets");
      console.log(JSON.stringify([before, display in x, Object.keys(show(x)[display]().data)]));`) as [
      boolean,
      boolean,
      string[],
    ];
    expect([before, after]).to.deep.equal([false, true]);
    expect(shown).to.include("image/png");
    expect(fs.readFileSync("dist/widgets/bundle/index.js", "utf8")).not.to.match(
      /^\\s*class Tensor/m,
    );
  });

  it("say where in the library an error came from", () => {
    const stack = runOutside(`
      import * as torch from "kernelbook";
      try { torch.ones(2, 3).matmul(torch.ones(2, 3)); } catch (error) { console.log(JSON.stringify(error.stack)); }`);
    expect(stack)
      .to.match(/^RangeError|^ShapeError/)
      .and.match(/at .*matmul/);
  });
});
