// Reading Python's pickles as data. The package pickleparser runs the stream; this file decides what may be in it:
// only the instructions that data needs, only the names on a list, so that no code runs. (After the idea of
// torch/_weights_only_unpickler.py.)

import { BufferReader, Parser } from "pickleparser";
import type { Refuse } from "./file-error.js";

/** What a name in a pickle stands for: a function of plain values. */
export type Known = (...args: any[]) => unknown;

/** The instructions of pickle that are let through, by their byte; pickletools.py names them. */
const allowed = new Set(
  [..."(.0]})acehjqrstuNKMJGXTUBCQRb"]
    .map((c) => c.charCodeAt(0))
    .concat([
      0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91,
      0x93, 0x94, 0x95, 0x96,
    ]),
);
const LONG1 = 0x8a;
const LONG4 = 0x8b;
const BINFLOAT = 0x47;

/** The parser asks `hasNext` before each instruction: there this reader looks at it. */
class CheckedReader extends BufferReader {
  private atInstruction = false;
  private whole: number | null = null;
  private instructions = 0;

  constructor(
    private readonly stream: Uint8Array,
    private readonly refuse: Refuse,
  ) {
    super(stream);
  }

  override hasNext(): boolean {
    this.atInstruction = true;
    return super.hasNext();
  }

  override byte(): number {
    const byte = super.byte();
    if (!this.atInstruction) return byte;
    this.atInstruction = false;
    if (++this.instructions > MAX_INSTRUCTIONS)
      this.refuse(`the pickle has more than ${MAX_INSTRUCTIONS} instructions`);
    if (!allowed.has(byte)) {
      this.refuse(
        `the pickle has the instruction 0x${byte.toString(16)} at byte ${this.position - 1}, which data does not need`,
      );
    }
    if (byte !== LONG1 && byte !== LONG4) return byte;
    // The parser takes these whole numbers for unsigned: read here, they reach it as a float of the same value.
    const length = byte === LONG1 ? super.byte() : super.uint32();
    if (length > MAX_INTEGER) this.refuse(`the pickle has a whole number of ${length} bytes`);
    this.whole = signed(this.bytes(length)) as number;
    return BINFLOAT;
  }

  override float64(): number {
    const { whole } = this;
    this.whole = null;
    return whole ?? super.float64();
  }

  /** A length. (The parser's own warns on the console where it is not exact.) */
  override uint64(): number {
    const low = this.uint32();
    return this.uint32() * 2 ** 32 + low;
  }

  /** A copy: what a stream does to bytes it has made must not reach the file's. */
  override bytes(length: number): Uint8Array {
    return this.part(length).slice();
  }

  override string(length: number, encoding: string): string {
    const bytes = this.part(length);
    return encoding === "utf-8" ? decodeText(bytes, this.refuse) : latin1(bytes);
  }

  private part(length: number): Uint8Array {
    const from = this.position;
    if (length < 0 || length > this.stream.length - from) {
      this.refuse(
        `the pickle ends in the middle: ${length} bytes needed at byte ${from}, ${this.stream.length - from} left`,
      );
    }
    this.skip(length);
    return this.stream.subarray(from, from + length);
  }
}

const MAX_INSTRUCTIONS = 3_000_000; // a tensor takes some fifty
const MAX_INTEGER = 4096; // bytes; Python itself prints no longer ones

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array, refuse: Refuse): string {
  if (bytes.length < 40 && bytes.every((byte) => byte < 0x80)) return String.fromCharCode(...bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse("the pickle has text that is not UTF-8");
  }
}

/** One character a byte: texts of Python 2, which may be bytes in truth. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** Little-endian two's complement; a bigint where a number is not exact. */
function signed(bytes: Uint8Array): number | bigint {
  let digits = "";
  for (const byte of bytes) digits = byte.toString(16).padStart(2, "0") + digits;
  const value = BigInt.asIntN(8 * bytes.length, BigInt(`0x${digits || "0"}`));
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

export interface PickleRules {
  /** The names that may occur, as "module.name". Others are refused. */
  known: Readonly<Record<string, Known>>;
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown;
  /** What a name stands for that is itself a value, as a dtype in a dict. */
  words?: ReadonlyMap<unknown, string>;
  refuse: Refuse;
}

/** Several pickles may follow each other in one stream: each `next()` reads one. */
export class PickleStream {
  private readonly reader: CheckedReader;
  private readonly parser: Parser;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly rules: PickleRules,
  ) {
    const { known, persistent, refuse } = rules;
    this.reader = new CheckedReader(bytes, refuse);
    this.parser = new Parser({
      unpicklingTypeOfDictionary: "Map",
      unpicklingTypeOfSet: "Set",
      nameResolver: {
        resolve(module, name) {
          const full = `${module}.${name}`;
          if (!Object.hasOwn(known, full)) refuse(unknownName(full));
          return known[full];
        },
      },
      persistentResolver: { resolve: (id) => persistent(id) },
    });
  }

  /** Where the next pickle begins. */
  get position(): number {
    return this.reader.position;
  }

  /** The next pickle: null, booleans, numbers, strings, Uint8Array, arrays, Set, dicts without prototype or Map. */
  next(): unknown {
    const value = this.parser.read<unknown>(this.reader);
    return new Plain(this.rules, this.bytes.length).of(value, 0);
  }
}

function unknownName(full: string): string {
  if (/^(__main__|torch\.nn\.modules|torchvision\.models|timm)\./.test(full)) {
    return `this is a whole model, it needs the Python class ${full}: in Python, save the weights alone with torch.save(model.state_dict(), …)`;
  }
  const isClass = /^(?!posix|nt\.|os\.|sys|subprocess|builtins|__builtin__).*\.[A-Z]\w*$/.test(
    full,
  );
  const instead = isClass
    ? ": in Python, save tensors, numbers, text, lists and dicts instead of such objects"
    : "";
  return `the pickle asks for ${full}, which is not on the list of what data needs; nothing was run${instead}`;
}

/** Something that a known name made; nothing in the stream can change it but by `change`. */
export class Made {
  constructor(
    readonly value: unknown,
    /** What it is at the end. */
    readonly result: () => unknown = () => value,
    private readonly change?: (state: unknown) => void,
  ) {
    Object.freeze(this);
  }

  /** The parser calls this for the instruction BUILD. */
  __setstate__(state: unknown): void {
    if (!this.change) throw new TypeError("the pickle changes what cannot be changed");
    this.change(state);
  }
}

const MAX_DEPTH = 500;

/** From what the parser has built to plain values. */
class Plain {
  private readonly done = new Map<unknown, unknown>();

  constructor(
    private readonly rules: PickleRules,
    /** No list can be longer than the stream. */
    private readonly most: number,
  ) {}

  of(value: unknown, depth: number): unknown {
    if (value instanceof Made) return value.result();
    const { refuse, words } = this.rules;
    if (typeof value === "function" && words?.has(value)) return words.get(value);
    if (typeof value === "function" || value === undefined)
      return refuse("the pickle is broken: a name or nothing stands where a value should");
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    if (this.done.has(value)) return this.done.get(value);
    if (depth > MAX_DEPTH) return refuse(`the pickle nests more than ${MAX_DEPTH} lists and dicts`);

    if (Array.isArray(value)) {
      if (value.length > this.most) refuse("the pickle is broken: a list is longer than the file");
      const list: unknown[] = [];
      this.done.set(value, list);
      for (let i = 0; i < value.length; i++) list.push(this.of(value[i], depth + 1));
      return list;
    }
    if (value instanceof Set) {
      const set = new Set<unknown>();
      this.done.set(value, set);
      for (const item of value) set.add(this.of(item, depth + 1));
      return set;
    }
    if (!(value instanceof Map)) return refuse("the pickle is broken: an object of no known kind");
    return this.dict(value, depth);
  }

  /** Dicts with text or whole numbers as keys become objects without prototype, so that `__proto__` is a key like any. */
  private dict(from: Map<unknown, unknown>, depth: number): unknown {
    const keys = [...from.keys()];
    const simple =
      keys.every((key) => typeof key === "string" || Number.isSafeInteger(key)) &&
      new Set(keys.map(String)).size === keys.length; // 1 and "1" would be one key
    if (simple) {
      const dict: Record<string, unknown> = Object.create(null);
      this.done.set(from, dict);
      for (const [key, item] of from) dict[key as string] = this.of(item, depth + 1);
      return dict;
    }
    const map = new Map<unknown, unknown>();
    this.done.set(from, map);
    for (const [key, item] of from) map.set(this.of(key, depth + 1), this.of(item, depth + 1));
    return map;
  }
}
