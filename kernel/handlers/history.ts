// history_request: what was run, by its end, a range, or a pattern.
import type { HistoryEntry } from "../io/history.js";
import type { Io, Request } from "../io/io.js";

interface HistoryRequest {
  output?: boolean;
  hist_access_type: "range" | "tail" | "search";
  session?: number;
  start?: number;
  stop?: number | null;
  n?: number;
  pattern?: string;
  unique?: boolean;
}

export function history(io: Io, request: Request<HistoryRequest>): void {
  const { content } = request.message;
  const entries = find(io, content);
  const history = entries.map(({ line, input, output }) => [
    0,
    line,
    content.output ? [input, output ?? null] : input,
  ]);
  io.reply(request, "history_reply", { status: "ok", history });
}

function find(io: Io, request: HistoryRequest): HistoryEntry[] {
  switch (request.hist_access_type) {
    case "tail":
      return io.history.tail(request.n ?? 10);
    case "range":
      // 0 is this session, -1 the one before it; we know this one only.
      return request.session ? [] : io.history.range(request.start ?? 0, request.stop);
    case "search":
      return io.history.search(request.pattern ?? "*", request.n, request.unique ?? false);
    default:
      return [];
  }
}
