// The error of every reader: which file, and what is wrong with it.

/** A file that is not what it should be. The message reads: operation: file: what is wrong. */
export class FileError extends Error {
  override name = "FileError";
}

/** Says no to a file. `refuse` of a reader is bound to its name and the file's once, at the door. */
export type Refuse = (why: string) => never;

export function refusal(op: string, file: string): Refuse {
  return (why) => {
    throw new FileError(`${op}: ${file}: ${why}`);
  };
}

/** Any error that a library throws on bad bytes, said as ours. */
export function guarded<T>(refuse: Refuse, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError) throw error;
    return refuse(error instanceof Error ? error.message : String(error));
  }
}
