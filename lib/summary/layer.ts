// One row of a summary: a call of a module, or a container that is only walked through. After torchinfo's LayerInfo.

import { bytesPerElement } from "../compute/dtypes.js";
import { className, type Module } from "../nn/module.js";
import { numelOf } from "../shape.js";
import { Tensor } from "../tensor.js";

export class Layer {
  readonly className: string;
  /** Has it no modules of its own? */
  readonly isLeaf: boolean;
  /** Its place among the rows of its depth, from 1; 0 before it is known. */
  index = 0;
  /** All rows below it. */
  below: Layer[] = [];
  /** Was its call finished? */
  executed = false;
  /** Is this module in the table already? Its parameters count once. */
  isRepeated = false;
  /** What it was called with. */
  inputs: readonly unknown[] = [];
  inputShape: number[] = [];
  outputShape: number[] = [];
  outputBytes = 0;
  params = 0;
  trainableParams = 0;
  paramBytes = 0;
  multAdds = 0;

  constructor(
    /** The field's name. */
    readonly name: string,
    readonly module: Module,
    readonly depth: number,
    readonly parent: Layer | null,
  ) {
    this.className = className(module);
    this.isLeaf = module.children().length === 0;
  }

  countParams(): void {
    const all = this.module.parameters();
    const learned = all.filter((p) => p.requiresGrad);
    this.params = total(all.map((p) => p.numel()));
    this.trainableParams = total(learned.map((p) => p.numel()));
    this.paramBytes = total(all.map((p) => p.numel() * bytesPerElement[p.dtype]));
  }

  /** Multiplications of the call: by weights and biases, the batch included. */
  countMultAdds(): void {
    const [batch = 1, , ...places] = this.outputShape;
    for (const [name, parameter] of this.module.namedParameters()) {
      const count = parameter.numel();
      if (name === "weight" || name === "bias") {
        const times = this.className.includes("Conv") ? batch * numelOf(places) : batch;
        this.multAdds += count * times;
      } else if (/weight|bias/i.test(name)) {
        this.multAdds += count * numelOf(this.outputShape.slice(0, 2));
      }
    }
  }

  finish(inputs: readonly unknown[], output: unknown, batchDim: number | undefined): void {
    this.inputShape = sizeOf(inputs, batchDim).shape;
    const { shape, bytes } = sizeOf(output, batchDim);
    this.outputShape = shape;
    this.outputBytes = bytes * numelOf(shape);
    this.executed = true;
    this.countMultAdds();
  }

  /** The parameters that no row below counts. */
  leftover(count: "params" | "trainableParams"): number {
    const counted = this.below
      .filter((layer) => !layer.isRepeated)
      .map((layer) => (layer.isLeaf ? layer[count] : layer.leftover(count)));
    return this[count] - total(counted);
  }

  /** `Conv2d: 2-1`, with the field's name if it is asked for. */
  title(withName: boolean, withDepth: boolean): string {
    const name = withName && this.name ? ` (${this.name})` : "";
    if (!withDepth || this.depth === 0) return this.className + name;
    return `${this.className}${name}: ${this.depth}${this.index > 0 ? `-${this.index}` : ""}`;
  }

  /** Are all, some or none of its parameters learned? */
  get trainable(): string {
    if (this.params === 0) return "--";
    if (this.trainableParams === 0) return "False";
    return this.params === this.trainableParams ? "True" : "Partial";
  }
}

/** The shape of the first tensor in a value, and the bytes of one of its elements. */
function sizeOf(value: unknown, batchDim?: number): { shape: number[]; bytes: number } {
  if (value instanceof Tensor) {
    return { shape: [...value.shape], bytes: bytesPerElement[value.dtype] };
  }
  if (typeof value !== "object" || value === null) return { shape: [], bytes: 0 };
  const parts = Object.values(value);
  const size = sizeOf(Array.isArray(value) ? parts[0] : parts.at(-1));
  if (batchDim !== undefined && batchDim < size.shape.length) size.shape[batchDim] = 1;
  return size;
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
