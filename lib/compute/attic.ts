// Blocks in a page, where V8 shows no gc(). A FinalizationRegistry says which are dead, but only as the event loop turns: a
// long synchronous loop would fill the arena with results that nobody can reach any more.
// So, when the arena has grown over its limit, blocks that no operation has touched for a while move out into arrays of
// V8's own, which their owners alone hold. Those V8 collects in synchronous code too; a block whose owner is still alive is
// fetched home when it is touched again.

import { allocate, arenaStats, memory, release } from "./arena.js";
import { Tickets, type Owner, type Ticket } from "./ticket.js";

/** Blocks move out when those in the arena take more than this, until they take half as much. */
const LIMIT = 128 << 20;
/** Operations: what was touched within the last so many stays. (An operation in the middle may know its address.) */
const RECENT = 32;

const registry = new FinalizationRegistry<Ticket>(giveBack);
const home = new Tickets();
let least = LIMIT;
let limit = LIMIT;

/** The time, in operations. */
export let now = 0;

/** Another limit than {@link LIMIT}, for tests. */
export function setLimit(bytes: number): void {
  least = limit = bytes;
}

/** Watches over the owner of a block in the arena. */
export function lodge(owner: Owner): void {
  const ticket = owner.ticket!;
  ticket.used = now;
  home.add(ticket);
  registry.register(owner, ticket, ticket);
}

/** Gives a block back by hand. */
export function takeBack(ticket: Ticket): void {
  registry.unregister(ticket);
  giveBack(ticket);
}

function giveBack(ticket: Ticket): void {
  if (ticket.away) ticket.away = null;
  else {
    home.remove(ticket);
    release(ticket.pointer, ticket.bytes);
  }
}

/** An operation has ended. */
export function tick(): void {
  now++;
  if (arenaStats.usedBytes > limit) makeRoom();
}

function makeRoom(): void {
  const cold = home.all.filter(({ used, pinned }) => !pinned && used < now - RECENT);
  cold.sort((a, b) => a.used - b.used);
  for (const ticket of cold) {
    if (arenaStats.usedBytes <= limit / 2) break;
    moveOut(ticket);
  }
  // what is in use all the time gets its room, and as much again
  limit = Math.max(least, 2 * arenaStats.usedBytes);
}

function moveOut(ticket: Ticket): void {
  registry.unregister(ticket); // it would hold the bytes
  home.remove(ticket);
  ticket.away = bytesOf(ticket).slice();
  release(ticket.pointer, ticket.bytes);
}

/** Brings a block back that is needed again. */
export function fetchHome(owner: Owner): void {
  const ticket = owner.ticket!;
  ticket.pointer = allocate(ticket.bytes);
  bytesOf(ticket).set(ticket.away!);
  ticket.away = null;
  lodge(owner);
}

const bytesOf = ({ pointer, bytes }: Ticket) => new Uint8Array(memory.buffer, pointer, bytes);
