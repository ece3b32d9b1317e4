// Which build of the kernels this JavaScript engine runs best. Asked once, when the library is imported.

/** What node must be started with, so that V8 merges pairs of 128-bit vectors. Node 24 or later on x86-64 can. */
export const WIDE_FLAG = "--experimental-wasm-revectorize";

const titles = {
  plain: "128-bit vectors, multiply and add rounded one by one",
  fused: "128-bit vectors, fused multiply-add",
  wide: "256-bit vectors, fused multiply-add",
};

export type Build = keyof typeof titles;

/** A module of three instructions with the relaxed-SIMD multiply-add: valid where the engine knows it. */
const relaxedProbe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0], // \0asm, version 1
  ...[1, 8, 1, 96, 3, 123, 123, 123, 1, 123], // (v128, v128, v128) → v128
  ...[3, 2, 1, 0, 10, 13, 1, 11, 0], // one function, its body of 11 bytes:
  ...[32, 0, 32, 1, 32, 2, 253, 133, 2, 11], // f32x4.relaxed_madd of its parameters
]);

/**
 * "fused" where the engine has relaxed SIMD, else "plain"; "wide" where node was started with {@link WIDE_FLAG} and
 * merges. To try one, KERNELBOOK_KERNELS may say plain, fused, or unmerged: the wide build on an engine that merges nothing,
 * which gives the same numbers, but slowly.
 */
export function chooseBuild(): Build {
  const wish = globalThis.process?.env?.KERNELBOOK_KERNELS;
  if (wish === "plain" || !hasRelaxedSimd()) return "plain";
  if (wish === "unmerged") return "wide";
  return wish !== "fused" && mergesLanes(globalThis.process) ? "wide" : "fused";
}

/** A build in words, for people. */
export function describeBuild(build: Build): string {
  return `${build} (${titles[build]})`;
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

/**
 * Node 22 knows the flag but merges nothing. (V8 takes flags while it runs too, but to turn this one on and off around a
 * compilation was seen to abort Node 26: only a flag that node was started with counts.)
 */
export function mergesLanes(
  running: Pick<NodeJS.Process, "versions" | "arch" | "platform" | "execArgv"> | undefined,
): boolean {
  const { versions, arch, platform, execArgv = [] } = running ?? {};
  if (!execArgv.some((flag) => flag.replaceAll("_", "-") === WIDE_FLAG)) return false;
  if (!(parseInt(versions?.node ?? "") >= 24 && arch === "x64")) return false;
  if (platform !== "linux") return true;
  const cpu = process.getBuiltinModule("fs").readFileSync("/proc/cpuinfo", "utf8");
  return /\bavx2\b/.test(cpu) && /\bfma\b/.test(cpu);
}
