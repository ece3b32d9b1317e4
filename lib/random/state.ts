// The bytes of a generator's state, laid out as PyTorch's CPU generator does (its CPUGeneratorImplState, little-endian):
// seed u64 | left i32 | seeded i32 | next u64 | 624 words as u64 | normal x, y, rho f64 | normal valid i32 | …

import type { Generator } from "./generator.js";

const N = 624;
const WORDS = 24;
const NORMAL_Y = WORDS + N * 8 + 8;
const NORMAL_VALID = NORMAL_Y + 16;

/** The size of a state. */
export const stateBytes = 5056;

export function writeState(generator: Generator, bytes: Uint8Array): void {
  const { engine, spare } = generator;
  const view = new DataView(bytes.buffer, bytes.byteOffset, stateBytes);
  bytes.fill(0);
  view.setBigUint64(0, generator.start, true);
  view.setInt32(8, engine.fresh ? 1 : N + 1 - engine.next, true);
  view.setInt32(12, 1, true);
  view.setUint32(16, engine.fresh ? 0 : engine.next, true);
  for (let i = 0; i < N; i++) view.setInt32(WORDS + 8 * i, engine.state[i], true);
  view.setFloat64(NORMAL_Y, spare ?? 0, true);
  view.setInt32(NORMAL_VALID, spare === null ? 0 : 1, true);
}

export function readState(generator: Generator, bytes: Uint8Array): void {
  const { engine } = generator;
  const view = new DataView(bytes.buffer, bytes.byteOffset, stateBytes);
  generator.start = view.getBigUint64(0, true);
  engine.next = N + 1 - view.getInt32(8, true);
  engine.fresh = view.getUint32(16, true) === 0 && engine.next === N;
  for (let i = 0; i < N; i++) engine.state[i] = view.getInt32(WORDS + 8 * i, true);
  generator.spare = view.getInt32(NORMAL_VALID, true) ? view.getFloat64(NORMAL_Y, true) : null;
}
