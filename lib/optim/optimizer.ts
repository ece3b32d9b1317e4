// What all optimizers share: groups of parameters with their options, the running numbers of each parameter, and both
// out and in as a state dict.

import { enableGrad, noGrad } from "../autograd.js";
import { filled, scalar } from "../creation.js";
import { named } from "../named.js";
import { python } from "../nn/print-module.js";
import { showShape } from "../shape.js";
import { copyInto, gather, Tensor } from "../tensor.js";

export type Options = Record<string, unknown>;
/** Some parameters and their options; what is not said is the optimizer's default. */
export type GroupInput<O> = { params: Tensor | Iterable<Tensor> } & Partial<O>;
/** A group as the optimizer keeps it: `optimizer.paramGroups[0].lr = 0.01` changes it. */
export type ParamGroup<O> = { params: Tensor[]; initialLr?: number } & O;
export type Parameters<O> = Tensor | Iterable<Tensor> | Iterable<GroupInput<O>>;

/** The running numbers of one parameter, under PyTorch's names: `momentum_buffer`, `exp_avg`. */
export type ParameterState = Record<string, Tensor | null>;

/** An optimizer's state, in PyTorch's form: by the number of the parameter, and the options of each group. */
export interface OptimizerStateDict {
  state: Record<string, Record<string, Tensor | number | null>>;
  param_groups: Record<string, unknown>[];
}

/** What all optimizers share: parameters in groups, `zeroGrad`, `step`, the state as a dictionary. */
export abstract class Optimizer<O extends { lr: number } = any> {
  readonly paramGroups: ParamGroup<O>[] = [];
  /** The options of a group that says nothing else. */
  readonly defaults: O;
  /** The running numbers of each parameter. */
  readonly state = new Map<Tensor, ParameterState>();

  constructor(params: Parameters<O>, defaults: O, options: Partial<O> = {}) {
    named(this.name, options, "{ lr: 0.01 }");
    this.defaults = { ...defaults, ...options };
    const given = params instanceof Tensor ? [params] : [...(params as Iterable<unknown>)];
    if (given.length === 0) {
      throw new RangeError(
        `${this.name}: got no parameters: was the list of model.parameters() already used up, or has the model none?`,
      );
    }
    const grouped = !(given[0] instanceof Tensor);
    if (grouped) for (const group of given) this.addParamGroup(group as GroupInput<O>);
    else this.addParamGroup({ params: given as Tensor[] } as unknown as GroupInput<O>);
  }

  protected get name(): string {
    return this.constructor.name;
  }

  /** Adds parameters with options of their own. */
  addParamGroup(input: GroupInput<O>): void {
    const { params, ...options } = input;
    if (params === undefined) {
      throw new TypeError(
        `${this.name}: expected tensors, or groups { params: […], … }, not ${typeof input}`,
      );
    }
    const tensors = params instanceof Tensor ? [params] : [...params];
    const taken = new Set(this.paramGroups.flatMap((group) => group.params));
    for (const x of tensors) {
      if (!(x instanceof Tensor)) {
        throw new TypeError(`${this.name}: can only optimize tensors, not ${typeof x}`);
      }
      if (!x.isLeaf) {
        throw new TypeError(
          `${this.name}: can only optimize leaves, but a tensor ${showShape(x.shape)} was computed (${x.gradFn!.name}): pass what it was computed from, or .detach() it`,
        );
      }
      if (taken.has(x)) {
        throw new TypeError(
          `${this.name}: a parameter ${showShape(x.shape)} is there twice: each belongs to one group`,
        );
      }
      taken.add(x);
    }
    const group = { ...this.defaults, ...options, params: tensors } as unknown as ParamGroup<O>;
    this.check(group);
    this.paramGroups.push(group);
    this.prepare(group);
  }

  /** Drops all gradients; with `setToNone: false` fills them with zeros. */
  zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) {
      for (const x of params) {
        if (setToNone) x.grad = null;
        else if (x.gradient) x.grad = filled(x.shape, 0, x.gradient.dtype);
      }
    }
  }

  /**
   * Changes the parameters by their gradients; one without a gradient stays. `closure`, if given, computes the loss
   * first (zeroGrad, forward, backward), and its value is returned.
   */
  step(closure?: () => Tensor): Tensor | undefined {
    const loss = closure && enableGrad(closure);
    noGrad(() => {
      for (const group of this.paramGroups) {
        for (const x of group.params) if (x.gradient) this.change(x, x.gradient, group);
      }
    });
    return loss;
  }

  /** @throws RangeError on options that make no sense. */
  protected abstract check(group: O): void;

  /** One parameter by its gradient, both dense, with the group's options. The gradient is lent: keep a copy of it only. */
  protected abstract update(x: Tensor, grad: Tensor, group: O, state: ParameterState): void;

  /** Makes running numbers that are there from the beginning. */
  protected prepare(_group: ParamGroup<O>): void {}

  private change(x: Tensor, grad: Tensor, group: O): void {
    let state = this.state.get(x);
    if (!state) this.state.set(x, (state = {}));
    const g = grad.isContiguous() ? grad : gather(grad);
    if (x.isContiguous()) this.update(x, g, group, state);
    else {
      const dense = gather(x);
      this.update(dense, g, group, state);
      copyInto(x, dense);
    }
    x.storage.version++;
  }

  /** Options and running numbers, in PyTorch's form and with its names; parameters are numbered. */
  stateDict(): OptimizerStateDict {
    const numbers = new Map<Tensor, number>();
    for (const { params } of this.paramGroups) for (const x of params) numbers.set(x, numbers.size);
    const state: OptimizerStateDict["state"] = {};
    for (const [x, own] of this.state) state[numbers.get(x)!] = { ...own };
    const groups = this.paramGroups.map(({ params, ...options }) => ({
      ...Object.fromEntries(Object.entries(options).map(([key, value]) => [snake(key), value])),
      params: params.map((x) => numbers.get(x)!),
    }));
    return { state, param_groups: groups };
  }

  /**
   * Takes options and running numbers from a state dict of the same optimizer over as many parameters.
   * @throws RangeError if groups or their sizes differ.
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const groups = dict.param_groups;
    if (groups.length !== this.paramGroups.length) {
      throw new RangeError(
        `loadStateDict: the state has ${groups.length} parameter groups, this ${this.name} ${this.paramGroups.length}`,
      );
    }
    groups.forEach((group, i) => {
      const [theirs, ours] = [(group.params as number[]).length, this.paramGroups[i].params.length];
      if (theirs === ours) return;
      throw new RangeError(
        `loadStateDict: group ${i} of the state has ${theirs} parameters, that of this ${this.name} ${ours}`,
      );
    });

    this.state.clear();
    groups.forEach((given, i) => {
      const group = this.paramGroups[i] as ParamGroup<O> & Options;
      for (const [key, value] of Object.entries(given)) {
        if (key !== "params") (group as Options)[camel(key)] = value;
      }
      (given.params as number[]).forEach((number, j) => {
        const own = dict.state[number];
        if (own) this.state.set(group.params[j], copyState(own, group.params[j]));
      });
    });
  }

  /** As PyTorch prints it, without the options that are about its own implementation. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, i) => {
      const lines = Object.entries(options)
        .map(([key, value]) => [snake(key), value] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `    ${key}: ${python(value)}`);
      return `Parameter Group ${i}\n${lines.join("\n")}`;
    });
    return `${this.name} (\n${groups.join("\n\n")}\n)`;
  }

  /** For console.log. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function copyState(own: Record<string, Tensor | number | null>, x: Tensor): ParameterState {
  return Object.fromEntries(
    Object.entries(own).map(([key, value]) => {
      if (typeof value === "number") return [key, scalar(value, "float32")];
      if (!value) return [key, null];
      return [key, gather(value, key === "step" ? value.dtype : x.dtype)];
    }),
  );
}

/** @internal The zeros that a running number starts from. */
export function running(state: ParameterState, key: string, like: Tensor): Tensor {
  return (state[key] ??= filled(like.shape, 0, like.dtype));
}

/** @internal How many steps the parameter has seen, this one included. */
export function countStep(state: ParameterState): number {
  const step = (state.step ??= scalar(0, "float32"));
  const { array } = step.storage;
  return ++array[step.offset];
}

/** @internal @throws RangeError unless low ≤ value < high. */
export function inRange(
  op: string,
  named: Record<string, unknown>,
  low = 0,
  high = Infinity,
): void {
  for (const [name, value] of Object.entries(named)) {
    if (typeof value === "number" && value >= low && (value < high || value === Infinity)) continue;
    const range = high === Infinity ? `≥ ${low}` : `from ${low} to below ${high}`;
    throw new RangeError(`${op}: ${name} must be ${range}, not ${String(value)}`);
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
