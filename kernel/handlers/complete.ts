// complete_request: names that fit at the cursor, each with what it is.
import { toPoints, toUnits } from "../protocol/cursor.js";
import type { Completions } from "../language/engine.js";
import { cellMagics, lineMagics, magicHelp } from "./magics/help.js";
import { withoutMagics } from "./magics/split.js";
import type { Io, Request } from "../io/io.js";

export async function complete(
  io: Io,
  request: Request<{ code: string; cursor_pos?: number }>,
): Promise<void> {
  const { content } = request.message;
  const code = String(content.code ?? "");
  const cursor_pos = content.cursor_pos ?? code.length;
  const cursor = toUnits(code, cursor_pos);
  const found =
    completeMagic(code, cursor) ?? (await io.language.ask("complete", withoutMagics(code), cursor));
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

/** `%ti` and `%%ba` at the start of a line. */
function completeMagic(code: string, cursor: number): Completions | undefined {
  const before = code.slice(code.lastIndexOf("\n", cursor - 1) + 1, cursor);
  const typed = /^\s*(%{1,2}\w*)$/.exec(before)?.[1];
  if (typed === undefined) return undefined;
  const isFirst = code.slice(0, cursor - before.length).trim() === "";
  const names = [
    ...Object.keys(lineMagics).map((name) => `%${name}`),
    ...(isFirst ? Object.keys(cellMagics).map((name) => `%%${name}`) : []),
  ];
  const items = names
    .filter((name) => name.startsWith(typed))
    .map((text) => ({ text, type: "magic", signature: magicHelp(text) }));
  return { start: cursor - typed.length, end: cursor, items };
}
