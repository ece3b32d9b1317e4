// The compiled kernels: written by scripts/build/wasm.mjs beside the compiled TypeScript.
/** Base64 of the build that needs nothing but 128-bit SIMD and threads. */
export const plain: string;
/** Base64 of the build with fused multiply-add. */
export const fused: string;
/** Names of the pointwise operations, in the order of their numbers. */
export const unaryNames: readonly string[];
export const binaryNames: readonly string[];

/** One of Winograd's algorithms, as assembly/generate/winograd-algorithms.mjs has it; pairs are rows, columns. */
export interface WinogradAlgorithm {
  readonly number: number;
  /** Numbers in a transformed tile. */
  readonly places: number;
  /** The size of the kernel. */
  readonly taps: readonly [number, number];
  /** The size of a tile of results. */
  readonly results: readonly [number, number];
  /** What a tile reads, and how far it is from there to the next. */
  readonly reach: readonly [number, number];
  readonly step: readonly [number, number];
}
export const winogradAlgorithms: {
  readonly [name in "three" | "five" | "halving" | "doubling" | "line"]: WinogradAlgorithm;
};
