// torch.nn.functional: the layers' mathematics as functions, often imported as F.
export * from "../ops/conv.js";
export * from "../ops/max-pool.js";
export * from "../ops/avg-pool.js";
export * from "../ops/adaptive-pool.js";
export { linear } from "../ops/linear.js";
export { relu } from "../ops/activations.js";
export * from "../ops/soft-activations.js";
export * from "../ops/softmax.js";
export { sigmoid, tanh } from "../ops/functions.js";
export { pad, type PadOptions } from "../ops/padding.js";
export { oneHot } from "../ops/picks.js";
export * from "../ops/conv-transpose.js";
export * from "../ops/norms.js";
export * from "../ops/dropout.js";
export { embedding } from "../ops/embedding.js";
export * from "../ops/class-losses.js";
export * from "../ops/pair-losses.js";
