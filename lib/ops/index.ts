// The contents of ops/: every function whose first argument is a tensor; methods.ts makes each a method as well.
// `export *` only: with named exports editors lose the documentation of the methods.
export * from "./access.js";
export * from "./activations.js";
export * from "./adaptive-pool.js";
export * from "./arithmetic.js";
export * from "./avg-pool.js";
export * from "./comparison.js";
export * from "./conv.js";
export * from "./convert.js";
export * from "./functions.js";
export * from "./indexing.js";
export * from "./inplace.js";
export * from "./max-pool.js";
export * from "./padding.js";
export * from "./picks.js";
export * from "./powers.js";
export * from "./products.js";
export * from "./random.js";
export * from "./rearranging.js";
export * from "./reductions.js";
export * from "./soft-activations.js";
export * from "./softmax.js";
export * from "./sorting.js";
export * from "./splitting.js";
export * from "./sum.js";
export * from "./views.js";
