// The variables of the session: one box for each name, for all cells. What a rewritten cell calls `__kb`.
import type { Brake } from "./interrupt.js";
import type { Modules } from "./modules.js";

interface Box {
  v: unknown;
}

export class Scope {
  readonly boxes = new Map<string, Box>();
  readonly #touched = new Set<string>();

  constructor(
    readonly brake: Brake,
    readonly modules: Modules,
  ) {}

  readonly api = {
    result: undefined as unknown,
    box: (name: string): Box => {
      this.#touched.add(name);
      let box = this.boxes.get(name);
      if (!box) this.boxes.set(name, (box = { v: undefined }));
      return box;
    },
    import: (specifier: string, options?: object) => this.modules.import(specifier, options),
    get meta() {
      return metaOf(this);
    },
    stop: (): never => this.brake.stop(),
    wait: (value: unknown): unknown => this.brake.wait(value),
    each: (iterable: never): AsyncIterable<unknown> => this.brake.each(iterable),
    /** The variables of tslab's cells, when its converter is the engine. */
    exports: {},
    get require() {
      return this.modules.require;
    },
    modules: undefined as unknown as Modules,
  };

  begin(): void {
    this.api.modules = this.modules;
    this.#touched.clear();
  }

  /** Of the names that the last cell used: those that have a value. */
  assigned(): string[] {
    return [...this.#touched].filter((name) => this.boxes.get(name)?.v !== undefined);
  }
}

function metaOf({ modules }: { modules: Modules }): object {
  return modules.meta;
}
