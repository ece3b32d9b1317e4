// NumPy's arrays and numbers as they stand in pickles: as data, without NumPy. An array becomes a tensor.
// (numpy/_core/src/multiarray: array_reduce, array_setstate, arraydescr_setstate.)

import { empty, type Tensor } from "../tensor.js";
import type { Refuse } from "./file-error.js";
import { Made, type Known } from "./pickle-read.js";
import { arrayOf, kindOfDescr } from "./npy.js";

/** The names that NumPy 1 and 2 use, and what becomes of each. */
export function numpyNames(refuse: Refuse, count: (n: number) => void): Record<string, Known> {
  /** numpy.dtype("f4", align, copy); then its state, of which only the byte order matters. */
  const dtype = (code: unknown): Made => {
    if (typeof code !== "string") return refuse("a NumPy dtype without a name");
    const descr = { code, order: "<" };
    return new Made(
      descr,
      () => code,
      (state) => {
        const order = Array.isArray(state) ? state[1] : undefined;
        if (typeof order === "string" && "<>|=".includes(order)) descr.order = order;
      },
    );
  };
  const descrOf = (made: unknown): string => {
    const descr = made instanceof Made ? (made.value as { code?: unknown; order?: unknown }) : null;
    if (typeof descr?.code !== "string" || typeof descr.order !== "string")
      return refuse("a NumPy array without a dtype");
    return descr.order + descr.code;
  };
  const bytesOf = (raw: unknown): Uint8Array => {
    const bytes = raw instanceof Made ? raw.value : raw;
    if (bytes instanceof Uint8Array) return bytes;
    if (typeof bytes === "string") return Uint8Array.from(bytes, (c) => c.charCodeAt(0)); // Python 2
    return refuse("a NumPy array without its numbers");
  };
  const array = (raw: unknown, shape: unknown, type: unknown, fortran: boolean): Tensor => {
    const bytes = bytesOf(raw);
    if (!Array.isArray(shape)) return refuse("a NumPy array without a shape");
    count(bytes.length / 8);
    return arrayOf(bytes, descrOf(type), shape as number[], fortran, refuse);
  };

  /** numpy.ndarray, made empty; its state says all. */
  const reconstruct = (): Made => {
    const made: { tensor: Tensor | null } = { tensor: null };
    return new Made(
      made,
      () => made.tensor ?? refuse("a NumPy array without its numbers"),
      (state) => {
        if (!Array.isArray(state) || state.length < 4)
          return refuse("a NumPy array in an unknown way");
        const [shape, type, fortran, raw] = state.slice(-4) as unknown[];
        made.tensor = array(raw, shape, type, fortran === true);
      },
    );
  };
  const fromBuffer = (raw: unknown, type: unknown, shape: unknown, order: unknown): Made => {
    const x = array(raw, shape, type, order === "F");
    return new Made(x);
  };
  /** A number of NumPy's: numpy.float64(0.5). */
  const scalar = (type: unknown, raw: unknown): unknown => {
    const descr = descrOf(type);
    const x = arrayOf(bytesOf(raw), descr, [], false, refuse);
    return kindOfDescr(descr) === "bool"
      ? x.item() === 1 || (x.item() as unknown) === true
      : x.item();
  };
  const names: Record<string, Known> = { "numpy.dtype": dtype, "numpy.ndarray": () => empty([0]) };
  for (const core of ["numpy.core", "numpy._core"]) {
    names[`${core}.multiarray._reconstruct`] = reconstruct;
    names[`${core}.multiarray.scalar`] = scalar;
    names[`${core}.numeric._frombuffer`] = fromBuffer;
  }
  return names;
}
