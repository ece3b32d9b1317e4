// The way of a question to the reader, and back: input_request, input_reply. A cell's questions are asked one after the
// other, as a front end shows them; cells in subshells ask beside each other.
import type { MessagePort } from "node:worker_threads";
import { flags, type FromMain } from "../bridge.js";
import type { Io, Request } from "./io.js";

interface Question {
  token: number;
  /** The cell that asks. */
  request: Request;
  content: { prompt: string; password: boolean };
  /** msg_id of its input_request, once it was sent. */
  asked?: string;
}

interface Reply {
  value?: unknown;
  status?: string;
}

/** What a front end sends where the reader types Ctrl-D, as ipykernel takes it. */
const endOfFile = "\x04";
/** Questions that are over, kept so that a late answer is not taken for another's. */
const keptPast = 100;

export class Questions {
  #open: Question[] = [];
  readonly #past = new Set<string>();
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
      const error =
        "input: this front end takes no input (allow_stdin is false), or the cell that asks has ended";
      this.#answer({ token, error });
      return;
    }
    this.#open.push({ token, request, content: { prompt, password } });
    this.#askNext(io, request);
  }

  reply(io: Io, { identities, message }: Request<Reply>): void {
    const to = message.parent_header.msg_id ?? "";
    if (this.#past.has(to)) return; // of a question that an interrupt has ended
    const asked = this.#open.filter((question) => question.asked !== undefined);
    // Many clients name no question: they mean the one that they were asked.
    const question =
      asked.find((one) => one.asked === to) ??
      asked.find(({ request }) => isSame(request.identities, identities));
    if (!question) return; // nobody asked
    this.#answer({ token: question.token, ...answerOf(message.content) });
    this.#remove(io, question);
  }

  /** An interrupt has ended the one who waited. */
  withdraw(io: Io, token: number): void {
    const question = this.#open.find((one) => one.token === token);
    if (question) this.#remove(io, question);
  }

  #remove(io: Io, question: Question): void {
    this.#open = this.#open.filter((one) => one !== question);
    if (question.asked === undefined) return;
    this.#past.add(question.asked);
    if (this.#past.size > keptPast) this.#past.delete(this.#past.values().next().value!);
    this.#askNext(io, question.request);
  }

  #askNext(io: Io, request: Request): void {
    const first = this.#open.find((one) => one.request === request);
    if (first && first.asked === undefined) first.asked = io.askInput(request, first.content);
  }

  #answer(answer: object): void {
    this.port.postMessage(answer);
    Atomics.add(this.#flags, flags.input, 1); // a main thread that sleeps for it
    Atomics.notify(this.#flags, flags.input);
  }
}

function isSame(one: Buffer[], other: Buffer[]): boolean {
  return one.length === other.length && one.every((frame, i) => frame.equals(other[i]!));
}

function answerOf({ value, status }: Reply): object {
  if (value === endOfFile) return { error: "input: the reader has ended the input (end of file)" };
  if (status === "error" && value === undefined)
    return { error: "input: the front end could not ask the reader" };
  return { value: String(value ?? "") };
}
