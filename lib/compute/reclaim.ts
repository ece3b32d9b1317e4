// Getting blocks back without `dispose`.
//
// A new block is in the nursery (nursery.ts), where most blocks die. JavaScript's own way to hear of the others, a
// FinalizationRegistry, is of little use: V8, which sees only small objects, hardly ever looks, and tells what it found no
// sooner than the event loop turns. So in Node each Storage that leaves the nursery gets a WeakRef; when their blocks have
// grown much since the last time, a full collection is asked for, and where a WeakRef has nothing to give any more, the
// block is free. That works within synchronous code.
// A collection runs at the end of an operation (`settle`) only, when every array that is still read is held by an
// argument or a result; never in the middle of one. In a page all is otherwise: attic.ts.

import { arenaStats, release } from "./arena.js";
import { lodge, takeBack, tick } from "./attic.js";
import { collectAll, heapUsed, keepYoungGeneration, way } from "./hidden.js";
import {
  GROWN_UP,
  isFull,
  isHalfFull,
  leave,
  look,
  makeRoom,
  sift,
  takeIn,
  youngBytes,
} from "./nursery.js";
import type { Owner, Ticket } from "./ticket.js";

/** A full collection is asked for after so much growth outside the nursery: of blocks, of V8's own heap, of objects ... */
const GROWTH = 16 << 20;
const HEAP_GROWTH = 5 << 20;
const OBJECTS = 4_000;
/** ... times a patience from 1 to this: a collection takes as long as V8's own heap is large, here per 1 of patience. */
const MOST_PATIENCE = 6;
const HEAP = 20 << 20;
/** Where a way back has ended less than so many operations ago, a full collection waits for the end of the next. */
const REST = 2_000;
/** After so many steps what loading and compiling left is dead; memory then is as it stays. */
const WARM = 10;
/** The nursery has room for what so many training steps take (within its limits), so that looks wait for the end of one. */
const STEPS = 6;

const inPage = way === "page";
let grownUp: { readonly owner: WeakRef<Owner>; readonly ticket: Ticket }[] = [];

let countThen = 0; // grown-up after the last collection
let bytesThen = 0; // in use outside the nursery after the last collection
let heapThen = inPage ? 0 : heapUsed(); // V8's own heap after the last collection, or to begin with
let heap = heapThen; // when it was last looked at
let patience = 1;
let allowedGrowth = GROWTH;
let operations = REST; // since the end of a way back
let bytesTaken = 0; // since then
let rests = 0;
let isDue = false;
let spent = 0;

if (!inPage) keepYoungGeneration();

/** Watches over the owner of a block, which is given back when the owner cannot be reached any more. */
export function watch(owner: Owner): void {
  bytesTaken += owner.ticket!.bytes;
  if (inPage) lodge(owner);
  else if (!takeIn(owner)) watchGrownUp(owner);
}

function watchGrownUp(owner: Owner): void {
  const ticket = owner.ticket!;
  ticket.age = GROWN_UP;
  grownUp.push({ owner: new WeakRef(owner), ticket });
}

/** Gives a block back by hand. */
export function unwatch(ticket: Ticket): void {
  if (inPage) takeBack(ticket);
  else giveBack(ticket);
}

function giveBack(ticket: Ticket): void {
  if (ticket.freed) return;
  ticket.freed = true;
  if (ticket.place >= 0) leave(ticket);
  release(ticket.pointer, ticket.bytes);
}

/** Called at the end of every operation: the one place where blocks may be taken back inside synchronous code. */
export function settle(): void {
  if (inPage) return tick();
  operations++;
  if (isFull()) lookForYoung();
  const growth = Math.max(
    (heap - heapThen) / (HEAP_GROWTH * patience),
    grownUpBytes() / allowedGrowth,
    (grownUp.length - countThen) / (OBJECTS * patience),
  );
  if (growth <= 1) return;
  isDue = true;
  if (growth > 2 || operations > REST) reclaim();
}

function lookForYoung(): void {
  const start = performance.now();
  look(giveBack, watchGrownUp);
  // what happened to live during a minor collection is kept until a full one: loops would fill V8's heap with it
  heap = heapUsed();
  spent += performance.now() - start;
}

/**
 * Called at the end of a way back, where a training step holds least: what a full collection finds alive grows up, and
 * what has grown up already is mostly dead, before the next step asks for as much again.
 */
export function rest(): void {
  if (inPage) return;
  makeRoom(STEPS * bytesTaken);
  if (isHalfFull()) lookForYoung();
  operations = bytesTaken = 0;
  rests++;
  if (isDue || rests === WARM || grownUpBytes() > allowedGrowth / 4) reclaim();
}

/** Bytes that have grown up since the last full collection. */
function grownUpBytes(): number {
  return arenaStats.usedBytes - youngBytes() - bytesThen;
}

/** Takes back, now, every block that cannot be reached. Does nothing in a page. */
export function reclaim(): void {
  if (inPage) return;
  const start = performance.now();
  // what is in the nursery must grow up to be looked at
  for (let age = 0; age < GROWN_UP; age++) sift(giveBack, watchGrownUp);
  collectAll();
  grownUp = grownUp.filter(({ owner, ticket }) => {
    if (!ticket.freed && owner.deref() === undefined) giveBack(ticket);
    return !ticket.freed;
  });

  isDue = false;
  heap = heapThen = heapUsed();
  patience = Math.min(Math.max(heapThen / HEAP, 1), MOST_PATIENCE);
  allowedGrowth = Math.max(GROWTH * patience, arenaStats.usedBytes / 4);
  bytesThen = arenaStats.usedBytes - youngBytes();
  countThen = grownUp.length;
  spent += performance.now() - start;
}

/** How long looking for garbage has taken so far, in ms. */
export function reclaimingTime(): number {
  return spent;
}
