// kernelbook: PyTorch's tensors and layers in TypeScript. `import * as torch from "kernelbook"`.
import "./methods.js";

export * from "./ops/index.js";
export * from "./ops/windows.js";
export { broadcastTensors, cat, concat, hstack, meshgrid, stack, vstack } from "./ops/joining.js";
export { bilinear } from "./ops/bilinear.js";
export { cdist } from "./ops/cdist.js";
export { einsum } from "./ops/einsum.js";
export { where } from "./ops/where.js";
export { numel } from "./ops/numel.js";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./ops/pixel-shuffle.js";
export { Tensor } from "./tensor.js";
export type { DType, TypedArray } from "./compute/dtypes.js";
export { ShapeError, DTypeError } from "./errors.js";
export {
  arange,
  empty,
  emptyLike,
  eye,
  fromNdarray,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  tensor,
  zeros,
  zerosLike,
} from "./creation.js";
export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from "./autograd.js";
export * as linalg from "./ops/linalg.js";
export { det, slogdet } from "./ops/linalg.js";
export { inv as inverse, matrixPower } from "./ops/linalg.js";
export { cosineSimilarity, pairwiseDistance } from "./ops/local-norms.js";
export * as autograd from "./autograd-api.js";
export {
  defaultGenerator,
  Generator,
  getRngState,
  initialSeed,
  manualSeed,
  seed,
  setRngState,
} from "./random/generator.js";
export {
  normal,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
} from "./random/create.js";
export * as nn from "./nn/index.js";
export * as optim from "./optim/index.js";
export { getNumThreads, setNumThreads } from "./compute/team.js";
export { setAlgorithm, setDeterministic } from "./compute/settings.js";
export * as config from "./config.js";
export * as utils from "./utils.js";
export { getPrintoptions, printoptions, setPrintoptions } from "./print/options.js";
export { Summary, summary } from "./summary.js";
export type { SummaryInput, SummaryOptions } from "./summary.js";
export { describe } from "./print/describe.js";
export * as io from "./io/index.js";
export * as onnx from "./onnx.js";
export * as transforms from "./transforms/index.js";
export { load } from "./io/pt-read.js";
export { save } from "./io/pt-write.js";
