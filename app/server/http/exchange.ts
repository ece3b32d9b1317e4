// One request and its answer, with what every handler needs: the path below the base address,
// the query, the body within its limit, and answers as JSON, text or redirect.
import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "./errors.js";

export class Exchange {
  readonly url: URL;
  readonly method: string;
  /** Filled in by the router: the decoded parts of the address, such as { path: "a/b.ipynb" }. */
  params: Record<string, string> = {};

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** Ends in a slash: "/" or "/user/alice/". */
    readonly baseUrl: string,
  ) {
    this.method = request.method ?? "GET";
    try {
      this.url = new URL(request.url ?? "/", "http://server.invalid");
    } catch {
      throw new HttpError(400, "the address of the request is not a URL");
    }
  }

  /** The address below the base address, beginning with a slash; null if it lies elsewhere. */
  get route(): string | null {
    const { pathname } = this.url;
    if (pathname + "/" === this.baseUrl) return "/";
    return pathname.startsWith(this.baseUrl) ? pathname.slice(this.baseUrl.length - 1) : null;
  }

  query(name: string): string | null {
    return this.url.searchParams.get(name);
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value[0] : value;
  }

  cookie(name: string): string | undefined {
    for (const part of (this.request.headers.cookie ?? "").split(";")) {
      const [key = "", ...value] = part.trim().split("=");
      if (key === name) return value.join("=");
    }
    return undefined;
  }

  addCookie(cookie: string): void {
    this.response.appendHeader("Set-Cookie", cookie);
  }

  /** The whole body. @throws HttpError 413 past `limit` bytes. */
  async body(limit: number): Promise<Buffer> {
    const announced = Number(this.header("content-length") ?? 0);
    if (announced > limit) throw tooLarge(limit);
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of this.request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > limit) throw tooLarge(limit);
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** The body as a JSON object, or null if there is none. @throws HttpError 400 if it is not one. */
  async jsonBody(limit = 10 * 2 ** 20): Promise<Record<string, unknown> | null> {
    const text = (await this.body(limit)).toString("utf8").trim();
    if (text === "") return null;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new HttpError(400, "Invalid JSON in body of request");
    }
    if (value === null) return null;
    if (typeof value !== "object" || Array.isArray(value)) {
      throw new HttpError(400, "the body of the request must be a JSON object");
    }
    return value as Record<string, unknown>;
  }

  json(value: unknown, status = 200, headers: Record<string, string> = {}): void {
    this.send(JSON.stringify(value), "application/json", status, headers);
  }

  send(
    content: string | Buffer,
    contentType: string,
    status = 200,
    headers: Record<string, string> = {},
  ): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.response.writeHead(status, {
      "Content-Type": contentType,
      "Content-Length": bytes.length,
      ...headers,
    });
    this.response.end(this.method === "HEAD" ? undefined : bytes);
  }

  empty(status = 204): void {
    this.response.writeHead(status).end();
  }

  redirect(location: string, status = 302): void {
    this.response.writeHead(status, { Location: location, "Content-Length": 0 }).end();
  }
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `the body of the request is larger than the limit of ${limit} bytes`);
}

/** An API path as part of an address: every name escaped, the slashes kept. */
export function escapePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
