// Pauses where an error is thrown: at every one ("raised"), or at those that the learner's code does not catch
// ("uncaught"). V8 cannot tell the latter, since the kernel catches whatever a cell throws: so V8 pauses at all
// of them, and the learner's functions on the stack are looked through for a try around the place.
import type { Debugger as V8, Runtime } from "node:inspector";
import { fileURLToPath } from "node:url";
import type { Inspected } from "./inspected.js";

type IsCaught = (code: string, line: number, column: number) => Promise<boolean>;

interface At {
  scriptId: string;
  lineNumber: number;
  columnNumber?: number;
}

export const exceptionFilters = [
  { filter: "raised", label: "Raised Exceptions", default: false },
  { filter: "uncaught", label: "Uncaught Exceptions", default: false },
];

export class Exceptions {
  #filters: string[] = [];
  readonly #verdicts = new Map<string, boolean>();

  constructor(
    readonly inspected: Inspected,
    readonly isLearners: (scriptId: string) => boolean,
    /** Whether this place of a script stands in a try that has a catch, in its own function. */
    readonly isCaught: IsCaught,
  ) {}

  async set(filters: string[], isStarted: boolean): Promise<void> {
    this.#filters = filters;
    if (isStarted) await this.apply();
  }

  async apply(): Promise<void> {
    const state = this.#filters.length > 0 ? "all" : "none";
    // What is out of sight is stepped over; but an error that a library throws must be seen.
    const folder = state === "all" ? "dist/kernel/" : "dist/";
    const own = fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
    const escaped = own.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const patterns = ["^node:", `^(file://)?${escaped}`, "/import\\.js$"];
    await this.inspected.post("Debugger.setBlackboxPatterns", { patterns });
    await this.inspected.post("Debugger.setPauseOnExceptions", { state });
  }

  /** Whether the client wants to see this pause. */
  async wants({ callFrames, data, asyncStackTrace }: V8.PausedEventDataType): Promise<boolean> {
    const { className, description = "" } = (data ?? {}) as Runtime.RemoteObject;
    if (className === "KeyboardInterrupt" || description.startsWith("KeyboardInterrupt"))
      return false; // the reader's own
    const frames: At[] = callFrames.map(({ location }) => location);
    const first = frames.findIndex(({ scriptId }) => this.isLearners(scriptId));
    if (await this.#isCaughtIn(frames.slice(0, first))) return false; // out of sight
    if (this.#filters.includes("raised")) return true;

    for (let trace = asyncStackTrace; trace?.description === "await"; trace = trace.parent)
      frames.push(...trace.callFrames); // those who called what awaited, without itself
    return !(await this.#isCaughtIn(frames.filter(({ scriptId }) => this.isLearners(scriptId))));
  }

  async #isCaughtIn(frames: At[]): Promise<boolean> {
    for (const frame of frames) if (await this.#isCaughtAt(frame)) return true;
    return false;
  }

  async #isCaughtAt({ scriptId, lineNumber, columnNumber = 0 }: At): Promise<boolean> {
    const place = `${scriptId}:${lineNumber}:${columnNumber}`;
    let verdict = this.#verdicts.get(place);
    if (verdict === undefined) {
      const { scriptSource } = await this.inspected.post("Debugger.getScriptSource", { scriptId });
      verdict = await this.isCaught(scriptSource, lineNumber, columnNumber);
      this.#verdicts.set(place, verdict);
    }
    return verdict;
  }
}
