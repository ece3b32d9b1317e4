// Loads the kernels: picks the build that this JavaScript engine can run best, and shares the arena with it.
// Synchronous and without a file request, so that it is the same in Node and in a browser page; only the wide build, which
// runs in Node alone and where it is asked for, lies in a file of its own.

import { memory } from "./arena.js";
import { chooseBuild, type Build } from "./builds.js";
import type { Kernels } from "./kernels.js";
import { fused, plain } from "./kernels.wasm.js";

/** See {@link chooseBuild}. */
export const build = chooseBuild();

/** The compiled kernels, to be instantiated again in each worker. */
export const wasmModule = new WebAssembly.Module(bytesOf(build));

export const kernels = instantiate(wasmModule, memory);

/** Columns of a tile of the matrix product, pixels or channels of the others: what packed operands are filled up to. */
export const tileColumns = kernels.tileColumns.value;

export function instantiate(module: WebAssembly.Module, shared: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory: shared } })
    .exports as unknown as Kernels;
}

function bytesOf(build: Build): Uint8Array<ArrayBuffer> {
  if (build === "wide") {
    const file = new URL("./kernels.wide.wasm", import.meta.url);
    return Uint8Array.from(process.getBuiltinModule("fs").readFileSync(file));
  }
  const base64 = build === "fused" ? fused : plain;
  if (typeof Buffer !== "undefined") return Uint8Array.from(Buffer.from(base64, "base64"));
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
