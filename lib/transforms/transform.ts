// What a transform is: an object that can be called, as a layer is.

import { Callable } from "../nn/callable.js";
import type { Tensor } from "../tensor.js";

/** Called with a picture it gives another. Random ones draw from the default generator, in torchvision's order. */
export abstract class PictureTransform<In = Tensor, Out = Tensor> extends Callable<[In], Out> {}
