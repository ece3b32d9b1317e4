// The relatives of ReLU and of the logistic function. A row: f and its derivative, both on numbers, and where the
// derivative is not flat, the same by operations, for gradients of gradients.

import { isGradEnabled, noGrad, record, type Told } from "../autograd.js";
import type { BinaryName, UnaryName } from "../compute/operations.js";
import { erf } from "../special.js";
import { axisOf, showShape } from "../shape.js";
import { ShapeError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { called } from "./alias.js";
import { add, div, mul, neg } from "./arithmetic.js";
import { isBool, isWhole, refuse } from "./checks.js";
import { clampMax } from "./combinations.js";
import { gt, le, lt } from "./comparison.js";
import { abs, erf as erfOf, exp, sigmoid, tanh } from "./functions.js";
import { map, mapBy, zipBy } from "./pointwise.js";
import { pow } from "./powers.js";
import { floatingOf } from "./promotion.js";
import { sumTo } from "./stretch.js";
import { narrow, reshape } from "./views.js";
import { where } from "./where.js";

type OfNumber = (v: number) => number;

interface Quick {
  /** The kernel that computes f, with the numbers that it takes. */
  readonly forth?: readonly [name: UnaryName, p?: number, q?: number];
  /** The kernel that computes gy · slope(x) from gy and x, with its numbers. */
  readonly back?: readonly [name: BinaryName, p?: number, q?: number];
}

/**
 * y = f(x), gx = gy · slope(x), by kernels where there are such. `bent`: the slope by operations; without it the slope is
 * flat, but for steps.
 */
function pointwise(
  name: string,
  x: Tensor,
  f: OfNumber,
  slope: OfNumber,
  told: Told,
  bent: ((x: Tensor) => Tensor) | null,
  { forth, back }: Quick,
): Tensor {
  const op = told.op === "clamp" ? "hardtanh" : String(told.op);
  const whole = ofWhole[op];
  refuse(op, x, whole ? isBool : isWhole, "x.float()");
  const dtype = whole === "stay" ? x.dtype : floatingOf(x.dtype);
  const [kernel, p, q] = forth ?? [];
  const y = kernel ? mapBy(kernel, x, f, dtype, p, q) : map(x, f, dtype);
  const toX = (gy: Tensor) => {
    if (isGradEnabled()) return mul(gy, bent ? bent(x) : noGrad(() => map(x, slope, gy.dtype)));
    const [wayBack, r, s] = back ?? [];
    const quick = wayBack && zipBy(wayBack, gy, x, r, s);
    return quick ?? mul(gy, map(x, slope, gy.dtype));
  };
  return record(`${name}Backward0`, y, [[x, toX]], { saves: [x], told });
}

/** The functions that take whole numbers, as in PyTorch, and what these become. */
const ofWhole: Readonly<Record<string, "stay" | "float32" | undefined>> = {
  hardtanh: "stay",
  threshold: "stay",
  softsign: "float32",
  tanhshrink: "float32",
};

const logistic: OfNumber = (v) => 1 / (1 + Math.exp(-v));
const softplusOf: OfNumber = (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

/**
 * x where it is positive, else slope · x.
 *
 * ```ts
 * F.leakyRelu(torch.tensor([-1, 0.5]), 0.1).tolist() // → [-0.1, 0.5]
 * ```
 */
export function leakyRelu(
  x: Tensor,
  negativeSlope: number | { negativeSlope?: number } = 0.01,
): Tensor {
  const slope =
    typeof negativeSlope === "number" ? negativeSlope : (negativeSlope.negativeSlope ?? 0.01);
  return pointwise(
    "LeakyRelu",
    x,
    (v) => (v > 0 ? v : v * slope),
    (v) => (v > 0 ? 1 : slope),
    { op: "leakyRelu", slope },
    null,
    { forth: ["leakyRelu", slope], back: ["leakyReluBackward", slope] },
  );
}

/**
 * min(max(x, 0), 6)
 *
 * ```ts
 * F.relu6(torch.tensor([-1, 2.5, 9])).tolist() // → [0, 2.5, 6]
 * ```
 */
export function relu6(x: Tensor): Tensor {
  return hardtanh(x, { minVal: 0, maxVal: 6 });
}

/**
 * min(max(x, minVal), maxVal), from −1 to 1 by default.
 *
 * ```ts
 * F.hardtanh(torch.tensor([-3, 0.5, 3])).tolist() // → [-1, 0.5, 1]
 * ```
 */
export function hardtanh(
  x: Tensor,
  { minVal = -1, maxVal = 1 }: { minVal?: number; maxVal?: number } = {},
): Tensor {
  const f: OfNumber = (v) => (v !== v ? v : Math.min(Math.max(v, minVal), maxVal));
  const slope: OfNumber = (v) => (v <= minVal || v >= maxVal ? 0 : 1);
  const told = { op: "clamp", min: minVal, max: maxVal } as const;
  return pointwise("Hardtanh", x, f, slope, told, null, {
    forth: ["clamp", minVal, maxVal],
    back: ["hardtanhBackward", minVal, maxVal],
  });
}

/**
 * x where it is positive, else alpha · (e^x − 1).
 *
 * ```ts
 * F.elu(torch.tensor([-1, 0.5])).tolist() // → [-0.6321205, 0.5]
 * ```
 */
export function elu(x: Tensor, alpha: number | { alpha?: number } = 1): Tensor {
  const a = typeof alpha === "number" ? alpha : (alpha.alpha ?? 1);
  return pointwise(
    "Elu",
    x,
    (v) => (v > 0 ? v : a * Math.expm1(v)),
    (v) => (v > 0 ? 1 : a * Math.exp(v)),
    { op: "elu", alpha: a },
    (t) => where(gt(t, 0), 1, mul(exp(clampMax(t, 0)), a)),
    { forth: ["elu", 1, a], back: ["eluBackward", 1, a] },
  );
}

/** x where it is positive, else alpha · (e^(x / alpha) − 1). */
export function celu(x: Tensor, alpha: number | { alpha?: number } = 1): Tensor {
  const a = typeof alpha === "number" ? alpha : (alpha.alpha ?? 1);
  return pointwise(
    "Celu",
    x,
    (v) => (v > 0 ? v : a * Math.expm1(v / a)),
    (v) => (v > 0 ? 1 : Math.exp(v / a)),
    { op: "celu", alpha: a },
    (t) => where(gt(t, 0), 1, exp(div(clampMax(t, 0), a))),
    a === 1 ? { forth: ["elu", 1, 1], back: ["eluBackward", 1, 1] } : {},
  );
}

const SELU_ALPHA = 1.6732632423543772; // Klambauer et al. (2017)
const SELU_SCALE = 1.0507009873554805;

/**
 * The self-normalising ELU.
 *
 * ```ts
 * F.selu(torch.tensor([-1, 0.5])).tolist() // → [-1.111331, 0.5253505]
 * ```
 */
export function selu(x: Tensor): Tensor {
  const [a, s] = [SELU_ALPHA, SELU_SCALE];
  return pointwise(
    "Elu", // as PyTorch names it
    x,
    (v) => s * (v > 0 ? v : a * Math.expm1(v)),
    (v) => s * (v > 0 ? 1 : a * Math.exp(v)),
    { op: "selu" },
    (t) => where(gt(t, 0), s, mul(exp(clampMax(t, 0)), s * a)),
    { forth: ["elu", s, s * a], back: ["eluBackward", s, s * a] },
  );
}

/**
 * x · Φ(x) with the normal distribution Φ; `approximate: "tanh"` for the usual approximation.
 *
 * ```ts
 * F.gelu(torch.tensor([-1, 0.5])).tolist() // → [-0.1586553, 0.3457312]
 * ```
 */
export function gelu(
  x: Tensor,
  { approximate = "none" }: { approximate?: "none" | "tanh" } = {},
): Tensor {
  if (approximate === "tanh") {
    const k = Math.sqrt(2 / Math.PI);
    const inner: OfNumber = (v) => k * (v + 0.044715 * v ** 3);
    return pointwise(
      "Gelu",
      x,
      (v) => 0.5 * v * (1 + Math.tanh(inner(v))),
      (v) => {
        const t = Math.tanh(inner(v));
        return 0.5 * (1 + t) + 0.5 * v * (1 - t * t) * k * (1 + 3 * 0.044715 * v * v);
      },
      { op: "gelu", approximate },
      (v) => {
        const square = mul(v, v);
        const t = tanh(mul(mul(add(mul(square, 0.044715), 1), v), k));
        const rise = mul(add(mul(square, 3 * 0.044715), 1), k);
        return add(mul(add(t, 1), 0.5), mul(mul(mul(v, 0.5), add(neg(mul(t, t)), 1)), rise));
      },
      { forth: ["geluTanh"], back: ["geluTanhBackward"] },
    );
  }
  const cdf: OfNumber = (v) => 0.5 * (1 + erf(v / Math.SQRT2));
  const pdf: OfNumber = (v) => Math.exp(-0.5 * v * v) / Math.sqrt(2 * Math.PI);
  return pointwise(
    "Gelu",
    x,
    (v) => v * cdf(v),
    (v) => cdf(v) + v * pdf(v),
    { op: "gelu", approximate },
    (v) => {
      const density = mul(exp(mul(mul(v, v), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return add(mul(add(erfOf(mul(v, Math.SQRT1_2)), 1), 0.5), mul(v, density));
    },
    { forth: ["gelu"], back: ["geluBackward"] },
  );
}

/**
 * x · sigmoid(x), also called swish.
 *
 * ```ts
 * F.silu(torch.tensor([-1, 0.5])).tolist() // → [-0.2689414, 0.3112297]
 * ```
 */
export function silu(x: Tensor): Tensor {
  return pointwise(
    "Silu",
    x,
    (v) => v * logistic(v),
    (v) => logistic(v) * (1 + v * (1 - logistic(v))),
    { op: "silu" },
    (v) => mul(sigmoid(v), add(mul(v, sigmoid(neg(v))), 1)),
    { forth: ["silu"], back: ["siluBackward"] },
  );
}

/**
 * x · tanh(softplus(x))
 *
 * ```ts
 * F.mish(torch.tensor([-1, 0.5])).tolist() // → [-0.3034015, 0.3752452]
 * ```
 */
export function mish(x: Tensor): Tensor {
  return pointwise(
    "Mish",
    x,
    (v) => v * Math.tanh(softplusOf(v)),
    (v) => {
      const t = Math.tanh(softplusOf(v));
      return t + v * logistic(v) * (1 - t * t);
    },
    { op: "mish" },
    (v) => {
      const t = tanh(softplus(v));
      return add(t, mul(mul(v, sigmoid(v)), add(neg(mul(t, t)), 1)));
    },
    { forth: ["mish"], back: ["mishBackward"] },
  );
}

/**
 * log(1 + e^(beta·x)) / beta; above `threshold` simply x.
 *
 * ```ts
 * F.softplus(torch.tensor([-1, 0.5])).tolist() // → [0.3132617, 0.974077]
 * ```
 */
export function softplus(
  x: Tensor,
  { beta = 1, threshold = 20 }: { beta?: number; threshold?: number } = {},
): Tensor {
  const linear = (v: number) => v * beta > threshold;
  return pointwise(
    "Softplus",
    x,
    (v) => (linear(v) ? v : softplusOf(v * beta) / beta),
    (v) => (linear(v) ? 1 : logistic(v * beta)),
    { op: "softplus", beta },
    (v) => where(gt(mul(v, beta), threshold), 1, sigmoid(mul(v, beta))),
    { forth: ["softplus", beta, threshold], back: ["softplusBackward", beta, threshold] },
  );
}

/**
 * x / (1 + |x|)
 *
 * ```ts
 * F.softsign(torch.tensor([-1, 0.25])).tolist() // → [-0.5, 0.2]
 * ```
 */
export function softsign(x: Tensor): Tensor {
  return pointwise(
    "Div",
    x,
    (v) => v / (1 + Math.abs(v)),
    (v) => 1 / (1 + Math.abs(v)) ** 2,
    { op: "softsign" },
    (v) => pow(add(abs(v), 1), -2),
    { forth: ["softsign"], back: ["softsignBackward"] },
  );
}

/**
 * log(sigmoid(x))
 *
 * ```ts
 * F.logsigmoid(torch.tensor([-1, 0.5])).tolist() // → [-1.313262, -0.474077]
 * ```
 */
export function logsigmoid(x: Tensor): Tensor {
  return pointwise(
    "LogSigmoid",
    x,
    (v) => -softplusOf(-v),
    (v) => logistic(-v),
    { op: "logSigmoid" },
    (v) => sigmoid(neg(v)),
    { forth: ["logSigmoid"], back: ["logSigmoidBackward"] },
  );
}

/**
 * A sigmoid of straight lines: min(max(x / 6 + 1/2, 0), 1).
 *
 * ```ts
 * F.hardsigmoid(torch.tensor([-4, 1.5])).tolist() // → [0, 0.75]
 * ```
 */
export function hardsigmoid(x: Tensor): Tensor {
  const f: OfNumber = (v) => (v !== v ? v : Math.min(Math.max(v + 3, 0), 6) / 6);
  const slope: OfNumber = (v) => (v > -3 && v < 3 ? 1 / 6 : 0);
  return pointwise("Hardsigmoid", x, f, slope, { op: "hardsigmoid" }, null, {
    forth: ["hardsigmoid"],
    back: ["hardsigmoidBackward"],
  });
}

/**
 * x · hardsigmoid(x)
 *
 * ```ts
 * F.hardswish(torch.tensor([1.5, 4])).tolist() // → [1.125, 4]
 * ```
 */
export function hardswish(x: Tensor): Tensor {
  return pointwise(
    "Hardswish",
    x,
    (v) => (v * Math.min(Math.max(v + 3, 0), 6)) / 6,
    (v) => (v < -3 ? 0 : v <= 3 ? v / 3 + 0.5 : 1),
    { op: "hardswish" },
    (v) => where(lt(v, -3), 0, where(le(v, 3), add(div(v, 3), 0.5), 1)),
    { forth: ["hardswish"], back: ["hardswishBackward"] },
  );
}

/**
 * x moved towards 0 by lambda; 0 within.
 *
 * ```ts
 * F.softshrink(torch.tensor([-1, 0.25, 2])).tolist() // → [-0.5, 0, 1.5]
 * ```
 */
export function softshrink(x: Tensor, lambd: number | { lambd?: number } = 0.5): Tensor {
  const lambda = typeof lambd === "object" ? (lambd.lambd ?? 0.5) : lambd;
  const f: OfNumber = (v) => (v > lambda ? v - lambda : v < -lambda ? v + lambda : v !== v ? v : 0);
  const slope: OfNumber = (v) => (Math.abs(v) > lambda ? 1 : 0);
  return pointwise("Softshrink", x, f, slope, { op: "softshrink", lambda }, null, {
    forth: ["softshrink", lambda],
    back: ["shrinkBackward", lambda],
  });
}

/**
 * x outside of [−lambda, lambda], else 0.
 *
 * ```ts
 * F.hardshrink(torch.tensor([-1, 0.25, 2])).tolist() // → [-1, 0, 2]
 * ```
 */
export function hardshrink(x: Tensor, lambd: number | { lambd?: number } = 0.5): Tensor {
  const lambda = typeof lambd === "object" ? (lambd.lambd ?? 0.5) : lambd;
  const outside = (v: number) => v > lambda || v < -lambda;
  return pointwise(
    "Hardshrink",
    x,
    (v) => (outside(v) || v !== v ? v : 0),
    (v) => (outside(v) ? 1 : 0),
    { op: "hardshrink", lambda },
    null,
    { forth: ["hardshrink", lambda], back: ["shrinkBackward", lambda] },
  );
}

/**
 * x − tanh(x)
 *
 * ```ts
 * F.tanhshrink(torch.tensor([0, 1.5])).tolist() // → [0, 0.5948517]
 * ```
 */
export function tanhshrink(x: Tensor): Tensor {
  return pointwise(
    "Sub",
    x,
    (v) => v - Math.tanh(v),
    (v) => Math.tanh(v) ** 2,
    { op: "tanhshrink" },
    (v) => mul(tanh(v), tanh(v)),
    {},
  );
}

/**
 * x where it is greater than `limit`, else `value`.
 *
 * ```ts
 * F.threshold(torch.tensor([0.5, 2]), 1, 20).tolist() // → [20, 2]
 * ```
 */
export function threshold(x: Tensor, limit: number, value: number): Tensor {
  return pointwise(
    "Threshold",
    x,
    (v) => (v <= limit ? value : v),
    (v) => (v <= limit ? 0 : 1),
    { op: "threshold" },
    null,
    { forth: ["threshold", limit, value], back: ["thresholdBackward", limit] },
  );
}

/**
 * x where it is positive, else weight · x, with a learned weight: one for all, or one per channel (axis 1).
 *
 * ```ts
 * F.prelu(torch.tensor([-1, 0.5]), torch.tensor([0.25])).tolist() // → [-0.25, 0.5]
 * ```
 *
 * @throws ShapeError if there are as many weights neither as channels nor one.
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  refuse("prelu", x, isWhole, "x.float()");
  const channels = x.ndim > 1 ? x.shape[1] : 1;
  if (weight.numel() !== 1 && weight.numel() !== channels) {
    throw new ShapeError(
      `prelu: weight ${showShape(weight.shape)} has ${weight.numel()} numbers, x ${showShape(x.shape)} has ${channels} channels: it must be that many or one`,
    );
  }
  const line = weight.numel() === 1 ? [] : x.shape.map((_, axis) => (axis === 1 ? -1 : 1));
  const w = reshape(weight, line);
  const y = noGrad(() => where(gt(x, 0), x, mul(x, w)));
  const rows = [
    [x, (gy: Tensor) => mul(gy, where(gt(x, 0), 1, w))],
    [w, (gy: Tensor) => sumTo(mul(gy, clampMax(x, 0)), w)],
  ] as const;
  return record("PreluKernelBackward0", y, rows, { saves: [x, w] });
}

/**
 * The first half along `dim`, each times the sigmoid of the second.
 *
 * ```ts
 * F.glu(torch.tensor([2, 4.5, 0, 0])).tolist() // → [1, 2.25]
 * ```
 */
export function glu(x: Tensor, dim = -1): Tensor {
  refuse("glu", x, isWhole, "x.float()");
  const axis = axisOf("glu", dim, x.ndim);
  if (x.shape[axis] % 2 !== 0) {
    throw new ShapeError(
      `glu: axis ${axis} of x ${showShape(x.shape)} has ${x.shape[axis]} elements, which cannot be halved`,
    );
  }
  const half = x.shape[axis] / 2;
  const y = mul(narrow(x, axis, 0, half), sigmoid(narrow(x, axis, half, half)));
  return called("GluBackward0", y);
}
