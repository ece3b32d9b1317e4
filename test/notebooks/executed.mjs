// Compares notebooks that another program has run with what is committed.   node executed.mjs FOLDER [COMMITTED FOLDER]
import fs from "node:fs";
import path from "node:path";
import { isFused } from "../../scripts/notebooks/arithmetic.mjs";
import { differences } from "../../scripts/notebooks/compare.mjs";

const [folder, committed = "notebooks"] = process.argv.slice(2);
const names = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
let failed = 0;
for (const name of names) {
  const [before, after] = [committed, folder].map((place) =>
    JSON.parse(fs.readFileSync(path.join(place, name), "utf8")),
  );
  const found = differences(before, after, isFused());
  for (const difference of found) console.log(`${name}: ${difference}`);
  if (found.length > 0) failed++;
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || names.length === 0 ? 1 : 0;
