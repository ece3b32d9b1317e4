// Weights rearranged for a kernel, remembered for as long as they do not change.

import type { Operand } from "./operand.js";
import { outlives, Storage } from "./storage.js";
import type { Workspace } from "./workspace.js";

interface Packed {
  readonly version: number;
  readonly storage: Storage;
}

const cache = new WeakMap<Storage, Map<string, Packed>>();

/**
 * The address of `floats` floats that `pack` has filled from `weight`; taken from the cache if the weight is as it was.
 * A storage of which the user holds a typed array may change unseen: it is packed anew each time.
 */
export function packed(
  workspace: Workspace,
  weight: Operand,
  name: string,
  floats: number,
  pack: (to: number) => void,
): number {
  const { storage } = weight;
  if (storage.exposed) {
    const to = workspace.floats(floats);
    pack(to);
    return to;
  }

  const key = `${name} ${weight.offset} ${weight.shape}`;
  let known = cache.get(storage);
  if (!known) cache.set(storage, (known = new Map()));
  const found = known.get(key);
  if (found && found.version === storage.version) return found.storage.pointer;

  const room = found?.storage ?? new Storage("float32", floats);
  outlives(room);
  pack(room.pointer);
  known.set(key, { version: storage.version, storage: room });
  return room.pointer;
}
