// This library as checkpoint.mjs asks it: peer.mjs FOLDER; each line "CASE" gives the milliseconds of two loads, a save.
import path from "node:path";
import readline from "node:readline";
import * as torch from "kernelbook";

const { io } = torch;
const folder = process.argv[2];

function reader(name) {
  if (name.endsWith(".safetensors")) return [io.loadSafetensors, io.saveSafetensors, "saved"];
  if (name.endsWith(".npz")) return [io.readNpz, io.writeNpz, "saved.npz"];
  return [torch.load, torch.save, "saved"];
}

function timed(run) {
  const start = performance.now();
  const value = run();
  return [value, performance.now() - start];
}

for await (const name of readline.createInterface({ input: process.stdin })) {
  const [load, save, saved] = reader(name);
  const file = path.join(folder, name.replace(/:float$/, ""));
  const [, first] = timed(() => load(file));
  const [value, second] = timed(() => load(file));
  const [, third] = timed(() => save(value, path.join(folder, saved)));
  console.log(first, second, third);
}
