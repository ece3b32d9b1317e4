// The printed form of modules, character for character PyTorch's: Conv2d(3, 16, kernel_size=(3, 3), stride=(1, 1)).

import { className, type Module } from "./module.js";

export function printModule(module: Module): string {
  const extra = module.extraRepr();
  const extraLines = extra === "" ? [] : extra.split("\n");
  const childLines = childrenLines(module);
  const name = className(module);
  if (childLines.length === 0 && extraLines.length <= 1) return `${name}(${extra})`;
  return `${name}(\n  ${[...extraLines, ...childLines].join("\n  ")}\n)`;
}

function childrenLines(module: Module): string[] {
  // a list of modules prints a run of equal ones as one: (0-2): 3 x Linear(…)
  const entries = Object.entries(module).filter((entry): entry is [string, Module] =>
    isModule(entry[1]),
  );
  if (!("foldsEqual" in module)) {
    return entries.map(([name, child]) => `(${name}): ${indented(String(child))}`);
  }
  const runs: { first: number; last: number; text: string }[] = [];
  entries.forEach(([, child], i) => {
    const text = String(child);
    const run = runs.at(-1);
    if (run?.text === text) run.last = i;
    else runs.push({ first: i, last: i, text });
  });
  return runs.map(({ first, last, text }) =>
    first === last
      ? `(${first}): ${indented(text)}`
      : `(${first}-${last}): ${last - first + 1} x ${indented(text)}`,
  );
}

// not instanceof: module.ts imports this file
function isModule(value: unknown): boolean {
  return typeof value === "function" && "namedModules" in value;
}

function indented(text: string): string {
  return text.split("\n").join("\n  ");
}

/** A value as Python writes it: True, None, 0.1, (3, 3), 'same', 1e-05. */
export function python(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) {
    return value.length === 1 ? `(${python(value[0])},)` : `(${value.map(python).join(", ")})`;
  }
  if (typeof value === "number") return number(value);
  return String(value);
}

/** A number that Python holds as a float: 1.0, not 1. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : number(value);
}

/** JavaScript changes to exponents below 1e-6 and from 1e21 on, Python below 1e-4 and from 1e16 on. */
function number(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (Number.isInteger(value) || (size >= 1e-4 && size < 1e16)) return String(value);
  const [digits, exponent] = value.toExponential().split("e");
  const sign = exponent[0];
  return `${digits}e${sign}${exponent.slice(1).padStart(2, "0")}`;
}
