// What a learner does with files: open, save, create, copy, rename, delete.
import fs from "node:fs/promises";
import { HttpError, fromFileSystem } from "../http/errors.js";
import { inTurn, writeAtomically } from "./atomic.js";
import { Checkpoints } from "./checkpoints.js";
import { isHidden, join, nameOf, parentOf, parts, type ServedFolder } from "./folder.js";
import { Models, faultMessage, hashOf, type Model } from "./models.js";
import {
  emptyNotebook,
  formatNotebook,
  isObject,
  joinLines,
  parseNotebook,
} from "./notebook-format.js";
import { moveToTrash } from "./trash.js";
import type { Notary } from "./trust.js";
import { Uploads } from "./uploads.js";

export class Contents {
  readonly models: Models;
  readonly checkpoints: Checkpoints;
  readonly #uploads: Uploads;
  /** Told when a notebook has reached the disk. */
  onNotebookSaved: (path: string) => Promise<void> = async () => {};

  constructor(
    readonly folder: ServedFolder,
    readonly notary: Notary,
  ) {
    this.models = new Models(folder, notary);
    this.checkpoints = new Checkpoints(folder);
    this.#uploads = new Uploads(folder);
  }

  /** Save what a request brings; gives the model without content. */
  async save(path: string, given: Record<string, unknown>): Promise<Model> {
    const apiPath = parts(path).join("/");
    if (apiPath === "" || isHidden(apiPath)) {
      throw new HttpError(400, `Cannot create file or directory '${path}'`);
    }
    const { type, chunk } = given;
    if (type === undefined || type === null || type === "")
      throw new HttpError(400, "No file type provided");
    if (chunk !== undefined && chunk !== null)
      return this.#uploads.add(apiPath, given, this.models);
    if (given.content === undefined && type !== "directory") {
      throw new HttpError(400, "No file content provided");
    }

    const place = await this.folder.place(apiPath);
    switch (type) {
      case "directory":
        return this.#saveDirectory(apiPath, place);
      case "notebook":
        return this.#saveNotebook(apiPath, place, given.content);
      default:
        return this.#saveFile(apiPath, place, given);
    }
  }

  async #saveDirectory(path: string, place: string): Promise<Model> {
    const present = await this.folder.exists(path);
    if (present === "file") throw new HttpError(400, `Not a directory: ${path}`);
    if (!present) await onDisk(path, () => fs.mkdir(place));
    return this.models.get(path, { content: false });
  }

  async #saveNotebook(path: string, place: string, content: unknown): Promise<Model> {
    if (!isObject(content) || !Array.isArray(content.cells)) {
      throw new HttpError(
        400,
        `Unexpected error while saving file: ${path}: the content is not a notebook`,
      );
    }
    if (content.nbformat !== 4) {
      throw new HttpError(
        400,
        `cannot save ${path}: nbformat is ${JSON.stringify(content.nbformat)}, not 4`,
      );
    }
    const notebook = joinLines(content);
    const message = faultMessage(notebook);
    if (!message) this.notary.signIfTrusted(notebook);
    let text: string;
    try {
      text = formatNotebook(notebook);
    } catch (error) {
      throw new HttpError(400, `cannot save ${path}: ${message ?? (error as Error).message}`);
    }
    const model = await inTurn(place, async () => {
      await onDisk(path, () => writeAtomically(place, text));
      if (!(await this.checkpoints.list(path)).length) await this.checkpoints.create(path);
      return this.models.get(path, { content: false, type: "notebook" });
    });
    await this.onNotebookSaved(path);
    Object.assign(model, hashOf(Buffer.from(text)));
    return message ? { ...model, message } : model;
  }

  async #saveFile(path: string, place: string, { content, format }: Record<string, unknown>) {
    const bytes = fileBytes(path, content, format);
    return inTurn(place, async () => {
      await onDisk(path, () => writeAtomically(place, bytes));
      return this.models.get(path, { content: false, type: "file" });
    });
  }

  /** A new empty notebook, file or folder with a free name in `folder`. */
  async createUntitled(folder: string, type: string, extension: string): Promise<Model> {
    await this.#requireDirectory(folder);
    const kind = type || (extension === ".ipynb" ? "notebook" : "file");
    if (kind === "directory") {
      const path = join(folder, await this.freeName(folder, "Untitled Folder", " "));
      return this.save(path, { type: "directory" });
    }
    const name = kind === "notebook" ? "Untitled.ipynb" : `untitled${extension}`;
    return this.create(join(folder, await this.freeName(folder, name, "")), { type: kind });
  }

  /** A new file at `path`, empty where the request brings no content. */
  create(path: string, given: Record<string, unknown>): Promise<Model> {
    const type = given.type || (path.endsWith(".ipynb") ? "notebook" : "file");
    if (given.content !== undefined || type === "directory")
      return this.save(path, { ...given, type });
    if (type === "notebook") return this.save(path, { type, content: emptyNotebook() });
    return this.save(path, { ...given, type, content: "", format: "text" });
  }

  /** Copy a file or folder into a folder, or to a path. */
  async copy(from: string, to: string): Promise<Model> {
    if (isHidden(from) || isHidden(to))
      throw new HttpError(400, `Cannot copy file or directory '${from}'`);
    const { place, info } = await this.folder.stat(from);
    let target = to;
    const into = (await this.folder.exists(to)) === "directory";
    if (info.isDirectory() && !into) {
      target = join(to, nameOf(from)); // into a new folder, as jupyter_server
    } else if (into) {
      const plain = nameOf(from).replace(/-Copy\d*(?=\.|$)/, "");
      target = join(to, await this.freeName(to, plain, "-Copy"));
    } else {
      await this.#requireDirectory(parentOf(to));
    }
    const targetPlace = await this.folder.place(target);
    if (info.isDirectory() && (targetPlace + "/").startsWith(place + "/")) {
      throw new HttpError(400, `Can't copy '${from}' into itself`);
    }
    if (info.isDirectory())
      await onDisk(target, () => fs.cp(place, targetPlace, { recursive: true }));
    else
      await inTurn(targetPlace, () =>
        onDisk(target, async () => writeAtomically(targetPlace, await fs.readFile(place))),
      );
    return this.models.get(target, { content: false });
  }

  async rename(from: string, to: string): Promise<Model> {
    if (parts(to).length === 0) throw new HttpError(400, "the new name is empty");
    if (isHidden(from) || isHidden(to))
      throw new HttpError(400, `Cannot rename file or directory '${from}'`);
    const { place } = await this.folder.stat(from);
    const newPlace = await this.folder.place(to);
    if (place !== newPlace) {
      const present = await fs.stat(newPlace).catch(() => null);
      const same = present && present.ino === (await fs.stat(place)).ino; // another spelling, on a Mac
      if (present && !same) throw new HttpError(409, `File already exists: ${to}`);
      await inTurn(place, () => onDisk(to, () => fs.rename(place, newPlace)));
      await this.checkpoints.renamed(from, to);
    }
    return this.models.get(to, { content: false });
  }

  async delete(path: string): Promise<void> {
    if (parts(path).length === 0)
      throw new HttpError(400, "the served folder itself is not deleted");
    if (isHidden(path)) throw new HttpError(400, `Cannot delete file or directory '${path}'`);
    const { place } = await this.folder.stat(path);
    await inTurn(place, () => onDisk(path, () => moveToTrash(place)));
  }

  async trust(path: string): Promise<void> {
    const { place } = await this.folder.stat(path);
    const text = await onDisk(path, () => fs.readFile(place, "utf8"));
    const notebook = parseNotebook(text, path);
    faultMessage(notebook); // gives ids where they lack, as opening does
    this.notary.trust(notebook);
  }

  /** `name`, or with a number where that is taken: Untitled1.ipynb, data-Copy1.csv. */
  async freeName(folder: string, name: string, insert: string): Promise<string> {
    const dot = name.indexOf(".", 1);
    const stem = dot < 0 ? name : name.slice(0, dot);
    const extension = dot < 0 ? "" : name.slice(dot);
    for (let number = 0; ; number++) {
      const tried = number === 0 ? name : `${stem}${insert}${number}${extension}`;
      if (!(await this.folder.exists(join(folder, tried)))) return tried;
    }
  }

  async #requireDirectory(folder: string): Promise<void> {
    if ((await this.folder.exists(folder)) !== "directory") {
      throw new HttpError(404, `No such directory: ${folder}`);
    }
  }
}

export function fileBytes(path: string, content: unknown, format: unknown): Buffer {
  if (typeof content !== "string") throw new HttpError(400, `the content of ${path} is not a text`);
  if (format === "base64") {
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) {
      throw new HttpError(400, `Encoding error saving ${path}: the content is not base64`);
    }
    return Buffer.from(content, "base64");
  }
  if (format === "text" || format === undefined || format === null)
    return Buffer.from(content, "utf8");
  throw new HttpError(400, "Must specify format of file contents as 'text' or 'base64'");
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fromFileSystem(error, path);
  }
}
