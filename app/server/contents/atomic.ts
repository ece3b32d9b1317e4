// Writing so that a reader, or a crash, meets the old file or the new one, whole.
import fs from "node:fs/promises";
import path from "node:path";

/** One writer at a time for each file, in the order in which they came. */
const queues = new Map<string, Promise<unknown>>();

export function inTurn<T>(place: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(place) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.then(
    () => {},
    () => {},
  );
  queues.set(place, settled);
  void settled.then(() => {
    if (queues.get(place) === settled) queues.delete(place);
  });
  return mine;
}

/** Replace a file's bytes: written beside it, flushed to the disk, then renamed over it. */
export async function writeAtomically(place: string, bytes: string | Uint8Array): Promise<void> {
  const target = await fs.realpath(place).catch(() => place); // keep a symbolic link a link
  const old = await fs.stat(target).catch(() => null);
  if (old) await fs.access(target, fs.constants.W_OK); // a read-only file stays as it is
  // The same name each time: what a killed server left behind is overwritten by the next save.
  const draft = path.join(path.dirname(target), `.~${path.basename(target)}`);
  const handle = await fs.open(draft, "w", old ? old.mode : 0o666);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await fs.rm(draft, { force: true });
    throw error;
  }
  await handle.close();
  await fs.rename(draft, target);
}
