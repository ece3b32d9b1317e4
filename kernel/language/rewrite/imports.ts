// The import statements of a cell as JavaScript that runs before the rest of it, in the order in which they were written.
//
//   import fs, { join as j } from "m"  ->  const __m0=await __kb.import("m");fs$.v=__m0.default;j$.v=__m0["join"];
import ts from "typescript";

export class Imports {
  readonly code: string[] = [];

  /** @param box gives the place of a top-level name's value */
  constructor(readonly box: (name: string) => string) {}

  /** `export { a, b }` says nothing new in a cell; `export … from "m"` is an import. */
  add(node: ts.ImportDeclaration | ts.ExportDeclaration): void {
    if (!node.moduleSpecifier || (ts.isExportDeclaration(node) && node.isTypeOnly)) return;
    const local = `__m${this.code.length}`;
    const sets = ts.isImportDeclaration(node)
      ? this.#imported(node, local)
      : this.#exported(node, local);
    const module = `__kb.import(${node.moduleSpecifier.getText()}${attributesOf(node)})`;
    const isForItself = ts.isImportDeclaration(node) && !node.importClause;
    this.code.push(
      isForItself ? `await ${module};` : `const ${local}=await ${module};${sets.join(";")};`,
    );
  }

  #imported({ importClause }: ts.ImportDeclaration, local: string): string[] {
    const sets: string[] = [];
    if (importClause?.name) sets.push(`${this.box(importClause.name.text)}=${local}.default`);
    const named = importClause?.namedBindings;
    if (named && ts.isNamespaceImport(named)) sets.push(`${this.box(named.name.text)}=${local}`);
    else if (named) sets.push(...this.#members(named.elements, local));
    return sets;
  }

  #exported({ exportClause }: ts.ExportDeclaration, local: string): string[] {
    if (!exportClause) return [];
    if (ts.isNamedExports(exportClause)) return this.#members(exportClause.elements, local);
    return [`${this.box(exportClause.name.text)}=${local}`];
  }

  #members(
    elements: ts.NodeArray<ts.ImportSpecifier | ts.ExportSpecifier>,
    local: string,
  ): string[] {
    return elements
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .map(({ name, propertyName }) => {
        const key = JSON.stringify((propertyName ?? name).text);
        return `${this.box(name.text)}=${local}[${key}]`;
      });
  }
}

function attributesOf({ attributes }: ts.ImportDeclaration | ts.ExportDeclaration): string {
  const elements = attributes?.elements;
  return elements ? `,{with:{${elements.map((e) => e.getText()).join(",")}}}` : "";
}
