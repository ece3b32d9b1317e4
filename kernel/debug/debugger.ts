// The debugger of cells: the Debug Adapter Protocol that JupyterLab speaks (debug_request, debug_event) on
// one side, V8's inspector on the other. The learner's thread is paused; the I/O worker lives on.
// https://microsoft.github.io/debug-adapter-protocol/specification
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request
import type { Debugger as V8 } from "node:inspector";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { CellScript } from "../bridge.js";
import { Breakpoints } from "./breakpoints.js";
import { cellPath, DebugCells, naming } from "./cells.js";
import type { Inspected } from "./inspected.js";
import { textOf, Variables } from "./variables.js";

interface Frame {
  id: number;
  /** The file of its script: Node leaves it out of the call frame. */
  url: string;
  callFrame: V8.CallFrame;
}

type Send = (event: string, body: object) => void;
type Arguments = Record<string, any>;

const threadId = 1;
/** Functions that the main thread offers, see run/debug-hooks. */
const hooks = `globalThis[Symbol.for("kernelbook.debug")]`;

export class CellDebugger {
  readonly cells = new DebugCells();
  readonly #variables: Variables;
  #isStarted = false;
  readonly #breakpoints: Breakpoints;
  #frames: Frame[] = [];
  readonly #urls = new Map<string, string>();
  #isPaused = false;
  #nextFrame = 1;

  constructor(
    readonly inspected: Inspected,
    readonly send: Send,
  ) {
    this.#variables = new Variables(inspected);
    this.#breakpoints = new Breakpoints(inspected, this.cells);
    inspected.on("Debugger.scriptParsed", ({ scriptId, url }: V8.ScriptParsedEventDataType) =>
      this.#urls.set(scriptId, url),
    );
    inspected.on("Debugger.paused", (event: V8.PausedEventDataType) => this.#paused(event));
    inspected.on("Debugger.resumed", () => this.#resumed());
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** A cell is about to run: it is known from now on, and its breakpoints are set. */
  async aboutToRun(script: CellScript): Promise<void> {
    this.cells.remember(script);
    if (this.#isStarted) await this.#breakpoints.setFor(script);
  }

  /** Let it go on, as an interrupt needs. */
  async resume(): Promise<void> {
    if (this.#isPaused) await this.inspected.post("Debugger.resume");
  }

  /** One request of the client. @returns the body of its response */
  async serve(command: string, args: Arguments): Promise<object> {
    const run = this.#commands[command];
    if (!run) throw new Error(`the debugger has no command ${command}`);
    return (await run(args)) ?? {};
  }

  readonly #commands: Record<string, (args: Arguments) => Promise<object | void> | object | void> =
    {
      initialize: () => {
        // Behind the response, as the protocol wants.
        setTimeout(() => this.send("initialized", {}));
        return {
          supportsConfigurationDoneRequest: true,
          supportsConditionalBreakpoints: true,
          supportsEvaluateForHovers: true,
          supportsTerminateDebuggee: false,
          exceptionBreakpointFilters: [
            { filter: "raised", label: "Raised Exceptions", default: false },
            { filter: "uncaught", label: "Uncaught Exceptions", default: false },
          ],
        };
      },
      attach: () => this.#start(),
      launch: () => this.#start(),
      configurationDone: () => {},
      disconnect: () => this.#stop(),
      terminate: () => this.#stop(),
      debugInfo: () => ({
        isStarted: this.#isStarted,
        ...naming,
        breakpoints: this.#breakpoints.list(),
        stoppedThreads: this.#isPaused ? [threadId] : [],
        richRendering: true,
        exceptionPaths: ["Raised Exceptions", "Uncaught Exceptions"],
        copyToGlobals: false,
      }),
      dumpCell: ({ code }) => ({ sourcePath: cellPath(String(code)) }),
      setBreakpoints: ({ source, breakpoints = [] }) =>
        this.#breakpoints.replace(source.path, breakpoints, this.#isStarted),
      setExceptionBreakpoints: async ({ filters = [] }: Arguments) => {
        const state = filters.includes("raised") ? "all" : filters.length > 0 ? "uncaught" : "none";
        if (this.#isStarted) await this.inspected.post("Debugger.setPauseOnExceptions", { state });
        return { breakpoints: [] };
      },
      threads: () => ({ threads: [{ id: threadId, name: "cells" }] }),
      modules: () => ({ modules: [], totalModules: 0 }),
      stackTrace: () => this.#stackTrace(),
      scopes: ({ frameId }) => this.#scopes(frameId),
      variables: async ({ variablesReference }) => ({
        variables: await this.#variables.members(variablesReference),
      }),
      evaluate: async ({ expression, frameId }) => {
        const value = await this.#evaluate(String(expression), frameId);
        const { value: result, type, variablesReference } = this.#variables.variable("", value);
        return { result, type, variablesReference };
      },
      inspectVariables: async () => {
        const { result } = await this.inspected.post("Runtime.evaluate", {
          expression: `${hooks}.all()`,
        });
        return {
          variables: await this.#variables.members(this.#variables.hold([result.objectId])),
        };
      },
      richInspectVariables: ({ variableName, frameId }) =>
        this.#rich(String(variableName), frameId),
      source: async ({ source }) => {
        const { path } = source as { path: string };
        const content = this.cells.sourceOf(path) ?? fs.readFileSync(path, "utf8");
        return { content, mimeType: "text/typescript" };
      },
      continue: async () => {
        await this.#go("resume");
        return { allThreadsContinued: true };
      },
      next: () => this.#go("stepOver"),
      stepIn: () => this.#go("stepInto"),
      stepOut: () => this.#go("stepOut"),
      pause: () => this.inspected.post("Debugger.pause"),
    };

  async #start(): Promise<void> {
    if (this.#isStarted) return;
    await this.inspected.post("Debugger.enable");
    const ownFolder = fileURLToPath(new URL("../../", import.meta.url));
    const patterns = [
      "^node:",
      `^(file://)?${ownFolder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`,
      "/import\\.js$",
    ];
    await this.inspected.post("Debugger.setBlackboxPatterns", { patterns });
    await this.inspected.post("Debugger.setAsyncCallStackDepth", { maxDepth: 8 });
    this.#isStarted = true;
    await this.#breakpoints.setAll();
  }

  async #stop(): Promise<void> {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    this.#breakpoints.clear();
    await this.inspected.post("Debugger.disable"); // what was paused goes on
    this.#resumed();
    setTimeout(() => this.send("terminated", {}));
  }

  #paused({ callFrames, reason, hitBreakpoints = [] }: V8.PausedEventDataType): void {
    this.#isPaused = true;
    this.#variables.clear();
    this.#frames = callFrames
      .map((callFrame) => ({ url: this.#urls.get(callFrame.location.scriptId) ?? "", callFrame }))
      .filter(({ url }) => this.cells.script(url) || !isInternal(url))
      .map((frame) => ({ id: this.#nextFrame++, ...frame }));
    const why = /exception|promiseRejection/.test(reason)
      ? "exception"
      : hitBreakpoints.length > 0
        ? "breakpoint"
        : "step";
    this.send("stopped", { reason: why, threadId, allThreadsStopped: true });
  }

  #resumed(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#frames = [];
    this.#variables.clear();
    this.send("continued", { threadId, allThreadsContinued: true });
  }

  async #go(how: "resume" | "stepOver" | "stepInto" | "stepOut"): Promise<void> {
    if (!this.#isPaused) throw new Error("nothing is paused");
    await this.inspected.post(`Debugger.${how}`);
  }

  #stackTrace(): object {
    const stackFrames = this.#frames.map(({ id, url, callFrame }) => {
      const { location, functionName } = callFrame;
      const [line, column] = [location.lineNumber + 1, (location.columnNumber ?? 0) + 1];
      const script = this.cells.script(url);
      const place = script ? this.cells.placeOf(url, line, column)! : { line, column };
      const file = script ? cellPath(script.source) : url.replace(/^file:\/\//, "");
      return { id, name: functionName || "<cell>", source: { name: file, path: file }, ...place };
    });
    return { stackFrames, totalFrames: stackFrames.length };
  }

  #scopes(frameId: number): object {
    const { scopeChain } = this.#frame(frameId).callFrame;
    const idsOf = (types: string[]) =>
      scopeChain
        .filter(({ type }) => types.includes(type))
        .flatMap(({ object }) => object.objectId ?? []);
    const locals = this.#variables.hold(
      idsOf(["local", "block", "catch", "closure", "with", "eval"]),
    );
    return this.inspected
      .post("Runtime.evaluate", { expression: `${hooks}.all()` })
      .then(({ result }) => ({
        scopes: [
          {
            name: "Locals",
            variablesReference: locals,
            expensive: false,
            presentationHint: "locals",
          },
          {
            name: "Globals",
            variablesReference: this.#variables.hold([result.objectId]),
            expensive: false,
          },
        ],
      }));
  }

  #frame(id: number): Frame {
    const frame = this.#frames.find((one) => one.id === id);
    if (!frame) throw new Error(`there is no frame ${id}; it may have gone on`);
    return frame;
  }

  /** An expression of the learner's, in a frame, or among the variables of the session. */
  async #evaluate(expression: string, frameId: number | undefined) {
    const { result: names } = await this.inspected.post("Runtime.evaluate", {
      expression: `${hooks}.names()`,
      returnByValue: true,
    });
    const frame = frameId ? this.#frame(frameId).callFrame : undefined;
    const locals = frame ? await this.#localNames(frame) : new Set<string>();
    const session = new Set((names.value as string[]).filter((name) => !locals.has(name)));
    const code = expression.replace(/(?<![\w$.])[A-Za-z_$][\w$]*(?!\s*:)/g, (name) =>
      session.has(name) ? `${hooks}.boxes.get(${JSON.stringify(name)}).v` : name,
    );
    const options = { expression: code, silent: true, generatePreview: true };
    const { result, exceptionDetails } = frame
      ? await this.inspected.post("Debugger.evaluateOnCallFrame", {
          ...options,
          callFrameId: frame.callFrameId,
        })
      : await this.inspected.post("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(textOf(exceptionDetails.exception ?? result));
    return result;
  }

  async #localNames({ scopeChain }: V8.CallFrame): Promise<Set<string>> {
    const ids = scopeChain
      .filter(({ type }) => type !== "global" && type !== "script")
      .flatMap(({ object }) => object.objectId ?? []);
    const members = await this.#variables.members(this.#variables.hold(ids));
    return new Set(members.map(({ name }) => name));
  }

  async #rich(variableName: string, frameId: number | undefined): Promise<object> {
    const value = await this.#evaluate(variableName, frameId);
    const { result } = await this.inspected.post("Runtime.callFunctionOn", {
      functionDeclaration: `function () { return ${hooks}.bundle(this) }`,
      ...(value.objectId ? { objectId: value.objectId } : {}),
      returnByValue: true,
      ...(value.objectId ? {} : { executionContextId: 1 }),
    });
    return value.objectId ? result.value : { data: { "text/plain": textOf(value) }, metadata: {} };
  }
}

function isInternal(url: string): boolean {
  const ownFolder = new URL("../../", import.meta.url);
  return (
    url === "" ||
    url.startsWith("node:") ||
    url.startsWith(ownFolder.href) ||
    url.startsWith(ownFolder.pathname) ||
    url.endsWith("/import.js")
  );
}
