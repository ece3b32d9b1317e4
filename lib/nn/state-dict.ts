// A model's numbers by name, out and in.

import { showShape } from "../shape.js";
import { sameShape } from "../shape.js";
import { copyInto, Tensor } from "../tensor.js";
import { className, join, ownState, type Module } from "./module.js";

/** Tensors by their path: `conv1.0.weight`. */
export type StateDict = Record<string, Tensor>;

export interface LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

/** What of a state dict does not fit a model. */
export class StateDictError extends Error {
  override name = "StateDictError";

  constructor(
    message: string,
    readonly missingKeys: readonly string[],
    readonly unexpectedKeys: readonly string[],
    readonly mismatchedKeys: readonly string[],
  ) {
    super(message);
  }
}

export function stateDict(module: Module, prefix: string): StateDict {
  const state: StateDict = {};
  for (const [path, part] of module.namedModules("", { removeDuplicate: false })) {
    for (const [name, x] of ownState(part)) {
      // a detached tensor over the same memory
      state[prefix + join(path, name)] = new Tensor(x.storage, x.shape, x.strides, x.offset);
    }
  }
  return state;
}

export function loadStateDict(
  module: Module,
  state: StateDict | ReadonlyMap<string, Tensor>,
  { strict = true }: { strict?: boolean },
): LoadResult {
  const given = state instanceof Map ? state : new Map(Object.entries(state as StateDict));
  const own = new Map(Object.entries(stateDict(module, "")));
  const missingKeys = [...own.keys()].filter((key) => !given.has(key));
  const unexpectedKeys = [...given.keys()].filter((key) => !own.has(key));
  const shared = [...own.keys()].filter((key) => given.has(key));
  const notTensors = shared.filter((key) => !(given.get(key) instanceof Tensor));
  const mismatchedKeys = shared.filter(
    (key) => !notTensors.includes(key) && !sameShape(own.get(key)!.shape, given.get(key)!.shape),
  );

  const quote = (keys: readonly string[]) => keys.map((key) => `"${key}"`).join(", ");
  const problems = [
    ...(strict && missingKeys.length > 0
      ? [`Missing key(s) in state_dict: ${quote(missingKeys)}. `]
      : []),
    ...(strict && unexpectedKeys.length > 0
      ? [`Unexpected key(s) in state_dict: ${quote(unexpectedKeys)}. `]
      : []),
    ...notTensors.map((key) => `${key} must be a Tensor, not ${typeof given.get(key)}.`),
    ...mismatchedKeys.map(
      (key) =>
        `size mismatch for ${key}: copying a param with shape ${showShape(given.get(key)!.shape)} from checkpoint, the shape in current model is ${showShape(own.get(key)!.shape)}.`,
    ),
  ];
  if (problems.length > 0) {
    const onlyNames = notTensors.length === 0 && mismatchedKeys.length === 0;
    const remedy = onlyNames
      ? "\nTo load what fits and leave the rest, pass { strict: false }"
      : "";
    const message = `loadStateDict: Error(s) in loading state_dict for ${className(module)}:\n\t${problems.join("\n\t")}${remedy}`;
    throw new StateDictError(message, missingKeys, unexpectedKeys, mismatchedKeys);
  }

  for (const key of shared) {
    const x = own.get(key)!;
    copyInto(x, given.get(key)!);
    x.storage.version++;
  }
  return { missingKeys, unexpectedKeys };
}
