// torch.utils
export * as data from "./data/index.js";
export { makeGrid, saveImage, type GridOptions } from "./transforms/grid.js";
