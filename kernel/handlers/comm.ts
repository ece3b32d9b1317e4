// comm_open, comm_msg, comm_close, comm_info_request: on to the main thread, at once, even while a cell
// awaits; it says when it has served one.
import type { CommContent } from "../protocol/message.js";
import type { Io, Request } from "../io/io.js";

type Kind = "comm_open" | "comm_msg" | "comm_close";

export function commOpen(io: Io, request: Request<CommContent>): void {
  const { comm_id, target_name = "" } = request.message.content;
  if (comm_id !== undefined) io.comms.set(comm_id, target_name);
  toMain(io, request, "comm_open");
}

export function commMessage(io: Io, request: Request<CommContent>): void {
  toMain(io, request, "comm_msg");
}

export function commClose(io: Io, request: Request<CommContent>): void {
  io.comms.delete(request.message.content.comm_id);
  toMain(io, request, "comm_close");
}

export function commInfo(io: Io, request: Request<{ target_name?: string }>): void {
  const wanted = request.message.content.target_name;
  const comms: Record<string, { target_name: string }> = {};
  for (const [id, target_name] of io.comms) {
    if (!wanted || wanted === target_name) comms[id] = { target_name };
  }
  io.reply(request, "comm_info_reply", { status: "ok", comms });
}

/** Keep the list of open comms when the kernel's side opens or closes one. */
export function forwardComm(
  io: Io,
  type: string,
  { comm_id, target_name = "" }: { comm_id: string; target_name?: string },
): void {
  if (type === "comm_open") io.comms.set(comm_id, target_name);
  if (type === "comm_close") io.comms.delete(comm_id);
}

/** A quick answer leaves as one burst, a slow one is waited for no longer than this: then at least "busy" is said. */
const quickMs = 15;

function toMain(io: Io, request: Request<CommContent>, kind: Kind): void {
  const { header, content, metadata, buffers } = request.message;
  // A page that hears "busy" and the echo one by one redraws for each, while the kernel needs the processor for the answer.
  io.sockets.holdPublished(quickMs);
  io.status("busy", header);
  // Nobody could be answered.
  if (typeof content.comm_id !== "string") return io.status("idle", header);
  io.main.post({
    type: "comm",
    kind,
    parent: header.msg_id,
    content,
    metadata,
    buffers: buffers.map((buffer) => new Uint8Array(buffer)),
  });
}
