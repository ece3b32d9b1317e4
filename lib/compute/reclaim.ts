// Getting blocks back without `dispose`.
//
// A new block is in the nursery (nursery.ts), where most blocks die. For the others a FinalizationRegistry gives back the
// block of every Storage that nobody can reach any more; but V8, which sees only small objects, hardly ever looks, and
// tells what it found no sooner than the event loop turns. So when the blocks that left the nursery have grown much
// since the last time, a full collection is asked for, and the registry is told to act at once:
//   Node 20 and 22: gc(), and FinalizationRegistry.prototype.cleanupSome (a proposal behind a flag of V8);
//   later versions: Node's own inspector lists the Storages that are still alive, the others' blocks are free.
// A collection runs at the end of an operation (`settle`) only, when every array that is still read is held by an
// argument or a result; never in the middle of one. In a browser blocks come back as the event loop turns.

import { arenaStats, release } from "./arena.js";
import { collectGarbage, fromContextWith } from "./hidden.js";
import {
  GROWN_UP,
  isFull,
  leave,
  makeListable,
  sift,
  takeIn,
  youngBytes,
  type Owner,
  type Ticket,
} from "./nursery.js";

const registry = new FinalizationRegistry<Ticket>(giveBack);

/** Tickets by the number of their Storage: kept only where the inspector does the looking. */
const byNumber = new Map<number, Ticket>();

/** What a collection may be asked for: so much growth, in bytes or in objects, ... */
const LEAST_GROWTH = 32 << 20;
const MOST_GROWTH = 128 << 20;
const LEAST_OBJECTS = 8_000;
const MOST_OBJECTS = 24_000;
/** ... and that it takes no more than this part of the time. */
const SHARE_OF_TIME = 0.04;
/** Telling the registry of one object, in ms: that must be done sooner or later, and patience does not help. */
const OBJECT_TIME = 0.003; // measured 2026-11, Node 20

let collect: (() => void) | null | undefined;
let made = 0; // objects that left the nursery since the last collection
let bytesThen = 0; // in use after the last collection
let allowedGrowth = LEAST_GROWTH;
let allowedObjects = LEAST_OBJECTS;
let endOfLast = 0;

/** Watches over a Storage: its block is given back when it cannot be reached any more. */
export function watch(owner: Owner, ticket: Ticket): void {
  if (!takeIn(owner, ticket)) watchGrownUp(owner);
}

function watchGrownUp(owner: Owner): void {
  const ticket = owner.ticket!;
  ticket.age = GROWN_UP;
  made++;
  registry.register(owner, ticket, ticket);
  if (usesInspector) byNumber.set(owner.number, ticket);
}

/** Gives a block back by hand. */
export function unwatch(owner: Owner, ticket: Ticket): void {
  if (ticket.age === GROWN_UP) {
    registry.unregister(ticket);
    if (usesInspector) byNumber.delete(owner.number);
  }
  giveBack(ticket);
}

function giveBack(ticket: Ticket): void {
  if (ticket.freed) return;
  ticket.freed = true;
  if (ticket.age < GROWN_UP) leave(ticket);
  release(ticket.pointer, ticket.bytes);
}

/** Called at the end of every operation: the one place where blocks may be taken back inside synchronous code. */
export function settle(): void {
  if (isFull()) sift(giveBack, watchGrownUp);
  const bytes = arenaStats.usedBytes - youngBytes();
  if (bytes - bytesThen > allowedGrowth || made > allowedObjects) reclaim();
}

/** Takes back, now, every block that cannot be reached. Does nothing in a browser. */
export function reclaim(): void {
  collect ??= makeCollect();
  const start = cpuTime();
  if (collect) {
    // what is in the nursery must grow up to be looked at
    for (let age = 0; age < GROWN_UP; age++) sift(giveBack, watchGrownUp);
    collect();
  }
  const end = cpuTime();

  // dear collections (a large heap) are allowed more growth, cheap ones less
  const overhead = end - start - made * OBJECT_TIME;
  const dear = overhead > SHARE_OF_TIME * (end - endOfLast);
  allowedGrowth = Math.max(
    dear ? Math.min(2 * allowedGrowth, MOST_GROWTH) : allowedGrowth / 2,
    LEAST_GROWTH,
    arenaStats.usedBytes / 4,
  );
  allowedObjects = dear
    ? Math.min(2 * allowedObjects, MOST_OBJECTS)
    : Math.max(allowedObjects / 2, LEAST_OBJECTS);
  made = 0;
  bytesThen = arenaStats.usedBytes - youngBytes();
  endOfLast = end;
}

/** In ms. Not the clock's time: on a busy machine everything would look dear. */
function cpuTime(): number {
  const { user = 0, system = 0 } = globalThis.process?.cpuUsage?.() ?? {};
  return (user + system) / 1000;
}

const nodeMajor = Number(globalThis.process?.versions?.node?.split(".")[0] ?? 0);
const usesInspector = nodeMajor > 22 || globalThis.process?.env?.KERNELBOOK_RECLAIM === "inspector";

function makeCollect(): (() => void) | null {
  if (nodeMajor === 0) return null;
  return usesInspector ? collectByInspector() : collectByRegistry();
}

function collectByRegistry(): () => void {
  const cleanupSome = fromContextWith(
    ["harmony-weak-refs-with-cleanup-some"],
    "FinalizationRegistry.prototype.cleanupSome",
  ) as () => void;
  return () => {
    collectGarbage();
    cleanupSome.call(registry);
  };
}

/** Where the inspector finds the class to ask for, and leaves the numbers of those alive. */
const mailbox = Symbol.for("kernelbook.reclaim");

function collectByInspector(): () => void {
  const { Session } = process.getBuiltinModule("inspector");
  const session = new Session();
  session.connect();
  const ask = (method: string, parameters: object) => {
    let answer: { result?: { objectId?: string }; objects?: { objectId?: string } } = {};
    // from synchronous code the answer comes before `post` returns
    session.post(method as "Runtime.evaluate", parameters as never, (error, result) => {
      if (error) throw new Error(`reclaim: ${method}: ${error.message}`);
      answer = result as typeof answer;
    });
    return answer;
  };

  const box = { prototype: null as object | null, alive: new Set<number>() };
  (globalThis as Record<symbol, unknown>)[mailbox] = box;
  return () => {
    box.prototype = storagePrototype;
    const expression = `globalThis[Symbol.for("kernelbook.reclaim")].prototype`;
    const prototype = ask("Runtime.evaluate", { expression, objectGroup: "reclaim" }).result;
    const found = ask("Runtime.queryObjects", {
      prototypeObjectId: prototype?.objectId,
      objectGroup: "reclaim",
    }).objects;
    ask("Runtime.callFunctionOn", {
      objectId: found?.objectId,
      functionDeclaration: `function () {
        const box = globalThis[Symbol.for("kernelbook.reclaim")];
        for (const storage of this) if (typeof storage.number === "number") box.alive.add(storage.number);
      }`,
    });
    ask("Runtime.releaseObjectGroup", { objectGroup: "reclaim" });

    for (const [number, ticket] of byNumber) {
      if (box.alive.has(number)) continue;
      byNumber.delete(number);
      giveBack(ticket);
    }
    box.alive.clear();
  };
}

let storagePrototype: object | null = null;

/** Tells which class to look for. */
export function watchClass(prototype: object): void {
  storagePrototype = prototype;
  makeListable(prototype);
}
