// torch.nn.functional: the layers' mathematics as functions, often imported as F.
export * from "../ops/conv.js";
export * from "../ops/max-pool.js";
export * from "../ops/avg-pool.js";
export * from "../ops/adaptive-pool.js";
export { linear } from "../ops/linear.js";
export { relu } from "../ops/activations.js";
