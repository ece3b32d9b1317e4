// Functions that are told of a module's calls and gradients, and may change them.
//
// For gradients, the inputs and outputs of the call pass through an identity that the graph remembers: on the way back
// the outputs' identity meets the gradient first, the inputs' identity last. As PyTorch's torch.utils.hooks.BackwardHook.

import { isGradEnabled, record } from "../autograd.js";
import { Tensor } from "../tensor.js";
import type { Module } from "./module.js";
import { joined, type Joined } from "./joined.js";

export type ForwardHook = (module: any, inputs: any[], output: any) => unknown;
export type ForwardPreHook = (module: any, inputs: any[]) => unknown;
type Gradients = (Tensor | null)[];
export type BackwardHook = (
  module: any,
  gradInput: Gradients,
  gradOutput: Gradients,
) => Tensor | Gradients | null | void;
export type BackwardPreHook = (
  module: any,
  gradOutput: Gradients,
) => Tensor | Gradients | null | void;

export interface HookOptions {
  /** Run before the hooks that are already there. Default false. */
  prepend?: boolean;
}

/** Undoes a registration. */
export interface HookHandle {
  remove(): void;
}

interface Hooks {
  forward: ForwardHook[];
  forwardPre: ForwardPreHook[];
  backward: BackwardHook[];
  backwardPre: BackwardPreHook[];
}

const hooksOf = new WeakMap<Module, Hooks>();

export function addHook<K extends keyof Hooks>(
  module: Module,
  kind: K,
  hook: Hooks[K][number],
  { prepend = false }: HookOptions,
): HookHandle {
  if (typeof hook !== "function") {
    throw new TypeError(`a hook must be a function, not ${hook === null ? "null" : typeof hook}`);
  }
  let hooks = hooksOf.get(module);
  if (!hooks) {
    hooks = { forward: [], forwardPre: [], backward: [], backwardPre: [] };
    hooksOf.set(module, hooks);
  }
  const entry = ((...args: [any, any, any]) => (hook as ForwardHook)(...args)) as Hooks[K][number];
  const list = hooks[kind] as Hooks[K][number][];
  if (prepend) list.unshift(entry);
  else list.push(entry);
  return {
    remove() {
      const at = list.indexOf(entry);
      if (at >= 0) list.splice(at, 1);
    },
  };
}

/** Does any hook look at the module's calls? */
export function hasHooks(module: Module): boolean {
  return Object.values(hooksOf.get(module) ?? {}).some((list) => list.length > 0);
}

/** A call of the module: forward, between its hooks. */
export function callWithHooks(module: Module, inputs: unknown[]): unknown {
  const hooks = hooksOf.get(module);
  if (!hooks) return module.forward(...inputs);

  let args = inputs;
  for (const hook of [...hooks.forwardPre]) {
    const replaced = hook(module, args);
    if (replaced !== undefined && replaced !== null) {
      args = Array.isArray(replaced) ? replaced : [replaced];
    }
  }

  const watch = hooks.backward.length + hooks.backwardPre.length > 0 && isGradEnabled();
  const gradients = watch ? new GradientWatch(module, hooks) : null;
  if (gradients) args = gradients.inputs(args);
  let output = module.forward(...args);
  for (const hook of [...hooks.forward]) output = hook(module, args, output) ?? output;
  return gradients ? gradients.outputs(output) : output;
}

/** Follows one call on its way back. */
class GradientWatch {
  private readonly backward: readonly BackwardHook[];
  private readonly backwardPre: readonly BackwardPreHook[];
  private gradOutput: Gradients = [];
  private inputsWatched = false;
  private inputCount = 0;

  constructor(
    private readonly module: Module,
    hooks: Hooks,
  ) {
    this.backward = [...hooks.backward];
    this.backwardPre = [...hooks.backwardPre];
  }

  inputs(args: unknown[]): unknown[] {
    this.inputCount = args.length;
    const places = args.flatMap((x, i) => (x instanceof Tensor && x.requiresGrad ? [i] : []));
    this.inputsWatched = places.length > 0;
    if (!this.inputsWatched || this.backward.length === 0) return args;

    return replaceAt(args, places, (gradients) => {
      const gradInput: Gradients = args.map(() => null);
      places.forEach((place, i) => (gradInput[place] = gradients[i]));
      const replaced = this.tell(gradInput);
      return places.map((place, i) => replaced[place] ?? gradients[i]);
    });
  }

  outputs(output: unknown): unknown {
    const single = !Array.isArray(output);
    const list: unknown[] = single ? [output] : output;
    const places = list.flatMap((y, i) => (y instanceof Tensor && y.requiresGrad ? [i] : []));
    if (places.length === 0) return output;

    const watched = replaceAt(list, places, (gradients) => {
      this.gradOutput = list.map(() => null);
      places.forEach((place, i) => (this.gradOutput[place] = gradients[i]));
      for (const hook of this.backwardPre) {
        const replaced = hook(this.module, this.gradOutput);
        if (replaced) this.gradOutput = Array.isArray(replaced) ? replaced : [replaced];
      }
      // no input wants a gradient: nothing later would tell the hooks
      if (!this.inputsWatched) this.tell(new Array<null>(this.inputCount).fill(null));
      return places.map((place, i) => this.gradOutput[place] ?? gradients[i]);
    });
    return single ? watched[0] : watched;
  }

  private tell(gradInput: Gradients): Gradients {
    let current = gradInput;
    for (const hook of this.backward) {
      const replaced = hook(this.module, current, this.gradOutput);
      if (!replaced) continue;
      current = Array.isArray(replaced) ? replaced : [replaced];
      if (current.length !== gradInput.length) {
        throw new RangeError(
          `backward hook: returned ${current.length} gradients for ${gradInput.length} inputs: return one per input`,
        );
      }
    }
    return current;
  }
}

/** `list` with the tensors at `places` behind one identity, whose gradients `change` sees together. */
function replaceAt(
  list: readonly unknown[],
  places: readonly number[],
  change: (gradients: Tensor[]) => Tensor[],
): unknown[] {
  const copies = [...list];
  if (places.length === 1) {
    const x = list[places[0]] as Tensor;
    const same = new Tensor(x.storage, x.shape, x.strides, x.offset);
    copies[places[0]] = record("BackwardHookFunctionBackward", same, [
      [x, (gy) => change([gy])[0]],
    ]);
    return copies;
  }
  const together: Joined = joined(
    places.map((place) => list[place] as Tensor),
    change,
  );
  places.forEach((place, i) => (copies[place] = together[i]));
  return copies;
}
