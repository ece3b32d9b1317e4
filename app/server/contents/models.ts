// Files, folders and notebooks as the contents API describes them.
import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import type { Stats } from "node:fs";
import { HttpError, fromFileSystem } from "../http/errors.js";
import { isHidden, join, nameOf, notFound, parts, type ServedFolder } from "./folder.js";
import { mimeType } from "./mime.js";
import { findFault, parseNotebook, repairIds, type Notebook } from "./notebook-format.js";
import type { Notary } from "./trust.js";

export interface Model {
  name: string;
  path: string;
  type: "directory" | "file" | "notebook";
  created: string;
  last_modified: string;
  content: unknown;
  format: "json" | "text" | "base64" | null;
  mimetype: string | null;
  size: number | null;
  writable: boolean;
  hash: string | null;
  hash_algorithm: string | null;
  /** What is wrong with a notebook that could be read all the same. */
  message?: string;
}

export interface ModelOptions {
  type?: string | null;
  format?: string | null;
  /** With the content. Default true. */
  content?: boolean;
  /** With the SHA-256 of the bytes. Default false. */
  hash?: boolean;
}

export class Models {
  constructor(
    readonly folder: ServedFolder,
    readonly notary: Notary,
  ) {}

  async get(path: string, options: ModelOptions = {}): Promise<Model> {
    const apiPath = parts(path).join("/");
    const { type = null } = options;
    if (isHidden(apiPath)) throw notFound(apiPath);
    const { place, info } = await this.folder.stat(apiPath);

    if (info.isDirectory()) {
      if (type !== null && type !== "directory") {
        throw new HttpError(400, `${apiPath} is a directory, not a ${type}`, "bad type");
      }
      return this.#directory(apiPath, place, info, options);
    }
    if (type === "directory") throw new HttpError(400, `${apiPath} is not a directory`, "bad type");
    if (!info.isFile()) throw new HttpError(400, `${apiPath} is not a regular file`);
    const isNotebook = type === "notebook" || (type === null && apiPath.endsWith(".ipynb"));
    const model = await describe(apiPath, place, info, isNotebook ? "notebook" : "file");
    try {
      return isNotebook
        ? await this.#notebook(model, place, options)
        : await this.#file(model, place, options);
    } catch (error) {
      throw fromFileSystem(error, apiPath);
    }
  }

  async #directory(path: string, place: string, info: Stats, { content = true }: ModelOptions) {
    const model = await describe(path, place, info, "directory");
    if (!content) return model;
    const names = await fs.readdir(place).catch((error) => {
      throw fromFileSystem(error, path);
    });
    const entries = await Promise.all(
      names.filter(isListed).map((name) => this.#entry(join(path, name))),
    );
    return {
      ...model,
      format: "json" as const,
      content: entries.filter((entry) => entry !== null),
    };
  }

  /** One line of a folder's list; null for what cannot be opened: sockets, links that lead out. */
  async #entry(path: string): Promise<Model | null> {
    try {
      const { place, info } = await this.folder.stat(path);
      if (info.isDirectory()) return await describe(path, place, info, "directory");
      if (!info.isFile()) return null;
      return await describe(path, place, info, path.endsWith(".ipynb") ? "notebook" : "file");
    } catch {
      return null; // gone meanwhile, or not for us
    }
  }

  async #notebook(model: Model, place: string, { content = true, hash = false }: ModelOptions) {
    if (!content && !hash) return model;
    const bytes = await fs.readFile(place);
    if (hash) Object.assign(model, hashOf(bytes));
    if (!content) return model;
    const notebook = parseNotebook(bytes.toString("utf8"), model.path);
    const message = faultMessage(notebook);
    if (message) model.message = message;
    else this.notary.mark(notebook);
    return { ...model, content: notebook, format: "json" as const };
  }

  async #file(
    model: Model,
    place: string,
    { content = true, hash = false, format = null }: ModelOptions,
  ) {
    if (!content && !hash) return model;
    const bytes = await fs.readFile(place);
    if (hash) Object.assign(model, hashOf(bytes));
    if (!content) return model;
    const text = format === "base64" ? null : decodeText(bytes);
    if (text === null && format === "text") {
      throw new HttpError(400, `${model.path} is not UTF-8 encoded`, "bad format");
    }
    const plain = text === null ? "application/octet-stream" : "text/plain";
    return {
      ...model,
      mimetype: model.mimetype ?? plain,
      format: text === null ? ("base64" as const) : ("text" as const),
      content: text ?? bytes.toString("base64"),
    };
  }
}

/** Repair what can be repaired; the rest in words, as jupyter_server says it. */
export function faultMessage(notebook: Notebook): string | null {
  repairIds(notebook);
  const fault = findFault(notebook);
  return fault && `Notebook validation failed: ${fault}`;
}

function isListed(name: string): boolean {
  return !name.startsWith(".") && !name.endsWith("~") && !/^__pycache__$|\.py[co]$/.test(name);
}

async function describe(
  path: string,
  place: string,
  info: Stats,
  type: Model["type"],
): Promise<Model> {
  const writable = await fs.access(place, fs.constants.W_OK).then(
    () => true,
    () => false,
  );
  return {
    name: nameOf(path),
    path,
    type,
    created: info.birthtime.toISOString(),
    last_modified: info.mtime.toISOString(),
    content: null,
    format: null,
    mimetype: type === "file" ? mimeType(path) : null,
    size: type === "directory" ? null : info.size,
    writable,
    hash: null,
    hash_algorithm: null,
  };
}

export function hashOf(bytes: Uint8Array) {
  return { hash: createHash("sha256").update(bytes).digest("hex"), hash_algorithm: "sha256" };
}

function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
