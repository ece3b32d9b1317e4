// Subshells (JEP 91). Requests other than cells are served at once here anyway, so a subshell is only
// a name; cells keep to one line, since there is one set of variables.
// https://jupyter.org/enhancement-proposals/91-kernel-subshells/kernel-subshells.html
import { randomUUID } from "node:crypto";
import type { Io, Request } from "../io/io.js";

export function createSubshell(io: Io, request: Request): void {
  const subshell_id = randomUUID();
  io.subshells.add(subshell_id);
  io.reply(request, "create_subshell_reply", { status: "ok", subshell_id });
}

export function deleteSubshell(io: Io, request: Request<{ subshell_id: string }>): void {
  const { subshell_id } = request.message.content;
  if (!io.subshells.delete(subshell_id)) throw new Error(`there is no subshell ${subshell_id}`);
  io.reply(request, "delete_subshell_reply", { status: "ok" });
}

export function listSubshell(io: Io, request: Request): void {
  io.reply(request, "list_subshell_reply", { status: "ok", subshell_id: [...io.subshells] });
}
