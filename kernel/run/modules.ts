// import and require of cells: as if the cell were a file in the notebook's folder.
import { createRequire, register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { hostSymbol, type KernelbookHost } from "../host.js";
import type { LocalFile } from "../language/rewrite/local-file.js";

type Import = (specifier: string, options?: object) => Promise<Record<string, unknown>>;

/** Packages that cells can import though their folder has no such package. */
const ownPackages = /^(kernelbook|tslab|ndarray)(\/|$)/;

export class Modules {
  #import!: Import;
  /** To the hooks of local files, once there are any. */
  #offers: MessagePort | undefined;
  require!: NodeJS.Require;
  meta!: object;

  constructor(folder: string) {
    this.setFolder(folder);
  }

  setFolder(folder: string): void {
    const filename = path.join(folder, "import.js");
    const url = pathToFileURL(filename).href;
    this.#import = vm.runInThisContext("(specifier, options) => import(specifier, options)", {
      filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.require = createRequire(filename);
    const resolve = (specifier: string) => pathToFileURL(this.require.resolve(specifier)).href;
    this.meta = { url, filename, dirname: folder, resolve };
  }

  /** What a module of CommonJS has, as if the cell were a file in the folder. */
  get names() {
    const { filename: __filename, dirname: __dirname } = this.meta as Record<string, string>;
    return { require: this.require, __filename, __dirname };
  }

  readonly import: Import = async (specifier, options) => {
    if (/^(\.{1,2}\/|\/|file:)/.test(specifier)) this.#hookLocalFiles();
    if (specifier === "tslab") this.#connectTslab();
    try {
      return await this.#import(specifier, options);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
      if (!missing || !ownPackages.test(specifier)) throw error;
      return (await import(specifier)) as Record<string, unknown>;
    }
  };

  /** Local files as JavaScript, that a cell is going to import. */
  offer(files: readonly LocalFile[]): void {
    if (files.length === 0) return;
    this.#hookLocalFiles();
    for (const file of files) this.#offers!.postMessage(file);
  }

  /** Only when needed: the hooks' thread costs 50 ms. */
  #hookLocalFiles(): void {
    if (this.#offers) return;
    const { port1, port2 } = new MessageChannel();
    this.#offers = port1;
    port1.unref();
    register("./local-hooks.js", import.meta.url, {
      data: { offers: port2 },
      transferList: [port2],
    });
    process.setSourceMapsEnabled(true); // for their lines in stacks
  }

  /** tslab's display functions write through a variable that its own kernel would set. */
  #connectTslab(): void {
    const tslab = this.#tslabJupyter();
    tslab.lastWriteDisplayData = ({ data, metadata, transient }, update) => {
      const host = (globalThis as Record<symbol, unknown>)[hostSymbol] as KernelbookHost;
      host.display({ data, metadata }, { displayId: transient?.display_id, update });
    };
  }

  #tslabJupyter(): TslabJupyter {
    const own = createRequire(import.meta.url);
    try {
      return this.require("tslab/dist/jupyter");
    } catch {
      return own("tslab/dist/jupyter"); // the folder has no tslab: ours is imported too
    }
  }
}

interface TslabJupyter {
  lastWriteDisplayData:
    | ((
        display: {
          data: Record<string, unknown>;
          metadata: Record<string, unknown>;
          transient?: { display_id?: string };
        },
        update: boolean,
      ) => void)
    | null;
}
