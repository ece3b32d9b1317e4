// A cell -> its steps: TypeScript, and lines that are none (%time, %cd, !ls, ?name), in their order. What is
// TypeScript keeps its places: the lines of a magic are blank there.

export interface Magic {
  name: string;
  rest: string;
  /** What stands under a %%magic. */
  body?: string;
}

export type Timing = "once" | "often";
export type Step = { magic: Magic } | { code: string; timing?: Timing };

/** What only the language knows. */
export interface Knows {
  /** Whether this text, a part of a cell, ends where a statement ends. */
  isWhole(text: string): Promise<boolean>;
  /** Whether there is a variable of this name. */
  isName(name: string): Promise<boolean>;
  /** Whether there is a magic of this name: in the middle of a cell `% name` may be a remainder. */
  isMagic(name: string): boolean;
}

const timings: Record<string, Timing> = { time: "once", timeit: "often" };

export async function splitCell(source: string, knows: Knows): Promise<Step[]> {
  const whole = cellMagic(source);
  if (whole) return whole;

  const lines = source.split("\n");
  const steps: Step[] = [];
  let pending: string[] = []; // lines of TypeScript, blank where they were not
  let isEmpty = true;
  const flush = (timing?: Timing) => {
    if (!isEmpty || timing) steps.push({ code: pending.join("\n"), timing });
    pending = pending.map(blank);
    isEmpty = true;
  };
  for (const line of lines) {
    const magic = parseLine(line);
    const isOne = magic && (await isMagicHere(magic, line, isEmpty, pending, knows));
    if (!isOne) {
      pending.push(line);
      isEmpty &&= isBlank(line);
      continue;
    }
    flush();
    const timing = timings[magic.name];
    pending.push(blank(line));
    if (!timing) steps.push({ magic });
    else if (magic.rest.trim() !== "") {
      pending[pending.length - 1] = " ".repeat(line.length - magic.rest.length) + magic.rest;
      if (await knows.isWhole(pending.join("\n"))) flush(timing);
      else
        return [
          ...steps,
          { code: [...pending, ...lines.slice(pending.length)].join("\n"), timing },
        ];
    } else
      return [...steps, { code: [...pending, ...lines.slice(pending.length)].join("\n"), timing }];
  }
  flush();
  return steps;
}

/** The cell with its magics blank, every place where it was: what completion and inspection look at. */
export function withoutMagics(source: string): string {
  const lines = source.split("\n");
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) continue;
    const magic = parseLine(line) ?? parseCellMagic(line);
    if (!magic) break;
    const isTimed = Object.hasOwn(timings, magic.name);
    lines[index] = isTimed ? " ".repeat(line.length - magic.rest.length) + magic.rest : blank(line);
  }
  return lines.join("\n");
}

/** `%%bash` and its like take the whole cell. */
function cellMagic(source: string): Step[] | undefined {
  const lines = source.split("\n");
  const first = lines.findIndex((line) => !isBlank(line));
  const magic = parseCellMagic(lines[first] ?? "");
  if (!magic) return undefined;
  const below = lines.slice(first + 1);
  const timing = timings[magic.name];
  if (!timing) return [{ magic: { ...magic, body: below.join("\n") } }];
  const head = " ".repeat(lines[first]!.length - magic.rest.length) + magic.rest;
  return [{ code: [...lines.slice(0, first), head, ...below].join("\n"), timing }];
}

async function isMagicHere(
  magic: Magic,
  line: string,
  atHead: boolean,
  before: readonly string[],
  knows: Knows,
): Promise<boolean> {
  if (magic.name === "!" && /^[\w$]+$/.test(magic.rest) && (await knows.isName(magic.rest)))
    return false; // !done
  if (atHead) return true;
  const isTimer = Object.hasOwn(timings, magic.name);
  if (isTimer && magic.rest.trim() === "") return false;
  if (magic.name !== "!" && magic.name !== "?" && !knows.isMagic(magic.name)) return false;
  return knows.isWhole(before.join("\n"));
}

function parseCellMagic(line: string): Magic | undefined {
  const match = /^\s*%%([A-Za-z]\w*)(?:\s+(.*))?$/.exec(line);
  return match ? { name: match[1]!, rest: match[2] ?? "" } : undefined;
}

function parseLine(line: string): Magic | undefined {
  const percent = /^\s*%([A-Za-z]\w*)(?:\s+(.*))?$/.exec(line);
  if (percent) return { name: percent[1]!, rest: percent[2] ?? "" };
  const shell = /^\s*!\s*([\w./~-].*)$/.exec(line);
  // `!flag && f()` is TypeScript, `!ls` is not: a command has no operator behind its first word.
  const isExpression = /^[\w$.]+\s*(&&|\|\||[=?.(;]|$)/;
  if (shell && (!isExpression.test(shell[1]!) || /^[a-z]+$/.test(shell[1]!)))
    return { name: "!", rest: shell[1]! };
  const question =
    /^\s*\?{1,2}\s*(%{0,2}[\w$.]+)\s*$/.exec(line) ?? /^\s*(%{0,2}[\w$.]+)\?{1,2}\s*$/.exec(line);
  return question ? { name: "?", rest: question[1]! } : undefined;
}

function isBlank(line: string): boolean {
  return line.trim() === "" || /^\s*\/\//.test(line);
}

function blank(line: string): string {
  return " ".repeat(line.length);
}
