// A block of the arena, and what became of it.

import { allocate } from "./arena.js";

export interface Ticket {
  /** Where it lies; another place after it was away (attic.ts). */
  pointer: number;
  readonly bytes: number;
  freed: boolean;
  /** How many minor collections its owner outlived in the nursery. */
  age: number;
  /** Where it stands in a list of tickets, -1 if in none. */
  place: number;
  /** The last look for the living that found its owner. */
  seen: number;
  /** When it was last touched, in operations. */
  used: number;
  /** Its bytes while it is out of the arena. */
  away: Uint8Array | null;
  /** A user has a typed array over it: it stays where it is. */
  pinned: boolean;
}

/** What owns a block for as long as it can be reached. */
export interface Owner {
  readonly ticket: Ticket | null;
}

/** A ticket for a new block of so many bytes. */
export function ticketFor(bytes: number): Ticket {
  const fresh = { freed: false, age: 0, place: -1, seen: 0, used: 0, away: null, pinned: false };
  return { pointer: allocate(bytes), bytes, ...fresh };
}

/** Tickets in no order, from which one can be taken out at once. */
export class Tickets {
  all: Ticket[] = [];
  bytes = 0;

  add(ticket: Ticket): void {
    ticket.place = this.all.length;
    this.all.push(ticket);
    this.bytes += ticket.bytes;
  }

  /** The last one takes its place. */
  remove(ticket: Ticket): void {
    this.bytes -= ticket.bytes;
    const last = this.all.pop()!;
    if (last !== ticket) {
      this.all[ticket.place] = last;
      last.place = ticket.place;
    }
    ticket.place = -1;
  }

  /** All that were in; none is any more. */
  empty(): readonly Ticket[] {
    const all = this.all;
    for (const ticket of all) ticket.place = -1;
    this.all = [];
    this.bytes = 0;
    return all;
  }
}
