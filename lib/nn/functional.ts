// torch.nn.functional: the layers' mathematics as functions, often imported as F.
export { conv2d, relu } from "../ops/index.js";
