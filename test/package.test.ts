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

  it("depends on the types of every package that our declarations name", () => {
    const named = ["lib", "widgets", "kernel"].flatMap((room) =>
      fs
        .readdirSync(`dist/${room}`, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".d.ts"))
        .flatMap((file) => {
          const text = fs.readFileSync(`dist/${room}/${file}`, "utf8");
          return [...text.matchAll(/^(?:import|export) .*from "([^."][^":]*)"/gm)].map(
            ([, name]) => name,
          );
        }),
    );
    expect(named).to.include("ndarray");
    for (const name of new Set(named)) {
      expect(manifest.dependencies).to.have.property(name);
      const own = JSON.parse(fs.readFileSync(`node_modules/${name}/package.json`, "utf8"));
      if (!(own.types ?? own.typings))
        expect(manifest.dependencies).to.have.property(`@types/${name}`);
    }
  });

  it("runs no install script", () => {
    for (const name of ["preinstall", "install", "postinstall", "prepare"]) {
      expect(manifest.scripts).not.to.have.property(name);
    }
  });
});
