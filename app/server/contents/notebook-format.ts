// Notebooks as text: read (any format from 1 to 4, brought to 4), check, and write as Jupyter writes them:
// keys sorted, indented by one space, long texts as lists of lines.
import { randomBytes } from "node:crypto";
import { HttpError } from "../http/errors.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, any>; // a document from outside: checked by findFault

export interface Cell {
  cell_type: string;
  source: string;
  metadata: JsonObject;
  id?: string;
  outputs?: JsonObject[];
  execution_count?: number | null;
  attachments?: JsonObject;
}

export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: JsonObject;
  cells: Cell[];
}

/** @throws HttpError 400 if the text is not a notebook at all. */
export function parseNotebook(text: string, path: string): Notebook {
  const unreadable = (why: string) =>
    new HttpError(400, `Unreadable Notebook: ${path} ${why}`, "unreadable");
  let value: JsonObject;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw unreadable(`NotJSONError('${(error as Error).message}')`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable("is JSON, but not an object");
  }
  const major = value.nbformat ?? 1;
  if (![1, 2, 3, 4].includes(major)) throw unreadable(`has nbformat ${major}, which is not 1 to 4`);
  const notebook = major < 4 ? upgrade(value) : value;
  return joinLines(notebook);
}

export function formatNotebook(notebook: Notebook): string {
  return JSON.stringify(sortKeys(splitLines(withoutTransient(notebook))), null, 1) + "\n";
}

/** The first thing in which a notebook breaks format 4, in words; null if it keeps to it. */
export function findFault(notebook: JsonObject): string | null {
  if (!isObject(notebook.metadata)) return "'metadata' of the notebook is not an object";
  if (!Number.isInteger(notebook.nbformat_minor)) return "'nbformat_minor' is not an integer";
  if (!Array.isArray(notebook.cells)) return "'cells' is not a list";
  const withIds = notebook.nbformat > 4 || notebook.nbformat_minor >= 5;
  const seen = new Set<string>();
  for (const [index, cell] of notebook.cells.entries()) {
    const fault = cellFault(cell, withIds);
    if (fault) return `cell ${index}: ${fault}`;
    if (withIds && seen.has(cell.id))
      return `cell ${index}: its id '${cell.id}' is taken by a cell before it`;
    seen.add(cell.id);
  }
  return null;
}

function cellFault(cell: unknown, withIds: boolean): string | null {
  if (!isObject(cell)) return "is not an object";
  if (!["code", "markdown", "raw"].includes(cell.cell_type)) {
    return `cell_type is ${JSON.stringify(cell.cell_type)}, not "code", "markdown" or "raw"`;
  }
  if (!isObject(cell.metadata)) return "'metadata' is not an object";
  if (!isText(cell.source)) return "'source' is neither a text nor a list of lines";
  if (withIds && !/^[a-zA-Z0-9-_]{1,64}$/.test(cell.id ?? "")) {
    return `id is ${JSON.stringify(cell.id)}: 1 to 64 letters, digits, - and _ are needed`;
  }
  if (cell.cell_type !== "code") return null;
  if (!Array.isArray(cell.outputs)) return "'outputs' is not a list";
  if (cell.execution_count !== null && !Number.isInteger(cell.execution_count)) {
    return `execution_count is ${JSON.stringify(cell.execution_count)}, not an integer or null`;
  }
  for (const [index, output] of cell.outputs.entries()) {
    const fault = outputFault(output);
    if (fault) return `output ${index}: ${fault}`;
  }
  return null;
}

function outputFault(output: unknown): string | null {
  if (!isObject(output)) return "is not an object";
  switch (output.output_type) {
    case "stream":
      if (typeof output.name !== "string") return "a stream without a name";
      return isText(output.text)
        ? null
        : "'text' of a stream is neither a text nor a list of lines";
    case "display_data":
    case "execute_result":
      if (!isObject(output.metadata)) return "'metadata' is not an object";
      return isObject(output.data) ? null : "'data' is not an object";
    case "error":
      return Array.isArray(output.traceback) ? null : "'traceback' of an error is not a list";
    default:
      return `output_type is ${JSON.stringify(output.output_type)}`;
  }
}

/** Add what format 4.5 needs and older writers left out: an id for each cell, no id twice. */
export function repairIds(notebook: Notebook): void {
  if (notebook.nbformat_minor < 5 || !Array.isArray(notebook.cells)) return;
  const seen = new Set<string>();
  for (const cell of notebook.cells) {
    if (!isObject(cell)) continue;
    if (cell.id === undefined || seen.has(cell.id)) cell.id = randomBytes(4).toString("hex");
    seen.add(cell.id);
  }
}

export function emptyNotebook(): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
}

// Formats 1 to 3 → 4

function upgrade(old: JsonObject): JsonObject {
  const given: JsonObject = isObject(old.metadata) ? old.metadata : {};
  const { name: _name, signature: _signature, ...metadata } = given;
  const sheets: JsonObject[] = Array.isArray(old.worksheets) ? old.worksheets : [old];
  const cells = sheets.flatMap((sheet) => (Array.isArray(sheet.cells) ? sheet.cells : []));
  return {
    nbformat: 4,
    nbformat_minor: 4,
    metadata: { ...metadata, orig_nbformat: old.nbformat ?? 1 },
    cells: cells.filter(isObject).map(upgradeCell),
  };
}

function upgradeCell(old: JsonObject): JsonObject {
  const metadata = isObject(old.metadata) ? { ...old.metadata } : {};
  const type = old.cell_type;
  if (type === "code") {
    if (old.collapsed !== undefined) metadata.collapsed = old.collapsed;
    return {
      cell_type: "code",
      metadata,
      source: old.input ?? old.code ?? "",
      execution_count: old.prompt_number ?? null,
      outputs: (Array.isArray(old.outputs) ? old.outputs : []).filter(isObject).map(upgradeOutput),
    };
  }
  const text = textOf(old.source ?? old.text ?? "");
  if (type === "heading") {
    const source = `${"#".repeat(old.level ?? 1)} ${text.replace(/\s*\n\s*/g, " ")}`;
    return { cell_type: "markdown", metadata, source };
  }
  return { cell_type: type === "raw" ? "raw" : "markdown", metadata, source: text };
}

const shortNames: Record<string, string> = {
  text: "text/plain",
  html: "text/html",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  latex: "text/latex",
  json: "application/json",
  javascript: "application/javascript",
  pdf: "application/pdf",
};

function upgradeOutput(old: JsonObject): JsonObject {
  const { output_type: type, metadata = {}, prompt_number, ...rest } = old;
  if (type === "pyerr" || type === "error") {
    const { ename = "", evalue = "", traceback = [] } = rest;
    return { output_type: "error", ename, evalue, traceback };
  }
  if (type === "stream") {
    return { output_type: "stream", name: rest.stream ?? "stdout", text: rest.text ?? "" };
  }
  const data = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [shortNames[key] ?? key, value]),
  );
  if (type !== "pyout") return { output_type: "display_data", metadata, data };
  return { output_type: "execute_result", metadata, data, execution_count: prompt_number ?? null };
}

// Lines

/** Lists of lines become texts: the form in which a notebook is shown and signed. */
export function joinLines(notebook: JsonObject): Notebook {
  for (const cell of Array.isArray(notebook.cells) ? notebook.cells.filter(isObject) : []) {
    if (Array.isArray(cell.source)) cell.source = textOf(cell.source);
    for (const output of Array.isArray(cell.outputs) ? cell.outputs.filter(isObject) : []) {
      if (Array.isArray(output.text)) output.text = textOf(output.text);
      if (!isObject(output.data)) continue;
      for (const [type, value] of Object.entries(output.data)) {
        if (!isJsonType(type) && isText(value)) output.data[type] = textOf(value);
      }
    }
  }
  return notebook as Notebook;
}

function splitLines(notebook: Notebook): JsonObject {
  const split = (value: unknown) => (typeof value === "string" ? linesOf(value) : value);
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => ({
      ...cell,
      source: split(cell.source),
      ...(cell.outputs && {
        outputs: cell.outputs.map((output) => ({
          ...output,
          ...(output.text !== undefined && { text: split(output.text) }),
          ...(isObject(output.data) && {
            data: Object.fromEntries(
              Object.entries(output.data).map(([type, value]) => [
                type,
                isJsonType(type) ? value : split(value),
              ]),
            ),
          }),
        })),
      }),
    })),
  };
}

/** What lives only while a notebook is open is not written. */
function withoutTransient(notebook: Notebook): Notebook {
  const {
    orig_nbformat: _1,
    orig_nbformat_minor: _2,
    signature: _3,
    ...metadata
  } = notebook.metadata;
  const cells = notebook.cells.map((cell) => {
    if (cell.metadata?.trusted === undefined) return cell;
    const { trusted: _trusted, ...kept } = cell.metadata;
    return { ...cell, metadata: kept };
  });
  return { ...notebook, metadata, cells };
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));
const textOf = (value: unknown): string => (Array.isArray(value) ? value.join("") : String(value));
const isJsonType = (type: string) => type === "application/json" || type.endsWith("+json");

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return (
    typeof value === "string" ||
    (Array.isArray(value) && value.every((line) => typeof line === "string"))
  );
}

function sortKeys(value: any): any {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  // fromEntries would put keys that look like numbers first in any case; so does every JavaScript reader.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
