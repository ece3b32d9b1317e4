// Single random numbers as PyTorch draws them, from the default generator.

import { rand, randint, randn, randperm } from "../random/create.js";
import { defaultGenerator } from "../random/generator.js";

export const RandomSource = {
  /** torch.rand(1) */
  unit: (): number => rand(1).data[0],
  /** torch.rand(1) < p */
  happens: (p: number): boolean => rand(1).data[0] < p,
  /** torch.randint(0, count, (1,)) */
  below: (count: number): number => randint(count, [1]).data[0],
  /** torch.randperm(n) */
  order: (n: number): number[] => Array.from(randperm(n).data),
  /** torch.empty(n).normal_() */
  normals: (n: number): ArrayLike<number> => randn(n).data,
  /** torch.empty(1).uniform_(low, high): float32, multiplied and added with one rounding */
  uniform(low: number, high: number): number {
    const from = Math.fround(low);
    const value = defaultGenerator.uniform32() * Math.fround(Math.fround(high) - from) + from;
    return Math.fround(value);
  },
};
