// Several transforms as one, and a function of one's own as a transform.

import { RandomSource } from "./draw.js";
import { PictureTransform } from "./transform.js";

/**
 * Several transforms, one after the other.
 *
 * ```ts
 * const { Compose, Resize, ToTensor } = torch.transforms
 * const prepare = new Compose([new Resize([32, 32]), new ToTensor()])
 * prepare(torch.utils.data.samplePicture({ size: 64 })).shape // → [3, 32, 32]
 * ```
 */
export class Compose extends PictureTransform<any, any> {
  readonly transforms: readonly ((value: any) => any)[];

  constructor(transforms: readonly ((value: any) => any)[]) {
    super();
    transforms.forEach((transform, i) => {
      if (typeof transform !== "function")
        throw new TypeError(`Compose: transform ${i} cannot be called`);
    });
    this.transforms = transforms;
  }

  forward(value: any): any {
    return this.transforms.reduce((x, transform) => transform(x), value);
  }

  override toString(): string {
    return `Compose(\n${lines(this.transforms)}\n)`;
  }
}

/** Transforms one below the other, as Compose and RandomApply print theirs. */
const lines = (transforms: readonly unknown[]): string =>
  transforms.map((transform) => `    ${String(transform)}`).join("\n");

/** A function of one's own as a transform. */
export class Lambda<In = any, Out = any> extends PictureTransform<In, Out> {
  constructor(readonly lambda: (value: In) => Out) {
    super();
  }

  forward(value: In): Out {
    return this.lambda(value);
  }
}

/** All of some transforms, half of the time (or with probability p). */
export class RandomApply extends PictureTransform<any, any> {
  constructor(
    readonly transforms: readonly ((value: any) => any)[],
    options: number | { p?: number } = {},
  ) {
    super();
    this.p = typeof options === "number" ? options : (options.p ?? 0.5);
  }

  readonly p: number;

  forward(value: any): any {
    return this.p < RandomSource.unit()
      ? value
      : this.transforms.reduce((x, transform) => transform(x), value);
  }

  override toString(): string {
    return `RandomApply(\n    p=${this.p}\n${lines(this.transforms)}\n)`;
  }
}
