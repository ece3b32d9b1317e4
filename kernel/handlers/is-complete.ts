// is_complete_request: run the cell at Enter, or wait for another line?
import { withoutMagics } from "./magics/split.js";
import type { Io, Request } from "../io/io.js";

export async function isComplete(io: Io, request: Request<{ code: string }>): Promise<void> {
  const answer = await io.language.ask(
    "isComplete",
    withoutMagics(String(request.message.content.code ?? "")),
  );
  io.reply(request, "is_complete_reply", answer);
}
