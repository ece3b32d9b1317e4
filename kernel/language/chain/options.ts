// Compiler options of cells: strict, current, and the notebook folder's tsconfig.json above them.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

/** What a cell cannot work without, whatever tsconfig.json says. */
const fixed: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noEmit: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true, // a local .js file has the types that can be read from it
  checkJs: false,
  skipLibCheck: true,
  isolatedModules: undefined,
  verbatimModuleSyntax: undefined,
  composite: undefined,
  incremental: undefined,
  declaration: undefined,
  noUnusedLocals: undefined,
  noUnusedParameters: undefined,
  rootDir: undefined,
  outDir: undefined,
};

/** What this Node's JavaScript has: Object.groupBy, Set.union and the methods of iterators came with Node 22. */
const ofThisNode =
  parseInt(process.versions.node) >= 22
    ? ["lib.es2024.d.ts", "lib.es2025.collection.d.ts", "lib.es2025.iterator.d.ts"]
    : ["lib.es2023.d.ts"];

const defaults: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: [...ofThisNode, "lib.esnext.disposable.d.ts"],
  strict: true,
  esModuleInterop: true,
  jsx: ts.JsxEmit.ReactJSX, // a .tsx file can be imported; JSX in it needs react
};

export function cellOptions(folder: string): ts.CompilerOptions {
  const file = configFile(folder);
  const read = file ? ts.readConfigFile(file, ts.sys.readFile).config : undefined;
  const own = read
    ? ts.parseJsonConfigFileContent(
        { ...read, files: [], include: [] },
        ts.sys,
        path.dirname(file!),
      ).options
    : {};
  const options: ts.CompilerOptions = { ...defaults, ...own, ...fixed, types: [] };
  delete options.configFilePath;
  return options;
}

export function configFile(folder: string): string | undefined {
  const file = path.join(folder, "tsconfig.json");
  return fs.existsSync(file) ? file : undefined;
}
