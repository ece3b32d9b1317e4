// The cells as modules: each new one imports the names that it uses from the cells that declared them last.
//
//   import {Net} from "/nb/cell-3";declare let step: typeof import("/nb/cell-4").step;
//   new Net(step)            <- the cell itself
//   export {…}
//
// No declaration files are made, so private classes, unique symbols and unnamed types live on.
import path from "node:path";
import ts from "typescript";
import { declaredNames, exportedNames, type NameKind } from "../rewrite/names.js";
import { bind } from "./internals.js";

export interface CellModule {
  file: ts.SourceFile;
  /** Where the cell begins in the file, behind the imports. */
  start: number;
  /** The cell alone, parsed. */
  alone: ts.SourceFile;
  names: Map<string, NameKind>;
}

interface Place {
  module: string;
  kind: NameKind;
}

export class Cells {
  /** All cells so far, and the one at work, by file name. */
  readonly files = new Map<string, ts.SourceFile>();
  #places = new Map<string, Place>();
  #made = 0;
  #draft: string | undefined;

  constructor(
    public folder: string,
    readonly options: () => ts.CompilerOptions,
  ) {}

  get known(): Set<string> {
    const names = new Set<string>();
    for (const [name, { kind }] of this.#places) if (kind !== "type") names.add(name);
    return names;
  }

  kindOf(name: string): NameKind | undefined {
    return this.#places.get(name)?.kind;
  }

  /** @param all import every known name, as completion needs it, not only those that are used */
  make(source: string, all = false): CellModule {
    // A new name each time: the checker keeps what it found under the name of the file.
    if (this.#draft) this.files.delete(this.#draft);
    const fileName = path.join(this.folder, `cell-${this.#made++}.ts`);
    this.#draft = fileName;
    const alone = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
    const names = declaredNames(alone);
    const head = this.#imports(alone, names, all);
    const exported = exportedNames(alone);
    const exports = [...names.keys()].filter((name) => !exported.has(name));
    const text = `${head}\n${source}\nexport {${exports.join(",")}}`;
    const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
    // What a program would have set.
    Object.assign(file, { path: fileName, resolvedPath: fileName, originalFileName: fileName });
    Object.assign(file, { externalModuleIndicator: true, version: "1" });
    Object.assign(file, {
      imports: specifiers(file),
      moduleAugmentations: [],
      ambientModuleNames: [],
    });
    bind(file, this.options());
    this.files.set(fileName, file);
    return { file, start: head.length + 1, alone, names };
  }

  commit({ file, names }: CellModule, only?: ReadonlySet<string>): void {
    const module = file.fileName.replace(/\.ts$/, "");
    for (const [name, kind] of names) {
      if (kind === "type" || !only || only.has(name)) this.#places.set(name, { module, kind });
    }
    if (names.size === 0) return;
    this.files.set(file.fileName, file); // another draft may have taken its place while it ran
    if (this.#draft === file.fileName) this.#draft = undefined; // it stays
  }

  forget(): void {
    this.files.clear();
    this.#places.clear();
    this.#draft = undefined;
  }

  #imports(cell: ts.SourceFile, own: Map<string, NameKind>, all: boolean): string {
    const wanted = all ? this.#places.keys() : identifiers(cell);
    let head = "";
    for (const name of wanted) {
      const place = this.#places.get(name);
      if (!place || own.has(name)) continue;
      const module = JSON.stringify(place.module);
      // An import cannot be assigned to; a variable can.
      if (place.kind === "let") head += `declare let ${name}: typeof import(${module}).${name};`;
      else head += `import {${name}} from ${module};`;
    }
    return head;
  }
}

/** Every identifier that a file mentions, once. The parser has made this table anyway. */
function identifiers(file: ts.SourceFile): Iterable<string> {
  return (file as unknown as { identifiers: Map<string, string> }).identifiers.keys();
}

function specifiers(file: ts.SourceFile): ts.Expression[] {
  return file.statements.flatMap((statement) => {
    if (ts.isImportEqualsDeclaration(statement)) {
      const { moduleReference } = statement;
      return ts.isExternalModuleReference(moduleReference) ? [moduleReference.expression] : [];
    }
    const from = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    return from && statement.moduleSpecifier ? [statement.moduleSpecifier] : [];
  });
}
