// Order along a line of numbers: sorting by radix, the k greatest, the middle. Numbers are compared by keys, whole
// numbers of 32 bits (float32) or of two words (all else): NaN is the greatest, -0 equals 0, equal numbers keep their
// order.

import type { TypedArray } from "../dtypes.js";

const DIGIT = 11; // bits
const COUNTS = 1 << DIGIT;

const wide = new Float64Array(1);
const wideWords = new Uint32Array(wide.buffer);

/** Room for a line, kept from call to call. */
let room = {
  keys: new Uint32Array(0),
  high: new Uint32Array(0),
  from: new Int32Array(0),
  to: new Int32Array(0),
};
const counts = new Int32Array(COUNTS);

function makeRoom(length: number): void {
  if (room.keys.length >= length) return;
  const size = Math.max(1024, length);
  room = {
    keys: new Uint32Array(size),
    high: new Uint32Array(size),
    from: new Int32Array(size),
    to: new Int32Array(size),
  };
}

/** Fills keys (and, for numbers of 64 bits, high), turned round for `descending`. Gives whether there are high words. */
function readKeys(
  values: TypedArray,
  start: number,
  step: number,
  length: number,
  descending: boolean,
): boolean {
  makeRoom(length);
  const { keys, high } = room;
  const flip = descending ? -1 : 0;
  if (values instanceof Float32Array) {
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0, p = start; i < length; i++, p += step) {
      const word = bits[p];
      const isNaN = (word & 0x7fffffff) > 0x7f800000;
      keys[i] = (isNaN ? -1 : orderOf(word)) ^ flip;
    }
    return false;
  }
  for (let i = 0, p = start; i < length; i++, p += step) {
    wide[0] = values[p] + 0; // -0 becomes 0
    let [low, top] = [wideWords[0], wideWords[1]];
    if (values[p] !== values[p]) low = top = -1;
    else if (top >>> 31) {
      low = ~low;
      top = ~top;
    } else top |= 0x80000000;
    keys[i] = low ^ flip;
    high[i] = top ^ flip;
  }
  return true;
}

/** The bits of a float32 as a number whose unsigned order is the float's; -0 as 0. */
function orderOf(bits: number): number {
  return bits >= 0 ? bits | 0x80000000 : bits === -0x80000000 ? -0x80000000 : ~bits;
}

/** Sorts places by one digit of the keys; false, with nothing done, where all keys have the same one. */
function pass(keys: Uint32Array, shift: number, length: number): boolean {
  const { from, to } = room;
  counts.fill(0);
  for (let i = 0; i < length; i++) counts[(keys[i] >>> shift) & (COUNTS - 1)]++;
  if (counts[(keys[0] >>> shift) & (COUNTS - 1)] === length) return false;
  for (let digit = 0, sum = 0; digit < COUNTS; digit++) {
    const count = counts[digit];
    counts[digit] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const place = from[i];
    to[counts[(keys[place] >>> shift) & (COUNTS - 1)]++] = place;
  }
  room.from = to;
  room.to = from;
  return true;
}

/** The places of a line's numbers in order. The array is used again by the next call. */
export function sortedPlaces(
  values: TypedArray,
  start: number,
  step: number,
  length: number,
  descending: boolean,
): Int32Array {
  const two = readKeys(values, start, step, length, descending);
  for (let i = 0; i < length; i++) room.from[i] = i;
  if (length < 2) return room.from;
  if (length <= 48) return sortFew(length, two);
  for (const keys of two ? [room.keys, room.high] : [room.keys]) {
    for (let shift = 0; shift < 32; shift += DIGIT) pass(keys, shift, length);
  }
  return room.from;
}

/** By insertion. */
function sortFew(length: number, two: boolean): Int32Array {
  const { keys, high, from } = room;
  for (let i = 1; i < length; i++) {
    const place = from[i];
    let j = i - 1;
    for (; j >= 0; j--) {
      const other = from[j];
      const larger = two
        ? high[other] > high[place] || (high[other] === high[place] && keys[other] > keys[place])
        : keys[other] > keys[place];
      if (!larger) break;
      from[j + 1] = other;
    }
    from[j + 1] = place;
  }
  return from;
}

const MANY = 64;

/** The places of the first k numbers in that order; of few without sorting the rest. */
export function firstPlaces(
  values: TypedArray,
  start: number,
  step: number,
  length: number,
  descending: boolean,
  k: number,
): Int32Array {
  if (k > MANY || k * 8 > length || k === 0) {
    return sortedPlaces(values, start, step, length, descending);
  }
  makeRoom(length);
  const { from } = room;
  let found = 0;
  let last = NaN; // the last of k; which numbers come before it is asked by `>` or `<`, and NaN apart
  for (let i = 0, p = start; i < length; i++, p += step) {
    const v = values[p];
    if (found === k && v === v && !(descending ? v > last : v < last || last !== last)) continue;
    if (found === k && v !== v && !(descending && last === last)) continue;
    let j = found === k ? k - 1 : found++;
    for (; j > 0 && isBefore(v, values[start + from[j - 1] * step], descending); j--) {
      from[j] = from[j - 1];
    }
    from[j] = i;
    if (found === k) last = values[start + from[k - 1] * step];
  }
  return from;
}

/** NaN is the greatest. */
function isBefore(a: number, b: number, descending: boolean): boolean {
  return descending ? a > b || (a !== a && b === b) : a < b || (b !== b && a === a);
}

/** Where the lower of the middle numbers lies, as a stable sort would find it; of lines with NaN, the first NaN. */
export function middlePlace(
  values: TypedArray,
  start: number,
  step: number,
  length: number,
): number {
  for (let i = 0, p = start; i < length; i++, p += step) if (values[p] !== values[p]) return i;
  const middle = Math.floor((length - 1) / 2);
  if (!(values instanceof Float32Array))
    return sortedPlaces(values, start, step, length, false)[middle];
  readKeys(values, start, step, length, false);
  const { keys, high } = room;
  high.set(keys.subarray(0, length));
  const key = nth(high, length, middle);
  let before = 0;
  for (let i = 0; i < length; i++) if (keys[i] < key) before++;
  for (let i = 0, left = middle - before; ; i++) if (keys[i] === key && left-- === 0) return i;
}

/** The number that would stand at `place` if the first `length` were sorted; they are moved about (Hoare's quickselect). */
function nth(numbers: Uint32Array, length: number, place: number): number {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const pivot = numbers[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (numbers[i] < pivot) i++;
      while (numbers[j] > pivot) j--;
      if (i > j) break;
      const number = numbers[i];
      numbers[i++] = numbers[j];
      numbers[j--] = number;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else break;
  }
  return numbers[place];
}
