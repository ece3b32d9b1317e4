// The pooling explorable, kernel side.

import { nn, noGrad, type Tensor } from "../../lib/index.js";
import { featureMaps } from "../views/feature-maps.js";
import { arithmeticPicture, isReadable } from "./arithmetic-picture.js";
import { className } from "../views/layers.js";
import { Explorable } from "./explorable.js";
import { bytesOf, pairOf, planes, type Pair } from "./given.js";

export interface PoolingState {
  readonly x: Uint8Array;
  readonly shape: readonly number[];
  kind: "max" | "avg";
  kernel: Pair;
  stride: Pair;
  padding: Pair;
  dilation: Pair;
  ceilMode: boolean;
  countIncludePad: boolean;
}

/**
 * Pooling, step by step: the winners of max pooling, the divisor of average pooling, with or without padding counted.
 * `x`: [C, H, W], [H, W] or [1, C, H, W], at most 64 on a side; `pool`: an nn.MaxPool2d or nn.AvgPool2d.
 *
 * ```ts
 * explore.pooling(torch.ones(4, 4), new nn.MaxPool2d(2)).get("stride") // → [2, 2]
 * ```
 */
export function pooling(x: Tensor, pool: nn.MaxPool2d | nn.AvgPool2d): Explorable<PoolingState> {
  const { values, shape } = planes("explore.pooling", x);
  if (!/^(Max|Avg)Pool2d$/.test(className(pool))) {
    throw new TypeError(
      `explore.pooling: takes an nn.MaxPool2d or nn.AvgPool2d, got ${className(pool)}`,
    );
  }
  const kind = "countIncludePad" in pool ? "avg" : "max";
  const kernel = pairOf(pool.kernelSize);
  const state: PoolingState = {
    x: bytesOf(values),
    shape,
    kind,
    kernel,
    stride: pairOf(pool.stride),
    padding: pairOf(pool.padding),
    dilation: pairOf(kind === "max" ? (pool as nn.MaxPool2d).dilation : 1),
    ceilMode: pool.ceilMode,
    countIncludePad: kind === "avg" ? (pool as nn.AvgPool2d).countIncludePad : true,
  };
  const picture = () =>
    noGrad(() => {
      const y = (pool as nn.AvgPool2d)(x.reshape([1, ...shape]).to("float32"));
      const title = `${kind} pooling ${kernel.join("×")}: [${shape.join(", ")}] → [${y.shape.slice(1).join(", ")}]`;
      if (shape[0] > 1 || Math.max(...state.padding) > 0) return featureMaps(y, { title });
      const [input2d, output2d] = [x, y].map((t) => t.to("float32").reshape(t.shape.slice(-2)));
      if (!isReadable(input2d, output2d)) return featureMaps(y, { title });
      return arithmeticPicture(
        [
          { x: input2d, title: "input", frame: [0, 0, ...kernel] },
          { x: output2d, title: `${kind} of each window`, frame: [0, 0, 1, 1] },
        ],
        ["→"],
        `${title}\n${output2d}`,
      );
    });
  return new Explorable("pooling", state, picture);
}
