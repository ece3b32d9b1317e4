// Widget state on the wire (protocol 2.1): binary values travel beside the JSON, and widgets inside a state are named by their id.
// https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md

export type Path = (string | number)[];

export interface WireState {
  readonly state: Record<string, unknown>;
  readonly buffer_paths: Path[];
  readonly buffers: ArrayBufferView[];
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Takes binary values out of a state: their keys vanish from objects and become null in arrays. */
export function takeOutBuffers(state: Record<string, unknown>): WireState {
  const buffer_paths: Path[] = [];
  const buffers: ArrayBufferView[] = [];
  const walk = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) {
      return value.map((part, i) => (take(part, [...path, i]) ? null : walk(part, [...path, i])));
    }
    if (!isPlain(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, part]) =>
        take(part, [...path, key]) ? [] : [[key, walk(part, [...path, key])]],
      ),
    );
  };
  const take = (value: unknown, path: Path): boolean => {
    const view = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    if (!ArrayBuffer.isView(view)) return false;
    buffer_paths.push(path);
    buffers.push(view);
    return true;
  };
  return { state: walk(state, []) as Record<string, unknown>, buffer_paths, buffers };
}

/**
 * Puts binary values back where they belong.
 * @throws RangeError if a path leads nowhere, or there are more paths than buffers.
 */
export function putInBuffers(
  state: Record<string, unknown>,
  paths: readonly Path[] = [],
  buffers: readonly ArrayBufferView[] = [],
): Record<string, unknown> {
  if (paths.length > buffers.length) {
    throw new RangeError(
      `widget message: ${paths.length} buffer_paths but ${buffers.length} buffers`,
    );
  }
  paths.forEach((path, i) => {
    const nowhere = () =>
      new RangeError(`widget message: buffer path ${JSON.stringify(path)} leads nowhere`);
    const isKey = (key: unknown) => typeof key === "string" || typeof key === "number";
    if (!Array.isArray(path) || path.length === 0 || !path.every(isKey)) throw nowhere();
    let holder: any = state;
    for (const key of path.slice(0, -1)) {
      if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key))
        throw nowhere();
      holder = holder[key];
    }
    const last = path.at(-1)!;
    if (typeof holder !== "object" || holder === null || last === "__proto__") throw nowhere();
    holder[last] = buffers[i];
  });
  return state;
}

/** continuousUpdate → continuous_update; names that start with "_" stay. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
