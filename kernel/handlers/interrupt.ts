// interrupt_request: stop what runs, keep everything else.
import type { Io, Request, Work } from "../io/io.js";

const patienceMs = 1000;

export async function interrupt(io: Io, request: Request): Promise<void> {
  const { pid } = io.language;
  io.stopCommand?.();
  const works = [...io.works];
  for (const work of works) if (work.phase === "checking") stopCheck(io, work);
  if (
    works.every(({ phase }) => phase !== "stopped") ||
    works.some(({ phase }) => phase === "running")
  )
    void io.debugger.passBy(io.main.interrupt(pid === undefined ? [] : [pid]));
  io.reply(request, "interrupt_reply", { status: "ok" });
}

/** The cell is with the type checker, or waits for a command: it stops after it. */
function stopCheck(io: Io, work: Work): void {
  work.phase = "stopped";
  // Types may take for ever, too; a new checker is told the cells so far.
  const kill = () => {
    if (io.works.has(work)) io.language.kill();
  };
  setTimeout(kill, patienceMs).unref();
}
