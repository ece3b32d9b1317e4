// inspect_request: the declaration and the documentation of the name at the cursor.
import type { Inspection } from "../language/engine.js";
import { toUnits } from "../protocol/cursor.js";
import type { Io, Request } from "../io/io.js";

export async function inspect(
  io: Io,
  request: Request<{ code: string; cursor_pos: number }>,
): Promise<void> {
  const { code, cursor_pos } = request.message.content;
  const found = await io.language.ask("inspect", code, toUnits(code, cursor_pos));
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
