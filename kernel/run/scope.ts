// The variables of the session: one box for each name, for all cells. What a rewritten cell calls `__kb`.
import type { Brake } from "./interrupt.js";
import type { Modules } from "./modules.js";

interface Box {
  v: unknown;
}

export class Scope {
  readonly boxes = new Map<string, Box>();
  /** The variables of tslab's cells, when its converter is the engine. */
  readonly #exports = {};

  constructor(
    readonly brake: Brake,
    readonly modules: Modules,
  ) {}

  /** For one run: its own result, and its own list of names; cells of subshells run side by side. */
  begin(): CellApi {
    const { boxes, brake, modules } = this;
    const touched = new Set<string>();
    return {
      result: undefined,
      box(name) {
        touched.add(name);
        let box = boxes.get(name);
        if (!box) boxes.set(name, (box = { v: undefined }));
        return box;
      },
      assigned: () => [...touched].filter((name) => boxes.get(name)?.v !== undefined),
      import: modules.import,
      get meta() {
        return modules.meta;
      },
      get require() {
        return modules.require;
      },
      stop: brake.stop,
      wait: brake.wait,
      each: brake.each,
      exports: this.#exports,
    };
  }
}

/** What a rewritten cell calls `__kb`. */
export interface CellApi {
  result: unknown;
  box(name: string): Box;
  /** Of the names that the cell used: those that have a value. */
  assigned(): string[];
  import: Modules["import"];
  readonly meta: object;
  readonly require: NodeJS.Require;
  stop: Brake["stop"];
  wait: Brake["wait"];
  each: Brake["each"];
  exports: object;
}
