// Einstein summation: sums of products written as letters.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { mul } from "./arithmetic.js";
import { matmul } from "./products.js";
import { sum } from "./sum.js";
import { diagonal, permute, reshape, unsqueeze } from "./views.js";

/**
 * Sums of products, named by letters: each letter is an axis; letters that do not stand right of "->" are summed over.
 * "..." stands for further axes, which broadcast.
 *
 * ```ts
 * const a = torch.tensor([[1, 2], [3, 4]], { dtype: "float32" })
 * torch.einsum("ij,jk->ik", a, a).tolist() // → [[7, 10], [15, 22]]
 * torch.einsum("ii", a).item() // → 5
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.einsum.html
 */
export function einsum(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor {
  const tensors = (
    operands.length === 1 && Array.isArray(operands[0]) ? operands[0] : operands
  ) as Tensor[];
  const [left, right] = equation.replace(/\s/g, "").split("->");
  const terms = left.split(",");
  if (terms.length !== tensors.length) {
    throw new TypeError(
      `einsum: "${equation}" names ${terms.length} operands, ${tensors.length} were given`,
    );
  }

  const named = tensors.map((x, i) =>
    withoutRepeats(x, lettersOf(terms[i], x, equation), equation),
  );
  const sizes = new Map<string, number>();
  for (const { x, letters } of named) {
    letters.forEach((letter, axis) => {
      const [before, size] = [sizes.get(letter), x.shape[axis]];
      if (before !== undefined && before !== size && before !== 1 && size !== 1) {
        throw new ShapeError(`einsum: ${letter} is ${before} and ${size} in "${equation}"`);
      }
      sizes.set(letter, Math.max(before ?? 1, size));
    });
  }

  const dots = [...sizes.keys()]
    .filter((letter) => letter.startsWith("."))
    .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  const output = right === undefined ? implicitOutput(left, dots) : expandDots(right, dots);
  for (const letter of output) {
    if (!sizes.has(letter))
      throw new TypeError(`einsum: ${letter} stands right of "->" only, in "${equation}"`);
  }
  return contract(named, output, sizes);
}

interface NamedTensor {
  x: Tensor;
  letters: string[];
}

/** The letters of one operand; axes under "..." are called .0 (the last), .1, … */
function lettersOf(term: string, x: Tensor, equation: string): string[] {
  const [before, after] = term.includes("...") ? term.split("...") : [term, null];
  const rest = x.ndim - before.length - (after?.length ?? 0);
  if (rest < 0 || (after === null && rest > 0)) {
    throw new ShapeError(
      `einsum: "${term}" in "${equation}" does not name the ${x.ndim} axes of ${showShape(x.shape)}`,
    );
  }
  const dots = after === null ? [] : Array.from({ length: rest }, (_, i) => `.${rest - 1 - i}`);
  return [...before, ...dots, ...(after ?? "")];
}

function expandDots(term: string, dots: readonly string[]): string[] {
  const [before, after] = term.includes("...") ? term.split("...") : [term, null];
  return [...before, ...(after === null ? [] : dots), ...(after ?? "")];
}

function implicitOutput(left: string, dots: readonly string[]): string[] {
  const letters = [...left.replace(/[.,]/g, "")];
  return [
    ...dots,
    ...[...new Set(letters)].filter((l) => letters.filter((m) => m === l).length === 1).sort(),
  ];
}

/** A letter that stands twice in one operand means its diagonal. */
function withoutRepeats(x: Tensor, letters: string[], equation: string): NamedTensor {
  const second = letters.findIndex((letter, i) => letters.indexOf(letter) < i);
  if (second < 0) return { x, letters };
  const first = letters.indexOf(letters[second]);
  if (x.shape[first] !== x.shape[second]) {
    throw new ShapeError(
      `einsum: ${letters[second]} is ${x.shape[first]} and ${x.shape[second]} in "${equation}"`,
    );
  }
  const rest = letters.filter((_, axis) => axis !== first && axis !== second);
  return withoutRepeats(diagonal(x, 0, first, second), [...rest, letters[second]], equation);
}

function contract(
  named: readonly NamedTensor[],
  output: readonly string[],
  sizes: ReadonlyMap<string, number>,
): Tensor {
  let result = named[0];
  for (let i = 1; i < named.length; i++) {
    const later = new Set([...output, ...named.slice(i + 1).flatMap((n) => n.letters)]);
    result = pair(result, named[i], later, sizes);
  }
  const extra = result.letters.flatMap((letter, axis) => (output.includes(letter) ? [] : axis));
  const total = extra.length > 0 ? sum(result.x, extra) : result.x;
  const left = result.letters.filter((letter) => output.includes(letter));
  return permute(
    total,
    output.map((letter) => left.indexOf(letter)),
  );
}

/** Two operands into one, as a stack of matrix products: [kept by both, of a, of b]. */
function pair(
  a: NamedTensor,
  b: NamedTensor,
  later: ReadonlySet<string>,
  sizes: ReadonlyMap<string, number>,
): NamedTensor {
  const all = [...new Set([...a.letters, ...b.letters])];
  const inBoth = (l: string) => a.letters.includes(l) && b.letters.includes(l);
  const stretched = all.some(
    (l) => inBoth(l) && [a, b].some((n) => n.x.shape[n.letters.indexOf(l)] !== sizes.get(l)),
  );
  if (stretched) {
    const product = mul(aligned(a, all), aligned(b, all));
    return { x: product, letters: all };
  }
  const [first, second] = [summed(a, b, later), summed(b, a, later)];
  const batch = all.filter((l) => inBoth(l) && later.has(l));
  const inner = all.filter((l) => inBoth(l) && !later.has(l));
  const rows = first.letters.filter((l) => !inBoth(l));
  const columns = second.letters.filter((l) => !inBoth(l));
  const count = (letters: readonly string[]) => letters.reduce((n, l) => n * sizes.get(l)!, 1);
  const x = matmul(
    reshape(ordered(first, [...batch, ...rows, ...inner]), [
      count(batch),
      count(rows),
      count(inner),
    ]),
    reshape(ordered(second, [...batch, ...inner, ...columns]), [
      count(batch),
      count(inner),
      count(columns),
    ]),
  );
  const letters = [...batch, ...rows, ...columns];
  return {
    x: reshape(
      x,
      letters.map((l) => sizes.get(l)!),
    ),
    letters,
  };
}

/** Letters of `a` that nobody else needs, summed away first. */
function summed(a: NamedTensor, b: NamedTensor, later: ReadonlySet<string>): NamedTensor {
  const gone = a.letters.flatMap((l, axis) => (b.letters.includes(l) || later.has(l) ? [] : axis));
  if (gone.length === 0) return a;
  return { x: sum(a.x, gone), letters: a.letters.filter((_, axis) => !gone.includes(axis)) };
}

function ordered({ x, letters }: NamedTensor, order: readonly string[]): Tensor {
  return permute(
    x,
    order.map((l) => letters.indexOf(l)),
  );
}

/** x with axes of size 1 for the letters that it lacks, in the order of `all`. */
function aligned({ x, letters }: NamedTensor, all: readonly string[]): Tensor {
  const present = all.filter((l) => letters.includes(l));
  let y = ordered({ x, letters }, present);
  all.forEach((l, axis) => {
    if (!letters.includes(l)) y = unsqueeze(y, axis);
  });
  return y;
}
