// torch.nn.utils: what is done to gradients between backward and step, and parameters as one vector.

import { noGrad } from "../autograd.js";
import { scalar } from "../creation.js";
import { ShapeError } from "../errors.js";
import { mul_ } from "../ops/inplace.js";
import { map } from "../ops/pointwise.js";
import { norm as normOf } from "../ops/spread.js";
import { contiguous } from "../ops/views.js";
import { copyInto, empty, Tensor } from "../tensor.js";

function withGrads(parameters: Tensor | Iterable<Tensor>): Tensor[] {
  const list = parameters instanceof Tensor ? [parameters] : [...parameters];
  return list.flatMap((x) => (x.gradient ? [x.gradient] : []));
}

/**
 * Makes all gradients smaller by one factor, so that their norm together is at most maxNorm. Gives the norm they had.
 *
 * ```ts
 * const w = torch.zeros([2], { requiresGrad: true })
 * w.mul(torch.tensor([3, 4])).sum().backward()
 * nn.utils.clipGradNorm_([w], 1).item() // → 5
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  {
    normType = 2,
    errorIfNonfinite = false,
  }: { normType?: number; errorIfNonfinite?: boolean } = {},
): Tensor {
  const grads = withGrads(parameters);
  const norms = noGrad(() => grads.map((grad) => normOf(grad, normType).item()));
  let norm = 0;
  if (normType === Infinity) norm = norms.reduce((a, b) => Math.max(a, b), 0);
  else if (normType === 0) norm = norms.reduce((a, b) => a + b, 0);
  else norm = norms.reduce((a, b) => a + b ** normType, 0) ** (1 / normType);
  if (errorIfNonfinite && !Number.isFinite(norm)) {
    throw new RangeError(`clipGradNorm_: the norm of the gradients is ${norm}`);
  }
  const factor = Math.min(maxNorm / (norm + 1e-6), 1); // as PyTorch
  if (factor < 1 || factor !== factor) noGrad(() => grads.forEach((grad) => mul_(grad, factor)));
  return scalar(norm, grads[0]?.dtype ?? "float32");
}

/** Brings every element of the gradients into [−clipValue, clipValue]. */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  change(withGrads(parameters), (v) =>
    v > clipValue ? clipValue : v < -clipValue ? -clipValue : v,
  );
}

/** All parameters behind one another: [how many numbers they have]. */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const list = [...parameters];
  const all = empty([list.reduce((count, x) => count + x.numel(), 0)], list[0]?.dtype);
  let at = 0;
  for (const x of list) {
    copyInto(new Tensor(all.storage, x.shape, undefined, at), x);
    at += x.numel();
  }
  return all;
}

/** Writes a vector as {@link parametersToVector} gives it back into the parameters. */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  const list = [...parameters];
  const count = list.reduce((sum, x) => sum + x.numel(), 0);
  if (vector.numel() !== count) {
    throw new ShapeError(
      `vectorToParameters: the vector has ${vector.numel()} numbers, the parameters ${count}`,
    );
  }
  noGrad(() => {
    const flat = contiguous(vector);
    let at = 0;
    for (const x of list) {
      copyInto(x, new Tensor(flat.storage, x.shape, undefined, flat.offset + at));
      x.storage.version++;
      at += x.numel();
    }
  });
}

function change(grads: readonly Tensor[], f: (value: number) => number): void {
  for (const grad of grads) {
    copyInto(grad, map(grad, f));
    grad.storage.version++;
  }
}
