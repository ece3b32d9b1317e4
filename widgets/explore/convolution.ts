// The convolution explorable, kernel side: the learner's tensor and layer as the browser module's state.

import { nn, noGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { featureMaps } from "../views/feature-maps.js";
import { className, isModule, isTensor } from "../views/layers.js";
import { kindOf } from "../views/tensor-maps.js";
import { arithmeticPicture, isReadable } from "./arithmetic-picture.js";
import { Explorable } from "./explorable.js";
import { bytesOf, pairOf, planes, type Pair } from "./given.js";

export interface ConvolutionState {
  readonly x: Uint8Array;
  readonly shape: readonly number[];
  readonly weight: Uint8Array;
  readonly bias: Uint8Array | null;
  readonly outChannels: number;
  readonly ownKernel: Pair;
  readonly ownGroups: number;
  readonly ownOptions: object;
  kernel: Pair;
  stride: Pair;
  padding: Pair;
  dilation: Pair;
  groups: number;
  paddingMode: string;
}

export interface ConvolutionOptions {
  /** Only with a weight tensor; a layer has its own. Defaults as in conv2d. */
  stride?: number | Pair;
  padding?: number | Pair;
  dilation?: number | Pair;
  groups?: number;
  paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
  bias?: Tensor | null;
}

const paddingModes = ["zeros", "reflect", "replicate", "circular"];

/**
 * Convolution, step by step, on your own numbers: the window slides, the products are written out, the sliders change
 * kernel, stride, padding, dilation, groups and padding mode. `x`: [C, H, W], [H, W] or [1, C, H, W], at most 64 on a
 * side; `layer`: an nn.Conv2d, or a weight [K, L] or [O, C / groups, K, L].
 *
 * ```ts
 * explore.convolution(torch.ones(5, 5), torch.ones(3, 3)).get("kernel") // → [3, 3]
 * ```
 *
 * @throws ShapeError if the channels do not go together; RangeError for padding "same" that differs from side to side.
 */
export function convolution(
  x: Tensor,
  layer: nn.Conv2d | Tensor,
  options: ConvolutionOptions = {},
): Explorable<ConvolutionState> {
  const { values, shape } = planes("explore.convolution", x);
  const fromLayer = isModule(layer);
  const given = fromLayer
    ? (layer as unknown as Required<ConvolutionOptions> & nn.Conv2d)
    : options;
  if (!fromLayer && !isTensor(layer)) {
    throw new TypeError(
      `explore.convolution: takes an nn.Conv2d or a weight, got ${kindOf(layer)}`,
    );
  }
  const weight = fromLayer ? (layer as nn.Conv2d).weight : (layer as Tensor);
  if (fromLayer && weight?.ndim !== 4) {
    throw new TypeError(
      `explore.convolution: takes an nn.Conv2d or a weight, got ${className(layer)}`,
    );
  }
  const [O, I, K, L] = [1, 1, 1, ...weight.shape].slice(-4);
  const { groups = 1, paddingMode = "zeros", bias = null } = given;
  if (weight.ndim !== 2 && weight.ndim !== 4) {
    throw new ShapeError(
      `explore.convolution: the weight needs axes [K, L] or [O, C, K, L], got [${weight.shape.join(", ")}]`,
    );
  }
  if (shape[0] !== I * groups) {
    throw new ShapeError(
      `explore.convolution: x has ${shape[0]} channel${shape[0] === 1 ? "" : "s"} but weight [${weight.shape.join(", ")}] takes ${I * groups}`,
    );
  }

  const kernel: Pair = [K, L];
  const dilation = pairOf(given.dilation ?? 1);
  const asked = given.padding as number | Pair | "same" | "valid" | undefined;
  if (asked === "same" && [K, L].some((size, a) => (dilation[a] * (size - 1)) % 2 === 1)) {
    throw new RangeError(
      `explore.convolution: padding "same" of a ${K}×${L} kernel adds one more row or column on one side than on the other, which cannot be shown: pad x, and take padding 0`,
    );
  }
  if (!paddingModes.includes(paddingMode)) {
    throw new RangeError(
      `explore.convolution: paddingMode is "${paddingMode}", must be one of ${paddingModes.join(", ")}`,
    );
  }
  const padding: Pair =
    asked === "same"
      ? [Math.floor((dilation[0] * (K - 1)) / 2), Math.floor((dilation[1] * (L - 1)) / 2)]
      : asked === "valid"
        ? [0, 0]
        : pairOf(asked ?? 0);
  const own = { stride: pairOf(given.stride ?? 1), padding, dilation, paddingMode };
  const state: ConvolutionState = {
    x: bytesOf(values),
    shape,
    weight: bytesOf(weight.data),
    bias: bias ? bytesOf((bias as Tensor).data) : null,
    outChannels: O,
    ownKernel: kernel,
    ownGroups: groups,
    ownOptions: own,
    kernel,
    groups,
    ...own,
  };
  const picture = () =>
    noGrad(() => {
      const input = x.reshape([1, ...shape]).to("float32");
      const y = fromLayer
        ? (layer as nn.Conv2d)(input)
        : nn.functional.conv2d(
            input,
            weight.reshape([O, I, K, L]).to("float32"),
            bias as Tensor | null,
            own as object,
          );
      const title = `convolution ${K}×${L}: [${shape.join(", ")}] → [${y.shape.slice(1).join(", ")}]`;
      const plain = padding[0] + padding[1] === 0 && Math.max(...dilation) === 1 && !bias;
      if (shape[0] > 1 || O > 1 || !plain) return featureMaps(y, { title });
      const [input2d, kernel2d, output2d] = [input, weight, y].map((t) =>
        t.to("float32").reshape(t.shape.slice(-2)),
      );
      if (!isReadable(input2d, kernel2d, output2d)) return featureMaps(y, { title });
      return arithmeticPicture(
        [
          { x: input2d, title: "input", frame: [0, 0, K, L] },
          { x: kernel2d, title: "kernel" },
          { x: output2d, title: "output", frame: [0, 0, 1, 1] },
        ],
        ["*", "="],
        `${title}\n${output2d}`,
      );
    });
  return new Explorable("convolution", state, picture);
}
