// inspect_request: the declaration and the documentation of the name at the cursor.
import type { Inspection } from "../language/engine.js";
import { toUnits } from "../protocol/cursor.js";
import { magicHelp } from "./magics/help.js";
import { withoutMagics } from "./magics/split.js";
import type { Io, Request } from "../io/io.js";

export async function inspect(
  io: Io,
  request: Request<{ code: string; cursor_pos: number }>,
): Promise<void> {
  const { code, cursor_pos } = request.message.content;
  const cursor = toUnits(code, cursor_pos);
  const magic = /^\s*(%{1,2}[A-Za-z]\w*)/.exec(lineAround(code, cursor))?.[1];
  const help = magic && magicHelp(magic);
  const found = help
    ? { signature: help, documentation: "", tags: "" }
    : await io.language.ask("inspect", withoutMagics(code), cursor);
  const data = found ? { "text/plain": plain(found), "text/markdown": markdown(found) } : {};
  io.reply(request, "inspect_reply", { status: "ok", found: !!found, data, metadata: {} });
}

function plain({ signature, documentation, tags }: Inspection): string {
  return [signature, documentation, tags].filter(Boolean).join("\n\n");
}

function markdown({ signature, documentation, tags }: Inspection): string {
  const declaration = `\`\`\`typescript\n${signature}\n\`\`\``;
  return [declaration, documentation, tags.replaceAll("\n", "  \n")].filter(Boolean).join("\n\n");
}

function lineAround(text: string, at: number): string {
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, at).concat(/^\w*/.exec(text.slice(at))![0]);
}
