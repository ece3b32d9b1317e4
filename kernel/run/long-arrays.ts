// Arrays that come near V8's end: it stops the whole process when one grows beyond 2^27 elements. Looked for in the
// variables of the session, and in the first members of the objects and arrays that those hold.
import { types } from "node:util";
import v8 from "node:v8";

const near = 80e6; // elements: the last growth before the end begins at 2^27 / 1.5
const lookedAt = 20; // members of one variable

export class LongArrays {
  /** How long they were when they were seen last. */
  #lengths = new WeakMap<unknown[], number>();
  /** The first keys of objects, by the object: to list them takes long where there are many. */
  readonly #keys = new WeakMap<object, string[]>();

  /** A cell begins: one that a former cell has made so long may stay, also if it grew after the last look. */
  forget(): void {
    this.#lengths = new WeakMap();
  }

  /** The variable whose array grows. */
  growing(boxes: ReadonlyMap<string, { v: unknown }>): string | undefined {
    for (const [name, { v }] of boxes) {
      for (const array of this.#arraysIn(v)) {
        const before = this.#lengths.get(array) ?? array.length;
        this.#lengths.set(array, array.length);
        if (array.length > before && array.length > near) return name;
      }
    }
    return undefined;
  }

  #arraysIn(value: unknown): unknown[][] {
    if (typeof value !== "object" || value === null) return [];
    if (ArrayBuffer.isView(value) || types.isProxy(value)) return [];
    const members = Array.isArray(value) ? value.slice(0, lookedAt) : this.#membersOf(value);
    return [value, ...members].filter((one) => Array.isArray(one));
  }

  #membersOf(value: object): unknown[] {
    let keys = this.#keys.get(value);
    if (!keys) this.#keys.set(value, (keys = Object.keys(value).slice(0, lookedAt)));
    // Without its getters: they are the learner's code.
    return keys.map((key) => Object.getOwnPropertyDescriptor(value, key)?.value);
  }
}

/** Bytes of V8's heap in long arrays and texts. */
export function largeSize(): number | undefined {
  const spaces = v8.getHeapSpaceStatistics();
  return spaces.find(({ space_name }) => space_name === "large_object_space")?.space_used_size;
}
