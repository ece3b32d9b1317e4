// Tensors as text, character for character as PyTorch prints them (torch/_tensor_str.py of version 2.13).

import { formatterFor, type Formatter } from "./print/formatter.js";
import { printOptions } from "./print/options.js";
import { numelOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

const PREFIX = "tensor(";

/** What `String(x)` and `console.log(x)` give. */
export function tensorText(x: Tensor): string {
  return withSuffixes(PREFIX + contents(x, PREFIX.length), suffixesOf(x));
}

function contents(x: Tensor, indent: number): string {
  const count = numelOf(x.shape);
  if (count === 0) return "[]";
  const summarize = count > printOptions.threshold;
  const shown: number[] = [];
  collect(x, summarize, 0, x.offset, shown);
  const formatter = formatterFor(x.dtype, shown);
  return x.shape.length === 0
    ? formatter.format(shown[0])
    : level(x, { summarize, formatter }, 0, x.offset, indent);
}

/** The places along an axis that are printed; null stands for the dots. */
function places(size: number, summarize: boolean): (number | null)[] {
  const { edgeitems } = printOptions;
  const all = Array.from({ length: size }, (_, i) => i);
  if (!summarize || size <= 2 * edgeitems) return all;
  return [...all.slice(0, edgeitems), null, ...all.slice(size - edgeitems)];
}

/** The numbers that will be printed, of axes `axis` … : they decide the notation. */
function collect(x: Tensor, summarize: boolean, axis: number, at: number, out: number[]): void {
  if (axis === x.shape.length) {
    out.push(x.storage.array[at]);
    return;
  }
  for (const i of places(x.shape[axis], summarize)) {
    if (i !== null) collect(x, summarize, axis + 1, at + i * x.strides[axis], out);
  }
}

interface Style {
  readonly summarize: boolean;
  readonly formatter: Formatter;
}

/** One bracket: the slices along `axis`, or on the last axis the numbers, in lines. */
function level(x: Tensor, style: Style, axis: number, at: number, indent: number): string {
  const left = x.shape.length - axis; // axes from here on
  if (left === 1) return row(x, style, at, indent);
  const slices = places(x.shape[axis], style.summarize).map((i) =>
    i === null ? "..." : level(x, style, axis + 1, at + i * x.strides[axis], indent + 1),
  );
  return `[${slices.join("," + "\n".repeat(left - 1) + " ".repeat(indent + 1))}]`;
}

function row(x: Tensor, { summarize, formatter }: Style, at: number, indent: number): string {
  const axis = x.shape.length - 1;
  const { array } = x.storage;
  const dots = printOptions.edgeitems > 0 ? " ..." : "...";
  const cells = places(x.shape[axis], summarize).map((i) =>
    i === null ? dots : formatter.format(array[at + i * x.strides[axis]]),
  );

  const room = Math.floor((printOptions.linewidth - indent) / (formatter.width + 2));
  const perLine = Math.max(1, room);
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += perLine) {
    lines.push(cells.slice(i, i + perLine).join(", "));
  }
  return `[${lines.join(",\n" + " ".repeat(indent + 1))}]`;
}

function suffixesOf(x: Tensor): string[] {
  const isEmpty = numelOf(x.shape) === 0;
  const ndim = x.shape.length;
  const usual = x.dtype === "float32" || (!isEmpty && (x.dtype === "int64" || x.dtype === "bool"));
  const suffixes: string[] = [];
  if (isEmpty ? ndim !== 1 : printOptions.edgeitems === 0) {
    suffixes.push(`size=(${x.shape.join(", ")}${ndim === 1 ? "," : ""})`);
  }
  if (!usual) suffixes.push(`dtype=torch.${x.dtype}`);
  if (x.gradFn) suffixes.push(`grad_fn=<${x.gradFn.name}>`);
  else if (x.requiresGrad) suffixes.push("requires_grad=True");
  return suffixes;
}

function withSuffixes(text: string, suffixes: readonly string[]): string {
  let all = text;
  let lineLength = text.length - text.lastIndexOf("\n") + 1;
  for (const suffix of suffixes) {
    if (lineLength + suffix.length + 2 > printOptions.linewidth) {
      all += `,\n${" ".repeat(PREFIX.length)}${suffix}`;
      lineLength = PREFIX.length + suffix.length;
    } else {
      all += `, ${suffix}`;
      lineLength += suffix.length + 2;
    }
  }
  return all + ")";
}
