// The way out to other engines: a model as an ONNX file. The model is run once, each layer's call becomes nodes; between
// layers a tensor may change its shape (flatten, reshape), nothing else.

import { noGrad } from "../autograd.js";
import { tensor } from "../creation.js";
import * as nn from "../nn/index.js";
import { gather, Tensor } from "../tensor.js";
import { sameShape, showShape } from "../shape.js";
import { initializer, model as modelProto, node, valueInfo, type Attribute } from "./onnx-proto.js";
import { writeTo } from "./source.js";

type AnyModule = nn.Module;

export interface ExportOnnxOptions {
  /** May the first axis have another size than in the example? Default: yes if the example has 2 or 4 axes. */
  dynamicBatch?: boolean;
}

/**
 * Writes a model as ONNX (operator set 20), in evaluation mode. `input`: an example of what the model takes. Layers
 * of nn and, between them, flatten and reshape can be written; other calculations in `forward` are refused.
 *
 * @see https://onnx.ai/onnx/operators/
 */
export function exportOnnx(
  model: AnyModule,
  input: Tensor,
  path: string | URL,
  options: ExportOnnxOptions = {},
): void {
  writeTo("exportOnnx", path, [encodeOnnx(model, input, options)]);
}

/** The bytes of the file that {@link exportOnnx} writes. */
export function encodeOnnx(
  model: AnyModule,
  input: Tensor,
  { dynamicBatch = input.ndim === 2 || input.ndim === 4 }: ExportOnnxOptions = {},
): Uint8Array {
  const trace = new Trace(input);
  const names = new Map<AnyModule, string>();
  for (const [name, module] of model.namedModules() as Iterable<[string, AnyModule]>)
    names.set(module, name);
  const leaves = [...names].filter(([module]) => [...module.namedChildren()].length === 0);
  const hooks = leaves.map(([module, name]) =>
    module.registerForwardHook((_module: AnyModule, [x]: Tensor[], y: Tensor) =>
      trace.layer(module, name, x, y),
    ),
  );
  const wasTraining = model.training;
  model.eval();
  let output: Tensor;
  try {
    output = noGrad(() => model(input)) as Tensor;
  } finally {
    hooks.forEach((hook) => hook.remove());
    if (wasTraining) model.train();
  }

  const last = trace.nameOf(output, "the result");
  trace.add("Identity", [last], output, {}, "output");
  const free = (shape: readonly number[]): (number | null)[] =>
    shape.map((size, axis) =>
      dynamicBatch && axis === 0 && size === input.shape[0] ? null : size,
    );
  return modelProto({
    nodes: trace.nodes,
    initializers: trace.initializers,
    input: valueInfo("input", input.dtype, free(input.shape)),
    output: valueInfo("output", output.dtype, free(output.shape)),
  });
}

/** The nodes so far, and which tensor has which name. */
class Trace {
  readonly nodes: Uint8Array[] = [];
  readonly initializers: Uint8Array[] = [];
  private readonly names = new Map<Tensor, string>();
  private count = 0;

  constructor(input: Tensor) {
    this.names.set(input, "input");
  }

  layer(module: AnyModule, path: string, x: Tensor, y: Tensor): void {
    const [, write] = layers.find(([kind]) => module instanceof kind) ?? [];
    if (!write) {
      throw new TypeError(
        `exportOnnx: ${path || "the model"} is a ${module.constructor.name}, which is not written; there are ${layers.map(([kind]) => kind.name).join(", ")}`,
      );
    }
    write(
      this,
      module,
      this.nameOf(x, `the input of ${path || module.constructor.name}`),
      x,
      y,
      path,
    );
  }

  /** The name of a tensor; for another view of a known one, a Reshape first. */
  nameOf(x: Tensor, what: string): string {
    const known = this.names.get(x);
    if (known !== undefined) return known;
    for (const [other, name] of [...this.names].reverse()) {
      const sameNumbers =
        other.storage === x.storage &&
        other.offset === x.offset &&
        other.numel() === x.numel() &&
        other.isContiguous() &&
        x.isContiguous();
      if (!sameNumbers) continue;
      return sameShape(other.shape, x.shape) ? name : this.reshape(name, other.shape, x);
    }
    throw new TypeError(
      `exportOnnx: ${what}, ${showShape(x.shape)}, comes from a calculation between the layers: write it as a layer of nn (only flatten and reshape may stand between them)`,
    );
  }

  reshape(from: string, before: readonly number[], x: Tensor): string {
    // 0 keeps the size of the batch axis, whatever it is
    const keep = before[0] === x.shape[0] && x.ndim > 1;
    const shape = keep ? [0, ...x.shape.slice(1)] : [...x.shape];
    return this.add("Reshape", [from, this.constant(tensor(shape, { dtype: "int64" }))], x);
  }

  constant(x: Tensor, name = `constant${this.initializers.length}`): string {
    this.initializers.push(initializer(name, x));
    return name;
  }

  /** A node whose result is `y` (or, with null, something in between). Gives its name. */
  add(
    op: string,
    inputs: readonly string[],
    y: Tensor | null,
    attributes: Record<string, Attribute> = {},
    name = `${op.toLowerCase()}${++this.count}`,
  ): string {
    this.nodes.push(node(op, inputs, name, attributes));
    if (y) this.names.set(y, name);
    return name;
  }

  /** y is x under another name. */
  same(name: string, y: Tensor): void {
    this.names.set(y, name);
  }
}

type Write = (
  trace: Trace,
  module: any,
  x: string,
  input: Tensor,
  output: Tensor,
  path: string,
) => void;
const pair = (value: number | readonly number[]): number[] =>
  typeof value === "number"
    ? [value, value]
    : value.length === 1
      ? [value[0], value[0]]
      : [...value];
const onBothSides = (padding: number | readonly number[]): number[] => [
  ...pair(padding),
  ...pair(padding),
];

/** Pictures without a batch axis get one for the node, and lose it after. */
function batched(
  trace: Trace,
  x: string,
  input: Tensor,
  y: Tensor,
  write: (x: string, y: Tensor | null) => string,
): void {
  if (input.ndim === 4) {
    write(x, y);
    return;
  }
  const wide = trace.add(
    "Reshape",
    [x, trace.constant(tensor([1, ...input.shape], { dtype: "int64" }))],
    null,
  );
  trace.add(
    "Reshape",
    [write(wide, null), trace.constant(tensor([...y.shape], { dtype: "int64" }))],
    y,
  );
}

const simple =
  (op: string, attributes: (module: any) => Record<string, Attribute> = () => ({})): Write =>
  (trace, module, x, _input, y) =>
    void trace.add(op, [x], y, attributes(module));

const conv: Write = (trace, m, x, input, y, path) =>
  batched(trace, x, input, y, (from, to) => {
    const [kernel, dilations, strides] = [pair(m.kernelSize), pair(m.dilation), pair(m.stride)];
    const whole = kernel.map((k, i) => dilations[i] * (k - 1));
    let pads =
      m.padding === "valid"
        ? [0, 0, 0, 0]
        : m.padding === "same"
          ? [...whole.map((n) => Math.floor(n / 2)), ...whole.map((n) => n - Math.floor(n / 2))]
          : onBothSides(m.padding);
    if (m.paddingMode !== "zeros") {
      const mode = (
        { reflect: "reflect", replicate: "edge", circular: "wrap" } as Record<string, string>
      )[m.paddingMode];
      const sides = tensor([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]], { dtype: "int64" });
      from = trace.add("Pad", [from, trace.constant(sides)], null, { mode });
      pads = [0, 0, 0, 0];
    }
    const weights = [
      trace.constant(m.weight, `${path}.weight`),
      ...(m.bias ? [trace.constant(m.bias, `${path}.bias`)] : []),
    ];
    return trace.add("Conv", [from, ...weights], to, {
      kernel_shape: kernel,
      strides,
      dilations,
      pads,
      group: m.groups,
    });
  });

const pool =
  (op: string, more: (m: any) => Record<string, Attribute>): Write =>
  (trace, m, x, input, y) =>
    batched(trace, x, input, y, (from, to) =>
      trace.add(op, [from], to, {
        kernel_shape: pair(m.kernelSize),
        strides: pair(m.stride),
        pads: onBothSides(m.padding),
        ceil_mode: m.ceilMode ? 1 : 0,
        ...more(m),
      }),
    );

const linear: Write = (trace, m, x, input, y, path) => {
  if (input.ndim === 2) {
    const weights = [
      trace.constant(m.weight, `${path}.weight`),
      ...(m.bias ? [trace.constant(m.bias, `${path}.bias`)] : []),
    ];
    trace.add("Gemm", [x, ...weights], y, { transB: 1 });
    return;
  }
  const turned = new Tensor(
    m.weight.storage,
    [...m.weight.shape].reverse(),
    [...m.weight.strides].reverse(),
    m.weight.offset,
  );
  const product = trace.add(
    "MatMul",
    [x, trace.constant(gather(turned), `${path}.weight`)],
    m.bias ? null : y,
  );
  if (m.bias) trace.add("Add", [product, trace.constant(m.bias, `${path}.bias`)], y);
};

const batchNorm: Write = (trace, m, x, input, y, path) => {
  if (!m.runningMean)
    throw new TypeError(
      `exportOnnx: ${path} keeps no running mean; only such batch norms are written`,
    );
  const C = m.runningMean.shape[0];
  const one = tensor(new Array(C).fill(1), { dtype: "float32" });
  const zero = tensor(new Array(C).fill(0), { dtype: "float32" });
  const parts = {
    weight: m.weight ?? one,
    bias: m.bias ?? zero,
    running_mean: m.runningMean,
    running_var: m.runningVar,
  };
  const names = Object.entries(parts).map(([name, x]) => trace.constant(x, `${path}.${name}`));
  const write = (from: string, to: Tensor | null): string =>
    trace.add("BatchNormalization", [from, ...names], to, { epsilon: { float: m.eps } });
  if (input.ndim === 3 && m instanceof nn.BatchNorm2d) batched(trace, x, input, y, write);
  else write(x, y);
};

const average: Write = (trace, m, x, input, y, path) => {
  const [H, W] = input.shape.slice(-2);
  const [h, w] = y.shape.slice(-2);
  if (H % h || W % w)
    throw new TypeError(
      `exportOnnx: ${path} averages ${H}×${W} to ${h}×${w}, in parts of different sizes: ONNX has no such node`,
    );
  batched(trace, x, input, y, (from, to) =>
    trace.add("AveragePool", [from], to, { kernel_shape: [H / h, W / w], strides: [H / h, W / w] }),
  );
};

const asItIs: Write = (trace, _m, x, input, y) => {
  if (sameShape(input.shape, y.shape)) trace.same(x, y);
  else trace.reshape(x, input.shape, y);
};

const dimOf = (dim: number | null | undefined): number => dim ?? -1;

const layers: readonly (readonly [abstract new (...args: any[]) => any, Write])[] = [
  [nn.Conv2d, conv],
  [nn.MaxPool2d, pool("MaxPool", (m) => ({ dilations: pair(m.dilation) }))],
  [nn.AvgPool2d, pool("AveragePool", (m) => ({ count_include_pad: m.countIncludePad ? 1 : 0 }))],
  [nn.AdaptiveAvgPool2d, average],
  [nn.Linear, linear],
  [nn.BatchNorm1d, batchNorm],
  [nn.BatchNorm2d, batchNorm],
  [nn.Flatten, asItIs],
  [nn.Unflatten, asItIs],
  [nn.Identity, asItIs],
  [nn.Dropout, asItIs],
  [nn.Dropout2d, asItIs],
  [nn.ReLU, simple("Relu")],
  [nn.Sigmoid, simple("Sigmoid")],
  [nn.Tanh, simple("Tanh")],
  [nn.LeakyReLU, simple("LeakyRelu", (m) => ({ alpha: { float: m.negativeSlope } }))],
  [nn.ELU, simple("Elu", (m) => ({ alpha: { float: m.alpha } }))],
  [nn.SELU, simple("Selu")],
  [nn.GELU, simple("Gelu", (m) => ({ approximate: m.approximate ?? "none" }))],
  [
    nn.SiLU,
    (trace, _m, x, _input, y) => void trace.add("Mul", [x, trace.add("Sigmoid", [x], null)], y),
  ],
  [nn.Softsign, simple("Softsign")],
  [nn.Softmax, simple("Softmax", (m) => ({ axis: dimOf(m.dim) }))],
  [nn.LogSoftmax, simple("LogSoftmax", (m) => ({ axis: dimOf(m.dim) }))],
];
