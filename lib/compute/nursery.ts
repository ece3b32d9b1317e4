// The blocks that were taken a moment ago. Most die young: `y = relu(x)` in a loop makes one and drops one each time
// round, and the sooner a dead one is used again, the more of it still lies in the processor's cache.
//
// V8 finds dead young objects in some 30 µs (a minor collection), but a FinalizationRegistry hears of the dead from full
// collections only, 80 times as dear. A WeakSet does lose its dead young members in a minor one, and Node's util.inspect
// shows those that are left. So an owner of a young block is in no registry, only in a WeakSet; who is missing there
// after a minor collection is dead. Who outlives two of them is handed on (to reclaim.ts).

import { collectYoung, way } from "./hidden.js";
import { Tickets, type Owner, type Ticket } from "./ticket.js";

/** V8 moves an object that is alive in two minor collections to where only a full one looks. */
export const GROWN_UP = 2;

/**
 * The nursery is looked through when it holds so many bytes (the more, where most stay alive), ... (A look takes 30 µs, or
 * 120 behind work that has emptied the processor's cache. More bytes would make looks rarer, but blocks colder: ReLU of 1M
 * numbers takes 150 µs on average with 16 MB, 190 with 32, 235 with 64; bench/memory.mjs 2026-11.)
 */
const LEAST_BYTES = 16 << 20;
const MOST_BYTES = 96 << 20;
/** After so many looks in a row that find nearly everything dead, the nursery gets smaller again. */
const EMPTY_LOOKS = 16;
/** ... or so many blocks, small ones counted by the shelf. */
const MOST_BLOCKS = 700;

const usable = way === "nursery";

let members = new WeakSet<Owner>();
const tickets = new Tickets();
let least = LEAST_BYTES;
let limit = least;
let emptyLooks = 0;
let looks = 0;

/** Bytes of young blocks, of which nobody knows yet whether they are in use. */
export function youngBytes(): number {
  return tickets.bytes;
}

/** Takes in the owner of a block; false where there is no nursery. */
export function takeIn(owner: Owner): boolean {
  if (!usable) return false;
  members.add(owner);
  tickets.add(owner.ticket!);
  return true;
}

/** A young block was given back by hand. */
export function leave(ticket: Ticket): void {
  tickets.remove(ticket);
}

/** Is it time to look for the dead? */
export function isFull(): boolean {
  return tickets.bytes > limit || tickets.all.length > MOST_BLOCKS;
}

/** Is it worth a look where little is alive? */
export function isHalfFull(): boolean {
  return tickets.bytes > limit / 2;
}

/** Looks through the nursery, as `sift`, when it is full; it gets larger or smaller by what was found alive. */
export function look(onDead: (ticket: Ticket) => void, onGrownUp: (owner: Owner) => void): void {
  const bytesBefore = tickets.bytes;
  sift(onDead, onGrownUp);

  // by what lives only, never by how long it took: a busy machine would make memory grow
  const mostLive = tickets.bytes > bytesBefore / 2;
  emptyLooks = tickets.bytes < bytesBefore / 10 ? emptyLooks + 1 : 0;
  if (emptyLooks > EMPTY_LOOKS) [least, emptyLooks] = [Math.max(least / 2, LEAST_BYTES), 0];
  limit = mostLive ? Math.min(2 * limit, MOST_BYTES) : Math.max(limit / 2, least);
}

/** Calls `onDead` for every young block that nobody can reach, and `onGrownUp` for the owners that leave alive. */
export function sift(onDead: (ticket: Ticket) => void, onGrownUp: (owner: Owner) => void): void {
  if (!usable) return;
  collectYoung();
  const alive = listed(members);
  if (!alive) return;

  looks++;
  for (const { ticket } of alive) ticket!.seen = looks;
  for (const ticket of tickets.empty()) if (ticket.seen !== looks) onDead(ticket);

  members = new WeakSet();
  for (const owner of alive) {
    const ticket = owner.ticket!;
    if (ticket.freed) continue; // given back by hand, but not yet collected
    if (++ticket.age < GROWN_UP) takeIn(owner);
    else onGrownUp(owner);
  }
}

/** Makes room for so many bytes (within limits), as training steps take: what dies with its step need not grow up. */
export function makeRoom(bytes: number): void {
  least = Math.min(Math.max(bytes, LEAST_BYTES), MOST_BYTES);
  limit = Math.max(limit, least);
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
const witness: Owner = { ticket: null };
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
