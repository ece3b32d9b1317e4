// Reading Python's pickles as data. The package pickleparser runs the stream; this file decides what may be in it:
// only the instructions that data needs, only the names on a list, so that no code runs. (After the idea of
// torch/_weights_only_unpickler.py.)

import { BufferReader, Parser } from "pickleparser";
import type { Refuse } from "./file-error.js";

/** What a name in a pickle stands for: a function of plain values. */
export type Known = (...args: any[]) => unknown;

/** The instructions of pickle that are let through, by their byte; pickletools.py names them. */
const allowed = new Set(
  [..."(.0]})acehjlqrstuNKMJGXTUBCQRb"]
    .map((c) => c.charCodeAt(0))
    .concat([
      0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94,
      0x95, 0x96,
    ]),
);
const LONG1 = 0x8a;
const BINFLOAT = 0x47;
const LIST = 0x6c;
allowed.delete(LIST);

/** The parser asks `hasNext` before each instruction: there this reader looks at it. */
class CheckedReader extends BufferReader {
  private atInstruction = false;
  private whole: number | null = null;

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
    if (!allowed.has(byte)) {
      this.refuse(
        `the pickle has the instruction 0x${byte.toString(16)} at byte ${this.position - 1}, which data does not need`,
      );
    }
    if (byte !== LONG1) return byte;
    // The parser takes these whole numbers for unsigned: read here, they reach it as a float of the same value.
    this.whole = signed(this.bytes(super.byte())) as number;
    return BINFLOAT;
  }

  override float64(): number {
    const { whole } = this;
    this.whole = null;
    return whole ?? super.float64();
  }

  /** A copy: what a stream does to bytes it has made must not reach the file's. */
  override bytes(length: number): Uint8Array {
    if (length < 0 || length > this.stream.length - this.position) {
      this.refuse(
        `the pickle ends in the middle: ${length} bytes needed at byte ${this.position}, ${this.stream.length - this.position} left`,
      );
    }
    return super.bytes(length).slice() as Uint8Array;
  }
}

/** Little-endian two's complement; a bigint where a number is not exact. */
function signed(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  value = BigInt.asIntN(8 * bytes.length, value);
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

export interface PickleRules {
  /** The names that may occur, as "module.name". Others are refused. */
  known: Readonly<Record<string, Known>>;
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown;
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
    return plain(value, new Map(), this.bytes.length, this.rules.refuse);
  }
}

function unknownName(full: string): string {
  return /^(__main__|torch\.nn\.modules|torchvision\.models)\./.test(full)
    ? `this is a whole model, it needs the Python class ${full}: in Python, save the weights alone with torch.save(model.state_dict(), …)`
    : `the pickle asks for ${full}, which is not on the list of what data needs; nothing was run`;
}

/** Something that a known name made; it stands in the stream until the end, and nothing in the stream can change it. */
export class Made {
  constructor(readonly value: unknown) {
    Object.freeze(this);
  }
}

/** Dicts with text or whole numbers as keys become objects without prototype, so that `__proto__` is a key like any. */
function plain(value: unknown, done: Map<unknown, unknown>, most: number, refuse: Refuse): unknown {
  if (value instanceof Made) return value.value;
  if (typeof value === "function" || value === undefined)
    return refuse("the pickle is broken: a name or nothing stands where a value should");
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (done.has(value)) return done.get(value);

  if (Array.isArray(value)) {
    if (value.length > most) refuse("the pickle is broken: a list is longer than the file");
    const list: unknown[] = [];
    done.set(value, list);
    for (let i = 0; i < value.length; i++) list.push(plain(value[i], done, most, refuse));
    return list;
  }
  if (value instanceof Set) {
    const set = new Set<unknown>();
    done.set(value, set);
    for (const item of value) set.add(plain(item, done, most, refuse));
    return set;
  }
  if (!(value instanceof Map)) return refuse("the pickle is broken: an object of no known kind");

  const names = [...value.keys()];
  if (names.every((key) => typeof key === "string" || Number.isSafeInteger(key))) {
    const dict: Record<string, unknown> = Object.create(null);
    done.set(value, dict);
    for (const [key, item] of value) dict[key as string] = plain(item, done, most, refuse);
    return dict;
  }
  const map = new Map<unknown, unknown>();
  done.set(value, map);
  for (const [key, item] of value)
    map.set(plain(key, done, most, refuse), plain(item, done, most, refuse));
  return map;
}
