// Where an import of a cell leads: from the notebook's folder, else to the kernel's own packages,
// so that `import * as torch from "kernelbook"` works in every folder.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Packages that cells can import though their folder has no such package. */
export const ownPackages = new Set(["kernelbook", "tslab", "ndarray"]);

export function packageName(specifier: string): string {
  const [scope, name] = specifier.split("/", 2);
  return specifier.startsWith("@") ? `${scope}/${name}` : scope!;
}

export class Resolver {
  #cache: ts.ModuleResolutionCache;

  constructor(
    readonly options: ts.CompilerOptions,
    readonly host: ts.ModuleResolutionHost,
    /** The folder of the package kernelbook. */
    readonly home: string,
  ) {
    this.#cache = this.#newCache();
  }

  /** Look again at what was not found: files may have come. */
  forget(): void {
    this.#cache = this.#newCache();
  }

  resolve(
    specifier: string,
    from: string,
    mode?: ts.ResolutionMode,
  ): ts.ResolvedModuleFull | undefined {
    const there = this.#look(specifier, from, mode);
    if (there || !ownPackages.has(packageName(specifier))) return there;
    if (packageName(specifier) === "kernelbook") return this.#own(specifier);
    return this.#look(specifier, path.join(this.home, "index.ts"), mode);
  }

  #look(
    specifier: string,
    from: string,
    mode?: ts.ResolutionMode,
  ): ts.ResolvedModuleFull | undefined {
    return ts.resolveModuleName(
      specifier,
      from,
      this.options,
      this.host,
      this.#cache,
      undefined,
      mode,
    ).resolvedModule;
  }

  /** The package's own `exports`: it may lie in no node_modules at all. */
  #own(specifier: string): ts.ResolvedModuleFull | undefined {
    const manifest = JSON.parse(fs.readFileSync(path.join(this.home, "package.json"), "utf8"));
    const target = manifest.exports[`.${specifier.slice("kernelbook".length)}`];
    if (!target?.types) return undefined;
    return {
      resolvedFileName: path.join(this.home, target.types),
      extension: ts.Extension.Dts,
      isExternalLibraryImport: true,
    };
  }

  #newCache(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.home, (name) => name, this.options);
  }
}

/** Where the types of Node itself are: the kernel's own copy of @types/node. */
export function nodeTypes(home: string): string {
  const manifest = createRequire(path.join(home, "package.json")).resolve(
    "@types/node/package.json",
  );
  return path.join(path.dirname(manifest), "index.d.ts");
}
