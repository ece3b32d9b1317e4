// The built page's files, in the compressed form that the browser takes. Names carry a hash of the content,
// so a browser may keep them for ever.
import fs from "node:fs/promises";
import path from "node:path";
import { contentType } from "../contents/mime.js";
import { HttpError } from "../http/errors.js";
import type { Exchange } from "../http/exchange.js";

export interface WebManifest {
  scripts: string[];
  styles: string[];
}

export class WebAssets {
  constructor(readonly webDir: string) {}

  /** @throws HttpError 503 while the page is not built. */
  async manifest(): Promise<WebManifest> {
    const text = await fs
      .readFile(path.join(this.webDir, "manifest.json"), "utf8")
      .catch(() => null);
    if (text === null)
      throw new HttpError(503, "the notebook page is not built: run `npm run build`");
    return JSON.parse(text);
  }

  /** Send a file of the page. @throws HttpError 404 */
  async send(exchange: Exchange, name: string, more: Record<string, string> = {}): Promise<void> {
    const file = path.join(this.webDir, name);
    if (!file.startsWith(this.webDir + path.sep) || name.includes("\0")) throw missing(name);
    const accepted = exchange.header("accept-encoding") ?? "";
    const hashed = /-[0-9a-f]{8}\.\w+$/.test(name);
    const headers = {
      "Cache-Control": hashed ? "public, max-age=31536000, immutable" : "max-age=600",
      Vary: "Accept-Encoding",
      ...more,
    };
    for (const [encoding, suffix] of [
      ["br", ".br"],
      ["gzip", ".gz"],
    ] as const) {
      if (!accepted.includes(encoding)) continue;
      const bytes = await fs.readFile(file + suffix).catch(() => null);
      if (!bytes) continue;
      return exchange.send(bytes, contentType(name), 200, {
        ...headers,
        "Content-Encoding": encoding,
      });
    }
    const bytes = await fs.readFile(file).catch(() => null);
    if (!bytes) throw missing(name);
    exchange.send(bytes, contentType(name), 200, headers);
  }
}

function missing(name: string): HttpError {
  return new HttpError(404, `the page has no file ${name}`);
}
