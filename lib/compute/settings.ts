// What a user may choose about the way of computing.

export type Algorithm = "fast" | "exact";

let chosen: Algorithm = "fast";

export function algorithm(): Algorithm {
  return chosen;
}

/**
 * "fast" (the default) lets convolutions with kernels of 3 or 5 use Winograd's algorithms: up to four times fewer multiplications, with
 * rounding errors near 7e-6 of the largest value; "exact" takes the sums of the formula, with errors below 2e-6.
 * Either gives the same bits on every run and with any number of threads.
 *
 * ```ts
 * torch.setAlgorithm("exact")
 * torch.setAlgorithm("fast")
 * ```
 */
export function setAlgorithm(value: Algorithm): void {
  if (value !== "fast" && value !== "exact") {
    throw new TypeError(`setAlgorithm: "fast" or "exact" wanted, met ${JSON.stringify(value)}`);
  }
  chosen = value;
}

/**
 * PyTorch's switch, here for the exact algorithms: `setDeterministic(true)` is `setAlgorithm("exact")`.
 * (Results are repeatable to the last bit either way.)
 */
export function setDeterministic(value: boolean): void {
  chosen = value ? "exact" : "fast";
}
