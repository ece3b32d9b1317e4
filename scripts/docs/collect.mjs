// The public API as data, read from the declarations in dist: what `import "kernelbook"` and "kernelbook/widgets" give, with
// signatures and docstrings.
import path from "node:path";
import ts from "typescript";

const entries = [
  { module: "torch", file: "dist/lib/index.d.ts" },
  { module: "widgets", file: "dist/widgets/index.d.ts" },
];
/** Classes that have a page of their own and lie under many others; Tensor's methods are the functions of torch. */
const general = /\/(module|callable|tensor|methods|errors|optimizer|scheduler|widget)\.d\.ts$/;
const flags =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.WriteArrowStyleSignature |
  ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/**
 * Modules in reading order: { name, doc, items }; an item: { name, kind: "function" | "class" | "interface" | "type" | "value",
 * signatures, doc, tags: [{ name, text }], members, file }.
 */
export function collect(root) {
  const files = entries.map(({ file }) => path.join(root, file));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const modules = [];
  entries.forEach(({ module }, i) => {
    const source = program.getSourceFile(files[i]);
    if (!source) throw new Error(`docs: ${entries[i].file} is not there: run npm run build`);
    addModule(module, checker.getSymbolAtLocation(source));
  });
  return modules;

  function addModule(name, symbol) {
    const module = { name, items: [] };
    modules.push(module);
    for (const exported of checker.getExportsOfModule(symbol)) {
      const target =
        exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const isNamespace =
        target.flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule) &&
        !(target.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class));
      if (isNamespace) addModule(`${name}.${exported.name}`, target);
      else module.items.push(itemOf(exported.name, target));
    }
    module.items.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  }

  function itemOf(name, symbol) {
    const [declaration] = symbol.declarations ?? [];
    const file = path.relative(path.join(root, "dist"), declaration.getSourceFile().fileName);
    const item = { name, file: file.replace(/\.d\.ts$/, ".ts"), members: [], signatures: [] };
    Object.assign(item, documentation(symbol));
    if (symbol.flags & ts.SymbolFlags.Class) {
      const type = checker.getTypeOfSymbol(symbol);
      item.kind = "class";
      item.signatures = type.getConstructSignatures().map((s) => `new ${name}${signature(s)}`);
      item.options = optionsOf(type.getConstructSignatures());
      item.members = membersOf(checker.getDeclaredTypeOfSymbol(symbol), symbol);
      if (!item.doc) Object.assign(item, documentationOfConstructor(type));
    } else if (symbol.flags & ts.SymbolFlags.Interface) {
      item.kind = "interface";
      item.members = membersOf(checker.getDeclaredTypeOfSymbol(symbol), symbol);
    } else if (symbol.flags & ts.SymbolFlags.TypeAlias) {
      item.kind = "type";
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      item.signatures = [
        `type ${name} = ${clean(checker.typeToString(type, undefined, flags | ts.TypeFormatFlags.InTypeAlias))}`,
      ];
    } else {
      const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
      const calls = type.getCallSignatures();
      item.kind = calls.length > 0 ? "function" : "value";
      item.signatures =
        calls.length > 0
          ? calls.map((s) => `${name}${signature(s)}`)
          : [`${name}: ${clean(checker.typeToString(type, undefined, flags))}`];
      item.options = optionsOf(calls);
      const described = calls.find((s) => s.getDocumentationComment(checker).length > 0);
      if (!item.doc && described) Object.assign(item, documentation(described));
    }
    return item;
  }

  /** The members of the options object that the last parameter takes. */
  function optionsOf(signatures) {
    for (const { parameters } of signatures) {
      const [last] = parameters.slice(-1);
      if (!last) continue;
      const type = checker.getNonNullableType(checker.getTypeOfSymbol(last));
      const owner = type.aliasSymbol ?? type.symbol;
      if (!/Options$/.test(owner?.name ?? "") || !type.symbol) continue;
      const members = membersOf(type, type.symbol);
      if (members.length > 0) return members;
    }
    return [];
  }

  /** What is declared in the class or interface, or in one above it that is not documented itself; nothing internal. */
  function membersOf(type, owner) {
    return type
      .getProperties()
      .filter((member) => {
        const [declaration] = member.declarations ?? [];
        if (!declaration || !/^[A-Za-z]\w*$/.test(member.name)) return false;
        if (member.name === "forward" && owner.name !== "Module") return false; // each layer has one
        const file = declaration.getSourceFile().fileName;
        const above = !owner.declarations.includes(declaration.parent);
        if (!file.startsWith(path.join(root, "dist")) || (above && general.test(file)))
          return false;
        const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
        if (ts.getCombinedModifierFlags(declaration) & hidden) return false;
        return !member.getJsDocTags(checker).some(({ name }) => name === "internal");
      })
      .map((member) => {
        const [declaration] = member.declarations;
        const memberType = checker.getTypeOfSymbolAtLocation(member, declaration);
        const optional = member.flags & ts.SymbolFlags.Optional ? "?" : "";
        const calls = optional ? [] : memberType.getCallSignatures();
        const signatures =
          calls.length > 0 && member.flags & ts.SymbolFlags.Method
            ? calls.map((s) => `${member.name}${signature(s)}`)
            : [
                `${member.name}${optional}: ${clean(checker.typeToString(memberType, undefined, flags))}`,
              ];
        return { name: member.name, signatures, ...documentation(member) };
      });
  }

  function signature(s) {
    return clean(
      checker.signatureToString(s, undefined, flags & ~ts.TypeFormatFlags.WriteArrowStyleSignature),
    );
  }

  function documentation(symbolOrSignature) {
    return {
      doc: ts.displayPartsToString(symbolOrSignature.getDocumentationComment(checker)),
      tags: symbolOrSignature
        .getJsDocTags(checker)
        .map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
    };
  }

  function documentationOfConstructor(type) {
    const described = type
      .getConstructSignatures()
      .find((s) => s.getDocumentationComment(checker).length > 0);
    return described ? documentation(described) : {};
  }
}

function clean(text) {
  return text
    .replace(/(\?: [^,()]*?) \| undefined(?=[,)]|$)/g, "$1")
    .replace(/(typeof )?import\("[^"]*"\)\./g, "$1")
    .replace(/import\("[^"]*"\)/g, "module");
}
