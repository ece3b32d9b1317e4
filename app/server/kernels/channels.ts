// A page's WebSocket on a kernel. Replies go to the page that asked, everything else to all pages.
import type { WebSocket } from "ws";
import type { Kernel } from "./kernel.js";
import { fromJson, fromV1, toJson, toV1, v1Protocol, type KernelMessage } from "./message.js";

const keptBytes = 64 * 2 ** 20;
const keptForMs = 10 * 60_000;

/** What a lost page will be told when it comes back under the same session id. */
interface Missed {
  messages: KernelMessage[];
  bytes: number;
  forget: NodeJS.Timeout;
}

export class KernelChannels {
  readonly #pages = new Set<Page>();
  readonly #missed = new Map<string, Missed>();

  constructor(
    readonly kernel: Kernel,
    readonly log: (line: string) => void,
  ) {
    // One that has said goodbye no longer counts, although its socket may take a while to close.
    kernel.countConnections = () =>
      [...this.#pages].filter(({ socket }) => socket.readyState === socket.OPEN).length;
    kernel.on("message", (message) => this.#deliver(message));
    kernel.on("dead", () => {
      for (const { forget } of this.#missed.values()) clearTimeout(forget);
      this.#missed.clear();
    });
  }

  connect(socket: WebSocket, sessionId: string): void {
    const page = new Page(socket, sessionId);
    this.#pages.add(page);

    const missed = this.#missed.get(sessionId);
    if (missed) {
      clearTimeout(missed.forget);
      this.#missed.delete(sessionId);
      for (const message of missed.messages) page.send(message);
    }

    socket.on("message", (data: Buffer, isBinary: boolean) => {
      let message: KernelMessage;
      try {
        message = socket.protocol === v1Protocol ? fromV1(data) : fromJson(data, isBinary);
      } catch (error) {
        this.log(`kernel ${this.kernel.id}: ignored ${(error as Error).message}`);
        return;
      }
      page.sessions.add(message.header.session);
      this.kernel.emit("request", message);
      void this.kernel.ready().then(
        () => this.kernel.send(message),
        () => {}, // it never answered: its state says so
      );
    });
    socket.on("close", () => {
      this.#pages.delete(page);
      if (sessionId && this.kernel.state !== "dead") this.#rememberFor(sessionId);
    });
  }

  close(): void {
    for (const { socket } of this.#pages) socket.close(1001, "the kernel was shut down");
  }

  #deliver(message: KernelMessage): void {
    const pages = [...this.#pages];
    const asker = pages.filter((page) => page.sessions.has(message.parent.session ?? ""));
    const reached = message.channel === "iopub" ? pages : asker;
    for (const page of reached) page.send(message);
    for (const [session, missed] of this.#missed) this.#keep(session, missed, message);
  }

  #rememberFor(session: string): void {
    const forget = setTimeout(() => this.#missed.delete(session), keptForMs);
    forget.unref();
    this.#missed.set(session, { messages: [], bytes: 0, forget });
  }

  #keep(session: string, missed: Missed, message: KernelMessage): void {
    if (message.channel !== "iopub" && message.parent.session !== session) return;
    const size = [...message.parts, ...message.buffers].reduce((sum, part) => sum + part.length, 0);
    if (missed.bytes + size > keptBytes) return;
    missed.bytes += size;
    missed.messages.push(message);
  }
}

class Page {
  /** The session ids that it signs its messages with. */
  readonly sessions: Set<string>;

  constructor(
    readonly socket: WebSocket,
    sessionId: string,
  ) {
    this.sessions = new Set(sessionId ? [sessionId] : []);
  }

  send(message: KernelMessage): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(this.socket.protocol === v1Protocol ? toV1(message) : toJson(message));
  }
}
