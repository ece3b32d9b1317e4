// A worker of the team: waits for jobs, and takes its share. Uses no CPU while it waits.

import type { Kernels } from "./kernels.js";
import { boardOf, LOOKS_BEFORE_SLEEP, takeChunks, word, type TeamMember } from "./team-protocol.js";

const threads = globalThis.process?.getBuiltinModule?.("worker_threads");
if (threads) serve(threads.workerData as TeamMember);
else {
  addEventListener("message", (event) => serve((event as MessageEvent<TeamMember>).data), {
    once: true,
  });
}

function serve({ memory, module, index, names }: TeamMember): never {
  const kernels = new WebAssembly.Instance(module, { env: { memory } })
    .exports as unknown as Kernels;
  const board = boardOf(memory);
  const { words } = board;
  let seen = Atomics.load(words, word.generation);
  Atomics.add(words, word.ready, 1);

  for (;;) {
    seen = nextGeneration(words, seen);
    if (index >= Atomics.load(words, word.members)) continue;
    Atomics.add(words, word.inside, 1);
    try {
      takeChunks(board, kernels, names, index + 1);
    } catch {
      Atomics.store(words, word.failed, 1); // the caller throws for us
    }
    if (Atomics.sub(words, word.inside, 1) === 1) Atomics.notify(words, word.inside);
  }
}

/** Waits until the generation is another than `seen`: looking at first, then asleep. */
function nextGeneration(words: Int32Array, seen: number): number {
  for (let look = 0; look < LOOKS_BEFORE_SLEEP; look++) {
    const now = Atomics.load(words, word.generation);
    if (now !== seen) return now;
  }
  Atomics.add(words, word.sleeping, 1);
  while (Atomics.load(words, word.generation) === seen) Atomics.wait(words, word.generation, seen);
  Atomics.sub(words, word.sleeping, 1);
  return Atomics.load(words, word.generation);
}
