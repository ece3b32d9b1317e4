// MurmurHash2, 32 bits: by it front ends and kernels give a cell's text the same file name.
// https://github.com/aappleby/smhasher/blob/master/src/MurmurHash2.cpp (public domain)
const m = 0x5bd1e995;

export function murmur2(text: string, seed: number): number {
  const data = Buffer.from(text, "utf8");
  let h = seed ^ data.length;
  let at = 0;
  for (; data.length - at >= 4; at += 4) {
    let k = Math.imul(data.readInt32LE(at), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const left = data.length - at;
  if (left >= 3) h ^= data[at + 2]! << 16;
  if (left >= 2) h ^= data[at + 1]! << 8;
  if (left >= 1) h = Math.imul(h ^ data[at]!, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return (h ^ (h >>> 15)) >>> 0;
}
