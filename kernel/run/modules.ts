// import and require of cells: as if the cell were a file in the notebook's folder.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

type Import = (specifier: string, options?: object) => Promise<Record<string, unknown>>;

/** Packages that cells can import though their folder has no such package. */
const ownPackages = /^(kernelbook|tslab|ndarray)(\/|$)/;

export class Modules {
  #import!: Import;
  require!: NodeJS.Require;
  meta!: { url: string; filename: string; dirname: string };

  constructor(folder: string) {
    this.setFolder(folder);
  }

  setFolder(folder: string): void {
    const filename = path.join(folder, "import.js");
    this.#import = vm.runInThisContext("(specifier, options) => import(specifier, options)", {
      filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.require = createRequire(filename);
    this.meta = { url: pathToFileURL(filename).href, filename, dirname: folder };
  }

  readonly import: Import = async (specifier, options) => {
    try {
      return await this.#import(specifier, options);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
      if (!missing || !ownPackages.test(specifier)) throw error;
      return (await import(specifier)) as Record<string, unknown>;
    }
  };
}
