// Normalisation layers with learned scale and shift, and the running statistics of batch norm.

import { filled, scalar } from "../creation.js";
import { ShapeError } from "../errors.js";
import { withBatch } from "../ops/batch.js";
import { batchNorm, rmsNorm, groupNorm, instanceNorm, layerNorm } from "../ops/norms.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { python } from "./print-module.js";
import { whole } from "./whole.js";

export interface BatchNormLayerOptions {
  /** Keeps the division finite. Default 1e-5. */
  eps?: number;
  /** How fast the running numbers follow; null gives the mean of all batches so far. Default 0.1. */
  momentum?: number | null;
  /** Learn a scale and a shift per channel. Default true (instance norm: false). */
  affine?: boolean;
  /** With `affine`: learn the shift as well. Default true. */
  bias?: boolean;
  /** Keep running numbers, to be used in evaluation. Default true (instance norm: false). */
  trackRunningStats?: boolean;
}

/** What batch and instance norm share. */
abstract class RunningNorm extends Module {
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  /** [numFeatures], or null */
  weight: Parameter | null;
  /** [numFeatures], or null */
  bias: Parameter | null;
  /** [numFeatures], or null */
  runningMean!: Tensor | null;
  /** [numFeatures], or null */
  runningVar!: Tensor | null;
  /** How many batches the running numbers have seen; int64 without axes, or null */
  numBatchesTracked!: Tensor | null;

  constructor(
    readonly numFeatures: number,
    { eps = 1e-5, momentum = 0.1, affine, bias = true, trackRunningStats }: BatchNormLayerOptions,
    byDefault: boolean,
  ) {
    super();
    whole(new.target.name, { numFeatures }, 0);
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine ?? byDefault;
    this.trackRunningStats = trackRunningStats ?? byDefault;
    const shape = [numFeatures];
    this.weight = this.affine ? new Parameter(filled(shape, 1, "float32")) : null;
    this.bias = this.affine && bias ? new Parameter(filled(shape, 0, "float32")) : null;
    const track = this.trackRunningStats;
    const keep = (name: keyof this & string, key: string, start: Tensor) => {
      this[name] = null as never;
      this.registerBuffer(name, track ? start : null, { key });
    };
    keep("runningMean", "running_mean", filled(shape, 0, "float32"));
    keep("runningVar", "running_var", filled(shape, 1, "float32"));
    keep("numBatchesTracked", "num_batches_tracked", scalar(0, "int64"));
  }

  /** Starts the running numbers over. */
  resetRunningStats(): void {
    this.runningMean?.storage.array.fill(0);
    this.runningVar?.storage.array.fill(1);
    this.numBatchesTracked?.storage.array.fill(0);
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    return `${numFeatures}, eps=${python(eps)}, momentum=${python(momentum)}, affine=${python(affine)}, bias=${python(this.bias !== null)}, track_running_stats=${python(trackRunningStats)}`;
  }

  /** Refuses another number of channels, and of axes. */
  protected checkInput(x: Tensor, ranks: readonly number[], axes: string, channelAxis: number) {
    const op = this.constructor.name;
    if (!ranks.includes(x.ndim)) {
      throw new ShapeError(
        `${op}: x needs ${ranks.join(" or ")} axes ${axes} but has ${x.ndim}: ${showShape(x.shape)}`,
      );
    }
    const channels = x.shape[channelAxis];
    if (channels === this.numFeatures) return;
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has ${channels} channels but the layer takes ${this.numFeatures}: give the layer numFeatures ${channels}, or x ${this.numFeatures} channels`,
    );
  }
}

abstract class BatchNorm extends RunningNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super(numFeatures, options, true);
  }

  protected normalize(x: Tensor): Tensor {
    const { runningMean, runningVar, weight, bias, eps } = this;
    let momentum = this.momentum ?? 0;
    if (this.training && this.trackRunningStats && this.numBatchesTracked) {
      const { storage, offset } = this.numBatchesTracked;
      const batches = ++storage.array[offset];
      if (this.momentum === null) momentum = 1 / batches;
    }
    const training = this.training || (!runningMean && !runningVar);
    // without tracking, training leaves what running numbers there are as they were
    const follow = !this.training || this.trackRunningStats;
    const [mean, variance] = follow ? [runningMean, runningVar] : [null, null];
    return batchNorm(x, mean, variance, weight, bias, { training, momentum, eps });
  }
}

/**
 * (x − mean) / √(variance + eps) · weight + bias, for each channel over the batch and all pixels; in evaluation with
 * the running mean and variance. Shapes: [N, C, H, W] → the same.
 *
 * ```ts
 * const bn = new nn.BatchNorm2d(16)
 * String(bn) // → "BatchNorm2d(16, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)"
 * Object.keys(bn.stateDict()).length // → 5
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export class BatchNorm2d extends BatchNorm {
  forward(x: Tensor): Tensor {
    this.checkInput(x, [4], "[N, C, H, W]", 1);
    return this.normalize(x);
  }
}

/**
 * As {@link BatchNorm2d}. Shapes: [N, C, D, H, W] → the same.
 *
 * ```ts
 * new nn.BatchNorm3d(2)(torch.zeros(1, 2, 3, 4, 5)).shape // → [1, 2, 3, 4, 5]
 * ```
 */
export class BatchNorm3d extends BatchNorm {
  forward(x: Tensor): Tensor {
    this.checkInput(x, [5], "[N, C, D, H, W]", 1);
    return this.normalize(x);
  }
}

/**
 * As {@link BatchNorm2d}. Shapes: [N, C] or [N, C, L] → the same.
 *
 * ```ts
 * new nn.BatchNorm1d(4)(torch.randn(8, 4)).shape // → [8, 4]
 * ```
 */
export class BatchNorm1d extends BatchNorm {
  forward(x: Tensor): Tensor {
    this.checkInput(x, [2, 3], "[N, C] or [N, C, L]", 1);
    return this.normalize(x);
  }
}

abstract class InstanceNorm extends RunningNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super(numFeatures, options, false);
  }

  protected normalize(x: Tensor, rank: 1 | 2 | 3): Tensor {
    const batched = x.ndim === rank + 2;
    const inner = ["C, L", "C, H, W", "C, D, H, W"][rank - 1];
    const axes = `[N, ${inner}] or [${inner}]`;
    this.checkInput(x, [rank + 1, rank + 2], axes, batched ? 1 : 0);
    const { runningMean, runningVar, weight, bias, eps } = this;
    const useInputStats = this.training || !this.trackRunningStats;
    const options = { useInputStats, momentum: this.momentum ?? 0, eps };
    return withBatch(x, rank, (batch) =>
      instanceNorm(batch, runningMean, runningVar, weight, bias, options),
    );
  }
}

/**
 * Batch norm for each image by itself. Shapes: [N, C, H, W] or [C, H, W] → the same.
 *
 * ```ts
 * String(new nn.InstanceNorm2d(3)) // → "InstanceNorm2d(3, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)"
 * ```
 */
export class InstanceNorm2d extends InstanceNorm {
  forward(x: Tensor): Tensor {
    return this.normalize(x, 2);
  }
}

/**
 * Batch norm for each signal by itself. Shapes: [N, C, L] or [C, L] → the same.
 *
 * ```ts
 * new nn.InstanceNorm1d(1)(torch.tensor([[1, 3.5]])).tolist() // → [[-0.9999968, 0.9999968]]
 * ```
 */
export class InstanceNorm1d extends InstanceNorm {
  forward(x: Tensor): Tensor {
    return this.normalize(x, 1);
  }
}

/**
 * Batch norm for each volume by itself. Shapes: [N, C, D, H, W] or [C, D, H, W] → the same.
 *
 * ```ts
 * new nn.InstanceNorm3d(2)(torch.zeros(2, 3, 4, 5)).shape // → [2, 3, 4, 5]
 * ```
 */
export class InstanceNorm3d extends InstanceNorm {
  forward(x: Tensor): Tensor {
    return this.normalize(x, 3);
  }
}

/**
 * Divides by the root of the mean of squares over the last axes. Shapes: […, ...normalizedShape] → the same.
 *
 * ```ts
 * new nn.RMSNorm([2])(torch.tensor([1.5, 2])).tolist() // → [0.8485281, 1.1313708]
 * ```
 */
export class RMSNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number | null;
  readonly elementwiseAffine: boolean;
  /** normalizedShape, or null */
  weight: Parameter | null;

  constructor(
    normalizedShape: number | readonly number[],
    {
      eps = null,
      elementwiseAffine = true,
    }: { eps?: number | null; elementwiseAffine?: boolean } = {},
  ) {
    super();
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.normalizedShape = shape;
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(filled(shape, 1, "float32")) : null;
  }

  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this;
    return `${python([...normalizedShape])}, eps=${python(eps)}, elementwise_affine=${python(elementwiseAffine)}`;
  }
}

/**
 * Normalises over the last axes. Shapes: […, ...normalizedShape] → the same.
 *
 * ```ts
 * String(new nn.LayerNorm([4])) // → "LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)"
 * ```
 */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly elementwiseAffine: boolean;
  /** normalizedShape, or null */
  weight: Parameter | null;
  /** normalizedShape, or null */
  bias: Parameter | null;

  constructor(
    normalizedShape: number | readonly number[],
    {
      eps = 1e-5,
      elementwiseAffine = true,
      bias = true,
    }: { eps?: number; elementwiseAffine?: boolean; bias?: boolean } = {},
  ) {
    super();
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.normalizedShape = shape;
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(filled(shape, 1, "float32")) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(filled(shape, 0, "float32")) : null;
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, { eps: this.eps });
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this;
    return `${python([...normalizedShape])}, eps=${python(eps)}, elementwise_affine=${python(elementwiseAffine)}, bias=${python(this.bias !== null)}`;
  }
}

/**
 * Normalises each image over groups of channels. Shapes: [N, C, …] → the same.
 *
 * ```ts
 * String(new nn.GroupNorm(2, 4)) // → "GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)"
 * ```
 */
export class GroupNorm extends Module {
  readonly eps: number;
  readonly affine: boolean;
  /** [numChannels], or null */
  weight: Parameter | null;
  /** [numChannels], or null */
  bias: Parameter | null;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    {
      eps = 1e-5,
      affine = true,
      bias = true,
    }: { eps?: number; affine?: boolean; bias?: boolean } = {},
  ) {
    super();
    whole("GroupNorm", { numGroups, numChannels });
    if (numChannels % numGroups !== 0) {
      throw new ShapeError(
        `GroupNorm: numGroups ${numGroups} does not divide numChannels ${numChannels}`,
      );
    }
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(filled([numChannels], 1, "float32")) : null;
    this.bias = affine && bias ? new Parameter(filled([numChannels], 0, "float32")) : null;
  }

  forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this.weight, this.bias, { eps: this.eps });
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, affine } = this;
    return `${numGroups}, ${numChannels}, eps=${python(eps)}, affine=${python(affine)}, bias=${python(this.bias !== null)}`;
  }
}
