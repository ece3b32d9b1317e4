// The process with the types: reads a request, answers it, reads the next; ends when its input ends.
// Synchronous from end to end, so it also runs out of a start-up snapshot (snapshot.ts).
import fs from "node:fs";
import { ChainEngine } from "./chain/engine.js";
import type { Engine } from "./engine.js";
import { frame, Unframer, type Answer, type Request } from "./protocol.js";

/** What cells import most: part of the snapshot. */
export const preloaded = ["kernelbook", "kernelbook/widgets", "kernelbook/kernel"];

export function serve(engine: Engine): void {
  const unframer = new Unframer();
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    const count = readWaiting(chunk);
    if (count === 0) return;
    for (const request of unframer.push(Buffer.from(chunk.subarray(0, count)))) {
      writeAll(frame(answer(engine, request as Request)));
    }
  }
}

export function makeEngine(home: string, folder: string): ChainEngine {
  return new ChainEngine(home, folder);
}

function answer(engine: Engine, { id, method, args }: Request): Answer {
  try {
    const call = engine[method] as (...args: unknown[]) => unknown;
    return { id, result: call.apply(engine, args) ?? null };
  } catch (error) {
    return { id, error: (error as Error).stack ?? String(error) };
  }
}

function readWaiting(chunk: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(0, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN" && code !== "EINTR") throw error;
      sleep(2);
    }
  }
}

function writeAll(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      sleep(1);
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
