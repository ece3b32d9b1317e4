import { expect } from "chai";
import fs from "node:fs";

const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));

describe("package.json", () => {
  it("exports only files that the build makes", () => {
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target as Record<string, string>),
    );
    for (const target of targets) expect(fs.existsSync(target), target).to.equal(true);
  });

  it("runs no install script", () => {
    for (const name of ["preinstall", "install", "postinstall", "prepare"]) {
      expect(manifest.scripts).not.to.have.property(name);
    }
  });
});
