// A session ties a document to its kernel: the same notebook opened again meets the same kernel.
import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import { HttpError } from "../http/errors.js";
import { parentOf, type ServedFolder } from "../contents/folder.js";
import { parseNotebook } from "../contents/notebook-format.js";
import type { Kernel } from "./kernel.js";
import type { Kernels } from "./kernels.js";

const unclaimedMs = 60_000;

interface Session {
  id: string;
  path: string;
  name: string;
  type: string;
  kernelId: string;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  /** Kernels that start while the page that will ask for them is still loading; by path. */
  readonly #ahead = new Map<string, { name: string; kernel: Promise<Kernel> }>();
  /** Two tabs that open one notebook at once get one kernel. */
  readonly #starting = new Map<string, Promise<Session>>();

  constructor(
    readonly kernels: Kernels,
    readonly folder: ServedFolder,
  ) {
    kernels.onEnd = (kernel) => {
      for (const session of this.#sessions.values()) {
        if (session.kernelId === kernel.id) this.#sessions.delete(session.id);
      }
    };
  }

  list() {
    return [...this.#sessions.values()].map((session) => this.#model(session));
  }

  get(id: string) {
    return this.#model(this.#find(id));
  }

  byKernel(kernelId: string): Session | undefined {
    return [...this.#sessions.values()].find((session) => session.kernelId === kernelId);
  }

  byPath(path: string): Session | undefined {
    return [...this.#sessions.values()].find((session) => session.path === path);
  }

  /** A page with this notebook is being opened: its kernel starts meanwhile, and ends if nobody asks for it. */
  async startAhead(path: string): Promise<void> {
    if (this.byPath(path) || this.#starting.has(path) || this.#ahead.has(path)) return;
    const { place } = await this.folder.stat(path);
    const { metadata } = parseNotebook(await fs.readFile(place, "utf8"), path);
    const name = metadata.kernelspec?.name;
    if (typeof name !== "string" || !(await this.kernels.specs()).has(name)) return;
    if (this.byPath(path) || this.#starting.has(path) || this.#ahead.has(path)) return;
    const kernel = this.#startKernel(path, { name });
    this.#ahead.set(path, { name, kernel });
    kernel.catch(() => this.#ahead.delete(path)); // the page will ask again, and be told why
    setTimeout(async () => {
      if (this.#ahead.get(path)?.kernel !== kernel) return;
      this.#ahead.delete(path);
      await this.kernels.shutdown((await kernel).id).catch(() => {}); // gone already
    }, unclaimedMs).unref();
  }

  /** The session of a path: the one that is there, or a new one. */
  async open(given: Record<string, unknown>) {
    const { path, type, name = "" } = withNotebook(given);
    if (typeof path !== "string") throw new HttpError(400, "Missing field in JSON data: path");
    if (typeof type !== "string") throw new HttpError(400, "Missing field in JSON data: type");
    const present = this.byPath(path);
    if (present) return this.#model(present);
    const starting =
      this.#starting.get(path) ?? this.#create(path, type, String(name ?? ""), kernelOf(given));
    this.#starting.set(path, starting);
    try {
      return this.#model(await starting);
    } finally {
      this.#starting.delete(path);
    }
  }

  /** Rename, or give another kernel. */
  async change(id: string, given: Record<string, unknown>) {
    const session = this.#find(id);
    const { path, name, type } = withNotebook(given);
    const kernel = kernelOf(given);
    const before = session.kernelId;
    if (kernel.id) {
      if (!this.kernels.list().some(({ id }) => id === kernel.id))
        throw new HttpError(400, `No such kernel: ${kernel.id}`);
      session.kernelId = kernel.id;
    } else if (kernel.name) {
      session.kernelId = (await this.#startKernel(session.path, { name: kernel.name })).id;
    }
    if (before !== session.kernelId && !this.byKernel(before)) await this.kernels.shutdown(before);
    if (typeof path === "string") session.path = path;
    if (typeof name === "string") session.name = name;
    if (typeof type === "string") session.type = type;
    return this.#model(session);
  }

  async delete(id: string): Promise<void> {
    const session = this.#find(id);
    this.#sessions.delete(id);
    const shared = [...this.#sessions.values()].some(
      (other) => other.kernelId === session.kernelId,
    );
    if (!shared) await this.kernels.shutdown(session.kernelId);
  }

  async #create(path: string, type: string, name: string, wanted: { id?: string; name?: string }) {
    const running = this.kernels.list().find(({ id }) => id === wanted.id);
    const ahead = this.#ahead.get(path);
    const fits = ahead && !wanted.id && (!wanted.name || wanted.name === ahead.name);
    if (fits) this.#ahead.delete(path);
    const kernel = running ?? (await (fits ? ahead.kernel : this.#startKernel(path, wanted)));
    const session: Session = { id: randomUUID(), path, name, type, kernelId: kernel.id };
    this.#sessions.set(session.id, session);
    return session;
  }

  async #startKernel(path: string, { id, name }: { id?: string; name?: string }): Promise<Kernel> {
    const folder = (await this.folder.exists(path)) === "directory" ? path : parentOf(path);
    const there = (await this.folder.exists(folder)) === "directory";
    const cwd = there ? await this.folder.place(folder) : this.folder.root;
    return this.kernels.start(name, cwd, { id, env: { JPY_SESSION_NAME: path } });
  }

  #find(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw new HttpError(404, `Session not found: session_id='${id}'`);
    return session;
  }

  #model({ id, path, name, type, kernelId }: Session) {
    const kernel = this.kernels.get(kernelId).model;
    const notebook = type === "notebook" ? { notebook: { path, name } } : {};
    return { id, path, name, type, kernel, ...notebook };
  }
}

/** Old clients say { notebook: { path, name } }. */
function withNotebook(given: Record<string, unknown>): Record<string, unknown> {
  const { notebook } = given;
  if (typeof notebook !== "object" || notebook === null) return given;
  return { type: "notebook", ...given, ...notebook };
}

function kernelOf(given: Record<string, unknown>): { id?: string; name?: string } {
  const { kernel } = given;
  if (kernel === undefined || kernel === null) return {};
  const { id, name } = kernel as Record<string, unknown>;
  return {
    ...(typeof id === "string" && id !== "" && { id }),
    ...(typeof name === "string" && name !== "" && { name }),
  };
}
