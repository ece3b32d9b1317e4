// Sources of random numbers: the Mersenne Twister plus the one spare normal number, as PyTorch's CPU generator.

import { empty, gather, type Tensor } from "../tensor.js";
import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import { Mt19937 } from "./mt19937.js";
import { readState, stateBytes, writeState } from "./state.js";

/**
 * A source of random numbers of its own, independent of the default one. Its numbers are PyTorch's, bit for bit.
 *
 * ```ts
 * const generator = new torch.Generator().manualSeed(0)
 * torch.randperm(5, { generator }).tolist() // → [4, 0, 1, 3, 2]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.Generator.html
 */
export class Generator {
  /** @internal */
  readonly engine: Mt19937;
  /** @internal The second normal number of a pair, kept for the next call; null if there is none. */
  spare: number | null = null;
  /** @internal */
  start: bigint;

  constructor(seed: number | bigint = 67280421310721n) {
    this.start = seedBits(seed); // the default is PyTorch's
    this.engine = new Mt19937(Number(this.start & 0xffffffffn));
  }

  /** Start over. The low 32 bits of `seed` count; a negative seed means seed + 2^64. */
  manualSeed(seed: number | bigint): this {
    this.start = seedBits(seed);
    this.engine.seed(Number(this.start & 0xffffffffn));
    this.spare = null;
    return this;
  }

  /** Start over from a seed that nobody knows, and say which. */
  seed(): number {
    const seed = Math.floor(Math.random() * 2 ** 53);
    this.manualSeed(seed);
    return seed;
  }

  /** The seed that this generator started from. */
  initialSeed(): number {
    return Number(this.start);
  }

  /** All that the next numbers depend on: 5056 bytes (uint8), as PyTorch writes them. */
  getState(): Tensor {
    const state = empty([stateBytes], "uint8");
    writeState(this, state.storage.array as Uint8Array);
    return state;
  }

  /** Go on from where `getState` (also PyTorch's) was called. */
  setState(state: Tensor): void {
    if (state.dtype !== "uint8" || state.numel() !== stateBytes) {
      throw new ShapeError(
        `setState: a state is ${stateBytes} uint8 numbers, this is ${state.dtype} ${showShape(state.shape)}: pass what getState() gave`,
      );
    }
    readState(this, gather(state).storage.array as Uint8Array);
  }

  /** Not its 624 words of state: `torch.manualSeed(0)` is often the last line of a cell. */
  toString(): string {
    return `<torch.Generator, initialSeed ${this.start}>`;
  }

  /** For console.log. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** @internal 32 random bits. */
  u32(): number {
    return this.engine.u32();
  }

  /** @internal 64 random bits: the first draw is the high half. */
  u64(): bigint {
    const high = BigInt(this.engine.u32());
    return (high << 32n) | BigInt(this.engine.u32());
  }

  /** @internal Uniform in [0, 1) with 24 random bits: a float32, from one draw. */
  uniform32(): number {
    return (this.engine.u32() & 0xffffff) * 2 ** -24;
  }

  /** @internal Uniform in [0, 1) with 53 random bits: a float64, from two draws. */
  uniform64(): number {
    const high = this.engine.u32() & 0x1fffff;
    return (high * 2 ** 32 + this.engine.u32()) * 2 ** -53;
  }

  /** What PyTorch draws where it needs a seed (int64 `random_()`): 63 random bits. */
  u63(): bigint {
    return this.u64() & 0x7fffffffffffffffn;
  }
}

function seedBits(seed: number | bigint): bigint {
  if (typeof seed === "number" && !Number.isFinite(seed)) {
    throw new RangeError(`manualSeed: the seed is ${seed}, it must be a whole number`);
  }
  return BigInt.asUintN(64, typeof seed === "bigint" ? seed : BigInt(Math.trunc(seed)));
}

/** The source that everything draws from unless a `generator` is given. Starts from a seed that nobody knows. */
export const defaultGenerator = new Generator(Math.floor(Math.random() * 2 ** 53));

/**
 * Start the default random numbers over: what comes after `manualSeed(0)` is what PyTorch's CPU generator gives.
 *
 * ```ts
 * torch.manualSeed(0)
 * String(torch.rand(3)) // → "tensor([0.4963, 0.7682, 0.0885])"
 * ```
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed);
}

/** Start the default random numbers over from a seed that nobody knows, and say which. */
export function seed(): number {
  return defaultGenerator.seed();
}

/** The seed that the default random numbers started from. */
export function initialSeed(): number {
  return defaultGenerator.initialSeed();
}

/** The state of the default generator: 5056 bytes, as PyTorch writes them. */
export function getRngState(): Tensor {
  return defaultGenerator.getState();
}

/** Go on from a state that {@link getRngState} gave. */
export function setRngState(state: Tensor): void {
  defaultGenerator.setState(state);
}
