// Names of the pointwise operations that the kernels know. What each computes: assembly/generate/elementwise.mjs.

export type UnaryName =
  | ("copy" | "negate" | "absolute" | "squareRoot" | "reciprocal" | "square" | "floor" | "ceil")
  | ("round" | "relu" | "exp" | "log" | "sigmoid" | "tanh" | "erf" | "silu" | "gelu")
  | ("addNumber" | "multiplyNumber" | "affine" | "subtractFromNumber" | "divideNumber")
  | ("divideByNumber" | "clamp" | "leakyRelu" | "elu" | "truncate" | "sign" | "inverseSquareRoot")
  | ("cube" | "expm1" | "exp2" | "log1p" | "log2" | "sin" | "cos" | "atan" | "power" | "softplus")
  | ("logSigmoid" | "mish" | "geluTanh" | "softsign" | "hardsigmoid" | "hardswish" | "hardshrink")
  | ("softshrink" | "threshold");

export type BinaryName =
  | ("add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "atan2")
  | "addScaled"
  | ("reluBackward" | "leakyReluBackward" | "sigmoidBackward" | "tanhBackward")
  | ("absoluteBackward" | "reciprocalBackward" | "squareRootBackward" | "cubeBackward")
  | ("clampBackward" | "hardtanhBackward" | "eluBackward" | "siluBackward" | "geluBackward")
  | ("geluTanhBackward" | "mishBackward" | "softplusBackward" | "logSigmoidBackward")
  | ("softsignBackward" | "hardsigmoidBackward" | "hardswishBackward" | "shrinkBackward")
  | ("thresholdBackward" | "squaredDifference" | "absoluteDifference" | "smoothDifference")
  | "logisticLoss";
