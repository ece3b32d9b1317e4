// API paths ("chapter/01.ipynb") to places on disk, inside the served folder and nowhere else.
import fs from "node:fs/promises";
import path from "node:path";
import { HttpError, fromFileSystem } from "../http/errors.js";

export class ServedFolder {
  constructor(
    /** Absolute, without symbolic links. */
    readonly root: string,
  ) {}

  /**
   * The place on disk of an API path, whether it exists or not.
   * A path that leads out of the root, by `..` or by a symbolic link, is answered as not existing.
   */
  async place(apiPath: string): Promise<string> {
    const names = parts(apiPath);
    if (names.some((name) => name === ".." || name === "." || /[\0\\]|^[A-Za-z]:$/.test(name))) {
      throw notFound(apiPath);
    }
    const place = path.join(this.root, ...names);
    const real = await realPlace(place);
    if (real !== this.root && !real.startsWith(this.root.replace(/[/\\]?$/, path.sep))) {
      throw notFound(apiPath);
    }
    return place;
  }

  async stat(apiPath: string) {
    const place = await this.place(apiPath);
    try {
      return { place, info: await fs.stat(place) };
    } catch (error) {
      throw fromFileSystem(error, apiPath);
    }
  }

  async exists(apiPath: string): Promise<"file" | "directory" | null> {
    try {
      const { info } = await this.stat(apiPath);
      return info.isDirectory() ? "directory" : "file";
    } catch (error) {
      if (error instanceof HttpError && error.status === 404) return null;
      throw error;
    }
  }
}

/** The names along an API path. */
export function parts(apiPath: string): string[] {
  return apiPath.split("/").filter((name) => name !== "");
}

/** A name that begins with a dot anywhere along the path is hidden. */
export function isHidden(apiPath: string): boolean {
  return parts(apiPath).some((name) => name.startsWith("."));
}

export const parentOf = (apiPath: string): string => parts(apiPath).slice(0, -1).join("/");
export const nameOf = (apiPath: string): string => parts(apiPath).at(-1) ?? "";
export const join = (folder: string, name: string): string => [...parts(folder), name].join("/");

export function notFound(apiPath: string): HttpError {
  return new HttpError(404, `file or directory '${apiPath}' does not exist`);
}

/** Where a place really is: links resolved as far as it exists. */
async function realPlace(place: string): Promise<string> {
  try {
    return await fs.realpath(place);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw fromFileSystem(error, path.basename(place));
    // A dangling link would be followed by a write: it counts as leading out.
    const link = await fs.readlink(place).catch(() => null);
    if (link !== null) return path.resolve(path.dirname(place), link);
    const parent = path.dirname(place);
    return parent === place ? place : path.join(await realPlace(parent), path.basename(place));
  }
}
