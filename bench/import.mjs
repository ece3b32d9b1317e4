// What importing the library costs: CPU time of a fresh process that imports it, beside one that does nothing, in turn.
//   node bench/import.mjs [--rounds 20] [FILE…]      FILE: other modules to import besides "kernelbook"
import { spawnSync } from "node:child_process";
import path from "node:path";

const [flag, value, ...rest] = process.argv.slice(2);
const rounds = flag === "--rounds" ? Number(value) : 20;
const files = flag === "--rounds" ? rest : process.argv.slice(2);

const tell = `
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1000));`;
const scripts = { nothing: tell };
for (const name of ["kernelbook", "kernelbook/widgets"])
  scripts[name] = `import ${JSON.stringify(name)}; ${tell}`;
for (const file of files) scripts[file] = `import ${JSON.stringify(path.resolve(file))}; ${tell}`;

const times = Object.fromEntries(Object.keys(scripts).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, script] of Object.entries(scripts)) times[name].push(cpuOf(script));

/** Milliseconds of CPU that a fresh process has used when it comes to its last line. */
function cpuOf(script) {
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: path.join(import.meta.dirname, ".."), // where "kernelbook" is this package
    encoding: "utf8",
  });
  return Number(stdout);
}

const best = (name) => Math.min(...times[name]);
const median = (name) => times[name].toSorted((a, b) => a - b)[rounds >> 1];
for (const name of Object.keys(scripts)) {
  const added = (best(name) - best("nothing")).toFixed(0);
  const ratio = (best(name) / best("nothing")).toFixed(2);
  console.log(
    `${name}: ${best(name).toFixed(0)} ms CPU at best, ${median(name).toFixed(0)} in the middle; ${added} ms more than nothing, ratio ${ratio}`,
  );
}
