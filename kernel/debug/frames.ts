// Where the learner's thread is paused: its frames as the client sees them, what they hold, and expressions
// evaluated in them.
import type { Debugger as V8, Runtime } from "node:inspector";
import { placeInCell } from "../run/stacks.js";
import type { DebugCells } from "./cells.js";
import { hooks } from "./hooks.js";
import type { Inspected } from "./inspected.js";
import type { LocalFiles } from "./local-files.js";
import { textOf, Variables } from "./variables.js";

interface Frame {
  id: number;
  /** The file of its script: Node leaves it out of the call frame. */
  url: string;
  callFrame: V8.CallFrame;
}

export class Frames {
  readonly variables: Variables;
  #frames: Frame[] = [];
  /** Files by V8's script numbers; not those of the kernel's own. */
  readonly #urls = new Map<string, string>();
  #next = 1;

  constructor(
    readonly inspected: Inspected,
    readonly cells: DebugCells,
    readonly files: LocalFiles,
  ) {
    this.variables = new Variables(inspected);
    inspected.on("Debugger.scriptParsed", ({ scriptId, url }: V8.ScriptParsedEventDataType) => {
      if (this.#isShown(url)) this.#urls.set(scriptId, url);
    });
  }

  /** The learner's frames of this stack: none where only the kernel's or Node's own code is at work. */
  pause(callFrames: V8.CallFrame[]): void {
    this.clear();
    this.#frames = callFrames.flatMap((callFrame) => {
      const url = this.#urls.get(callFrame.location.scriptId);
      return url === undefined ? [] : [{ id: this.#next++, url, callFrame }];
    });
  }

  clear(): void {
    this.#frames = [];
    this.variables.clear();
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  isLearners(scriptId: string): boolean {
    return this.#urls.has(scriptId);
  }

  stackTrace({ startFrame = 0, levels = 0 }): object {
    const all = this.#frames.map(({ id, url, callFrame }) => {
      const { location, functionName } = callFrame;
      const [line, column] = [location.lineNumber + 1, (location.columnNumber ?? 0) + 1];
      const script = this.cells.script(url);
      const { file, ...place } = script
        ? { file: script.cell, ...placeInCell(script, line, column) }
        : this.files.placeInFile(url, line, column);
      const name = isTopLevel(callFrame) ? "<cell>" : functionName || "<anonymous>";
      return { id, name, source: { name: file, path: file }, ...place };
    });
    const end = levels > 0 ? startFrame + levels : undefined;
    return { stackFrames: all.slice(startFrame, end), totalFrames: all.length };
  }

  async scopes(frameId: number): Promise<object> {
    const { callFrame } = this.#frame(frameId);
    const ids = callFrame.scopeChain
      .filter(({ type }) => type !== "global" && type !== "script")
      .flatMap(({ object }) => object.objectId ?? []);
    const session = await this.#session();
    // What a cell declares at its top level are the variables of the session.
    const locals = this.variables.hold(isTopLevel(callFrame) ? [...ids, session] : ids);
    const globals = this.variables.hold([session]);
    const scope = (name: string, variablesReference: number) => ({
      name,
      variablesReference,
      expensive: false,
    });
    return {
      scopes: [
        { ...scope("Locals", locals), presentationHint: "locals" },
        scope("Globals", globals),
      ],
    };
  }

  /** A number for the variables of the session. */
  async globals(): Promise<number> {
    return this.variables.hold([await this.#session()]);
  }

  async #session(): Promise<string> {
    const expression = `${hooks}.all()`;
    const { result } = await this.inspected.post("Runtime.evaluate", { expression });
    return result.objectId;
  }

  /** An expression of the learner's, in a frame or outside of all; it sees the variables of the session. */
  async evaluate(expression: string, frameId?: number): Promise<Runtime.RemoteObject> {
    const callFrameId = frameId ? this.#frame(frameId).callFrame.callFrameId : undefined;
    const method = callFrameId ? "Debugger.evaluateOnCallFrame" : "Runtime.evaluate";
    await this.inspected.post("Runtime.evaluate", { expression: `${hooks}.expose()` });
    try {
      const { result, exceptionDetails } = await this.inspected.post(method, {
        expression,
        callFrameId,
        silent: true,
        generatePreview: true,
      });
      if (exceptionDetails) throw new Error(textOf(exceptionDetails.exception ?? result));
      return result;
    } finally {
      await this.inspected.post("Runtime.evaluate", { expression: `${hooks}.hide()` });
    }
  }

  /** A value of a frame becomes a variable of the session. */
  async copy(expression: string, name: string, frameId?: number): Promise<void> {
    await this.evaluate(`${hooks}.set(${JSON.stringify(name)}, (${expression}\n))`, frameId);
  }

  /** How the notebook would show a variable. */
  async bundle(variableName: string, frameId?: number): Promise<object> {
    const value = await this.evaluate(variableName, frameId);
    const { objectId } = value;
    if (!objectId) return { data: { "text/plain": textOf(value) }, metadata: {} };
    const functionDeclaration = `function () { return ${hooks}.bundle(this) }`;
    const { result, exceptionDetails } = await this.inspected.post("Runtime.callFunctionOn", {
      functionDeclaration,
      objectId,
      returnByValue: true,
    });
    return exceptionDetails
      ? { data: { "text/plain": textOf(value) }, metadata: {} }
      : result.value;
  }

  #frame(id: number): Frame {
    const frame = this.#frames.find((one) => one.id === id);
    if (!frame) throw new Error(`there is no frame ${id}; it may have gone on`);
    return frame;
  }

  #isShown(url: string): boolean {
    return this.cells.script(url) !== undefined || !isInternal(url);
  }
}

/** The function that is made of a whole cell: it begins where its script does. */
function isTopLevel({ functionLocation, functionName }: V8.CallFrame): boolean {
  const { lineNumber, columnNumber = 0 } = functionLocation ?? { lineNumber: 1 };
  return functionName === "" && lineNumber === 0 && columnNumber < "(async (".length;
}

const ownFolder = new URL("../../", import.meta.url);

function isInternal(url: string): boolean {
  return (
    url === "" ||
    url.startsWith("node:") ||
    url.startsWith(ownFolder.href) ||
    url.startsWith(ownFolder.pathname) ||
    url.endsWith("/import.js")
  );
}
