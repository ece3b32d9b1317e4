// What a model computes, as an ONNX graph: it is run once, and every operation that ends becomes nodes, wherever in the
// model it was called. Which node an operation is stands in operations.ts.

import { listening, type Told } from "../../autograd.js";
import { storagesMade } from "../../compute/storage.js";
import type { Storage } from "../../compute/storage.js";
import type { Module } from "../../nn/module.js";
import { sameShape, showShape } from "../../shape.js";
import { gather, Tensor } from "../../tensor.js";
import { Graph } from "./graph.js";
import { nodesOf } from "./operations.js";
import { viewOf } from "./views.js";

export type Input = Tensor | number | null | undefined;

/** An operation that has ended. */
export interface Operation {
  /** As PyTorch names its way back: "AddBackward0". */
  readonly name: string;
  readonly y: Tensor;
  readonly inputs: readonly Input[];
  readonly told: Told;
}

export class Trace {
  private readonly names = new Map<Tensor, { name: string; version: number }>();
  private readonly storages = new Set<Storage>();
  private readonly constants = new Map<Tensor, string>();
  private readonly first = storagesMade();
  private readonly modules: string[] = [];

  constructor(
    readonly graph: Graph,
    /** The model's parameters and buffers, by storage. */
    private readonly known: ReadonlyMap<Storage, readonly (readonly [string, Tensor])[]>,
  ) {}

  /** Runs the model; gives its result. */
  run(model: Module, input: Tensor): unknown {
    this.setName(input, "input");
    const hooks = [...(model.namedModules() as Iterable<[string, Module]>)].flatMap(
      ([path, module]) => [
        module.registerForwardPreHook(() => void this.modules.push(path)),
        module.registerForwardHook(() => void this.modules.pop()),
      ],
    );
    try {
      return listening(
        (name, y, inputs, told) => this.take({ name, y, inputs, told }),
        () => (model as unknown as (x: Tensor) => unknown)(input),
      );
    } finally {
      hooks.forEach((hook) => hook.remove());
    }
  }

  private take(operation: Operation): void {
    const { y, inputs, name, told } = operation;
    const [x] = inputs;
    const written = nodesOf(this, operation);
    if (written !== null) this.setName(y, written);
    else if (x instanceof Tensor && x.storage === y.storage && this.isKnown(x)) {
      const view = viewOf(this.graph, this.nameOf(x), x, y);
      this.setName(
        y,
        view ?? this.graph.refuse(this.sentence(`a view that is not written (${name})`)),
      );
    } else if (!this.names.has(y)) {
      const what = String(told.op ?? name.replace(/Backward\d*$/, ""));
      this.setName(
        y,
        this.graph.refuse(this.sentence(`the operation ${what}, which is not written`)),
      );
    }
  }

  private setName(x: Tensor, name: string): void {
    this.names.set(x, { name, version: x.storage.version });
    this.storages.add(x.storage);
  }

  private isKnown(x: Tensor): boolean {
    return this.names.has(x) || this.storages.has(x.storage) || x.storage.number < this.first;
  }

  /** What a message says about a place in the model. */
  sentence(what: string): string {
    const where = this.modules.at(-1);
    return `exportOnnx: ${where ? `${where} has` : "the model has"} ${what} as ONNX`;
  }

  /** The name of a tensor: a result, a constant of the model, or another view of a result. */
  nameOf(x: Tensor): string {
    const known = this.names.get(x);
    if (known) {
      if (known.version === x.storage.version) return known.name;
      return this.graph.refuse(
        this.sentence("a tensor that is changed in place, which is not written"),
      );
    }
    if (!this.storages.has(x.storage)) {
      if (x.storage.number < this.first) return this.constant(x);
      return this.graph.refuse(
        this.sentence(
          `a tensor ${showShape(x.shape)} that was made in forward or computed in a way that is not followed: make it in the constructor, or use operations of torch, which cannot be written otherwise`,
        ),
      );
    }
    for (const [other, { name, version }] of [...this.names].reverse()) {
      if (other.storage !== x.storage || version !== x.storage.version) continue;
      if (
        sameShape(other.shape, x.shape) &&
        sameShape(other.strides, x.strides) &&
        other.offset === x.offset
      )
        return name;
      const view = viewOf(this.graph, name, other, x);
      if (view) return view;
    }
    return this.graph.refuse(this.sentence("a view that is not written"));
  }

  /** A tensor that was there before the model ran: under its name in the state dict, if it has one. */
  private constant(x: Tensor): string {
    let name = this.constants.get(x);
    if (name !== undefined) return name;
    for (const [key, whole] of this.known.get(x.storage) ?? []) {
      const same = sameShape(whole.shape, x.shape) && sameShape(whole.strides, x.strides);
      if (same && whole.offset === x.offset) name = this.graph.constant(gather(x), key);
    }
    name ??= this.graph.constant(gather(x));
    this.constants.set(x, name);
    return name;
  }

  /** If x is a parameter with its two axes swapped: the name of the parameter. */
  transposedConstant(x: Tensor): string | null {
    for (const [, whole] of this.known.get(x.storage) ?? []) {
      const swapped =
        whole.ndim === 2 &&
        sameShape([...whole.shape].reverse(), x.shape) &&
        sameShape([...whole.strides].reverse(), x.strides) &&
        whole.offset === x.offset;
      if (swapped) return this.constant(whole);
    }
    return null;
  }
}
