// The command line: kernelbook [folder], install, uninstall, list, run, export, doctor, docs.
// Each command lives in a file of its own and is loaded only when asked for.
import { isForUsers } from "./refusal.js";

interface Command {
  /** What --help prints. */
  usage: string;
  run(args: string[]): Promise<void>;
}

const serve = () => import("./serve.js");
const commands: Record<string, (() => Promise<Command>) | undefined> = {
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
const args = command ? rest : process.argv.slice(2);
const { run, usage } = await (command ?? serve)();

if (args.includes("--help") || args.includes("-h")) console.log(usage);
else {
  await run(args).catch((error: unknown) => {
    if (!isForUsers(error)) throw error;
    console.error(`kernelbook${command ? ` ${name}` : ""}: ${error.message}`);
    process.exit(1);
  });
}
