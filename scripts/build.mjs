// Builds everything into dist/, one step after the other:
//   node scripts/build.mjs [--if-needed] [--no-web] [--only step[,step]]
// --if-needed skips a step whose inputs have not changed since its last success.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { steps } from "./build/steps.mjs";

process.chdir(path.join(import.meta.dirname, ".."));
const flags = new Set(process.argv.slice(2));
const only = process.argv[process.argv.indexOf("--only") + 1]?.split(",");
const wanted = steps.filter((step) => {
  if (flags.has("--only")) return only.includes(step.name);
  return !(flags.has("--no-web") && step.web);
});

const stampFolder = path.join("dist", ".stamps");
fs.mkdirSync(stampFolder, { recursive: true });
for (const [index, step] of wanted.entries()) {
  const stamp = path.join(stampFolder, step.name);
  const digest = digestOf(step.inputs);
  if (flags.has("--if-needed") && readIfThere(stamp) === digest && fs.existsSync(step.output))
    continue;

  const started = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`[${index + 1}/${wanted.length}] ${step.title} …`);
  await step.run();
  fs.writeFileSync(stamp, digest);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const line = `[${index + 1}/${wanted.length}] ${step.title} (${seconds} s)\n`;
  process.stdout.write(process.stdout.isTTY ? `\r${line}` : line);
}

/** A hash over the names and bytes of all files below the given paths. */
function digestOf(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesBelow).sort())
    hash.update(file).update(fs.readFileSync(file));
  return hash.digest("hex");
}

function filesBelow(place) {
  if (!fs.existsSync(place)) return [];
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs.readdirSync(place).flatMap((name) => filesBelow(path.join(place, name)));
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}
