// Several tensors as one in the graph, so that their gradients are met together: copied behind one another into one
// tensor, of which each is a view. Only for backward hooks of calls with several inputs or outputs.

import { record, type Row } from "../autograd.js";
import { DTypeError } from "../errors.js";
import { alias } from "../ops/alias.js";
import { copyInto, empty, Tensor } from "../tensor.js";
import { rowMajorStrides } from "../shape.js";

export type Joined = Tensor[];

/** The same tensors; on the way back `change` gets all their gradients at once and gives what flows on. */
export function joined(
  parts: readonly Tensor[],
  change: (gradients: Tensor[]) => Tensor[],
): Joined {
  const [{ dtype }] = parts;
  for (const part of parts) {
    if (part.dtype === dtype) continue;
    throw new DTypeError(
      `backward hook: inputs of ${dtype} and ${part.dtype} cannot be watched together: convert them to one dtype`,
    );
  }
  const ends: number[] = [];
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + part.numel());
  const starts = parts.map((part, i) => ends[i] - part.numel());
  const cut = (whole: Tensor, i: number) =>
    new Tensor(
      whole.storage,
      parts[i].shape,
      rowMajorStrides(parts[i].shape),
      whole.offset + starts[i],
    );

  const whole = empty([ends.at(-1)!], dtype);
  parts.forEach((part, i) => copyInto(cut(whole, i), part));

  let changed: Tensor[] = [];
  const rows = parts.map((part, i): Row => {
    const back = (gy: Tensor) => {
      // the rows are walked in order: the first one asks for all
      if (i === 0) changed = change(parts.map((_, j) => cut(gy, j)));
      return changed[i];
    };
    return [part, back];
  });
  record("BackwardHookFunctionBackward", whole, rows, { mayKeepGradient: true });

  return parts.map((part, i) =>
    alias(
      whole,
      part.shape,
      rowMajorStrides(part.shape),
      starts[i],
      "BackwardHookFunctionBackward",
      (gy) => {
        const all = empty(whole.shape, dtype);
        all.storage.array.fill(0);
        copyInto(cut(all, i), gy);
        return all;
      },
    ),
  );
}
