// The base of all layers and models. What it knows of its parts is read off its fields; hooks are in hooks.ts, the state
// dict in state-dict.ts, the printed form in print-module.ts.

import type { DType } from "../compute/dtypes.js";
import { isFloating } from "../compute/dtypes.js";
import { converted } from "../creation.js";
import { Tensor } from "../tensor.js";
import { Callable } from "./callable.js";
import {
  addHook,
  callWithHooks,
  type BackwardHook,
  type BackwardPreHook,
  type ForwardHook,
  type ForwardPreHook,
  type HookHandle,
  type HookOptions,
} from "./hooks.js";
import { become, Parameter } from "./parameter.js";
import { printModule } from "./print-module.js";
import { loadStateDict, stateDict, type LoadResult, type StateDict } from "./state-dict.js";

/**
 * What of a module is no field: which fields are buffers, whether the state dict has them, and under which name
 * (PyTorch's: `running_mean` for runningMean).
 */
const buffersOf = new WeakMap<Module, Map<string, { persistent: boolean; key: string }>>();

export interface WalkOptions {
  /** Look into submodules as well. Default true. */
  recurse?: boolean;
  /** Give what is shared only once. Default true. */
  removeDuplicate?: boolean;
}

/**
 * The base class of layers and models: write the layers as fields and `forward`; call the model as a function.
 * Fields that are modules or parameters are found by themselves, in the order in which they were written.
 *
 * ```ts
 * class Net extends nn.Module {
 *   conv = new nn.Conv2d(1, 6, 5)
 *   forward(x: torch.Tensor) { return this.conv(x).relu() }
 * }
 * new Net()(torch.zeros(1, 1, 28, 28)).shape // → [1, 6, 24, 24]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html
 */
export abstract class Module<In extends unknown[] = any[], Out = any> extends Callable<In, Out> {
  /** True while training; dropout and batch norm look at it. */
  training = true;

  /** @internal */
  override call_(inputs: unknown[]): any {
    if (typeof this.forward !== "function") {
      throw new TypeError(
        `${className(this)}: has no forward: write what a call computes, forward(x) { return … }`,
      );
    }
    return callWithHooks(this, inputs);
  }

  // ---- parts -------------------------------------------------------------------------------------------------------

  /** The modules that are direct fields, by name; one that is there twice is given once. */
  namedChildren(): [string, Module][] {
    const seen = new Set<unknown>();
    return childrenOf(this).filter(([, child]) => !seen.has(child) && seen.add(child));
  }

  /** The modules that are direct fields. */
  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /** This module and all below it, by path: `["", net], ["conv1", …], ["conv1.0", …]`. */
  namedModules(
    prefix = "",
    { removeDuplicate = true }: { removeDuplicate?: boolean } = {},
  ): [string, Module][] {
    const found: [string, Module][] = [];
    const seen = new Set<Module>();
    const visit = (path: string, module: Module) => {
      if (removeDuplicate && seen.has(module)) return;
      seen.add(module);
      found.push([path, module]);
      for (const [name, child] of childrenOf(module)) visit(join(path, name), child);
    };
    visit(prefix, this);
    return found;
  }

  /** This module and all below it. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** All parameters, named by their path: `conv1.0.weight`. */
  namedParameters(prefix = "", options: WalkOptions = {}): [string, Parameter][] {
    return walkTensors(this, prefix, options, ownParameters);
  }

  /** All parameters. */
  parameters(recurse = true): Parameter[] {
    return this.namedParameters("", { recurse }).map(([, parameter]) => parameter);
  }

  /** All buffers, named by their path: tensors that belong to the state but are not learned. */
  namedBuffers(prefix = "", options: WalkOptions = {}): [string, Tensor][] {
    return walkTensors(this, prefix, options, (module) => ownBuffers(module));
  }

  /** All buffers. */
  buffers(recurse = true): Tensor[] {
    return this.namedBuffers("", { recurse }).map(([, buffer]) => buffer);
  }

  /** The module at a path such as `"conv1.0"`; this one for `""`. */
  getSubmodule(path: string): Module {
    let module: Module = this;
    for (const name of path === "" ? [] : path.split(".")) {
      const child = childrenOf(module).find(([key]) => key === name)?.[1];
      if (!child) {
        const there = childrenOf(module).map(([key]) => key);
        throw new TypeError(
          `getSubmodule: ${className(module)} has no module "${name}" (of "${path}"); it has ${there.join(", ") || "none"}`,
        );
      }
      module = child;
    }
    return module;
  }

  /** The parameter at a path such as `"conv1.0.weight"`. */
  getParameter(path: string): Parameter {
    return tensorAt(this, "getParameter", path, ownParameters);
  }

  /** The buffer at a path such as `"bn.runningMean"`. */
  getBuffer(path: string): Tensor {
    return tensorAt(this, "getBuffer", path, ownBuffers);
  }

  /** Adds a parameter under a name, as a field would; null leaves the place free. */
  registerParameter(name: string, parameter: Parameter | null): void {
    checkName(this, "registerParameter", name);
    if (parameter !== null && !(parameter instanceof Parameter)) {
      throw new TypeError(
        `registerParameter: "${name}" must be a Parameter or null: wrap the tensor in new nn.Parameter(…)`,
      );
    }
    setField(this, name, parameter);
  }

  /**
   * Adds a tensor that belongs to the state but is not learned, such as a running mean.
   * Without `persistent` the state dict leaves it out; `key` is its name there, if not that of the field.
   */
  registerBuffer(
    name: string,
    buffer: Tensor | null,
    { persistent = true, key = name }: { persistent?: boolean; key?: string } = {},
  ): void {
    checkName(this, "registerBuffer", name);
    let names = buffersOf.get(this);
    if (!names) buffersOf.set(this, (names = new Map()));
    names.set(name, { persistent, key });
    setField(this, name, buffer);
  }

  /** Adds a module under a name, as a field would. */
  addModule(name: string, module: Module | null): void {
    checkName(this, "addModule", name);
    if (module !== null && !(module instanceof Module)) {
      throw new TypeError(`addModule: "${name}" must be a Module, not ${describe(module)}`);
    }
    setField(this, name, module);
  }

  /** PyTorch's other name for {@link addModule}. */
  registerModule(name: string, module: Module | null): void {
    this.addModule(name, module);
  }

  // ---- state -------------------------------------------------------------------------------------------------------

  /** All parameters and persistent buffers by path, in PyTorch's order and with its keys. They share memory. */
  stateDict(prefix = ""): StateDict {
    return stateDict(this, prefix);
  }

  /**
   * Copies numbers from a state dict into the parameters and buffers of the same names.
   * `strict` (default true) refuses missing and unexpected keys; sizes must always agree. A refusal changes nothing.
   *
   * @throws StateDictError that lists all that does not fit.
   */
  loadStateDict(
    state: StateDict | ReadonlyMap<string, Tensor>,
    options: { strict?: boolean } = {},
  ): LoadResult {
    return loadStateDict(this, state, options);
  }

  /** Training mode on (or off) for this module and all below it. Returns the module. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Training mode off: dropout passes everything, batch norm uses its running numbers. Returns the module. */
  eval(): this {
    return this.train(false);
  }

  /** Runs `fn` on every module below this one, children first, then on this one. Returns the module. */
  override apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** Should the parameters get gradients? Returns the module. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad;
    return this;
  }

  /** Drops the gradients of all parameters; with `setToNone: false` fills them with zeros. */
  zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      if (setToNone) parameter.grad = null;
      else parameter.gradient?.storage.array.fill(0);
    }
  }

  /** Converts the floating-point parameters and buffers. The parameters stay the same objects. Returns the module. */
  to(dtype: DType): this {
    if (!isFloating(dtype)) {
      throw new TypeError(`to: a module's numbers can be float32 or float64, not ${String(dtype)}`);
    }
    for (const x of [...this.parameters(), ...this.buffers()]) {
      if (!isFloating(x.dtype) || x.dtype === dtype) continue;
      become(x, converted(x, dtype));
      if (x.gradient) x.grad = converted(x.gradient, dtype);
    }
    return this;
  }

  /** float64 numbers. */
  double(): this {
    return this.to("float64");
  }

  /** float32 numbers. */
  float(): this {
    return this.to("float32");
  }

  // ---- hooks -------------------------------------------------------------------------------------------------------

  /** `hook(module, inputs, output)` after every call; what it returns replaces the output. */
  registerForwardHook(hook: ForwardHook, options: HookOptions = {}): HookHandle {
    return addHook(this, "forward", hook, options);
  }

  /** `hook(module, inputs)` before every call; what it returns (one value, or an array) replaces the inputs. */
  registerForwardPreHook(hook: ForwardPreHook, options: HookOptions = {}): HookHandle {
    return addHook(this, "forwardPre", hook, options);
  }

  /**
   * `hook(module, gradInput, gradOutput)` each time the gradients of a call's inputs are there: arrays with one entry
   * per input and output, null where there is none. What it returns replaces gradInput.
   */
  registerFullBackwardHook(hook: BackwardHook, options: HookOptions = {}): HookHandle {
    return addHook(this, "backward", hook, options);
  }

  /** `hook(module, gradOutput)` before the gradients of a call are computed; what it returns replaces gradOutput. */
  registerFullBackwardPreHook(hook: BackwardPreHook, options: HookOptions = {}): HookHandle {
    return addHook(this, "backwardPre", hook, options);
  }

  // ---- text --------------------------------------------------------------------------------------------------------

  /** What stands between the parentheses of the printed layer: `3, 16, kernel_size=(3, 3)`. */
  extraRepr(): string {
    return "";
  }

  /** The module as PyTorch prints it. */
  override toString(): string {
    return printModule(this);
  }

  /** For console.log. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export function className(module: Module): string {
  return module.constructor.name;
}

function childrenOf(module: Module): [string, Module][] {
  return Object.entries(module).filter(
    (entry): entry is [string, Module] => entry[1] instanceof Module,
  );
}

function ownParameters(module: Module): [string, Parameter][] {
  return Object.entries(module).filter(
    (entry): entry is [string, Parameter] => entry[1] instanceof Parameter,
  );
}

function ownBuffers(module: Module, onlyPersistent = false): [string, Tensor][] {
  const fields = module as unknown as Record<string, unknown>;
  return [...(buffersOf.get(module) ?? [])].flatMap(([name, { persistent, key }]) => {
    const value = fields[name];
    return value instanceof Tensor && (persistent || !onlyPersistent) ? [[key, value]] : [];
  });
}

/** @internal What the state dict has of this module alone: parameters, then persistent buffers. */
export function ownState(module: Module): [string, Tensor][] {
  return [...ownParameters(module), ...ownBuffers(module, true)];
}

function walkTensors<T extends Tensor>(
  module: Module,
  prefix: string,
  { recurse = true, removeDuplicate = true }: WalkOptions,
  own: (module: Module) => [string, T][],
): [string, T][] {
  const seen = new Set<T>();
  const modules: [string, Module][] = recurse
    ? module.namedModules(prefix, { removeDuplicate })
    : [[prefix, module]];
  return modules
    .flatMap(([path, part]) => own(part).map(([name, x]): [string, T] => [join(path, name), x]))
    .filter(([, x]) => !removeDuplicate || (!seen.has(x) && seen.add(x)));
}

function tensorAt<T extends Tensor>(
  module: Module,
  op: string,
  path: string,
  own: (module: Module) => [string, T][],
): T {
  const at = path.lastIndexOf(".");
  const owner = module.getSubmodule(path.slice(0, Math.max(at, 0)));
  const found = own(owner).find(([name]) => name === path.slice(at + 1))?.[1];
  if (found) return found;
  const there = own(owner).map(([name]) => name);
  throw new TypeError(
    `${op}: ${className(owner)} has no "${path.slice(at + 1)}" (of "${path}"); it has ${there.join(", ") || "none"}`,
  );
}

export function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

function setField(module: Module, name: string, value: unknown): void {
  (module as unknown as Record<string, unknown>)[name] = value;
}

/** As PyTorch: a name is not empty, has no dot, and hides nothing that the module already has. */
function checkName(module: Module, op: string, name: string): void {
  if (name === "" || name.includes(".")) {
    throw new TypeError(
      `${op}: a name must not be empty or contain a dot: ${JSON.stringify(name)}`,
    );
  }
  const fields = module as unknown as Record<string, unknown>;
  const old = fields[name];
  const replaceable =
    old === null || old === undefined || old instanceof Tensor || old instanceof Module;
  if (name in module && !(Object.hasOwn(module, name) && replaceable)) {
    throw new TypeError(`${op}: ${className(module)} already has "${name}": take another name`);
  }
}

function describe(value: unknown): string {
  return value === undefined ? "undefined" : typeof value;
}
