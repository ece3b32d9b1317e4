// Importing kernelbook/widgets gives tensors and modules a picture as the last value of a cell.

import { nn, Tensor } from "../lib/index.js";
import { displaySymbol } from "./bundle.js";
import { moduleBundle, tensorBundle } from "./views/show.js";

function define(prototype: object, bundle: (value: never) => unknown) {
  Object.defineProperty(prototype, displaySymbol, {
    value(this: never) {
      return bundle(this);
    },
    configurable: true,
    writable: true,
  });
}

define(Tensor.prototype, tensorBundle);
define(nn.Module.prototype, moduleBundle);
