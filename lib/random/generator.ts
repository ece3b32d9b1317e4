// The default source of random numbers.

import { Mt19937 } from "./mt19937.js";

export const defaultGenerator = new Mt19937(Math.floor(Math.random() * 2 ** 32));

/** Start the default random numbers over: after `manualSeed(0)` they are PyTorch's, bit for bit. */
export function manualSeed(seed: number): void {
  defaultGenerator.seed(seed);
}
