// A cell that is run while the kernel is still being started waits for it; Jupyter would silently do nothing.

const waiting = new WeakMap();
const longestMs = 60_000;

/** Null if the kernel is there; else a promise, the same for all cells, so that they keep their order. */
export function untilKernel(sessionContext) {
  if (waiting.has(sessionContext)) return waiting.get(sessionContext);
  if (hasKernel(sessionContext)) return null;
  const promise = poll(sessionContext).finally(() => waiting.delete(sessionContext));
  waiting.set(sessionContext, promise);
  return promise;
}

const hasKernel = ({ isReady, session }) => isReady && Boolean(session?.kernel);

async function poll(sessionContext) {
  const until = Date.now() + longestMs;
  while (!hasKernel(sessionContext) && !sessionContext.isDisposed && Date.now() < until) {
    // "No kernel" is the learner's choice once all is settled.
    if (sessionContext.isReady && sessionContext.hasNoKernel) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
