// What convolution layers and transposed ones of one, two and three axes share: channels, windows, weights.

import type { DType } from "../compute/dtypes.js";
import { ShapeError } from "../errors.js";
import { named } from "../named.js";
import type { Sizes } from "../ops/window-options.js";
import { empty } from "../tensor.js";
import { fillBias, fillWeight } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { perAxis } from "./per-axis.js";
import { python } from "./print-module.js";
import { whole } from "./whole.js";

export interface WindowLayerOptions {
  /** Pixels from one place to the next. Default 1. */
  stride?: Sizes;
  /** Pixels from one cell of the kernel to the next. Default 1: no gaps. */
  dilation?: Sizes;
  /** Into how many separate groups the channels are divided. Default 1. */
  groups?: number;
  /** Add a learned number to each output channel. Default true. */
  bias?: boolean;
  /** float32 (default) or float64. */
  dtype?: DType;
}

export abstract class WindowLayer extends Module {
  /** [outChannels, inChannels / groups, …kernelSize]; of transposed layers [inChannels, outChannels / groups, …] */
  weight: Parameter;
  /** [outChannels], or null */
  bias: Parameter | null;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;

  constructor(
    protected readonly op: string,
    protected readonly rank: 1 | 2 | 3,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Sizes,
    options: WindowLayerOptions,
    /** The channels of the weight: of what it is slid over, and of what it makes. */
    [over, made]: readonly [over: number, made: number],
  ) {
    super();
    named(op, options, "{ stride: 2, padding: 1 }");
    const { groups = 1, bias = true, dtype } = options;
    whole(op, { inChannels, outChannels, groups });
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      if (channels % groups === 0) continue;
      throw new ShapeError(
        `${op}: groups ${groups} does not divide ${name} ${channels}: each group takes as many channels as the others`,
      );
    }
    this.kernelSize = this.perAxis("kernelSize", kernelSize, 1);
    this.stride = this.perAxis("stride", options.stride ?? 1, 1);
    this.dilation = this.perAxis("dilation", options.dilation ?? 1, 1);
    this.groups = groups;

    const fanIn = this.kernelSize.reduce((product, size) => product * size, over / groups);
    const shape = [made, over / groups, ...this.kernelSize];
    this.weight = new Parameter(fillWeight(empty(shape, dtype), fanIn));
    this.bias = bias ? new Parameter(fillBias(empty([outChannels], dtype), fanIn)) : null;
  }

  protected perAxis(name: string, value: Sizes, least: number): number[] {
    return perAxis(this.op, name, value, this.rank, least);
  }

  /** What PyTorch prints of a layer; `more` in its place, undefined for what is not said. */
  protected described(padding: string | undefined, more: Record<string, string | undefined>) {
    const { inChannels, outChannels, kernelSize, stride, dilation, groups, bias } = this;
    const said = {
      kernel_size: python([...kernelSize]),
      stride: python([...stride]),
      padding,
      dilation: dilation.some((step) => step !== 1) ? python([...dilation]) : undefined,
      output_padding: more.output_padding,
      groups: groups !== 1 ? `${groups}` : undefined,
      bias: bias ? undefined : "False",
      padding_mode: more.padding_mode,
    };
    const parts = Object.entries(said).flatMap(([name, text]) => (text ? `${name}=${text}` : []));
    return `${inChannels}, ${outChannels}, ${parts.join(", ")}`;
  }
}

/** A list of numbers for {@link WindowLayer.described}, nothing if all are 0. */
export function unlessZero(sizes: readonly number[]): string | undefined {
  return sizes.some((size) => size !== 0) ? python([...sizes]) : undefined;
}
