// Does this machine multiply and add with one rounding? Training repeats the same operations many thousand times, so its
// outputs are equal to the last digit only between machines that round alike (x86-64 with FMA, arm64).
import v8 from "node:v8";

/** (module (func (export "f") (param f32 f32 f32) (result f32) …)): lane 0 of f32x4.relaxed_madd of the three. */
const probe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 8, 1, 96, 3, 125, 125, 125, 1, 125], // the type
  ...[3, 2, 1, 0], // one function of it
  ...[7, 5, 1, 1, 102, 0, 0], // exported as f
  ...[10, 22, 1, 20, 0],
  ...[32, 0, 253, 19, 32, 1, 253, 19, 32, 2, 253, 19], // three f32x4.splat
  ...[253, 133, 2, 253, 31, 0, 11], // f32x4.relaxed_madd, f32x4.extract_lane 0
]);

export function isFused() {
  if (!WebAssembly.validate(probe)) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  if (!WebAssembly.validate(probe)) return false;
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(probe)).exports;
  const almostOne = 1 + 2 ** -12; // its square needs 25 bits: one too many for float32
  return f(almostOne, almostOne, -(1 + 2 ** -11)) !== 0;
}
