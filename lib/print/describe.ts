// A tensor in one line: what one wants to know before looking at it.

import { bytesPerElement, isFloating } from "../compute/dtypes.js";
import { gather, type Tensor } from "../tensor.js";

/**
 * Shape, size, range, mean and standard deviation of a tensor in one line, with marks for what often is a mistake
 * (NaN!, Inf!, all_zeros). Range and moments are those of the finite values.
 *
 * ```ts
 * torch.describe(torch.tensor([[0, 1, 2], [3, 4, 5]])) // → "tensor[2, 3] int64 n=6 x∈[0, 5] μ=2.500 σ=1.871"
 * torch.describe(torch.tensor([0.5, NaN])) // → "tensor[2] n=2 x∈[0.500, 0.500] μ=0.500 NaN!"
 * ```
 */
export function describe(x: Tensor): string {
  const count = x.numel();
  const megabytes = (count * bytesPerElement[x.dtype]) / 2 ** 20;
  const parts = [
    `tensor[${x.shape.join(", ")}]`,
    x.dtype === "float32" ? "" : x.dtype,
    `n=${count}`,
    megabytes >= 0.1 ? `(${megabytes.toFixed(1)} MiB)` : "",
    ...statistics(x),
    x.requiresGrad ? "grad" : "",
  ];
  return parts.filter(Boolean).join(" ");
}

function statistics(x: Tensor): string[] {
  if (x.numel() === 0) return ["empty"];
  const dense = x.isContiguous() ? x : gather(x);
  const values = dense.storage.array;
  const end = dense.offset + x.numel();
  let [nan, infinite, finite, sum] = [false, false, 0, 0];
  let [least, most] = [Infinity, -Infinity];
  for (let p = dense.offset; p < end; p++) {
    const value = values[p];
    if (value !== value) nan = true;
    else if (value === Infinity || value === -Infinity) infinite = true;
    else {
      finite++;
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }

  const mean = sum / finite;
  let squares = 0; // a second pass: the difference of two large sums would lose the digits
  for (let p = dense.offset; p < end; p++) {
    const value = values[p];
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  const whole = !isFloating(x.dtype);
  const deviation = Math.sqrt(squares / (finite - 1)); // as torch.std
  return [
    finite > 0 ? `x∈[${shown(least, whole)}, ${shown(most, whole)}] μ=${shown(mean)}` : "",
    finite > 1 ? `σ=${shown(deviation)}` : "",
    nan ? "NaN!" : "",
    infinite ? "Inf!" : "",
    least === 0 && most === 0 && !nan && !infinite ? "all_zeros" : "",
  ];
}

/** Three decimals; very small and very large numbers with an exponent. */
function shown(value: number, whole = false): string {
  if (whole) return String(value);
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(3) : value.toFixed(3);
}
