// The contents of nn.
export { Module } from "./module.js";
export { Parameter } from "./parameter.js";
export { Conv2d } from "./conv.js";
export * as functional from "./functional.js";
