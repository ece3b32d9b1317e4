// The contents of nn.
export { Module } from "./module.js";
export { Parameter } from "./parameter.js";
export { StateDictError, type StateDict } from "./state-dict.js";
export type { HookHandle } from "./hooks.js";
export { Identity, ModuleDict, ModuleList, ParameterList, Sequential } from "./containers.js";
export { Conv1d, Conv2d, Conv3d } from "./conv.js";
export { AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d } from "./pool.js";
export {
  LocalResponseNorm,
  LPPool1d,
  LPPool2d,
  LPPool3d,
  MaxUnpool1d,
  MaxUnpool2d,
  MaxUnpool3d,
} from "./unpool.js";
export * from "./padding.js";
export {
  ChannelShuffle,
  CosineSimilarity,
  Fold,
  PairwiseDistance,
  PixelShuffle,
  PixelUnshuffle,
  Unfold,
  Upsample,
} from "./rearranging.js";
export * from "./more-losses.js";
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
} from "./adaptive-pool.js";
export { Flatten, Unflatten } from "./flatten.js";
export { Bilinear, Linear } from "./linear.js";
export {
  CELU,
  ELU,
  GELU,
  Hardsigmoid,
  Hardswish,
  Hardtanh,
  LeakyReLU,
  LogSigmoid,
  Mish,
  PReLU,
  ReLU,
  ReLU6,
  SELU,
  SiLU,
  Sigmoid,
  Softplus,
  Softsign,
  Tanh,
  Tanhshrink,
} from "./activations.js";
export { LogSoftmax, Softmax, Softmax2d, Softmin } from "./softmax.js";
export { GLU, Hardshrink, Softshrink, Threshold } from "./gates.js";
export { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d } from "./dropout.js";
export { Embedding } from "./embedding.js";
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  GroupNorm,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  LayerNorm,
  RMSNorm,
} from "./norms.js";
export * as init from "./init.js";
export * as utils from "./utils.js";
export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MSELoss,
  NLLLoss,
  SmoothL1Loss,
} from "./losses.js";
export { convOutputSize, poolOutputSize } from "../ops/output-size.js";
export * as functional from "./functional.js";
