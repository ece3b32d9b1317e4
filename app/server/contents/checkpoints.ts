// One checkpoint for each file, as jupyter_server keeps it: .ipynb_checkpoints/<name>-checkpoint.<ext>.
import fs from "node:fs/promises";
import path from "node:path";
import { HttpError, fromFileSystem } from "../http/errors.js";
import { inTurn, writeAtomically } from "./atomic.js";
import type { ServedFolder } from "./folder.js";

export interface Checkpoint {
  id: string;
  last_modified: string;
}

const onlyId = "checkpoint";
const folderName = ".ipynb_checkpoints";

export class Checkpoints {
  constructor(readonly folder: ServedFolder) {}

  async list(apiPath: string): Promise<Checkpoint[]> {
    const info = await fs.stat(checkpointPlace(await this.folder.place(apiPath))).catch(() => null);
    return info ? [{ id: onlyId, last_modified: info.mtime.toISOString() }] : [];
  }

  async create(apiPath: string): Promise<Checkpoint> {
    const { place } = await this.folder.stat(apiPath);
    const checkpoint = checkpointPlace(place);
    try {
      await fs.mkdir(path.dirname(checkpoint), { recursive: true });
      await writeAtomically(checkpoint, await fs.readFile(place));
    } catch (error) {
      throw fromFileSystem(error, apiPath);
    }
    return (await this.list(apiPath))[0]!;
  }

  async restore(apiPath: string, id: string): Promise<void> {
    const { place, bytes } = await this.#read(apiPath, id);
    await inTurn(place, () => writeAtomically(place, bytes));
  }

  async delete(apiPath: string, id: string): Promise<void> {
    const { place } = await this.#read(apiPath, id);
    await fs.rm(checkpointPlace(place));
  }

  /** The checkpoint goes where its file went. */
  async renamed(from: string, to: string): Promise<void> {
    const old = checkpointPlace(await this.folder.place(from));
    const fresh = checkpointPlace(await this.folder.place(to));
    if (!(await fs.stat(old).catch(() => null))) return;
    await fs.mkdir(path.dirname(fresh), { recursive: true });
    await fs.rename(old, fresh);
  }

  async #read(apiPath: string, id: string) {
    const place = await this.folder.place(apiPath);
    const bytes =
      id === onlyId ? await fs.readFile(checkpointPlace(place)).catch(() => null) : null;
    if (!bytes) throw new HttpError(404, `Checkpoint does not exist: ${apiPath}@${id}`);
    return { place, bytes };
  }
}

function checkpointPlace(place: string): string {
  const { dir, name, ext } = path.parse(place);
  return path.join(dir, folderName, `${name}-checkpoint${ext}`);
}
