// The command line: kernelbook [folder], install, uninstall, list, run, export, doctor.
// Each command lives in a file of its own and is loaded only when asked for.
type Command = (args: string[]) => Promise<void>;

const commands: Record<string, () => Promise<{ run: Command }>> = {};

const [name = "", ...rest] = process.argv.slice(2);
const command = commands[name];
if (command) await (await command()).run(rest);
else {
  console.error(
    `kernelbook: no command ${name || "given"}; there are: ${Object.keys(commands).join(", ")}`,
  );
  process.exitCode = 2;
}
