// The debugger of cells: the Debug Adapter Protocol that JupyterLab speaks (debug_request, debug_event) on
// one side, V8's inspector on the other. The learner's thread is paused; the I/O worker lives on.
// https://microsoft.github.io/debug-adapter-protocol/specification
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request
import type { Debugger as V8 } from "node:inspector";
import fs from "node:fs";
import type { CellScript } from "../bridge.js";
import { Breakpoints } from "./breakpoints.js";
import { DebugCells, naming } from "./cells.js";
import { exceptionFilters, Exceptions } from "./exceptions.js";
import { Frames } from "./frames.js";
import type { Inspected } from "./inspected.js";
import { LocalFiles } from "./local-files.js";

type Send = (event: string, body: object) => void;
type Arguments = Record<string, any>;
type Command = (args: Arguments) => Promise<object | void> | object | void;

const threadId = 1;
const againMs = 20;

export class CellDebugger {
  readonly cells = new DebugCells();
  readonly #files = new LocalFiles();
  readonly #breakpoints: Breakpoints;
  readonly #exceptions: Exceptions;
  readonly #frames: Frames;
  #started: Promise<void> | undefined;
  #isPaused = false;
  /** The client was told that it is. */
  #isTold = false;
  /** It asked for the pause that comes next. */
  #isAsked = false;
  /** An interrupt is under way: nothing pauses. */
  #isPassing = false;

  constructor(
    readonly inspected: Inspected,
    readonly send: Send,
    isCaught: Exceptions["isCaught"],
    /** The cells to come are to know this name. */
    readonly declare: (name: string) => Promise<void>,
  ) {
    this.#breakpoints = new Breakpoints(inspected, this.cells, this.#files);
    this.#frames = new Frames(inspected, this.cells, this.#files);
    const isLearners = (scriptId: string) => this.#frames.isLearners(scriptId);
    this.#exceptions = new Exceptions(inspected, isLearners, isCaught);
    inspected.on("Debugger.paused", (event: V8.PausedEventDataType) => void this.#paused(event));
    inspected.on("Debugger.resumed", () => this.#resumed());
  }

  /** A cell, or a part of it, is about to run: its breakpoints are set. @returns what to run */
  async aboutToRun(script: CellScript, cell: string): Promise<CellScript> {
    const known = this.cells.add(script, cell);
    for (const file of script.localFiles ?? []) this.#files.add(file);
    if (this.#started) await this.#breakpoints.setFor(known);
    return known;
  }

  /** An interrupt goes through: what is paused goes on, and does not pause again before it is through. */
  async passBy(interrupt: Promise<void>): Promise<void> {
    if (!this.#started) return;
    this.#isPassing = true;
    if (this.#isPaused) await this.inspected.post("Debugger.resume").catch(() => {});
    await interrupt;
    this.#isPassing = false;
  }

  /** One request of the client. @returns the body of its response */
  async serve(command: string, args: Arguments): Promise<object> {
    const run = Object.hasOwn(this.#commands, command) && this.#commands[command];
    if (!run) throw new Error(`the debugger has no command ${command}`);
    return (await run(args)) ?? {};
  }

  readonly #commands: Record<string, Command> = {
    // Started from here on, not from attach: JupyterLab asks debugInfo between the two, and believes it.
    initialize: async () => {
      await this.#start();
      setTimeout(() => this.send("initialized", {})); // behind the response, as the protocol wants
      return {
        supportsConfigurationDoneRequest: true,
        supportsConditionalBreakpoints: true,
        supportsHitConditionalBreakpoints: true,
        supportsLogPoints: true,
        supportsEvaluateForHovers: true,
        supportsTerminateDebuggee: false,
        exceptionBreakpointFilters: exceptionFilters,
      };
    },
    attach: () => this.#start(),
    launch: () => this.#start(),
    configurationDone: () => {},
    disconnect: () => this.#stop(),
    terminate: () => this.#stop(),
    debugInfo: () => ({
      isStarted: this.#started !== undefined,
      ...naming,
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#isTold ? [threadId] : [],
      richRendering: true,
      exceptionPaths: exceptionFilters.map(({ label }) => label),
      copyToGlobals: true,
    }),
    dumpCell: ({ code }) => ({ sourcePath: this.cells.dump(String(code)) }),
    setBreakpoints: async ({ source, breakpoints = [] }) => {
      await this.#started;
      return this.#breakpoints.replace(source.path, breakpoints, this.#started !== undefined);
    },
    setExceptionBreakpoints: async ({ filters = [] }) => {
      await this.#started;
      await this.#exceptions.set(filters, this.#started !== undefined);
      return { breakpoints: filters.map(() => ({ verified: true })) };
    },
    threads: () => ({ threads: [{ id: threadId, name: "cells" }] }),
    modules: () => ({ modules: [], totalModules: 0 }),
    stackTrace: (args) => this.#frames.stackTrace(args),
    scopes: ({ frameId }) => this.#frames.scopes(frameId),
    variables: async ({ variablesReference, start, count }) => {
      const all = await this.#frames.variables.members(variablesReference);
      return { variables: all.slice(start ?? 0, count ? (start ?? 0) + count : undefined) };
    },
    evaluate: async ({ expression, frameId }) => {
      const found = await this.#frames.evaluate(String(expression), frameId);
      const { value, type, variablesReference } = this.#frames.variables.variable("", found);
      return { result: value, type, variablesReference };
    },
    inspectVariables: async () => ({
      variables: await this.#frames.variables.members(await this.#frames.globals()),
    }),
    richInspectVariables: ({ variableName, frameId }) =>
      this.#frames.bundle(String(variableName), frameId),
    copyToGlobals: async ({ srcVariableName, dstVariableName, srcFrameId }) => {
      const name = String(dstVariableName);
      await this.declare(name);
      await this.#frames.copy(String(srcVariableName), name, srcFrameId);
    },
    source: ({ source }) => {
      const { path } = source as { path: string };
      const content = this.cells.textOf(path) ?? fs.readFileSync(path, "utf8");
      return { content, mimeType: "text/typescript" };
    },
    continue: async () => {
      await this.#go("resume");
      return { allThreadsContinued: true };
    },
    next: () => this.#go("stepOver"),
    stepIn: () => this.#go("stepInto"),
    stepOut: () => this.#go("stepOut"),
    pause: async () => {
      await this.#start();
      this.#isAsked = true;
      this.#pauseIfAsked();
    },
  };

  #start(): Promise<void> {
    return (this.#started ??= (async () => {
      await this.inspected.post("Debugger.enable");
      await this.inspected.post("Debugger.setAsyncCallStackDepth", { maxDepth: 8 });
      await this.#exceptions.apply();
      await this.#breakpoints.setAll();
    })());
  }

  async #stop(): Promise<void> {
    if (!this.#started) return;
    await this.#started;
    this.#started = undefined;
    this.#isAsked = false;
    this.#breakpoints.clear();
    await this.#exceptions.set([], false);
    await this.inspected.post("Debugger.disable"); // what was paused goes on
    this.#resumed();
    setTimeout(() => this.send("terminated", {}));
  }

  async #paused(event: V8.PausedEventDataType): Promise<void> {
    const { callFrames, hitBreakpoints = [] } = event;
    this.#isPaused = true;
    this.#frames.pause(callFrames);
    const isException = /exception|promiseRejection/i.test(event.reason);
    if (this.#frames.isEmpty || this.#isPassing) {
      await this.#letGo("resume");
      if (this.#isAsked) setTimeout(() => this.#pauseIfAsked(), againMs); // it met the kernel's own code
      return;
    }
    if (isException && !(await this.#exceptions.wants(event))) return this.#letGo("resume");
    // A library of ours, in which nobody wants to step.
    if (!isException && !this.#frames.isLearners(callFrames[0]!.location.scriptId))
      return this.#letGo("stepOut");
    if (!this.#isPaused) return; // by an interrupt, meanwhile
    this.#isTold = true;
    const step = this.#isAsked ? "pause" : "step";
    this.#isAsked = false;
    const reason = isException ? "exception" : hitBreakpoints.length > 0 ? "breakpoint" : step;
    this.send("stopped", { reason, threadId, allThreadsStopped: true });
  }

  /** No answer is waited for: an idle thread pauses when it has something to do. */
  #pauseIfAsked(): void {
    if (this.#isAsked && this.#started) void this.inspected.post("Debugger.pause").catch(() => {});
  }

  /** A pause that the client does not hear of. */
  async #letGo(how: "resume" | "stepOut"): Promise<void> {
    await this.inspected.post(`Debugger.${how}`).catch(() => {}); // an interrupt was faster
  }

  #resumed(): void {
    this.#isPaused = false;
    this.#frames.clear();
    if (!this.#isTold) return;
    this.#isTold = false;
    this.send("continued", { threadId, allThreadsContinued: true });
  }

  async #go(how: "resume" | "stepOver" | "stepInto" | "stepOut"): Promise<void> {
    if (!this.#isTold) throw new Error("nothing is paused");
    await this.inspected.post(`Debugger.${how}`);
  }
}
