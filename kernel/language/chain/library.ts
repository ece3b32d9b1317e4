// All that cells stand on: the standard library, Node's types, imported packages, local files; as one
// TypeScript program, with one checker that lives on. A cell is never part of the program: it is a
// module that the checker is shown later, which costs only the check of that cell (0.2 ms for `1+1`,
// where a language service, that makes a new checker for each change, needs 30-90 ms).
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { withoutDocs } from "./docs.js";
import { internals, type Checker } from "./internals.js";
import { nodeTypes, type Resolver } from "./resolve.js";

const globals = ["display", "clearOutput", "input"];

export class Library {
  #program: ts.Program | undefined;
  #checker: Checker | undefined;
  #view: ts.Program | undefined;
  readonly #roots = new Set<string>();
  /** Files that may be edited while the kernel runs, and when they were last changed. */
  readonly #watched = new Map<string, number>();
  readonly #declared = new Map<string, string>();
  readonly #files: Map<string, ts.SourceFile>;
  readonly #ours: string;

  constructor(
    readonly options: ts.CompilerOptions,
    readonly home: string,
    readonly resolver: Resolver,
    /** The cells, by file name: found before all other files. */
    readonly cells: ReadonlyMap<string, ts.SourceFile>,
    /** Parsed files to start with, by name. Only for equal parse options. */
    files: Map<string, ts.SourceFile> = new Map(),
  ) {
    this.#files = files;
    this.#ours = path.join(home, "dist") + path.sep;
    const kernel = JSON.stringify(path.join(home, "dist", "kernel", "index.js"));
    const declared = globals.map(
      (name) => `declare const ${name}: typeof import(${kernel}).${name};`,
    );
    const text = `${declared.join("\n")}\n/** Ask the reader for a line of text; the cell stands still until it comes. */\ndeclare function prompt(question?: string): string;`;
    const file = ts.createSourceFile(this.#globalsFile, text, ts.ScriptTarget.Latest, true);
    files.set(this.#globalsFile, file);
  }

  /** Declares what every cell has without importing it. On no disk. */
  get #globalsFile(): string {
    return path.join(this.home, "cell-globals.d.ts");
  }

  get files(): Map<string, ts.SourceFile> {
    return this.#files;
  }

  get checker(): Checker {
    this.#build();
    return this.#checker!;
  }

  /** The program as the checker and the language services see it: with the cells in it. */
  get program(): ts.Program {
    this.#build();
    return this.#view!;
  }

  /** Make sure that a file is part of the program. Costs a new checker if it was not. */
  need(file: string): void {
    if (this.#roots.has(file) || this.#program?.getSourceFile(file)) return;
    this.#roots.add(file);
    this.#checker = undefined;
  }

  /** Declarations that hold everywhere, by their text: a file on no disk. */
  declare(text: string): void {
    if (this.#declared.has(text)) return;
    const file = path.join(this.home, `cell-globals-${this.#declared.size}.d.ts`);
    this.#declared.set(text, file);
    this.#files.set(file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    this.need(file);
  }

  /**
   * Files that were edited are read again. True if there were any.
   * @param ours also those of this package, which do not change while a kernel runs
   */
  refresh(ours = false): boolean {
    let changed = false;
    for (const [file, time] of this.#watched) {
      if ((!ours && file.startsWith(this.#ours)) || changeTime(file) === time) continue;
      this.#files.delete(file);
      this.#watched.delete(file);
      changed = true;
    }
    if (changed) {
      this.resolver.forget();
      this.#checker = undefined;
    }
    return changed;
  }

  /** Packages may have come: resolve all imports anew. */
  lookAgain(): void {
    this.resolver.forget();
    this.#checker = undefined;
  }

  /** The notebook's own files in TypeScript, as the checker has read them. */
  localFiles(): ts.SourceFile[] {
    return this.program.getSourceFiles().filter(({ fileName }) => {
      const isLocal = this.#watched.has(fileName) && !fileName.startsWith(this.#ours);
      return isLocal && /(?<!\.d)\.[mc]?tsx?$/.test(fileName);
    });
  }

  /** Drop what the checker learned; the next use makes a new one. */
  renew(): void {
    this.#checker = undefined;
  }

  #build(): void {
    if (this.#checker) return;
    const program = ts.createProgram({
      rootNames: [nodeTypes(this.home), this.#globalsFile, ...this.#roots],
      options: this.options,
      host: this.#host(),
      oldProgram: this.#program,
    });
    this.#program = program;
    for (const { fileName } of program.getSourceFiles()) {
      const fixed =
        fileName.includes("/node_modules/") ||
        fileName.startsWith(path.join(this.home, "cell-globals"));
      if (!fixed && !this.#watched.has(fileName)) this.#watched.set(fileName, changeTime(fileName));
    }

    const view = Object.create(program) as ts.Program & Record<string, unknown>;
    view.getSourceFile = (name: string) => this.cells.get(name) ?? program.getSourceFile(name);
    view.getSourceFileByPath = (name: ts.Path) =>
      this.cells.get(name) ?? program.getSourceFileByPath(name);
    view.getResolvedModule = (file: ts.SourceFile, specifier: string, mode: ts.ResolutionMode) =>
      this.cells.has(file.fileName)
        ? { resolvedModule: this.resolveFromCell(specifier, file.fileName) }
        : (program as unknown as Record<string, Function>).getResolvedModule!(
            file,
            specifier,
            mode,
          );
    view.getTypeChecker = () => this.#checker!;
    this.#view = view;
    this.#checker = internals.createTypeChecker(view);
  }

  resolveFromCell(specifier: string, cell: string): ts.ResolvedModuleFull | undefined {
    if (this.cells.has(`${specifier}.ts`)) {
      return { resolvedFileName: `${specifier}.ts`, extension: ts.Extension.Ts };
    }
    return this.resolver.resolve(specifier, cell);
  }

  #host(): ts.CompilerHost {
    const host = ts.createCompilerHost(this.options, true);
    host.jsDocParsingMode = withoutDocs;
    const read = host.getSourceFile;
    host.getSourceFile = (name, version, onError) => {
      let file = this.#files.get(name);
      if (!file) {
        file = read(name, version, onError);
        if (file) this.#files.set(name, file);
      }
      return file;
    };
    host.resolveModuleNameLiterals = (literals, from, _redirect, _options, sourceFile) =>
      literals.map((literal) => ({
        resolvedModule: this.resolver.resolve(
          literal.text,
          from,
          ts.getModeForUsageLocation(sourceFile, literal, this.options),
        ),
      }));
    return host;
  }
}

function changeTime(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
