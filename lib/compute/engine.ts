// Loads the kernels: picks the build that this JavaScript engine can run best, and shares the arena with it.
// Synchronous and without a file request, so that it is the same in Node and in a browser page.

import { memory } from "./arena.js";
import type { Kernels } from "./kernels.js";
import { fused, plain } from "./kernels.wasm.js";

/** A module of three instructions with the relaxed-SIMD multiply-add: valid where the engine knows it. */
const relaxedProbe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0], // \0asm, version 1
  ...[1, 8, 1, 96, 3, 123, 123, 123, 1, 123], // (v128, v128, v128) → v128
  ...[3, 2, 1, 0, 10, 13, 1, 11, 0], // one function, its body of 11 bytes:
  ...[32, 0, 32, 1, 32, 2, 253, 133, 2, 11], // f32x4.relaxed_madd of its parameters
]);

/**
 * "fused" multiply-add rounds once and is up to a third faster; "plain" runs everywhere with SIMD, and, to try it, where
 * the environment says KERNELBOOK_KERNELS=plain.
 */
export const build: "fused" | "plain" =
  globalThis.process?.env?.KERNELBOOK_KERNELS !== "plain" && hasRelaxedSimd() ? "fused" : "plain";

/** The compiled kernels, to be instantiated again in each worker. */
export const wasmModule = new WebAssembly.Module(bytesOf(build === "fused" ? fused : plain));

export const kernels = instantiate(wasmModule, memory);

export function instantiate(module: WebAssembly.Module, shared: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory: shared } })
    .exports as unknown as Kernels;
}

function hasRelaxedSimd(): boolean {
  if (WebAssembly.validate(relaxedProbe)) return true;
  // Node 20 has it behind a flag, which may be set as long as no such module was compiled.
  // Newer versions have it always; asking them for the flag would only print a warning.
  const v8 = globalThis.process?.getBuiltinModule?.("v8");
  if (!v8) return false;
  v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(relaxedProbe);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (typeof Buffer !== "undefined") return Uint8Array.from(Buffer.from(base64, "base64"));
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
