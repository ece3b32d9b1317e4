// The chapter's explorables.
export { convolution } from "./convolution.js";
