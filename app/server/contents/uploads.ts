// Large files come in chunks 1, 2, … and -1 for the last. They gather beside their place, hidden,
// and take it when complete, so that half an upload is never seen.
import fs from "node:fs/promises";
import path from "node:path";
import { HttpError } from "../http/errors.js";
import { fileBytes } from "./contents.js";
import type { ServedFolder } from "./folder.js";
import { nameOf } from "./folder.js";
import { mimeType } from "./mime.js";
import type { Model, Models } from "./models.js";

export class Uploads {
  constructor(readonly folder: ServedFolder) {}

  async add(apiPath: string, given: Record<string, unknown>, models: Models): Promise<Model> {
    const { type, chunk, content, format } = given;
    if (type !== "file") {
      throw new HttpError(
        400,
        `File type "${String(type)}" is not supported for large file transfer`,
      );
    }
    if (content === undefined) throw new HttpError(400, "No file content provided");
    if (!Number.isInteger(chunk) || (chunk as number) < -1 || chunk === 0) {
      throw new HttpError(400, `chunk is ${JSON.stringify(chunk)}, not 1, 2, … or -1 for the last`);
    }
    if (format !== "text" && format !== "base64") {
      throw new HttpError(400, "Must specify format of file contents as 'text' or 'base64'");
    }
    const place = await this.folder.place(apiPath);
    const gathering = path.join(path.dirname(place), `.~${path.basename(place)}.upload`);
    const bytes = fileBytes(apiPath, content, format);
    if (chunk === 1) await fs.writeFile(gathering, bytes);
    else {
      if (!(await fs.stat(gathering).catch(() => null))) {
        throw new HttpError(400, `chunk ${String(chunk)} of ${apiPath} came without chunk 1`);
      }
      await fs.appendFile(gathering, bytes);
    }
    if (chunk === -1) {
      await fs.rename(gathering, place);
      return models.get(apiPath, { content: false });
    }
    return this.#partial(apiPath, gathering);
  }

  async #partial(apiPath: string, gathering: string): Promise<Model> {
    const info = await fs.stat(gathering);
    return {
      name: nameOf(apiPath),
      path: apiPath,
      type: "file",
      created: info.birthtime.toISOString(),
      last_modified: info.mtime.toISOString(),
      content: null,
      format: null,
      mimetype: mimeType(apiPath),
      size: info.size,
      writable: true,
      hash: null,
      hash_algorithm: null,
    };
  }
}
