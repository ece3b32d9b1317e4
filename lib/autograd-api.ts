// torch.autograd
export { backward, grad } from "./backward.js";
export { Function, FunctionContext } from "./autograd-function.js";
export { gradcheck } from "./gradcheck.js";
