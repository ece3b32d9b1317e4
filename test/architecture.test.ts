import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";

/** Which rooms a room may import, by folder; test may import all. Kept as DESIGN and ARCHITECTURE.md say. */
const allowed: Record<string, string[]> = {
  lib: ["lib"],
  widgets: ["widgets", "lib"],
  kernel: ["kernel"],
  app: ["app", "kernel"],
};
const kernelDoors = ["protocol", "wire", "install", "run", "language/snapshot"].map(
  (door) => `kernel/${door}`,
);

const specifiers =
  /^\s*(?:import|export)\s[^"';]*?from\s+"([^"]+)"|^[^/*]*import\s*\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm;

function sourcesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory())
      return /^(web|assembly|front)$/.test(entry.name) ? [] : sourcesBelow(place);
    return place.endsWith(".ts") ? [place] : [];
  });
}

function importsOf(file: string): string[] {
  return [...fs.readFileSync(file, "utf8").matchAll(specifiers)].map((m) => m[1] ?? m[2] ?? m[3]);
}

describe("the rooms", () => {
  for (const [room, targets] of Object.entries(allowed)) {
    it(`${room} imports only from ${targets.join(", ")} and packages`, () => {
      const strays = sourcesBelow(room).flatMap((file) =>
        importsOf(file)
          .filter((specifier) => specifier.startsWith("."))
          .map((specifier) => path.join(path.dirname(file), specifier))
          .filter((target) => !targets.includes(target.split(path.sep)[0]))
          .map((target) => `${file} imports ${target}`),
      );
      expect(strays).to.deep.equal([]);
    });
  }

  it("lib does not import the package itself", () => {
    const strays = sourcesBelow("lib").filter((file) =>
      importsOf(file).some((specifier) => /^kernelbook(\/|$)/.test(specifier)),
    );
    expect(strays).to.deep.equal([]);
  });

  it("app enters the kernel by its doors only", () => {
    const strays = sourcesBelow("app").flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => path.join(path.dirname(file), specifier))
        .filter((target) => target.startsWith("kernel"))
        .filter((target) => !kernelDoors.some((door) => target.startsWith(door)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(strays).to.deep.equal([]);
  });

  it("only lib/io/node.ts and lib/compute name the file system in lib", () => {
    const strays = sourcesBelow("lib")
      .filter((file) => /["']node:(fs|path)/.test(fs.readFileSync(file, "utf8")))
      .filter(
        (file) =>
          file !== path.join("lib", "io", "node.ts") &&
          !file.startsWith(path.join("lib", "compute")),
      );
    expect(strays).to.deep.equal([]);
  });
});

describe("the repository", () => {
  const tracked = ["lib", "widgets", "kernel", "app", "test"].flatMap(sourcesBelow);

  it("names no absolute path of a machine", () => {
    const strays = tracked.filter((file) =>
      /["'`](\/home\/|\/root\/|\/Users\/)/.test(fs.readFileSync(file, "utf8")),
    );
    expect(strays).to.deep.equal([]);
  });
});
