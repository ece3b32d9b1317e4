// The contents of torch.optim.lrScheduler.
export { LRScheduler } from "./scheduler.js";
export {
  ConstantLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  PolynomialLR,
  StepLR,
} from "./steps.js";
export { CosineAnnealingLR, CosineAnnealingWarmRestarts } from "./cosine.js";
export { CyclicLR } from "./cyclic.js";
export { OneCycleLR } from "./one-cycle.js";
export { ReduceLROnPlateau } from "./plateau.js";
export { ChainedScheduler, SequentialLR } from "./sequential.js";
