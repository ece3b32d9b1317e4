// Drawing categories by their weights.

import { empty, gather, type Tensor } from "../tensor.js";
import { exponential } from "./distributions.js";
import type { Generator } from "./generator.js";

/** One draw with or without replacement, or several without: the largest of weight / exponential number. */
export function drawLargest(weights: Tensor, count: number, generator: Generator): Tensor {
  const [rows, categories] = rowsOf(weights);
  const noise = exponential(empty(weights.shape, weights.dtype), 1, generator).storage.array;
  const dense = gather(weights).storage.array;
  const y = empty([...weights.shape.slice(0, -1), count], "int64");
  for (let row = 0; row < rows; row++) {
    const start = row * categories;
    const ratio = noise.subarray(start, start + categories);
    for (let k = 0; k < categories; k++) ratio[k] = dense[start + k] / ratio[k];
    const order = Array.from(ratio, (_, k) => k).sort((a, b) => ratio[b] - ratio[a] || a - b);
    y.storage.array.set(order.slice(0, count), row * count);
  }
  return y;
}

/** Several draws with replacement: the place of a uniform number among the cumulative weights. */
export function drawAgain(weights: Tensor, count: number, generator: Generator): Tensor {
  const [rows, categories] = rowsOf(weights);
  const dense = gather(weights).storage.array;
  const y = empty([...weights.shape.slice(0, -1), count], "int64");
  const to = y.storage.array;
  const cumulative = dense.slice(0, categories);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let k = 0; k < categories; k++) {
      cumulative[k] = sum + dense[row * categories + k];
      sum = cumulative[k]; // rounded to the dtype, as PyTorch adds
    }
    for (let k = 0; k < categories; k++) cumulative[k] /= sum;
    cumulative[categories - 1] = 1;
    for (let i = 0; i < count; i++) {
      const u = generator.uniform64();
      let [left, right] = [0, categories];
      while (left < right) {
        const middle = (left + right) >> 1;
        if (cumulative[middle] < u) left = middle + 1;
        else right = middle;
      }
      to[row * count + i] = left;
    }
  }
  return y;
}

function rowsOf(weights: Tensor): [rows: number, categories: number] {
  return weights.ndim === 2 ? [weights.shape[0], weights.shape[1]] : [1, weights.shape[0]];
}
