// interrupt_request: stop what runs, keep everything else.
import type { Io, Request } from "../io/io.js";

export async function interrupt(io: Io, request: Request): Promise<void> {
  const { pid } = io.language;
  io.stopCommand?.();
  if (io.phase === "checking") stopCheck(io);
  else if (io.phase !== "stopped") void io.main.interrupt(pid === undefined ? [] : [pid]);
  void io.debugger.resume(); // paused at a breakpoint it hears nothing
  io.reply(request, "interrupt_reply", { status: "ok" });
}

/** The cell is with the type checker, or waits for a command: it stops after it. */
function stopCheck(io: Io): void {
  io.phase = "stopped";
  const { executionCount } = io;
  // Types may take for ever, too; a new checker is told the cells so far.
  const kill = () => {
    if (io.phase === "stopped" && io.executionCount === executionCount) io.language.kill();
  };
  setTimeout(kill, patienceMs).unref();
}

const patienceMs = 1000;
