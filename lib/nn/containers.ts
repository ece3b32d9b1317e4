// Modules made of modules.

import type { Tensor } from "../tensor.js";
import { runFused } from "./fusion.js";
import { keepsNothing, PassedOn } from "./passed-on.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** What Sequential, ModuleList and ParameterList share: numbered fields, in order. */
abstract class Numbered<T> extends Module {
  [index: number]: T;

  /** How many there are. */
  override get length(): number {
    return items(this).length;
  }

  /** The one at a place; -1 is the last. */
  at(index: number): T {
    const list = items(this) as T[];
    if (!Number.isInteger(index) || index < -list.length || index >= list.length) {
      throw new RangeError(
        `${this.constructor.name}: index ${index} is out of range: it goes from ${-list.length} to ${list.length - 1}`,
      );
    }
    return list.at(index)!;
  }

  /** Adds one at the end. Returns the container. */
  append(item: T): this {
    const name = String(this.length);
    if (item instanceof Parameter) this.registerParameter(name, item);
    else this.addModule(name, item as Module);
    return this;
  }

  /** Adds several at the end. Returns the container. */
  extend(more: Iterable<T>): this {
    for (const item of more) this.append(item);
    return this;
  }

  [Symbol.iterator](): Iterator<T> {
    return (items(this) as T[])[Symbol.iterator]();
  }
}

function items(container: Module): unknown[] {
  return Object.values(container).filter(
    (value) => value instanceof Module || value instanceof Parameter,
  );
}

/**
 * Modules run one after the other, each on the result of the one before. Takes the layers, or one object of named ones.
 *
 * ```ts
 * const seq = new nn.Sequential(new nn.Flatten(), new nn.Linear(4, 2))
 * seq(torch.zeros(3, 2, 2)).shape // → [3, 2]
 * seq.length // → 2
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 */
export class Sequential extends Numbered<Module> {
  constructor(
    ...layers: readonly Module[] | [Record<string, Module> | ReadonlyMap<string, Module>]
  ) {
    super();
    const [first] = layers;
    if (layers.length === 1 && typeof first === "object" && first !== null) {
      const named = first instanceof Map ? first : Object.entries(first);
      for (const [name, layer] of named as Iterable<[string, Module]>) this.addModule(name, layer);
    } else (layers as readonly Module[]).forEach((layer, i) => this.addModule(String(i), layer));
  }

  forward(x: any): Tensor {
    const layers = [...this];
    const between = new PassedOn();
    let y = x;
    for (let i = 0; i < layers.length;) {
      const fused = runFused(layers, i, y);
      y = fused ? fused.y : layers[i](y);
      i += fused ? fused.count : 1;
      if (i < layers.length && keepsNothing(layers[i - 1]) && keepsNothing(layers[i])) {
        between.note(y);
      }
    }
    between.giveBack(x, y);
    return y;
  }

  /** The layers from `start` to before `end`, as a new Sequential over the same layers. */
  slice(start = 0, end?: number): Sequential {
    const named = Object.entries(this).filter(([, value]) => value instanceof Module);
    return new Sequential(Object.fromEntries(named.slice(start, end)) as Record<string, Module>);
  }
}

/**
 * A list of modules that are found as parts; it cannot be called.
 *
 * ```ts
 * const blocks = new nn.ModuleList([new nn.ReLU(), new nn.Tanh()])
 * blocks.length // → 2
 * ```
 */
export class ModuleList extends Numbered<Module> {
  /** @internal print-module.ts prints a run of equal modules once. */
  get foldsEqual(): boolean {
    return true;
  }

  constructor(modules: Iterable<Module> = []) {
    super();
    this.extend(modules);
  }

  forward(..._inputs: any[]): any {
    throw notCallable(
      "ModuleList",
      "call its modules in your own forward: for (const m of list) …",
    );
  }
}

/**
 * Modules by name that are found as parts; it cannot be called. `dict.get("conv")`, or `dict.conv` in JavaScript.
 *
 * ```ts
 * const paths = new nn.ModuleDict({ wide: new nn.Conv2d(1, 2, 5), narrow: new nn.Conv2d(1, 2, 3) })
 * paths.keys() // → ["wide", "narrow"]
 * paths.get("narrow")(torch.zeros(1, 8, 8)).shape // → [2, 6, 6]
 * ```
 */
export class ModuleDict extends Module {
  constructor(modules: Record<string, Module> | Iterable<readonly [string, Module]> = {}) {
    super();
    this.update(modules);
  }

  /** The names, in order. */
  keys(): string[] {
    return Object.keys(this).filter((key) => this.has(key));
  }

  /** The modules, in order. */
  values(): Module[] {
    return this.keys().map((key) => this.get(key));
  }

  /** Names and modules, in order. */
  entries(): [string, Module][] {
    return this.keys().map((key) => [key, this.get(key)]);
  }

  /** PyTorch's word for {@link entries}. */
  items(): [string, Module][] {
    return this.entries();
  }

  has(name: string): boolean {
    return Object.hasOwn(this, name) && field(this, name) instanceof Module;
  }

  get(name: string): Module {
    if (this.has(name)) return field(this, name) as Module;
    throw new RangeError(
      `ModuleDict: there is no module "${name}"; there are ${this.keys().join(", ") || "none"}`,
    );
  }

  set(name: string, module: Module): this {
    this.addModule(name, module);
    return this;
  }

  update(modules: Record<string, Module> | Iterable<readonly [string, Module]>): this {
    const pairs = Symbol.iterator in modules ? modules : Object.entries(modules);
    for (const [name, module] of pairs as Iterable<readonly [string, Module]>) {
      this.addModule(name, module);
    }
    return this;
  }

  /** How many there are. */
  override get length(): number {
    return this.keys().length;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.keys()[Symbol.iterator]();
  }

  forward(..._inputs: any[]): any {
    throw notCallable("ModuleDict", 'call its modules in your own forward: dict.get("…")(x)');
  }
}

/** A list of parameters that are found as parts. */
export class ParameterList extends Numbered<Parameter> {
  constructor(parameters: Iterable<Parameter> = []) {
    super();
    this.extend(parameters);
  }

  override append(item: Parameter | Tensor): this {
    return super.append(item instanceof Parameter ? item : new Parameter(item));
  }

  forward(..._inputs: any[]): any {
    throw notCallable("ParameterList", "use its parameters in your own forward");
  }
}

/**
 * Gives back what it gets.
 *
 * ```ts
 * new nn.Identity()(torch.tensor([1, 2])).tolist() // → [1, 2]
 * ```
 */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

function field(module: Module, name: string): unknown {
  return (module as unknown as Record<string, unknown>)[name];
}

function notCallable(name: string, remedy: string): TypeError {
  return new TypeError(`${name}: has no forward: ${remedy}`);
}
