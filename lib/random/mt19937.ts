// The Mersenne Twister MT19937 (Matsumoto & Nishimura, 1998; initialisation of 2002), as PyTorch's CPU generator runs it.

const N = 624;
const M = 397;

export class Mt19937 {
  /** The 624 words, signed. */
  readonly state = new Int32Array(N);
  /** How many words of this round are used up: 624 means that the next draw makes new ones. */
  next = N;
  /** Has nothing been drawn since the seed? (Only a saved state tells the difference.) */
  fresh = true;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Start over from the low 32 bits of `seed`. */
  seed(seed: number): void {
    const { state } = this;
    state[0] = seed | 0;
    for (let j = 1; j < N; j++) {
      const before = state[j - 1] ^ (state[j - 1] >>> 30);
      state[j] = (Math.imul(1812433253, before) + j) | 0;
    }
    this.next = N;
    this.fresh = true;
  }

  /** 32 random bits, as a number from 0 to 2^32 − 1. */
  u32(): number {
    if (this.next === N) this.regenerate();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  private regenerate(): void {
    const { state } = this;
    for (let k = 0; k < N; k++) {
      const y = (state[k] & 0x80000000) | (state[(k + 1) % N] & 0x7fffffff);
      state[k] = state[(k + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
    this.fresh = false;
  }
}
