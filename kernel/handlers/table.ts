// Every request of the protocol, and who answers it.
import type { Io, Request } from "../io/io.js";
import { commClose, commInfo, commMessage, commOpen } from "./comm.js";
import { complete } from "./complete.js";
import { debug } from "./debug.js";
import { execute } from "./execute.js";
import { history } from "./history.js";
import { connect, kernelInfo } from "./info.js";
import { inspect } from "./inspect.js";
import { interrupt } from "./interrupt.js";
import { isComplete } from "./is-complete.js";
import { shutdown } from "./shutdown.js";
import { createSubshell, deleteSubshell, listSubshell } from "./subshells.js";

type Handler = (io: Io, request: Request<any>) => void | Promise<void>;

const handlers: Record<string, Handler> = {
  kernel_info_request: kernelInfo,
  connect_request: connect,
  execute_request: execute,
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: isComplete,
  history_request: history,
  comm_info_request: commInfo,
  comm_open: commOpen,
  comm_msg: commMessage,
  comm_close: commClose,
  debug_request: debug,
  interrupt_request: interrupt,
  shutdown_request: shutdown,
  create_subshell_request: createSubshell,
  delete_subshell_request: deleteSubshell,
  list_subshell_request: listSubshell,
};

/** These say themselves when they are busy and idle: they wait for their turn, or for the main thread. */
const ownStatus = new Set(["execute_request", "comm_open", "comm_msg", "comm_close"]);

export async function handle(io: Io, request: Request): Promise<void> {
  const { header } = request.message;
  io.remember(header);
  const handler = Object.hasOwn(handlers, header.msg_type) && handlers[header.msg_type];
  if (!handler) return; // a newer protocol's: it says itself what it can do without
  if (ownStatus.has(header.msg_type)) {
    await handler(io, request);
    return;
  }
  io.status("busy", header);
  try {
    await handler(io, request);
  } catch (error) {
    const { name, message, stack } = error as Error;
    io.reply(request, header.msg_type.replace(/_request$/, "_reply"), {
      status: "error",
      ename: name,
      evalue: message,
      traceback: (stack ?? message).split("\n"),
    });
  }
  io.status("idle", header);
}
