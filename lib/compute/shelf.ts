// Small blocks, sixteen of one size side by side, with one owner for all: looking for the dead costs as much for 64 bytes
// as for 64 MB, so for blocks on a shelf a sixteenth. A shelf is dead when all on it are, and used again as a whole.

import { classSize } from "./arena.js";
import { unwatch, watch } from "./reclaim.js";
import { makeListable } from "./nursery.js";
import { ticketFor, type Owner, type Ticket } from "./ticket.js";

/** Blocks of more bytes stand alone. */
export const SMALL = 1024;
const PLACES = 16;
const ALIGN = 64;

/** The one that is being filled, by the size of its places. */
const open: (Shelf | undefined)[] = [];

export class Shelf implements Owner {
  readonly ticket: Ticket;
  private given = 0;
  private inUse = 0;

  constructor(private readonly size: number) {
    this.ticket = ticketFor(PLACES * size);
    watch(this);
  }

  /** How far from the shelf's beginning the next free place is. */
  take(): number {
    const place = this.given++ * this.size;
    this.inUse++;
    if (this.given === PLACES) open[this.size / ALIGN] = undefined;
    return place;
  }

  /** Somebody needs a place no more. */
  giveBack(): void {
    if (--this.inUse > 0) return;
    if (open[this.size / ALIGN] === this) this.given = 0;
    else unwatch(this.ticket);
  }
}

makeListable(Shelf.prototype);

/** A shelf with room for so many bytes. */
export function shelfFor(bytes: number): Shelf {
  const size = classSize(bytes);
  return (open[size / ALIGN] ??= new Shelf(size));
}
