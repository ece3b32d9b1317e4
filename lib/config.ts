// How the library computes here.

import { build } from "./compute/engine.js";
import { describeBuild } from "./compute/builds.js";
import { getNumThreads } from "./compute/team.js";

/**
 * How the library computes here, as text (PyTorch's `torch.__config__.show()`): which of its kernels run, with how many
 * threads, on which engine. Plain and fused kernels work on 4 numbers at once; wide ones on 8, where Node 24 or later was
 * started with `--experimental-wasm-revectorize` (`npx kernelbook install --wide-lanes`).
 *
 * ```ts
 * torch.config.show().startsWith("kernels: ") // → true
 * ```
 */
export function show(): string {
  const { process, navigator } = globalThis;
  const engine = process?.versions?.node
    ? `Node ${process.versions.node}, V8 ${process.versions.v8}, ${process.arch}`
    : (navigator?.userAgent ?? "unknown");
  return `kernels: ${describeBuild(build)}\nthreads: ${getNumThreads()}\nengine: ${engine}`;
}
