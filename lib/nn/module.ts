// The base of all layers and models.

import type { Tensor } from "../tensor.js";
import { Callable } from "./callable.js";
import { Parameter } from "./parameter.js";

/**
 * The base class of layers and models: write the layers as fields and `forward`; call the model as a function.
 * Fields that are modules or parameters are found by themselves, in the order in which they were written.
 *
 * ```ts
 * class Net extends nn.Module {
 *   conv = new nn.Conv2d(1, 6, 5)
 *   forward(x: torch.Tensor) { return this.conv(x).relu() }
 * }
 * new Net()(torch.zeros(1, 1, 28, 28)).shape // → [1, 6, 24, 24]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html
 */
export abstract class Module<In extends unknown[] = [Tensor], Out = Tensor> extends Callable<
  In,
  Out
> {
  /** True while training; dropout and batch norm look at it. */
  training = true;

  /** The modules that are direct fields, by name. */
  *namedChildren(): Generator<[string, AnyModule]> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) yield [name, value as AnyModule];
    }
  }

  /** All parameters, named by their path: `conv1.0.weight`. */
  *namedParameters(prefix = ""): Generator<[string, Parameter]> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Parameter) yield [prefix + name, value];
    }
    for (const [name, child] of this.namedChildren())
      yield* child.namedParameters(`${prefix}${name}.`);
  }

  /** All parameters. */
  parameters(): Parameter[] {
    return [...this.namedParameters()].map(([, parameter]) => parameter);
  }
}

export type AnyModule = Module<any[], any>;
