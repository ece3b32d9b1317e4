// The I/O worker's end of the process with the types. Starts it, asks it, starts it again if it dies,
// and then tells it the cells so far.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import {
  frame,
  Unframer,
  type Answer,
  type Answers,
  type Arguments,
  type Method,
} from "./protocol.js";
import { commandLine } from "./snapshot.js";

interface Waiting {
  resolve: (value: any) => void;
  reject: (error: Error) => void;
}

class Died extends Error {
  constructor(
    why: string,
    /** By us: the reader did not want to wait. */
    readonly wasKilled: boolean,
  ) {
    super(`the type checker did not answer: ${why}`);
  }
}

export class LanguageClient {
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  /** Cells that were committed, to be told to a new process. */
  #history: { source: string; cell: number; names?: readonly string[] }[] = [];
  /** The sources of cells that were checked, by number, until they are committed. */
  readonly #checked = new Map<number, string>();
  #ended = false;
  #hasAnswered = false;
  #wasKilled = false;
  /** A process that ended before its first answer: start the next one without the snapshot. */
  #isSnapshotBad = false;

  constructor(
    readonly home: string,
    public folder: string,
  ) {
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async ask<M extends Method>(method: M, ...args: Arguments<M>): Promise<Answers[M]> {
    this.#remember(method, args);
    const answer = await this.#sendSurely(method, args);
    // What was refused will not run.
    if (method === "check" && !(answer as Answers["check"]).ok)
      this.#checked.delete(args[1] as number);
    return answer;
  }

  /** A variable that no cell has declared, of any type. @throws Error if that is no name */
  async declare(name: string): Promise<void> {
    const cell = -1; // no cell's number
    const checked = await this.ask("check", `let ${name}: any`, cell);
    if (!checked.ok) throw new Error(`${name}: ${checked.diagnostics[0]?.message}`);
    await this.ask("commit", cell);
  }

  async #sendSurely<M extends Method>(method: M, args: Arguments<M>): Promise<Answers[M]> {
    this.#restart();
    try {
      return (await this.#send(method, args)) as Answers[M];
    } catch (error) {
      // It died by itself, or by another's hand: the next one answers, or this is the question that kills.
      if (!(error instanceof Died) || error.wasKilled || this.#ended) throw error;
      this.#restart();
      return (await this.#send(method, args)) as Answers[M];
    }
  }

  /** End it at once, as when a check takes too long; the next question starts another. */
  kill(): void {
    this.#wasKilled = true;
    this.#child?.kill("SIGKILL");
  }

  end(): void {
    this.#ended = true;
    this.#child?.kill("SIGKILL");
  }

  #remember(method: Method, args: unknown[]): void {
    if (method === "check") this.#checked.set(args[1] as number, args[0] as string);
    if (method === "commit") {
      const [cell, names] = args as [number, string[] | undefined];
      const source = this.#checked.get(cell);
      if (source !== undefined) this.#history.push({ source, cell, names });
      this.#checked.delete(cell);
    }
    if (method === "reset") this.#history = [];
    if (method === "setFolder") this.folder = args[0] as string;
  }

  #send(method: Method, args: unknown[]): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child!.stdin.write(frame({ id, method, args }));
    });
  }

  #replay(): void {
    for (const { source, cell, names } of this.#history) {
      this.#send("check", [source, cell]).catch(() => {});
      this.#send("commit", [cell, names]).catch(() => {});
    }
  }

  #start(): void {
    const { file, args } = commandLine(this.home, this.folder, this.#isSnapshotBad);
    // Options of Node that are meant for the learner's code would make the snapshot one of another V8.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"], cwd: this.home, env });
    this.#child = child;
    this.#hasAnswered = false;
    const unframer = new Unframer();
    child.stdout.on("data", (bytes: Buffer) => {
      for (const value of unframer.push(bytes)) this.#answered(value as Answer);
    });
    child.stdin.on("error", () => {}); // it died: "exit" tells
    child.on("error", (error) => this.#died(child, error.message));
    child.on("exit", (code, signal) => this.#died(child, `it ended with ${signal ?? code}`));
  }

  #answered(answer: Answer): void {
    this.#hasAnswered = true;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.result);
  }

  #died(child: object, why: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (!this.#hasAnswered && !this.#wasKilled) this.#isSnapshotBad = true;
    const error = new Died(why, this.#wasKilled);
    this.#wasKilled = false;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!this.#ended) setTimeout(() => this.#restart(), 50).unref();
  }

  #restart(): void {
    if (this.#child || this.#ended) return;
    this.#start();
    this.#replay();
  }
}
