// The compiled kernels: written by scripts/build/wasm.mjs beside the compiled TypeScript.
/** Base64 of the build that needs nothing but 128-bit SIMD and threads. */
export const plain: string;
/** Base64 of the build with fused multiply-add. */
export const fused: string;
/** Names of the pointwise operations, in the order of their numbers. */
export const unaryNames: readonly string[];
export const binaryNames: readonly string[];
