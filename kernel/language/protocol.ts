// What the I/O worker and the process with the types say: one request, one answer, in order.
import type { Checked, Completeness, Completions, Engine, Inspection } from "./engine.js";

export interface Answers {
  check: Checked;
  commit: null;
  complete: Completions;
  inspect: Inspection | null;
  isComplete: Completeness;
  isCaught: boolean;
  reset: null;
  setFolder: null;
}

export type Method = keyof Answers;
export type Arguments<M extends Method> = Parameters<Engine[M]>;

export interface Request {
  id: number;
  method: Method;
  args: unknown[];
}

export type Answer = { id: number; result: unknown } | { id: number; error: string };

/** Four bytes with the length, then JSON. */
export function frame(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** Whole frames out of a stream of bytes. */
export class Unframer {
  #pieces: Buffer[] = [];
  #size = 0;
  /** How much must be here before there is something to do. */
  #wanted = 4;

  push(piece: Buffer): unknown[] {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const values: unknown[] = [];
    for (;;) {
      if (this.#size < this.#wanted) return values;
      const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
      this.#pieces = [all];
      const length = all.readUInt32LE(0);
      this.#wanted = 4 + length;
      if (all.length < this.#wanted) return values;
      values.push(JSON.parse(all.toString("utf8", 4, 4 + length)));
      this.#pieces = [all.subarray(4 + length)];
      this.#size -= 4 + length;
      this.#wanted = 4;
    }
  }
}
