// The text of a summary, character for character torchinfo's (version 1.8).

import { fixed } from "../print/numbers.js";
import type { Layer } from "./layer.js";
import type { Summary } from "./statistics.js";

export type Column =
  | "inputSize"
  | "outputSize"
  | "numParams"
  | "paramsPercent"
  | "kernelSize"
  | "multAdds"
  | "trainable";

export interface TableOptions {
  /** Which columns. Default outputSize and numParams (without an input, numParams). */
  colNames?: readonly Column[];
  /** Characters per column. Default 25. */
  colWidth?: number;
  /** How deep into the modules. Default 3. */
  depth?: number;
  /** What the first column shows: "depth" (the numbers, default), "varNames", "asciiOnly", "hideRecursiveLayers". */
  rowSettings?: readonly ("depth" | "varNames" | "asciiOnly" | "hideRecursiveLayers")[];
}

const titles: Readonly<Record<Column, string>> = {
  kernelSize: "Kernel Shape",
  inputSize: "Input Shape",
  outputSize: "Output Shape",
  numParams: "Param #",
  paramsPercent: "Param %",
  multAdds: "Mult-Adds",
  trainable: "Trainable",
};

export function tableText(summary: Summary, options: Required<TableOptions>): string {
  const { colNames, colWidth, depth, rowSettings } = options;
  const [withDepth, withNames, ascii, hideRepeated] = (
    ["depth", "varNames", "asciiOnly", "hideRecursiveLayers"] as const
  ).map((setting) => rowSettings.includes(setting));
  const nameWidth = widthOfNames(summary.layers, withNames, withDepth);
  const line = (name: string, values: readonly string[]) =>
    `${[name.padEnd(nameWidth), ...values.map((v) => v.padEnd(colWidth))].join(" ").trimEnd()}\n`;
  const rule = "=".repeat(colNames.length * colWidth + nameWidth);

  const header = `Layer (type${withNames ? " (var_name)" : ""}${withDepth ? ":depth-idx" : ""})`;
  const rows = summary.layers
    .filter((layer) => layer.depth <= depth && !(hideRepeated && layer.isRepeated))
    .map((layer) => {
      const values = colNames.map((column) => cell(column, layer, layer.depth === depth, summary));
      return line(branch(layer.depth, ascii) + layer.title(withNames, withDepth), values);
    });
  const top = `${rule}\n${line(
    header,
    colNames.map((name) => titles[name]),
  )}${rule}\n${rows.join("")}${rule}\n`;
  return summary.failure ? top + failureText(summary) : top + totals(summary, rule);
}

function failureText({ failure, remedy }: Summary): string {
  const { error, at } = failure!;
  const name = at.depth === 0 ? at.className : `${at.title(false, true)} (${pathOf(at)})`;
  return `Stopped in ${name}: ${error.message}${remedy ? `\nTo go on: ${remedy}` : ""}`;
}

/** `conv1.0` */
function pathOf(layer: Layer): string {
  const parts: string[] = [];
  for (let l: Layer | null = layer; l && l.depth > 0; l = l.parent) parts.unshift(l.name);
  return parts.join(".");
}

function totals(summary: Summary, rule: string): string {
  const { totalParams, trainableParams, totalMultAdds, hasInput } = summary;
  const counts = [
    `Total params: ${grouped(totalParams)}`,
    `Trainable params: ${grouped(trainableParams)}`,
    `Non-trainable params: ${grouped(totalParams - trainableParams)}`,
  ];
  if (!hasInput) return `${counts.join("\n")}\n${rule}`;
  const megabytes = (bytes: number) => fixed(bytes / 1e6, 2);
  const { totalInput, totalOutputBytes, totalParamBytes } = summary;
  return [
    ...counts,
    `Total mult-adds ${withUnit(totalMultAdds)}`,
    rule,
    `Input size (MB): ${megabytes(totalInput)}`,
    `Forward/backward pass size (MB): ${megabytes(totalOutputBytes)}`,
    `Params size (MB): ${megabytes(totalParamBytes)}`,
    `Estimated Total Size (MB): ${megabytes(totalInput + totalOutputBytes + totalParamBytes)}`,
    rule,
  ].join("\n");
}

/** `(M): 774.30`, `(G): 15.48` */
function withUnit(count: number): string {
  const [unit, scale] = count >= 1e12 ? ["T", 1e12] : count >= 1e9 ? ["G", 1e9] : ["M", 1e6];
  const value = count / scale;
  return `(${unit}): ${Number.isInteger(value) ? grouped(value) : grouped(fixed(value, 2))}`;
}

function cell(column: Column, layer: Layer, isDeepest: boolean, summary: Summary): string {
  switch (column) {
    case "inputSize":
      return shapeText(layer.inputShape);
    case "outputSize":
      return shapeText(layer.outputShape);
    case "numParams":
      return paramsText(layer, isDeepest);
    case "paramsPercent":
      return percentText(layer, isDeepest, summary.totalParams);
    case "kernelSize":
      return kernelText(layer);
    case "multAdds":
      return multAddsText(layer, isDeepest);
    case "trainable":
      return layer.trainable;
  }
  return column satisfies never;
}

function shapeText(shape: readonly number[]): string {
  return shape.length > 0 ? `[${shape.join(", ")}]` : "--";
}

function paramsText(layer: Layer, isDeepest: boolean): string {
  if (layer.params === 0) return "--";
  if (layer.isRepeated) return "(recursive)";
  if (isDeepest || layer.isLeaf) {
    const count = grouped(layer.params);
    return layer.trainableParams ? count : `(${count})`;
  }
  const leftover = layer.leftover("params");
  return leftover > 0 ? grouped(leftover) : "--";
}

function percentText(layer: Layer, isDeepest: boolean, totalParams: number): string {
  const none = "     --";
  if (totalParams === 0) return none;
  if (layer.isRepeated) return "(recursive)";
  const params = isDeepest || layer.isLeaf ? layer.params : layer.leftover("params");
  return params === 0 ? none : `${fixed((params / totalParams) * 100, 2)}%`.padStart(7);
}

function kernelText(layer: Layer): string {
  const { kernelSize } = layer.module as { kernelSize?: number | readonly number[] };
  if (kernelSize === undefined) return "--";
  return typeof kernelSize === "number" ? String(kernelSize) : shapeText(kernelSize);
}

function multAddsText(layer: Layer, isDeepest: boolean): string {
  if (layer.multAdds <= 0) return "--";
  if (layer.isLeaf) return grouped(layer.multAdds);
  if (!isDeepest) return "--";
  const parts = layer.below.filter((part) => part.isLeaf);
  return grouped(parts.reduce((sum, part) => sum + part.multAdds, 0));
}

function branch(depth: number, ascii: boolean): string {
  if (depth === 0) return "";
  if (depth === 1) return ascii ? "+ " : "├─";
  return (ascii ? "|    " : "│    ").repeat(depth - 1) + (ascii ? "+ " : "└─");
}

/** The longest name with its indent, up to the next multiple of 5, at least 40. */
function widthOfNames(layers: readonly Layer[], withNames: boolean, withDepth: boolean): number {
  const widths = layers.map((l) => l.title(withNames, withDepth).length + 5 * l.depth + 1);
  const most = widths.reduce((a, b) => Math.max(a, b), 0);
  return most >= 40 ? Math.ceil(most / 5) * 5 : 40;
}

/** 332,778 */
function grouped(value: number | string): string {
  return String(value).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");
}
