// Gradients on their way back: who still needs their memory. What backward made itself, passed on, and nobody will read
// again is given back at once, so that a long training loop hardly ever has to look for garbage.

import type { Storage } from "./compute/storage.js";
import type { Tensor } from "./tensor.js";

export class Passing {
  private readonly uses = new Map<Storage, number>();

  /**
   * @param enabled Without it nothing is given back: the graph stays, and may hold any of them.
   * @param first The number of the first storage that may be given back: older ones belong to somebody else.
   */
  constructor(
    readonly enabled: boolean,
    private readonly first: number,
  ) {}

  /** One more place waits for g. */
  take(g: Tensor): void {
    if (!this.enabled || g.storage.number < this.first) return;
    this.uses.set(g.storage, (this.uses.get(g.storage) ?? 0) + 1);
  }

  /** A place that waited for g is done with it. */
  drop(g: Tensor): void {
    const uses = this.uses.get(g.storage);
    if (uses === undefined) return;
    if (uses > 1) this.uses.set(g.storage, uses - 1);
    else {
      this.uses.delete(g.storage);
      g.storage.free();
    }
  }

  /** Somebody outside may hold g from now on: it is left to the garbage collector. */
  release(g: Tensor): void {
    this.uses.set(g.storage, Infinity);
  }

  /** Is this place the only one that has g, and g the whole of its memory? Then it may be kept without a copy. */
  isSole(g: Tensor): boolean {
    const whole = g.offset === 0 && g.storage.length === g.numel() && g.isContiguous();
    return whole && this.uses.get(g.storage) === 1;
  }
}
