// complete_request: names that fit at the cursor, each with what it is.
import { toPoints, toUnits } from "../protocol/cursor.js";
import type { Io, Request } from "../io/io.js";

export async function complete(
  io: Io,
  request: Request<{ code: string; cursor_pos: number }>,
): Promise<void> {
  const { code, cursor_pos } = request.message.content;
  const found = await io.language.ask("complete", code, toUnits(code, cursor_pos));
  const start = toPoints(code, found.start);
  const end = toPoints(code, found.end);
  io.reply(request, "complete_reply", {
    status: "ok",
    matches: found.items.map(({ text }) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: found.items.map(({ text, type, signature }) => ({
        text,
        type,
        start,
        end,
        ...(signature === undefined ? {} : { signature }),
      })),
    },
  });
}
