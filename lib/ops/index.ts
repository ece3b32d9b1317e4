// The contents of ops/: every function whose first argument is a tensor; methods.ts makes each a method as well.
// `export *` only: with named exports editors lose the documentation of the methods.
export * from "./activations.js";
export * from "./adaptive-pool.js";
export * from "./arithmetic.js";
export * from "./avg-pool.js";
export * from "./conv.js";
export * from "./convert.js";
export * from "./max-pool.js";
export * from "./random.js";
export * from "./sum.js";
export * from "./views.js";
