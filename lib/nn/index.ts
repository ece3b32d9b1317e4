// The contents of nn.
export { Module } from "./module.js";
export { Parameter } from "./parameter.js";
export { StateDictError, type StateDict } from "./state-dict.js";
export type { HookHandle } from "./hooks.js";
export { Identity, ModuleDict, ModuleList, ParameterList, Sequential } from "./containers.js";
export { Conv1d, Conv2d } from "./conv.js";
export { AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d } from "./pool.js";
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
} from "./adaptive-pool.js";
export { Flatten, Unflatten } from "./flatten.js";
export { Linear } from "./linear.js";
export { ReLU } from "./activations.js";
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
