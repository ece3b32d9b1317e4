// A learned table.

import { embedding } from "../ops/embedding.js";
import { normal } from "../random/normal.js";
import { empty, type Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { whole } from "./whole.js";

/**
 * A learned vector for each of numEmbeddings words. Shapes: indices […] of whole numbers → […, embeddingDim].
 *
 * ```ts
 * const table = new nn.Embedding(10, 3)
 * table(torch.tensor([[1, 2, 4]])).shape // → [1, 3, 3]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim] */
  weight: Parameter;
  readonly paddingIdx: number | null;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    { paddingIdx = null }: { paddingIdx?: number | null } = {},
  ) {
    super();
    whole("Embedding", { numEmbeddings, embeddingDim }, 0);
    if (paddingIdx !== null && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings)) {
      throw new RangeError(
        `Embedding: paddingIdx ${paddingIdx} is out of range: the table has rows 0 to ${numEmbeddings - 1}`,
      );
    }
    const row = paddingIdx !== null && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    this.paddingIdx = row;
    const weight = normal(empty([numEmbeddings, embeddingDim]), 0, 1);
    if (row !== null) {
      weight.storage.array.fill(0, row * embeddingDim, (row + 1) * embeddingDim);
    }
    this.weight = new Parameter(weight);
  }

  forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight, { paddingIdx: this.paddingIdx });
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }
}
