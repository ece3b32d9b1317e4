// Explorables of maps: channels and their sum, activation functions, the filter playground.

import { nn, noGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { activation as beforeAndAfter } from "../views/before-after.js";
import { featureMaps } from "../views/feature-maps.js";
import { image } from "../views/image.js";
import { isModule } from "../views/layers.js";
import { arithmeticPicture, isReadable } from "./arithmetic-picture.js";
import { Explorable } from "./explorable.js";
import { bytesOf, pairOf, planes } from "./given.js";

const first = [0, 0, 1, 1] as const;
const isOne = (value: number | readonly number[]) => pairOf(value).every((part) => part === 1);

/**
 * Channels: each meets a kernel of its own, the maps are summed. `x`: [C, H, W]; `weight`: [O, C, K, L], [C, K, L] or an
 * nn.Conv2d (with its bias; stride 1).
 *
 * @throws ShapeError if the channels differ; RangeError if the layer has stride, dilation, groups or padding "same".
 */
export function channels(x: Tensor, weight: Tensor | nn.Conv2d) {
  const { values, shape } = planes("explore.channels", x, 32);
  const layer = isModule(weight) ? (weight as unknown as nn.Conv2d) : null;
  const w = layer ? layer.weight : (weight as Tensor);
  const weightShape = [1, 1, ...w.shape].slice(-4);
  const more =
    layer && ["stride", "dilation", "groups"].find((name) => !isOne(layer[name as "stride"]));
  if (more || layer?.padding === "same") {
    throw new RangeError(
      `explore.channels: this layer has ${more ?? "padding"} ${JSON.stringify(more ? layer![more as "stride"] : "same")}; here the window moves by 1 over all channels: see explore.convolution`,
    );
  }
  if (weightShape[1] !== shape[0] || w.ndim < 3) {
    throw new ShapeError(
      `explore.channels: x has ${shape[0]} channels but weight [${w.shape.join(", ")}] takes ${weightShape[1]}`,
    );
  }
  const padding =
    layer && typeof layer.padding !== "string" ? pairOf(layer.padding) : ([0, 0] as const);
  const bias = layer?.bias ?? null;
  const state = {
    x: bytesOf(values),
    shape: shape as readonly number[],
    weight: bytesOf(w.data),
    weightShape: weightShape as readonly number[],
    bias: bias && bytesOf(bias.data),
    padding,
    filter: 0,
  };
  const picture = () =>
    noGrad(() => {
      const input = x.reshape([1, ...shape]).to("float32");
      const y = nn.functional.conv2d(input, w.reshape(weightShape).to("float32"), bias, {
        padding: [...padding],
      });
      const filters = weightShape[0] === 1 ? "1 filter" : `${weightShape[0]} filters`;
      const title = `${shape[0]} channel${shape[0] === 1 ? "" : "s"}, ${filters}: [${shape.join(", ")}] → [${y.shape.slice(1).join(", ")}]`;
      const parts = Array.from({ length: shape[0] }, (_, c) =>
        nn.functional
          .conv2d(input.narrow(1, c, 1), w.reshape(weightShape).to("float32").narrow(1, c, 1))
          .select(0, 0)
          .select(0, 0),
      );
      const sum = y.select(0, 0).select(0, 0);
      if (weightShape[0] > 1 || bias || padding[0] + padding[1] > 0 || !isReadable(...parts, sum))
        return featureMaps(y, { title });
      return arithmeticPicture(
        [
          ...parts.map((part, c) => ({ x: part, title: `channel ${c}`, frame: first })),
          { x: sum, title: "sum", frame: first },
        ],
        [...parts.slice(1).map(() => "+"), "="],
        `${title}\n${sum}`,
      );
    });
  return new Explorable("channels", state, picture);
}

const { elu, leakyRelu, relu, sigmoid, silu, tanh } = nn.functional;

/** The functions of the activation explorable (front/arithmetic.js has their curves). */
const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  ReLU: (x) => relu(x),
  "LeakyReLU 0.01": (x) => leakyRelu(x, 0.01),
  Sigmoid: (x) => sigmoid(x),
  Tanh: (x) => tanh(x),
  SiLU: (x) => silu(x),
  ELU: (x) => elu(x),
};

/**
 * Activation functions: the curve, and the maps of `x` ([C, H, W] or [H, W]) before and after. `kind`: "ReLU" (default),
 * "LeakyReLU 0.01", "Sigmoid", "Tanh", "SiLU" or "ELU".
 *
 * @throws RangeError for another kind.
 */
export function activation(x: Tensor, { kind = "ReLU" }: { kind?: string } = {}) {
  const { values, shape } = planes("explore.activation", x);
  const f = activations[kind];
  if (!f) {
    throw new RangeError(
      `explore.activation: kind is "${kind}", must be one of ${Object.keys(activations).join(", ")}`,
    );
  }
  const state = { x: bytesOf(values), shape: shape as readonly number[], kind };
  const picture = () =>
    noGrad(() => {
      const before = x.reshape([1, ...shape]).to("float32");
      return beforeAndAfter(before, f(before));
    });
  return new Explorable("activation", state, picture);
}

/**
 * The filter playground: edit a 3×3 kernel and watch the map. `x`: an image [H, W], [1, H, W] or [3, H, W] (made grey),
 * at most 256 on a side.
 */
export function filterPlayground(x: Tensor) {
  const { values, shape } = planes("explore.filterPlayground", x, 256);
  const [C, H, W] = shape;
  const factor = x.dtype === "uint8" ? 1 / 255 : 1;
  // grey as ITU-R 601-2, as PIL's convert("L")
  const weights = C === 3 ? [0.299, 0.587, 0.114] : Array.from({ length: C }, () => 1 / C);
  const grey = Float32Array.from({ length: H * W }, (_, i) =>
    weights.reduce((sum, weight, c) => sum + factor * weight * values[c * H * W + i], 0),
  );
  const state = {
    x: bytesOf(grey),
    shape: [1, H, W] as readonly number[],
    kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1] as readonly number[],
  };
  return new Explorable("filter-playground", state, () =>
    C === 1 || C === 3 || C === 4 ? image(x) : featureMaps(x),
  );
}
