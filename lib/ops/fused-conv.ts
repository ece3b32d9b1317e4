// Convolution, ReLU and (if wanted) 2 × 2 max pooling in one pass: the images in between are never written.
// The way back keeps the winner of each window in a byte, instead of two images. nn.Sequential uses it where no hook
// looks at what is in between. float32 only.

import { isGradEnabled, record } from "../autograd.js";
import * as compute from "../compute/index.js";
import { outlives, Storage } from "../compute/storage.js";
import { empty, gather, Tensor } from "../tensor.js";
import { match, spread, sumOverPlaces, type Windows } from "./convolution.js";
import { whereKeptPositive } from "./formulas.js";
import { zip } from "./pointwise.js";
import { slide, type ConvOptions } from "./slide.js";
import { contiguous } from "./views.js";

/** relu(conv2d(x, weight, bias)), then maxPool2d(…, 2) with `pool`. Rows and columns left over are dropped. */
export function convRelu(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvOptions,
  pool: boolean,
): Tensor {
  return slide("conv2d", 2, x, weight, bias, options, pool ? correlateAndPool : correlateAndCut);
}

function correlateAndCut(x: Tensor, weight: Tensor, bias: Tensor | null, windows: Windows): Tensor {
  const [dx, dw, db] = [contiguous(x), contiguous(weight), bias && contiguous(bias)];
  const y = empty(windows.y);
  compute.conv2d(dx, dw, db, y, windows.size, { relu: true });
  const throughRelu = (gy: Tensor) => maskBy(gy, y);
  const rows = rowsOf(dx, dw, db, windows, throughRelu);
  return record("ReluBackward0", y, rows, { saves: [dx, dw, y] });
}

/** gy where y is positive. */
function maskBy(gy: Tensor, y: Tensor): Tensor {
  const ga = zip("relu", gy, y, whereKeptPositive, gy.dtype);
  return record("ThresholdBackward0", ga, [[gy, (gga) => maskBy(gga, y)]]);
}

function correlateAndPool(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  windows: Windows,
): Tensor {
  const { N, O, P, Q } = windows.size;
  const [dx, dw, db] = [contiguous(x), contiguous(weight), bias && contiguous(bias)];
  const y = empty([N, O, P >> 1, Q >> 1]);
  const wanted = isGradEnabled() && [dx, dw, db].some((input) => input?.requiresGrad);
  const winners = wanted ? new Tensor(new Storage("uint8", y.numel()), y.shape) : null;
  compute.conv2d(dx, dw, db, y, windows.size, { relu: true, pool: true, winners });
  if (!winners) return record("MaxPool2DWithIndicesBackward0", y, []);

  // a graph of the way back may outlive this node, and with it the winners that the node owns
  const throughPool = (gy: Tensor) =>
    toWinners(gy, isGradEnabled() ? gather(winners) : winners, windows);
  const whole = rowsOf(dx, dw, db, windows, throughPool);
  const rows = dx.requiresGrad ? whole : shortRowsOf(dx, dw, db, winners, windows, whole);
  const owns = [winners.storage];
  return record("MaxPool2DWithIndicesBackward0", y, rows, { saves: [dx, dw], owns });
}

/** The ways back of a convolution whose result's gradient is `through(gy)`: computed once for all three. */
function rowsOf(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  windows: Windows,
  through: (gy: Tensor) => Tensor,
) {
  const count = [x, weight, bias].filter((input) => input?.requiresGrad).length;
  let shared: Tensor | null = null;
  let uses = 0;
  const use = (fn: (ga: Tensor) => Tensor) => (gy: Tensor) => {
    const ga = (shared ??= through(gy));
    outlives(ga.storage); // until the last of the three has had it
    const result = fn(ga);
    if (++uses === count) {
      if (!isGradEnabled()) ga.storage.free(); // nobody else has seen it
      [shared, uses] = [null, 0];
    }
    return result;
  };
  return [
    [x, use((ga) => spread(ga, weight, null, windows, "ConvolutionBackwardBackward0"))],
    [weight, use((ga) => match(ga, x, windows))],
    [bias, use((ga) => sumOverPlaces(ga, windows.size))],
  ] as const;
}

/**
 * The ways back where x wants no gradient, as in the first layer of a network: those of weight and bias are computed
 * together, without the image before the pooling. `whole` are the ways for all else.
 */
function shortRowsOf(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  winners: Tensor,
  windows: Windows,
  whole: ReturnType<typeof rowsOf>,
) {
  const count = [weight, bias].filter((input) => input?.requiresGrad).length;
  let both: { gw: Tensor; gb: Tensor } | null = null;
  let uses = 0;
  const gradients = (gy: Tensor) => {
    const [gw, gb] = [empty(windows.weight), empty([windows.size.O])];
    const done = compute.conv2dGradPooled(contiguous(gy), winners, x, gw, gb, windows.size);
    if (!done) return null;
    for (const { storage } of [gw, gb]) outlives(storage); // until each has been taken
    return { gw, gb };
  };
  const take = (which: "gw" | "gb", otherwise: (gy: Tensor) => Tensor) => (gy: Tensor) => {
    if (isGradEnabled()) return otherwise(gy);
    const found = (both ??= gradients(gy));
    if (!found) return otherwise(gy);
    if (++uses === count) [both, uses] = [null, 0];
    return found[which];
  };
  const [, [, toWeight], [, toBias]] = whole;
  return [
    [weight, take("gw", toWeight)],
    [bias, take("gb", toBias)],
  ] as const;
}

/** The gradient of the image before ReLU and pooling: each gy at its winner, zeros elsewhere. */
function toWinners(gy: Tensor, winners: Tensor, windows: Windows): Tensor {
  const ga = empty(windows.y);
  compute.unpool2(contiguous(gy), winners, ga);
  return record("MaxPool2DWithIndicesBackwardBackward0", ga, [
    [gy, (gga) => atWinners(gga, winners, windows)],
  ]);
}

/** What of an image before ReLU and pooling stood at the winners. */
function atWinners(image: Tensor, winners: Tensor, windows: Windows): Tensor {
  const y = empty(winners.shape);
  const [PH, PW] = winners.shape.slice(-2);
  const [H, W] = windows.y.slice(-2);
  const [from, to] = [contiguous(image).data, y.storage.array];
  winners.storage.array.forEach((winner, i) => {
    const [plane, p, q] = [Math.floor(i / (PH * PW)), Math.floor(i / PW) % PH, i % PW];
    const place = (plane * H + 2 * p + (winner >> 1)) * W + 2 * q + (winner & 1);
    to[i] = winner < 4 ? from[place] : 0;
  });
  return record("MaxPool2DWithIndicesBackwardBackward0", y, [
    [image, (gy) => toWinners(gy, winners, windows)],
  ]);
}
