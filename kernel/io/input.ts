// The way of a question to the reader, and back: input_request, input_reply.
import type { MessagePort } from "node:worker_threads";
import { flags, type FromMain } from "../bridge.js";
import type { Io } from "./io.js";

export class Questions {
  #pending: number | undefined;
  readonly #flags: Int32Array;

  constructor(
    readonly port: MessagePort,
    shared: SharedArrayBuffer,
  ) {
    this.#flags = new Int32Array(shared);
  }

  ask(io: Io, { parent, prompt, password, token }: FromMain & { type: "input" }): void {
    const request = io.askers.get(parent ?? "");
    if (!request) {
      this.#answer({ token, error: "input: this front end takes no input (allow_stdin is false)" });
      return;
    }
    this.#pending = token;
    io.askInput(request, { prompt, password });
  }

  reply(value: string): void {
    if (this.#pending === undefined) return; // nobody asked
    const token = this.#pending;
    this.#pending = undefined;
    this.#answer({ token, value });
  }

  #answer(answer: object): void {
    this.port.postMessage(answer);
    Atomics.add(this.#flags, flags.input, 1); // a main thread that sleeps for it
    Atomics.notify(this.#flags, flags.input);
  }
}
