// Tables of numbers as text.

import { kindOf } from "../io/image.js";
import { readAll, type FileLike } from "../io/source.js";
import { empty, type Tensor } from "../tensor.js";

export interface CsvOptions {
  /** Between the columns. Default: comma, semicolon or tab, whichever the first line has most of. */
  delimiter?: string;
  /** Does the first line name the columns? Default: it does if it holds something that is no number. */
  header?: boolean;
}

/**
 * A table of numbers: float32 [rows, columns], and the names of the columns. `file`: a path or bytes.
 *
 * ```ts
 * const bytes = new TextEncoder().encode("a,b\n1,2\n3,4.5\n")
 * torch.utils.data.csv(bytes).values.tolist() // → [[1, 2], [3, 4.5]]
 * ```
 *
 * @throws FileError naming the line and the column where no number stands.
 */
export function csv(
  file: FileLike,
  options: CsvOptions = {},
): { columns: string[]; values: Tensor } {
  const { bytes, refuse } = readAll("csv", file);
  if (kindOf(bytes)) refuse(`this is a ${kindOf(bytes)}, not a table`);
  const text = new TextDecoder().decode(bytes.slice()).replace(/^\ufeff/, "");
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const count = (c: string): number => first.split(c).length;
  const { delimiter = [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a)) } = options;
  const rows = cells(text, delimiter).filter((row) => row.length > 1 || row[0].trim() !== "");
  if (rows.length === 0) refuse("there is no line in it");

  const number = (cell: string): number => (cell.trim() === "" ? NaN : Number(cell));
  const isNumber = (cell: string): boolean =>
    !Number.isNaN(number(cell)) || /^nan$/i.test(cell.trim());
  const header = options.header ?? !rows[0].every(isNumber);
  const columns = header ? rows[0].map((name) => name.trim()) : rows[0].map((_, k) => String(k));
  const body = header ? rows.slice(1) : rows;
  const values = empty([body.length, columns.length]);
  body.forEach((row, i) => {
    const line = i + 1 + (header ? 1 : 0);
    if (row.length !== columns.length)
      refuse(`row ${line} has ${row.length} cells, the first has ${columns.length}`);
    row.forEach((cell, k) => {
      if (!isNumber(cell))
        refuse(
          `row ${line}, column ${columns[k]}: ${JSON.stringify(cell.slice(0, 40))} is no number`,
        );
      values.storage.array[i * columns.length + k] = number(cell);
    });
  });
  return { columns, values };
}

/** RFC 4180: cells may stand in quotes, and then hold anything, quotes doubled. */
function cells(text: string, delimiter: string): string[][] {
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
    else if (c === delimiter || c === "\n") {
      row.push(cell.replace(/\r$/, ""));
      cell = "";
      if (c === "\n") {
        rows.push(row);
        row = [];
      }
    } else cell += c;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell.replace(/\r$/, "")]);
  return rows;
}
