// Runs once, under `node --build-snapshot`, which knows neither modules nor packages: load TypeScript
// and this folder's compiled modules (as CommonJS), warm the engine, and say what to do when woken.
// The braces keep its names to itself.
{
  const fs = require("node:fs") as typeof import("node:fs");
  const path = require("node:path") as typeof import("node:path");
  const vm = require("node:vm") as typeof import("node:vm");
  const v8 = require("node:v8") as typeof import("node:v8");
  const nodeModule = require("node:module") as typeof import("node:module");

  type Exports = Record<string, unknown>;

  const home = process.env.KERNELBOOK_HOME!;
  const folder = process.env.KERNELBOOK_LANGUAGE!;
  const loaded = new Map<string, { exports: Exports }>();
  const typescriptFile = nodeModule
    .createRequire(path.join(home, "package.json"))
    .resolve("typescript");
  const ts = run(
    typescriptFile,
    fs.readFileSync(typescriptFile, "utf8"),
  ) as unknown as typeof import("typescript");

  function run(file: string, code: string): Exports {
    const module = { exports: {} as Exports };
    loaded.set(file, module);
    const names = ["exports", "require", "module", "__filename", "__dirname"];
    const wrapper = vm.compileFunction(code, names, { filename: file });
    const here = path.dirname(file);
    wrapper(module.exports, (name: string) => load(name, here), module, file, here);
    return module.exports;
  }

  function load(name: string, from: string): unknown {
    if (name === "typescript") return ts;
    if (!name.startsWith(".")) return require(name);
    const file = path.join(from, name);
    const known = loaded.get(file);
    if (known) return known.exports;
    const { outputText } = ts.transpileModule(fs.readFileSync(file, "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    });
    return run(file, outputText);
  }

  const { makeEngine, serve, preloaded } = load("./server.js", folder) as typeof import(
    "./server.js",
    { with: { "resolution-mode": "import" } }
  );
  const engine = makeEngine(home, "/");
  engine.preload(preloaded);
  engine.check(
    "interface P { x: number }\nclass A { constructor(readonly p: P) {} }\nnew A({ x: 1 }).p.x",
    0,
  );
  engine.complete("Math.m", 6);
  engine.inspect("Math.max(1, 2)", 6);

  // Completing made an Intl.Collator, which a snapshot cannot hold: let TypeScript forget it.
  const locales = ts as unknown as { setUILocale(locale: string | undefined): void };
  locales.setUILocale("en");
  locales.setUILocale(undefined);

  v8.startupSnapshot.setDeserializeMainFunction(() => {
    engine.setFolder(process.argv[1] ?? process.cwd());
    engine.refresh();
    serve(engine);
  });
}
