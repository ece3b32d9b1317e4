// The chapter's explorables.
export { convolution } from "./convolution.js";
export { pooling } from "./pooling.js";
export { outputSize, padding, strideDilation } from "./windows.js";
export { activation, channels, filterPlayground } from "./maps.js";
export { network } from "./network.js";
export { maps } from "./hover-maps.js";
