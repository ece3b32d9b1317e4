// Names of the pointwise operations that the kernels know. What each computes: assembly/generate/elementwise.mjs.

export type UnaryName =
  | ("copy" | "negate" | "absolute" | "squareRoot" | "reciprocal" | "square" | "floor" | "ceil")
  | ("round" | "relu" | "exp" | "log" | "sigmoid" | "tanh" | "erf" | "silu" | "gelu")
  | ("addNumber" | "multiplyNumber" | "affine" | "subtractFromNumber" | "divideNumber")
  | ("divideByNumber" | "clamp" | "leakyRelu" | "elu");

export type BinaryName =
  | ("add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "addScaled")
  | ("reluBackward" | "leakyReluBackward" | "sigmoidBackward" | "tanhBackward")
  | ("absoluteBackward" | "reciprocalBackward" | "squareRootBackward");
