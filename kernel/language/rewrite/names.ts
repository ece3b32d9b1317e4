// The names that a cell declares at its top level, and how: it decides how later cells may use them.
import ts from "typescript";

export type NameKind = "const" | "let" | "value" | "import" | "type";

export function declaredNames(file: ts.SourceFile): Map<string, NameKind> {
  const names = new Map<string, NameKind>();
  for (const statement of file.statements) {
    if (isNamedStatement(statement)) add(statement.name?.text, kindOf(statement));
    else if (ts.isImportDeclaration(statement)) addImport(statement.importClause);
    else if (ts.isImportEqualsDeclaration(statement)) add(statement.name.text, "import");
    else if (ts.isExportDeclaration(statement)) addExported(statement);
    else if (ts.isVariableStatement(statement)) addVariables(statement.declarationList);
    else addNestedVars(statement);
  }
  return names;

  function add(name: string | undefined, kind: NameKind): void {
    // A value wins over a type of the same name: both are exported under it.
    if (name && !(kind === "type" && names.has(name))) names.set(name, kind);
  }

  function addImport(clause: ts.ImportClause | undefined): void {
    if (clause?.name) add(clause.name.text, "import");
    const bindings = clause?.namedBindings;
    if (!bindings) return;
    if (ts.isNamespaceImport(bindings)) add(bindings.name.text, "import");
    else bindings.elements.forEach((element) => add(element.name.text, "import"));
  }

  /** `export { a } from "m"`: later cells know a. */
  function addExported({ exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration): void {
    if (!exportClause || !moduleSpecifier) return;
    if (ts.isNamespaceExport(exportClause)) {
      add(exportClause.name.text, isTypeOnly ? "type" : "import");
      return;
    }
    for (const element of exportClause.elements)
      add(element.name.text, isTypeOnly || element.isTypeOnly ? "type" : "import");
  }

  function addVariables(list: ts.VariableDeclarationList): void {
    const kind = list.flags & ts.NodeFlags.Const ? "const" : "let";
    for (const declaration of list.declarations) {
      boundNames(declaration.name).forEach((id) => add(id.text, kind));
    }
  }

  /** `var` in a block or a loop belongs to the top level too. */
  function addNestedVars(node: ts.Node): void {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    const isVar = ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped);
    if (isVar) addVariables(node);
    ts.forEachChild(node, addNestedVars);
  }
}

type NamedStatement =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.EnumDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | (ts.ModuleDeclaration & { name: ts.Identifier });

function isNamedStatement(node: ts.Statement): node is NamedStatement {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && node.name.text !== "global")
  );
}

function kindOf(statement: NamedStatement): NameKind {
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return isType ? "type" : "value";
}

/** The names of a binding: of `{ a, b: [c] }` they are a and c. */
export function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

/** Names that are exported already, by a modifier, and need no `export { … }` of ours. */
export function exportedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (exportClause && ts.isNamedExports(exportClause))
        exportClause.elements.forEach(({ name }) => names.add(name.text));
      else if (exportClause) names.add(exportClause.name.text);
      continue;
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const kinds = modifiers?.map(({ kind }) => kind) ?? [];
    if (!kinds.includes(ts.SyntaxKind.ExportKeyword)) continue;
    if (kinds.includes(ts.SyntaxKind.DefaultKeyword)) continue;
    if (isNamedStatement(statement) && statement.name) names.add(statement.name.text);
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        boundNames(name).forEach(({ text }) => names.add(text));
      }
    }
  }
  return names;
}
