// Is the gradient right? Compared with differences, in float64.

import { grad } from "./backward.js";
import { noGrad } from "./autograd.js";
import { DTypeError } from "./errors.js";
import type { Tensor } from "./tensor.js";

export interface GradcheckOptions {
  /** Half the distance of the two points. Default 1e-6. */
  eps?: number;
  /** Absolute tolerance. Default 1e-5. */
  atol?: number;
  /** Relative tolerance. Default 1e-3. */
  rtol?: number;
}

/**
 * Compare the gradients of `fn` at `inputs` (float64, those that require grad) with central differences
 * (f(x + eps) − f(x − eps)) / 2 eps.
 *
 * ```ts
 * const x = torch.tensor([0.3, -1.2], { dtype: "float64", requiresGrad: true })
 * torch.autograd.gradcheck((x) => x.mul(x), x) // → true
 * ```
 *
 * @throws Error that names the input, the element and both numbers, if they differ.
 * @see https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor | readonly Tensor[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3 }: GradcheckOptions = {},
): true {
  const xs = Array.isArray(inputs) ? (inputs as Tensor[]) : [inputs as Tensor];
  const y = fn(...xs);
  // a fixed direction in the result, so that one walk back tells of all its elements
  const weights = y.detach().mul(0).add(0);
  const ws = weights.data;
  for (let i = 0; i < ws.length; i++) ws[i] = Math.sin(1.7 * i + 0.9) + 0.1;

  const checked = xs.filter((x) => x.requiresGrad);
  const gradients = grad(y, checked, { gradOutputs: weights, allowUnused: true });
  for (const [k, x] of checked.entries()) {
    if (x.dtype !== "float64")
      throw new DTypeError(`gradcheck: input ${xs.indexOf(x)} is ${x.dtype}, it must be float64`);
    const g = gradients[k]?.data ?? new Float64Array(x.numel());
    const values = x.data;
    for (let i = 0; i < values.length; i++) {
      const before = values[i];
      const at = (v: number) => {
        values[i] = v;
        return noGrad(() =>
          fn(...xs)
            .mul(weights)
            .sum()
            .item(),
        );
      };
      const numeric = (at(before + eps) - at(before - eps)) / (2 * eps);
      values[i] = before;
      if (Math.abs(numeric - g[i]) <= atol + rtol * Math.abs(numeric)) continue;
      throw new Error(
        `gradcheck: input ${xs.indexOf(x)}, element ${i}: backward gives ${g[i]}, differences give ${numeric}`,
      );
    }
  }
  return true;
}
