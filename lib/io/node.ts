// The only file of lib that touches the file system, and only when asked: in a browser it loads and stays silent.

import type * as Fs from "node:fs";
import type * as Module from "node:module";
import type * as Zlib from "node:zlib";
import { FileError } from "./file-error.js";
import type { Source } from "./source.js";

interface Builtins {
  fs: typeof Fs;
  module: typeof Module;
  zlib: typeof Zlib & { crc32?: (data: Uint8Array, value?: number) => number };
}

/** A module of Node's, or undefined where there is no Node. */
export function builtin<K extends keyof Builtins>(name: K): Builtins[K] | undefined {
  const found: unknown = globalThis.process?.getBuiltinModule?.(`node:${name}`);
  return found as Builtins[K] | undefined;
}

/** A package that is installed in the working folder or above; undefined if there is none. */
export function packageOfLearner(name: string): unknown {
  const require = builtin("module")?.createRequire(`${process.cwd()}/`);
  try {
    return require?.(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

function fileSystem(op: string, path: string): typeof Fs {
  const fs = builtin("fs");
  if (fs) return fs;
  throw new FileError(
    `${op}: ${path}: there are no files here (no Node): give the bytes instead of a path`,
  );
}

const reasons: Record<string, string> = {
  ENOENT: "no such file",
  EACCES: "no permission",
  EISDIR: "this is a folder, not a file",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "the disk is full",
};

/** Runs a call of the file system; its error becomes one that a learner understands. */
function reached<T>(op: string, path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    const where = code === "ENOENT" ? ` (looked from ${process.cwd()})` : "";
    throw new FileError(`${op}: ${path}: ${reasons[code] ?? message}${where}`, { cause: error });
  }
}

/** A file to read pieces of, without taking all of it into memory. */
export function openFile(op: string, path: string): Source {
  const fs = fileSystem(op, path);
  return reached(op, path, () => {
    const descriptor = fs.openSync(path, "r");
    const status = fs.fstatSync(descriptor);
    if (!status.isFile()) {
      fs.closeSync(descriptor);
      throw new FileError(
        `${op}: ${path}: ${status.isDirectory() ? "this is a folder" : "this is"} not a file`,
      );
    }
    const readInto = (target: Uint8Array, from: number): void =>
      reached(op, path, () => {
        for (let done = 0; done < target.length;) {
          const count = fs.readSync(descriptor, target, done, target.length - done, from + done);
          if (count === 0)
            throw new FileError(`${op}: ${path}: ends in the middle, at byte ${from + done}`);
          done += count;
        }
      });
    return {
      name: path,
      size: status.size,
      readInto,
      read(from, length) {
        const target = new Uint8Array(length);
        readInto(target, from);
        return target;
      },
      close: () => fs.closeSync(descriptor),
    };
  });
}

/**
 * Writes a file as a whole or not at all: the pieces go to a new file beside it, which takes its name when it is
 * complete and on the disk.
 */
export function writeFile(op: string, path: string, pieces: Iterable<Uint8Array>): void {
  const fs = fileSystem(op, path);
  reached(op, path, () => {
    const real = fs.existsSync(path) ? fs.realpathSync(path) : path; // through a link, not over it
    if (fs.existsSync(real) && fs.statSync(real).isDirectory()) {
      throw new FileError(`${op}: ${path}: this is a folder, not a file`);
    }
    const beside = `${real}.${process.pid}-${Math.random().toString(36).slice(2, 8)}.part`;
    const descriptor = fs.openSync(
      beside,
      "wx",
      fs.existsSync(real) ? fs.statSync(real).mode : 0o666,
    );
    try {
      for (const piece of pieces) {
        for (let done = 0; done < piece.length;) done += fs.writeSync(descriptor, piece, done);
      }
      fs.fsyncSync(descriptor);
      fs.closeSync(descriptor);
      fs.renameSync(beside, real);
      removeLeftOver(fs, real);
    } catch (error) {
      try {
        fs.closeSync(descriptor);
      } catch {
        // closed already: it was the renaming that failed
      }
      fs.rmSync(beside, { force: true });
      throw error;
    }
  });
}

/** Removes what processes that were killed in the middle of writing this file have left beside it. */
function removeLeftOver(fs: typeof Fs, real: string): void {
  const cut = Math.max(real.lastIndexOf("/"), real.lastIndexOf("\\")) + 1;
  const [folder, name] = [real.slice(0, cut) || ".", real.slice(cut)];
  for (const other of fs.readdirSync(folder)) {
    const pid = /^\.(\d+)-[a-z0-9]{1,6}\.part$/.exec(other.slice(name.length))?.[1];
    if (!pid || !other.startsWith(name) || isAlive(Number(pid))) continue;
    fs.rmSync(`${folder}/${other}`, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // not ours, or not allowed to ask
  }
}

/** The names in a folder, sorted as Python sorts them, folders apart. */
export function listFolder(op: string, path: string): { folders: string[]; files: string[] } {
  const fs = fileSystem(op, path);
  return reached(op, path, () => {
    const folders: string[] = [];
    const files: string[] = [];
    for (const name of fs.readdirSync(path)) {
      const status = fs.statSync(`${path}/${name}`, { throwIfNoEntry: false });
      if (status) (status.isDirectory() ? folders : files).push(name); // else a link to nothing
    }
    return { folders: folders.sort(), files: files.sort() };
  });
}

/** All files in a folder and below, each folder's together, folders and names sorted as Python sorts them. */
export function filesBelow(op: string, path: string): string[] {
  const fs = fileSystem(op, path);
  return reached(op, path, () => {
    const folders = new Map<string, string[]>();
    const seen = new Set<string>(); // a link may lead back up
    const visit = (folder: string): void => {
      const real = fs.realpathSync(folder);
      if (seen.has(real)) return;
      seen.add(real);
      const { folders: inner, files } = listFolder(op, folder);
      folders.set(folder, files);
      for (const name of inner) visit(`${folder}/${name}`);
    };
    visit(path);
    return [...folders.keys()]
      .sort()
      .flatMap((at) => folders.get(at)!.map((name) => `${at}/${name}`));
  });
}

/** Is there a file with this name? */
export function fileExists(path: string): boolean {
  return builtin("fs")?.existsSync(path) ?? false;
}
