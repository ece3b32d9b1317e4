// The command line: kernelbook [folder], install, uninstall, list, run, export, doctor, docs.
// Each command lives in a file of its own and is loaded only when asked for.
type Command = (args: string[]) => Promise<void>;

const serve = () => import("./serve.js");
const commands: Record<string, (() => Promise<{ run: Command }>) | undefined> = {
  serve,
  install: () => import("./install.js"),
  uninstall: () => import("./uninstall.js"),
  list: () => import("./list.js"),
  run: () => import("./run.js"),
  export: () => import("./export.js"),
  doctor: () => import("./doctor.js"),
  docs: () => import("./docs.js"),
};

// Whatever is not a command is a folder, or an option of the server: kernelbook ~/study --port 9000
const [name = "", ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
const { run } = await (command ?? serve)();
await run(command ? rest : process.argv.slice(2));
