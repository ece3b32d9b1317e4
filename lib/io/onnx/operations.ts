// Which ONNX nodes an operation is. https://onnx.ai/onnx/operators/ (operator set 20)

import { Tensor } from "../../tensor.js";
import type { Graph } from "./graph.js";
import { normalized } from "./normalized.js";
import type { Attribute } from "./proto.js";
import type { Operation, Trace } from "./trace.js";
import { averagePool, convolution, maxPool, transposedConvolution } from "./windows.js";

/** What a writer has at hand: the names of the inputs, and the operation itself. */
export interface Writing extends Operation {
  readonly graph: Graph;
  readonly trace: Trace;
  /** Names of the inputs; a number becomes a constant. */
  readonly names: readonly string[];
  /** The first input. */
  readonly x: Tensor;
}
type Writer = (writing: Writing) => string;

/** The name of the operation's result; null if it is not in the tables. */
export function nodesOf(trace: Trace, operation: Operation): string | null {
  const { name, told, inputs } = operation;
  const write = told.op === undefined ? byName[name] : byTold[String(told.op)];
  if (!write || !(inputs[0] instanceof Tensor)) return null;
  const [x] = inputs;
  const writing = { ...operation, graph: trace.graph, trace, x, names: [] as string[] };
  for (const input of inputs)
    if (input !== null && input !== undefined) writing.names.push(operand(writing, input));
  return write(writing);
}

/** An input's name, brought to the result's kind of number. */
function operand({ graph, trace, y }: Writing, input: Tensor | number): string {
  if (typeof input === "number") return graph.number(input, y.dtype);
  return trace.nameOf(input);
}

const simple =
  (op: string, attributes: Record<string, Attribute> = {}): Writer =>
  ({ graph, names }) =>
    graph.add(op, [names[0]], attributes);

/** Two operands of one kind of number. */
const binary =
  (op: string): Writer =>
  ({ graph, names, inputs, y, told }) => {
    const both = names.map((name, i) => {
      const x = inputs[i];
      return x instanceof Tensor && x.dtype !== y.dtype ? cast(graph, name, y) : name;
    });
    const alpha = told.alpha as number | undefined;
    if (alpha !== undefined && alpha !== 1)
      both[1] = graph.add("Mul", [both[1], graph.number(alpha, y.dtype)]);
    return graph.add(op, both);
  };

const types = { float32: 1, uint8: 2, int8: 3, int16: 5, int32: 6, int64: 7, bool: 9, float64: 11 };
const cast = (graph: Graph, name: string, y: Tensor): string =>
  graph.add("Cast", [name], { to: types[y.dtype] });

/** f(x, number) */
const withNumber =
  (op: string, value: number, first = false): Writer =>
  ({ graph, names, y }) => {
    const number = graph.number(value, y.dtype);
    return graph.add(op, first ? [number, names[0]] : [names[0], number]);
  };

const product: Writer = ({ graph, trace, names, inputs }) => {
  const weight = trace.transposedConstant(inputs[1] as Tensor);
  if (names.length === 3 || weight)
    return graph.add("Gemm", [names[0], weight ?? names[1], ...names.slice(2)], {
      transB: weight ? 1 : 0,
    });
  return graph.add("MatMul", names);
};

const byName: Readonly<Record<string, Writer>> = {
  AddBackward0: binary("Add"),
  SubBackward0: binary("Sub"),
  MulBackward0: binary("Mul"),
  DivBackward0: binary("Div"),
  PowBackward1: binary("Pow"),
  MaximumBackward0: binary("Max"),
  MinimumBackward0: binary("Min"),
  NegBackward0: simple("Neg"),
  AbsBackward0: simple("Abs"),
  SignBackward0: simple("Sign"),
  ExpBackward0: simple("Exp"),
  Exp2Backward0: withNumber("Pow", 2, true),
  Expm1Backward0: ({ graph, names }) =>
    graph.add("Sub", [graph.add("Exp", [names[0]]), graph.number(1)]),
  LogBackward0: simple("Log"),
  Log1PBackward0: ({ graph, names }) =>
    graph.add("Log", [graph.add("Add", [names[0], graph.number(1)])]),
  Log2Backward0: ({ graph, names }) =>
    graph.add("Div", [graph.add("Log", [names[0]]), graph.number(Math.LN2)]),
  Log10Backward0: ({ graph, names }) =>
    graph.add("Div", [graph.add("Log", [names[0]]), graph.number(Math.LN10)]),
  SqrtBackward0: simple("Sqrt"),
  RsqrtBackward0: ({ graph, names }) => graph.add("Reciprocal", [graph.add("Sqrt", [names[0]])]),
  ReciprocalBackward0: simple("Reciprocal"),
  SinBackward0: simple("Sin"),
  CosBackward0: simple("Cos"),
  TanBackward0: simple("Tan"),
  AsinBackward0: simple("Asin"),
  AcosBackward0: simple("Acos"),
  AtanBackward0: simple("Atan"),
  SinhBackward0: simple("Sinh"),
  CoshBackward0: simple("Cosh"),
  TanhBackward0: simple("Tanh"),
  AsinhBackward0: simple("Asinh"),
  AcoshBackward0: simple("Acosh"),
  AtanhBackward0: simple("Atanh"),
  SigmoidBackward0: simple("Sigmoid"),
  ErfBackward0: simple("Erf"),
  FloorBackward0: simple("Floor"),
  CeilBackward0: simple("Ceil"),
  RoundBackward0: simple("Round"),
  ReluBackward0: simple("Relu"),
  CloneBackward0: simple("Identity"),
  ToCopyBackward0: ({ graph, names, y }) => cast(graph, names[0], y),
  MmBackward0: product,
  AddmmBackward0: product,
  BmmBackward0: ({ graph, names }) => graph.add("MatMul", names),
  PreluKernelBackward0: ({ graph, names }) => graph.add("PRelu", names),
};

/** A row of weights of a resampling along an axis, to be multiplied with its values. */
function line(graph: Graph, values: ArrayLike<number>, y: Tensor, axis: number): string {
  const shape = y.shape.slice(axis).map((_, i) => (i === 0 ? values.length : 1));
  return graph.floats(values, shape);
}

const number = (value: unknown): Attribute => ({ float: value as number });

/** By what an operation says that it was told. */
const byTold: Readonly<Record<string, Writer>> = {
  convolution,
  transposedConvolution,
  averagePool,
  maxPool,
  normalized,
  same: simple("Identity"),
  softmax: ({ graph, names, told }) =>
    graph.add("Softmax", [names[0]], { axis: told.axis as number }),
  logSoftmax: ({ graph, names, told }) =>
    graph.add("LogSoftmax", [names[0]], { axis: told.axis as number }),
  cat: ({ graph, names, told }) => graph.add("Concat", names, { axis: told.axis as number }),
  sum: (writing) => reduced(writing, "ReduceSum"),
  amax: (writing) => reduced(writing, "ReduceMax"),
  amin: (writing) => reduced(writing, "ReduceMin"),
  embedding: ({ graph, trace, names, told }) =>
    graph.add("Gather", [names[0], trace.nameOf(told.indices as Tensor)]),
  pow: ({ graph, names, told, y }) =>
    graph.add("Pow", [names[0], graph.number(told.exponent as number, y.dtype)]),
  clamp: ({ graph, names, told, y }) => {
    const limit = (value: unknown): string =>
      Number.isFinite(value) ? graph.number(value as number, y.dtype) : "";
    return graph.add("Clip", [names[0], limit(told.min), limit(told.max)]);
  },
  pad: ({ graph, names, told, y }) => {
    const sides = graph.integers([...(told.before as number[]), ...(told.after as number[])]);
    return graph.add("Pad", [names[0], sides, graph.number(told.value as number, y.dtype)]);
  },
  padAxis: ({ graph, names, told, y }) => {
    const sides = [told.before, told.after].flatMap((n) =>
      y.shape.map((_, axis) => (axis === told.axis ? (n as number) : 0)),
    );
    const modes: Record<string, string> = {
      reflect: "reflect",
      replicate: "edge",
      circular: "wrap",
    };
    return graph.add("Pad", [names[0], graph.integers(sides)], { mode: modes[String(told.mode)] });
  },
  resample: ({ graph, names, told, y }) => {
    const axis = told.axis as number;
    const { left, right, weight } = told as Record<string, ArrayLike<number>>;
    const at = (places: ArrayLike<number>): string =>
      graph.add("Gather", [names[0], graph.integers(Array.from(places))], { axis });
    if (Array.from(weight).every((w) => w === 0)) return at(left);
    const rest = Array.from(weight, (w) => 1 - w);
    return graph.add("Add", [
      graph.add("Mul", [at(left), line(graph, rest, y, axis)]),
      graph.add("Mul", [at(right), line(graph, weight, y, axis)]),
    ]);
  },

  leakyRelu: ({ graph, names, told }) =>
    graph.add("LeakyRelu", names, { alpha: number(told.slope) }),
  elu: ({ graph, names, told }) => graph.add("Elu", names, { alpha: number(told.alpha) }),
  celu: ({ graph, names, told }) => graph.add("Celu", names, { alpha: number(told.alpha) }),
  selu: simple("Selu"),
  gelu: ({ graph, names, told }) =>
    graph.add("Gelu", names, { approximate: String(told.approximate) }),
  silu: ({ graph, names }) => graph.add("Mul", [names[0], graph.add("Sigmoid", names)]),
  mish: simple("Mish"),
  softplus: ({ graph, names, told }) => {
    const beta = told.beta as number;
    if (beta === 1) return graph.add("Softplus", names);
    const wide = graph.add("Mul", [names[0], graph.number(beta)]);
    return graph.add("Div", [graph.add("Softplus", [wide]), graph.number(beta)]);
  },
  softsign: simple("Softsign"),
  logSigmoid: ({ graph, names }) =>
    graph.add("Neg", [graph.add("Softplus", [graph.add("Neg", names)])]),
  hardsigmoid: simple("HardSigmoid", { alpha: number(1 / 6), beta: number(0.5) }),
  hardswish: simple("HardSwish"),
  softshrink: ({ graph, names, told }) =>
    graph.add("Shrink", names, { lambd: number(told.lambda), bias: number(told.lambda) }),
  hardshrink: ({ graph, names, told }) =>
    graph.add("Shrink", names, { lambd: number(told.lambda), bias: number(0) }),
  tanhshrink: ({ graph, names }) => graph.add("Sub", [names[0], graph.add("Tanh", names)]),
};

function reduced({ graph, names, told }: Writing, op: string): string {
  const keepdims = told.keepdim ? 1 : 0;
  const axes = told.axes as number[];
  if (axes.length === 0) return graph.add("Identity", [names[0]]);
  return graph.add(op, [names[0], graph.integers(axes)], { keepdims });
}
