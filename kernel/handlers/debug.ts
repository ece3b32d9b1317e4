// debug_request: the Debug Adapter Protocol, wrapped in Jupyter's messages.
import type { Io, Request } from "../io/io.js";

interface DebugRequest {
  type: "request";
  seq?: number;
  command: string;
  arguments?: Record<string, unknown>;
}

/** JupyterLab looks for these also in an answer that says it failed: a frame may have gone on meanwhile. */
const nothing: Record<string, object> = {
  stackTrace: { stackFrames: [], totalFrames: 0 },
  scopes: { scopes: [] },
  variables: { variables: [] },
  inspectVariables: { variables: [] },
};

export async function debug(io: Io, request: Request<DebugRequest>): Promise<void> {
  const { content } = request.message;
  const { seq = 0, arguments: args = {} } = content;
  const command = String(content.command);
  const response = { type: "response", request_seq: seq, seq: io.nextDebugSeq(), command };
  try {
    const body = await io.debugger.serve(command, args);
    io.reply(request, "debug_reply", { ...response, success: true, body });
  } catch (error) {
    const { message } = error as Error;
    io.reply(request, "debug_reply", {
      ...response,
      success: false,
      message,
      body: { ...nothing[command], error: { id: 1, format: message } },
    });
  }
}
