// Small words over four float32 lanes that every kernel uses.
// AssemblyScript, not TypeScript: usize is an address, v128 four lanes; see https://www.assemblyscript.org.

/** a · b + c: one rounding in the build with fused multiply-add, two in the plain one. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** Address of element `i` of an array of float32. */
// @ts-ignore: decorator
@inline
export function at(array: usize, i: i32): usize {
  return array + ((<usize>i) << 2);
}

/** The sum of the four lanes, always in the same order. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2) +
    (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3))
  );
}

/** The first `count` (1 to 3) floats at `p`, the other lanes 0. Reads nothing beyond them. */
export function loadPart(p: usize, count: i32): v128 {
  let v = v128.load32_zero(p);
  if (count > 1) v = v128.load32_lane(p, v, 1, 4);
  if (count > 2) v = v128.load32_lane(p, v, 2, 8);
  return v;
}

/** Writes the first `count` (1 to 4) lanes, and nothing beyond them. */
export function storePart(p: usize, v: v128, count: i32): void {
  if (count == 4) {
    v128.store(p, v);
    return;
  }
  v128.store32_lane(p, v, 0);
  if (count > 1) v128.store32_lane(p, v, 1, 4);
  if (count > 2) v128.store32_lane(p, v, 2, 8);
}

/** Four floats, or as many as there are. */
// @ts-ignore: decorator
@inline
export function loadUpTo(p: usize, count: i32): v128 {
  return count >= 4 ? v128.load(p) : loadPart(p, count);
}

/** Writes four lanes, or as many as there is room for. */
// @ts-ignore: decorator
@inline
export function storeUpTo(p: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(p, v);
  else storePart(p, v, count);
}

/** Copies `count` floats. For short rows, where memory.copy costs more than the copying. */
export function copyRow(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(at(to, i), v128.load(at(from, i)));
  for (; i < count; i++) store<f32>(at(to, i), load<f32>(at(from, i)));
}

/** Sets `count` floats to 0. */
export function zeroRow(to: usize, count: i32): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(at(to, i), zero);
  for (; i < count; i++) store<f32>(at(to, i), 0);
}

/** What a scheduling fence compares with: the word at address 0, which is always 0 (see generate/micro.mjs). */
// @ts-ignore: decorator
@inline
export function fenceValue(): i32 {
  return load<i32>(0);
}
