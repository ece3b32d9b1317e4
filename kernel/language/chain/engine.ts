// The default engine: cells as a chain of typed modules on one long-lived checker.
import ts from "typescript";
import type {
  Checked,
  Completeness,
  Completions,
  Diagnostic,
  Engine,
  Inspection,
} from "../engine.js";
import { isCaught } from "../caught.js";
import { isComplete } from "../completeness.js";
import { compileLocalFile, type LocalFile } from "../rewrite/local-file.js";
import { compileCell } from "../rewrite/compile.js";
import { Cells, type CellModule } from "./cells.js";
import { complete } from "./complete.js";
import { cellDiagnostics } from "./diagnostics.js";
import { inspect } from "./inspect.js";
import { Library } from "./library.js";
import { cellOptions, configFile } from "./options.js";
import { Resolver } from "./resolve.js";
import { completeSpecifier } from "./specifiers.js";

/** Checks on one checker before it is made anew: it keeps something of each file that it saw. */
const checksPerChecker = 2000;

export class ChainEngine implements Engine {
  #options: ts.CompilerOptions;
  #library: Library;
  readonly #cells: Cells;
  /** Cells that were checked and may be running, by number: subshells run several at a time. */
  readonly #checked = new Map<number, CellModule>();
  #checks = 0;
  /** The texts of the notebook's own files that were compiled. */
  readonly #compiled = new Map<string, string>();

  constructor(
    readonly home: string,
    folder: string,
  ) {
    this.#options = cellOptions(folder);
    this.#cells = new Cells(folder, () => this.#options);
    this.#library = this.#makeLibrary();
  }

  check(source: string, cell: number): Checked {
    const module = this.#module(source);
    const { diagnostics, warning } = this.#diagnose(module);
    if (diagnostics.length > 0) return { ok: false, diagnostics };

    this.#checked.set(cell, module);
    const declared = [...module.names].filter(([, kind]) => kind !== "type").map(([name]) => name);
    const own = new Set(declared);
    const { code, map } = compileCell(module.alone, own, this.#cells.known, this.#options);
    const fileName = `cell[${cell}].ts`;
    const localFiles = this.#localFiles(module);
    const script = { code, source, map: JSON.stringify(map), fileName, localFiles };
    return { ok: true, script, declared, warning };
  }

  commit(cell: number, names?: readonly string[]): void {
    const module = this.#checked.get(cell);
    if (module) this.#cells.commit(module, names && new Set(names));
    this.#checked.delete(cell);
  }

  complete(source: string, cursor: number): Completions {
    const specifier = completeSpecifier(source, cursor, this.#cells.folder);
    if (specifier) return specifier;
    const module = this.#module(source, !isAfterDot(source, cursor));
    const nothing = { start: cursor, end: cursor, items: [] };
    return this.#survive(nothing, () => complete(module, this.#library, this.#options, cursor));
  }

  inspect(source: string, cursor: number): Inspection | null {
    const module = this.#module(source);
    return this.#survive(null, () => inspect(module, this.#library, cursor));
  }

  isCaught(javascript: string, line: number, column: number): boolean {
    return isCaught(javascript, line, column);
  }

  isComplete(source: string): Completeness {
    return isComplete(source);
  }

  reset(): void {
    this.#checked.clear();
    this.#cells.forget();
    this.#library.renew();
  }

  setFolder(folder: string): void {
    if (folder === this.#cells.folder) {
      this.#library.lookAgain();
      return;
    }
    const former = this.#options;
    this.#cells.folder = folder;
    this.#options = cellOptions(folder);
    if (configFile(folder) || JSON.stringify(this.#options) !== JSON.stringify(former)) {
      // Strict or not, a file is parsed alike: the standard library need not be read again.
      const { target, jsx } = this.#options;
      const isParsedAlike = target === former.target && jsx === former.jsx;
      this.#library = this.#makeLibrary(isParsedAlike ? this.#library.files : undefined);
    } else this.#library.resolver.forget();
  }

  /** Load what an import of this package needs, before a cell asks. */
  preload(specifiers: readonly string[]): void {
    const imports = specifiers.map((name) => `import ${JSON.stringify(name)};`).join("");
    const module = this.#module(`${imports} console.log([1, 2].map((x) => x + 1), await 1)`);
    cellDiagnostics(module, this.#cells, this.#library.checker);
  }

  /** Out of a snapshot, files may have changed since they were read. */
  refresh(): void {
    this.#library.refresh(true);
  }

  /** A fault of the checker is no fault of the cell: it runs, unchecked, and says so. */
  #diagnose(module: CellModule): { diagnostics: Diagnostic[]; warning?: string } {
    try {
      return { diagnostics: cellDiagnostics(module, this.#cells, this.#library.checker) };
    } catch (error) {
      this.#library.renew();
      const warning = `the types of this cell could not be checked (${(error as Error).message})`;
      return { diagnostics: [], warning };
    }
  }

  /** What the cell imports of the notebook's folder, as JavaScript; what was given before is left out. */
  #localFiles({ alone }: CellModule): LocalFile[] | undefined {
    if (!importsOf(alone).some((specifier) => /^(\.{1,2}\/|\/|file:)/.test(specifier)))
      return undefined;
    return this.#library.localFiles().flatMap(({ fileName, text }) => {
      if (this.#compiled.get(fileName) === text) return [];
      this.#compiled.set(fileName, text);
      return compileLocalFile(ts, fileName, text);
    });
  }

  /** After a fault the checker is not to be trusted: the next question gets a new one. */
  #survive<T>(otherwise: T, ask: () => T): T {
    try {
      return ask();
    } catch {
      this.#library.renew();
      return otherwise;
    }
  }

  #module(source: string, all = false): CellModule {
    this.#library.refresh();
    if (++this.#checks % checksPerChecker === 0) this.#library.renew();
    // The first line of a program for the shell is no JavaScript inside of a module; as a comment it is as long.
    const module = this.#cells.make(source.replace(/^#!/, "//"), all);
    this.#augment(module);
    for (const specifier of importsOf(module.alone)) {
      const resolved = this.#library.resolveFromCell(specifier, module.file.fileName);
      if (resolved && isTyped(resolved)) this.#library.need(resolved.resolvedFileName);
    }
    return module;
  }

  /** `declare global { … }` of a cell becomes a file of the library: it is to hold in all cells. */
  #augment({ alone }: CellModule): void {
    for (const statement of alone.statements) {
      if (!ts.isModuleDeclaration(statement) || statement.name.text !== "global") continue;
      this.#library.declare(`export {};\n${statement.getText(alone)}`);
    }
  }

  #makeLibrary(files?: Map<string, ts.SourceFile>): Library {
    const host = ts.createCompilerHost(this.#options);
    const resolver = new Resolver(this.#options, host, this.home);
    return new Library(this.#options, this.home, resolver, this.#cells.files, files);
  }
}

/** Behind a dot the other names of the session are of no use, and there may be thousands. */
function isAfterDot(source: string, cursor: number): boolean {
  return /(?<!\.\.)\.\s*[\w$]*$/.test(source.slice(0, cursor));
}

function importsOf(file: ts.SourceFile): string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** JavaScript of a package that has no types is of type any; a local file's are read from its code. */
function isTyped({ extension, resolvedFileName }: ts.ResolvedModuleFull): boolean {
  if (extension === ".node") return false;
  return !/^\.[mc]?js$/.test(extension) || !resolvedFileName.includes("/node_modules/");
}
