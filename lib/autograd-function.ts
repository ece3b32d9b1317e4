// Operations with a way back of one's own.

import { noGrad, record, type Row } from "./autograd.js";
import type { Tensor } from "./tensor.js";

/** What forward leaves for backward. Further fields may be set freely. */
export class FunctionContext {
  /** The tensors given to {@link saveForBackward}. */
  savedTensors: readonly Tensor[] = [];
  /** Does input i want a gradient? */
  needsInputGrad: readonly boolean[] = [];
  [field: string]: unknown;

  /** Keep tensors for backward. */
  saveForBackward(...tensors: Tensor[]): void {
    this.savedTensors = tensors;
  }
}

/**
 * The base of custom operations: static `forward(ctx, …inputs)` and `backward(ctx, gradOutput)`; call it with `apply`.
 *
 * ```ts
 * class Double extends torch.autograd.Function {
 *   static override forward(ctx: any, x: torch.Tensor) { return x.mul(2) }
 *   static override backward(ctx: any, g: torch.Tensor) { return g.mul(2) }
 * }
 * const x = torch.ones([2], { requiresGrad: true })
 * Double.apply(x).sum().backward()
 * x.grad.tolist() // → [2, 2]
 * ```
 *
 * @see https://pytorch.org/docs/stable/notes/extending.html
 */
export class Function {
  static forward(_ctx: FunctionContext, ..._inputs: any[]): Tensor {
    throw new TypeError(`${this.name}: write a static forward(ctx, …inputs)`);
  }

  /** One gradient, or one per input (null for none). */
  static backward(_ctx: FunctionContext, _gradOutput: Tensor): Tensor | readonly (Tensor | null)[] {
    throw new TypeError(`${this.name}: write a static backward(ctx, gradOutput)`);
  }

  static apply(...inputs: any[]): Tensor {
    const ctx = new FunctionContext();
    const isTensor = (x: unknown): x is Tensor =>
      typeof x === "object" && x !== null && "storage" in x;
    ctx.needsInputGrad = inputs.map((x) => isTensor(x) && x.requiresGrad);
    const y = noGrad(() => this.forward(ctx, ...inputs));
    const result = inputs.includes(y) ? y.detach() : y;

    const memo: { gy?: Tensor; all?: readonly (Tensor | null)[] } = {};
    const all = (gy: Tensor) => {
      if (memo.gy !== gy) {
        const g = this.backward(ctx, gy);
        memo.gy = gy;
        memo.all = Array.isArray(g) ? g : [g as Tensor];
      }
      return memo.all!;
    };
    const rows: Row[] = inputs.map((x, i) => [
      isTensor(x) ? x : null,
      (gy) => {
        const g = all(gy)[i];
        if (!g)
          throw new TypeError(
            `${this.name}: backward gave no gradient for input ${i}, which requires grad`,
          );
        return g;
      },
    ]);
    return record(`${this.name}Backward`, result, rows, { mayKeepGradient: true });
  }
}
