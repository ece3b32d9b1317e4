// Tables of numbers as text.

import { tensor } from "../creation.js";
import type { Refuse } from "../io/file-error.js";
import { kindOf } from "../io/image.js";
import { readAll, type FileLike } from "../io/source.js";
import { empty, type Tensor } from "../tensor.js";

export interface CsvOptions {
  /** Between the columns. Default: comma, semicolon or tab, whichever the first line has most of. */
  delimiter?: string;
  /** Does the first line name the columns? Default: it does if it has text where the second has numbers, or only text. */
  header?: boolean;
  /** What stands for an empty cell, "NA" or "null": a number, as NaN. Default: they are refused. */
  missing?: number;
  /** The name (or number) of a column that holds labels, as text or numbers. Default: none. */
  target?: string | number;
}

export interface Table {
  columns: string[];
  /** float32 [rows, columns], without the target's. */
  values: Tensor;
  /** int64 [rows]: the labels, as indices into `classes`; null without a target. */
  targets: Tensor | null;
  /** The labels that occur, sorted. */
  classes: string[];
}

/**
 * A table of numbers: float32 [rows, columns], the names of the columns and, if wanted, a column of labels. `file`: a
 * path or bytes.
 *
 * ```ts
 * const bytes = new TextEncoder().encode("size,kind\n1.5,cat\n4,dog\n2,cat\n")
 * const { values, targets, classes } = torch.utils.data.csv(bytes, { target: "kind" })
 * [values.tolist(), targets!.tolist(), classes] // → [[[1.5], [4], [2]], [0, 1, 0], ["cat", "dog"]]
 * ```
 *
 * @throws FileError naming the line and the column where no number stands.
 */
export function csv(file: FileLike, options: CsvOptions = {}): Table {
  const { bytes, refuse } = readAll("csv", file);
  if (kindOf(bytes)) refuse(`this is a ${kindOf(bytes)}, not a table`);
  const text = new TextDecoder().decode(bytes.slice()).replace(/^\ufeff/, "");
  const rows = cells(text, options.delimiter ?? delimiterOf(text), refuse).filter(
    (row) => row.length > 1 || row[0].trim() !== "",
  );
  if (rows.length === 0) refuse("there is no line in it");

  const numberOf = reader(options.missing);
  const header = options.header ?? hasHeader(rows, numberOf);
  const names = header ? rows[0].map((name) => name.trim()) : rows[0].map((_, k) => String(k));
  const body = header ? rows.slice(1) : rows;
  const line = (i: number): number => i + 1 + (header ? 1 : 0);
  body.forEach((row, i) => {
    if (row.length !== names.length)
      refuse(`row ${line(i)} has ${row.length} cells, the first has ${names.length}`);
  });

  const { target } = options;
  const column = target === undefined ? -1 : names.indexOf(String(target));
  if (target !== undefined && column < 0)
    refuse(`there is no column ${target}; there are ${names.join(", ")}`);
  const taken = names.map((_, k) => k).filter((k) => k !== column);
  const values = empty([body.length, taken.length]);
  body.forEach((row, i) => {
    taken.forEach((k, place) => {
      values.storage.array[i * taken.length + place] =
        numberOf(row[k]) ??
        refuse(
          `row ${line(i)}, column ${names[k]}: ${JSON.stringify(row[k].slice(0, 40))} is no number: ${hint(row[k])}`,
        );
    });
  });
  const words = column < 0 ? null : body.map((row) => row[column].trim());
  return { columns: taken.map((k) => names[k]), values, ...labels(words) };
}

function delimiterOf(text: string): string {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const count = (c: string): number => first.split(c).length;
  return [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
}

type NumberOf = (cell: string) => number | null;

const isMissing = (cell: string): boolean => /^(na|null|none|\?)?$/i.test(cell.trim());

/** A cell's number; null if it holds none. */
function reader(missing: number | undefined): NumberOf {
  return (cell) => {
    if (/^nan$/i.test(cell.trim())) return NaN;
    if (isMissing(cell)) return missing ?? null;
    const value = Number(cell);
    return Number.isNaN(value) ? null : value;
  };
}

function hasHeader([first, second]: string[][], numberOf: NumberOf): boolean {
  const text = first.map((cell) => numberOf(cell) === null && !isMissing(cell));
  const named = text.some(
    (is, k) => is && second?.[k] !== undefined && numberOf(second[k]) !== null,
  );
  return named || text.every(Boolean);
}

const hint = (cell: string): string =>
  isMissing(cell) ? "{ missing: NaN } takes it for one" : "{ target: … } names a column of labels";

function labels(words: string[] | null): { targets: Tensor | null; classes: string[] } {
  if (words === null) return { targets: null, classes: [] };
  const numeric = words.every((word) => word !== "" && !Number.isNaN(Number(word)));
  const classes = [...new Set(words)].sort(numeric ? (a, b) => Number(a) - Number(b) : undefined);
  const places = new Map(classes.map((word, k) => [word, k]));
  const targets = tensor(
    words.map((word) => places.get(word)!),
    { dtype: "int64" },
  );
  return { targets, classes };
}

/** RFC 4180: cells may stand in quotes, and then hold anything, quotes doubled. */
function cells(text: string, delimiter: string, refuse: Refuse): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === "\r" && text[i + 1] === "\n") continue;
    else if (c === delimiter || c === "\n" || c === "\r") {
      row.push(cell);
      cell = "";
      if (c !== delimiter) {
        rows.push(row);
        row = [];
      }
    } else cell += c;
  }
  if (quoted) refuse('a quote (") is opened and never closed');
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}
