// The blocks that were taken a moment ago. Most die young: `y = relu(x)` in a loop makes one and drops one each time
// round, and the sooner a dead one is used again, the more of it still lies in the processor's cache.
//
// V8 finds dead young objects in some 30 µs (a minor collection), but a FinalizationRegistry hears of the dead from full
// collections only, 80 times as dear. A WeakSet does lose its dead young members in a minor one, and Node's util.inspect
// shows those that are left. So an owner of a young block is in no registry, only in a WeakSet; who is missing there
// after a minor collection is dead. Who outlives two of them is handed on (to reclaim.ts).

import { collectYoung, isNode } from "./hidden.js";

/** A block, and what became of it. */
export interface Ticket {
  readonly pointer: number;
  readonly bytes: number;
  freed: boolean;
  /** How many minor collections its owner outlived in the nursery; GROWN_UP: it is not there any more. */
  age: number;
  /** Where it stands among the nursery's tickets. */
  place: number;
}

/** What owns a block for as long as it can be reached. */
export interface Owner {
  readonly number: number;
  readonly ticket: Ticket | null;
}

/** V8 moves an object that is alive in two minor collections to where only a full one looks. */
export const GROWN_UP = 2;

/** The nursery is looked through when it holds so many bytes (the more, where most stay alive), ... */
const LEAST_BYTES = 16 << 20;
const MOST_BYTES = 96 << 20;
/** ... or so many blocks. */
const MOST_BLOCKS = 1500;

const usable = isNode && process.env.KERNELBOOK_RECLAIM !== "major";

let members = new WeakSet<Owner>();
let tickets: Ticket[] = [];
let bytes = 0;
let limit = LEAST_BYTES;

/** Bytes of young blocks, of which nobody knows yet whether they are in use. */
export function youngBytes(): number {
  return bytes;
}

/** Takes in the owner of a block; false where there is no nursery. */
export function takeIn(owner: Owner, ticket: Ticket): boolean {
  if (!usable) return false;
  members.add(owner);
  ticket.place = tickets.length;
  tickets.push(ticket);
  bytes += ticket.bytes;
  return true;
}

/** A young block was given back by hand. */
export function leave(ticket: Ticket): void {
  bytes -= ticket.bytes;
  const last = tickets.pop()!;
  if (last === ticket) return;
  tickets[ticket.place] = last;
  last.place = ticket.place;
}

/** Is it time to look for the dead? */
export function isFull(): boolean {
  return bytes > limit || tickets.length > MOST_BLOCKS;
}

/** Calls `onDead` for every young block that nobody can reach, and `onGrownUp` for the owners that leave alive. */
export function sift(onDead: (ticket: Ticket) => void, onGrownUp: (owner: Owner) => void): void {
  if (!usable) return;
  collectYoung();
  const alive = listed(members);
  if (!alive) return;

  const bytesBefore = bytes;
  const ofTheLiving = new Set(alive.map((owner) => owner.ticket));
  // a dead one leaves, and the last takes its place
  for (const ticket of [...tickets]) if (!ofTheLiving.has(ticket)) onDead(ticket);

  members = new WeakSet();
  tickets = [];
  bytes = 0;
  for (const owner of alive) {
    const ticket = owner.ticket;
    if (!ticket || ticket.freed) continue; // given back by hand, but not yet collected
    if (++ticket.age < GROWN_UP) takeIn(owner, ticket);
    else onGrownUp(owner);
  }

  // by what lives only, never by how long it took: a busy machine would make memory grow
  const mostLive = bytes > bytesBefore / 2;
  limit = mostLive ? Math.min(2 * limit, MOST_BYTES) : Math.max(limit / 2, LEAST_BYTES);
}

const inspect = Symbol.for("nodejs.util.inspect.custom");
const MARK = "•";
let found: Owner[] | null = null;

/** Lets objects of a class show themselves when a set that they are in is listed. */
export function makeListable(prototype: object): void {
  Object.defineProperty(prototype, inspect, {
    value(this: Owner) {
      found?.push(this);
      return MARK;
    },
  });
}

/** A member of every set that is listed: where it is missing, the listing cannot be trusted. */
const witness: Owner = { number: -1, ticket: null };
makeListable(witness);

/** The members of a set; null if they could not be listed (the stack was nearly full). */
function listed(set: WeakSet<Owner>): readonly Owner[] | null {
  const util = process.getBuiltinModule("util");
  const list: Owner[] = (found = []);
  set.add(witness);
  const text = util.inspect(set, {
    ...{ showHidden: true, customInspect: true, depth: 2, showProxy: false, getters: false },
    ...{ maxArrayLength: Infinity, sorted: false, compact: true, breakLength: Infinity },
  });
  found = null;
  const complete = list.includes(witness) && text.split(MARK).length - 1 === list.length;
  return complete ? list.filter((owner) => owner !== witness) : null;
}
