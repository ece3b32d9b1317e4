// The magics that concern the main thread: its variables, its environment, its clock.
import { inspect } from "node:util";
import type { Scope } from "./scope.js";

export function mainMagic(scope: Scope, name: string, rest: string): string {
  if (name === "who") return who(scope);
  if (name === "reset") {
    scope.boxes.clear();
    return "";
  }
  return env(rest.trim());
}

function who(scope: Scope): string {
  const rows = [...scope.boxes]
    .filter(([, { v }]) => v !== undefined)
    .map(([name, { v }]) => [name, kindOf(v), brief(v)] as const);
  if (rows.length === 0) return "no variables\n";
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      ([name, kind, text]) => `${name.padEnd(widths[0]!)}  ${kind.padEnd(widths[1]!)}  ${text}\n`,
    )
    .join("");
}

function kindOf(value: unknown): string {
  if (typeof value === "function") return /^class\b/.test(String(value)) ? "class" : "function";
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return value.constructor?.name ?? "object";
}

function brief(value: unknown): string {
  if (typeof value === "function") return value.name;
  const text = inspect(value, { depth: 0, breakLength: Infinity, maxArrayLength: 6 });
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function env(rest: string): string {
  if (rest === "") {
    const names = Object.keys(process.env).sort();
    return names.map((name) => `${name}=${process.env[name]}\n`).join("");
  }
  const [, name = rest, value] = /^([^\s=]+)\s*=\s*(.*)$/.exec(rest) ?? [];
  if (value !== undefined) process.env[name] = value;
  return `${name}=${process.env[name] ?? ""}\n`;
}

/** 1.23 s, 4.56 ms, 7.89 µs. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 1) return `${ms.toFixed(2)} ms`;
  if (ms >= 1e-3) return `${(ms * 1e3).toFixed(2)} µs`;
  return `${(ms * 1e6).toFixed(0)} ns`;
}
