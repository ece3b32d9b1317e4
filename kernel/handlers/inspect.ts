// inspect_request: the declaration and the documentation of the name at the cursor.
import type { Inspection } from "../language/engine.js";
import { toUnits } from "../protocol/cursor.js";
import { magicHelp } from "./magics/help.js";
import { withoutMagics } from "./magics/split.js";
import type { Io, Request } from "../io/io.js";

export async function inspect(
  io: Io,
  request: Request<{ code: string; cursor_pos?: number; detail_level?: 0 | 1 }>,
): Promise<void> {
  const { cursor_pos = 0, detail_level = 0, ...content } = request.message.content;
  const code = String(content.code ?? "");
  const cursor = toUnits(code, cursor_pos);
  const magic = /^\s*(%{1,2}[A-Za-z]\w*)/.exec(lineAround(code, cursor))?.[1];
  const help = magic && magicHelp(magic);
  const found: Inspection | null = help
    ? { signature: help, documentation: "", tags: "" }
    : await io.language.ask("inspect", withoutMagics(code), cursor);
  if (detail_level === 0) delete found?.source;
  const data = found ? { "text/plain": plain(found), "text/markdown": markdown(found) } : {};
  io.reply(request, "inspect_reply", { status: "ok", found: !!found, data, metadata: {} });
}

function plain({ signature, documentation, tags, source }: Inspection): string {
  return [signature, documentation, tags, source].filter(Boolean).join("\n\n");
}

function markdown({ signature, documentation, tags, source }: Inspection): string {
  const code = (text: string) => `\`\`\`typescript\n${text}\n\`\`\``;
  const written = source && code(source);
  const parts = [code(signature), documentation, tags.replaceAll("\n", "  \n"), written];
  return parts.filter(Boolean).join("\n\n");
}

function lineAround(text: string, at: number): string {
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, at).concat(/^\w*/.exec(text.slice(at))![0]);
}
