// shutdown_request: say goodbye, send what is still to be sent, end the process and its children.
import type { Io, Request } from "../io/io.js";

export async function shutdown(io: Io, request: Request<{ restart?: boolean }>): Promise<void> {
  const { header, content } = request.message;
  const reply = { status: "ok", restart: content.restart ?? false };
  io.reply(request, "shutdown_reply", reply);
  io.publish("shutdown_reply", reply, header);
  io.status("idle", header);
  await end(io, 0);
}

export async function end(io: Io, code: number): Promise<void> {
  io.language.end();
  io.stopCommand?.("SIGKILL");
  io.lastWords.close();
  io.main.disconnect();
  // The main thread may be in a loop: it gets a moment to end by itself, then the process ends.
  io.main.post({ type: "end" });
  await io.sockets.close();
  setTimeout(() => process.kill(process.pid, "SIGKILL"), 400);
  process.exitCode = code;
}
