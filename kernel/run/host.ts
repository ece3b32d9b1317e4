// The host object of host.ts, made of messages to the I/O worker.
import { randomUUID } from "node:crypto";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { flags, type FromMain } from "../bridge.js";
import type { KernelbookHost } from "../host.js";
import type { Comms } from "./comms.js";
import { currentParent } from "./context.js";
import { encoded } from "./display.js";
import type { Brake } from "./interrupt.js";

export function bytesOf(views: readonly ArrayBufferView[] = []): Uint8Array[] {
  // Copies: the learner may write on while the message is on its way.
  return views.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice());
}

export function makeHost(
  post: (message: FromMain) => void,
  comms: Comms,
  input: Input,
): KernelbookHost {
  return {
    display({ data, metadata = {}, buffers }, { displayId, update = false } = {}) {
      const transient =
        displayId === undefined && !update ? {} : { display_id: displayId ?? randomUUID() };
      const msgType = update ? "update_display_data" : "display_data";
      const content = { data: encoded(data), metadata, transient };
      post({
        type: "publish",
        parent: currentParent(),
        msgType,
        content,
        buffers: bytesOf(buffers),
      });
    },
    clearOutput({ wait = false } = {}) {
      post({
        type: "publish",
        parent: currentParent(),
        msgType: "clear_output",
        content: { wait },
      });
    },
    comms: comms.host,
    input: (prompt, { password = false } = {}) => input.ask(prompt, password),
    currentParentId: currentParent,
  };
}

interface Answer {
  token: number;
  value?: string;
  error?: string;
}

/** Questions to the reader. */
export class Input {
  #tokens = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  constructor(
    readonly port: MessagePort,
    readonly post: (message: FromMain) => void,
    readonly brake: Brake,
  ) {}

  listen(): void {
    this.port.on("message", (answer: Answer) => this.#waiting.get(answer.token)?.(answer));
  }

  async ask(prompt: string, password = false): Promise<string> {
    const token = this.#send(prompt, password);
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(token, resolve));
    try {
      return valueOf((await this.brake.wait(answer)) as Answer);
    } finally {
      this.#over(token);
    }
  }

  /** The thread sleeps until the reader has answered. */
  askSync(prompt: string, password = false): string {
    const token = this.#send(prompt, password);
    const { flags: view } = this.brake;
    try {
      for (;;) {
        const seen = Atomics.load(view, flags.input);
        if (Atomics.load(view, flags.interrupt)) this.brake.stop();
        const answer = (receiveMessageOnPort(this.port) as { message: Answer } | undefined)
          ?.message;
        if (answer?.token === token) return valueOf(answer);
        if (answer)
          this.#waiting.get(answer.token)?.(answer); // one that is awaited
        else Atomics.wait(view, flags.input, seen);
      }
    } finally {
      this.#over(token);
    }
  }

  /** Answered, or interrupted. */
  #over(token: number): void {
    this.#waiting.delete(token);
    this.post({ type: "input-over", token });
  }

  #send(prompt: string, password: boolean): number {
    const token = this.#tokens++;
    this.post({ type: "input", parent: currentParent(), prompt, password, token });
    return token;
  }
}

function valueOf({ value, error }: Answer): string {
  if (error !== undefined) throw new Error(error);
  return value ?? "";
}
