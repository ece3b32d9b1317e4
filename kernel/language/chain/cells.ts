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
import { bind, localsOf } from "./internals.js";

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
  readonly #values = new Map<string, Place>();
  /** The modules of types that have a name for themselves, or share it with another cell's value. */
  readonly #types = new Map<string, string>();
  #made = 0;
  #draft: string | undefined;

  constructor(
    public folder: string,
    readonly options: () => ts.CompilerOptions,
  ) {}

  /** The names that have a value. */
  get known(): Set<string> {
    return new Set(this.#values.keys());
  }

  kindOf(name: string): NameKind | undefined {
    return this.#values.get(name)?.kind ?? (this.#types.has(name) ? "type" : undefined);
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
      if (kind === "type") this.#types.set(name, module);
      else if (!only || only.has(name)) this.#setValue(name, { module, kind }, hasType(file, name));
    }
    if (names.size === 0) return;
    this.files.set(file.fileName, file); // another draft may have taken its place while it ran
    if (this.#draft === file.fileName) this.#draft = undefined; // it stays
  }

  forget(): void {
    this.files.clear();
    this.#values.clear();
    this.#types.clear();
    this.#draft = undefined;
  }

  /** `import { CpuInfo } from "os"`, then `let CpuInfo = 1`: the type lives on beside the value, as in tslab. */
  #setValue(name: string, place: Place, isTypeToo: boolean): void {
    const former = this.#values.get(name);
    if (isTypeToo) this.#types.delete(name);
    else if (former?.kind === "import" && !this.#types.has(name))
      this.#types.set(name, former.module);
    this.#values.set(name, place);
  }

  #imports(cell: ts.SourceFile, own: Map<string, NameKind>, all: boolean): string {
    const wanted = all
      ? new Set([...this.#values.keys(), ...this.#types.keys()])
      : identifiers(cell);
    let head = "";
    for (const name of wanted) {
      const value = this.#values.get(name);
      const type = this.#types.get(name);
      if (own.has(name)) continue;
      // An import cannot be assigned to, and cannot share its name with a second one; a variable can.
      const isVariable = value && (value.kind === "let" || type);
      if (isVariable) {
        const keyword = value.kind === "let" ? "let" : "const";
        head += `declare ${keyword} ${name}: typeof import(${JSON.stringify(value.module)}).${name};`;
      }
      const imported = type ?? (isVariable ? undefined : value?.module);
      if (imported) head += `import {${name}} from ${JSON.stringify(imported)};`;
    }
    return head;
  }
}

/** Whether a value's name is a type's too: of a class, an enum, perhaps of what is imported. */
function hasType(file: ts.SourceFile, name: string): boolean {
  const { flags = 0 } = localsOf(file)?.get(name) ?? {};
  return (flags & (ts.SymbolFlags.Type | ts.SymbolFlags.Alias)) !== 0;
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
