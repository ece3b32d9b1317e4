// interrupt_request: stop what runs, keep everything else.
import type { Io, Request } from "../io/io.js";

export async function interrupt(io: Io, request: Request): Promise<void> {
  const { pid } = io.language;
  io.stopCommand?.();
  if (io.phase === "checking") io.phase = "stopped";
  else if (io.phase !== "stopped") void io.main.interrupt(pid === undefined ? [] : [pid]);
  io.reply(request, "interrupt_reply", { status: "ok" });
}
