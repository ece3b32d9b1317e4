// What the two threads say to each other: the main thread (the learner's code, nothing else) and
// the I/O worker (ZeroMQ, the protocol, types). `parent` is the msg_id of the request that is served.
import type { LocalFile } from "./language/rewrite/local-file.js";
import type { CommContent, ErrorContent, MimeBundle } from "./protocol/message.js";

/** A cell made ready to run. */
export interface RunCell {
  type: "run";
  /** Counts runs; the outcome carries it back. */
  run: number;
  parent: string;
  /** The number in the learner's In [n]. */
  cell: number;
  script: CellScript;
  /** user_expressions, each checked and compiled like a cell. */
  expressions: Record<string, CellScript | ErrorContent>;
  silent: boolean;
  allowStdin: boolean;
  /** %time, or %timeit: say how long it took. */
  timing?: "once" | "often";
}

export interface CellScript {
  /** JavaScript: `async ($) => { … }`, see language/rewrite. */
  code: string;
  /** Where each place of it was in the cell: a source map, and the edits made after it. */
  map?: string;
  /** The cell as the learner wrote it, for tracebacks. */
  source: string;
  /** File name by which V8 knows it. */
  fileName: string;
  /** The notebook's own .ts files that it imports, compiled; those that were not sent before. */
  localFiles?: LocalFile[];
}

export interface CommToMain {
  type: "comm";
  kind: "comm_open" | "comm_msg" | "comm_close";
  parent: string;
  content: CommContent;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

export type ToMain =
  | RunCell
  | CommToMain
  | { type: "interrupt"; id: number }
  | { type: "magic"; run: number; name: string; rest: string; parent: string }
  | { type: "folder"; path: string }
  | { type: "collect" }
  | { type: "end" };

export type Outcome =
  | { status: "ok"; result?: MimeBundle; expressions: Record<string, unknown> }
  | { status: "error"; error: ErrorContent };

export type FromMain =
  | { type: "ready" }
  | { type: "stream"; parent: string | undefined; name: "stdout" | "stderr"; text: string }
  | {
      type: "publish";
      parent: string | undefined;
      msgType:
        | "display_data"
        | "update_display_data"
        | "clear_output"
        | "comm_open"
        | "comm_msg"
        | "comm_close"
        | "error";
      content: object;
      metadata?: object;
      buffers?: Uint8Array[];
    }
  | { type: "input"; parent: string | undefined; prompt: string; password: boolean; token: number }
  /** The one who waited for this answer waits no more. */
  | { type: "input-over"; token: number }
  | { type: "outcome"; run: number; outcome: Outcome; assigned: string[] }
  | { type: "magic-done"; run: number; text: string }
  | { type: "comm-served"; parent: string }
  | { type: "exit"; code: number };

/** Places in the Int32Array that both threads share. */
export const flags = {
  /** Not 0: loops and awaits of the learner's code are to stop, for the interrupt of this number. */
  interrupt: 0,
  /** The number of the last interrupt that the main thread has seen. */
  acknowledged: 1,
  /** 1 while the learner's code runs. */
  running: 2,
  /** Counts replies to `input`; a waiting main thread sleeps on it. */
  input: 3,
  count: 4,
} as const;

export interface WorkerData {
  connectionFile: string;
  flags: SharedArrayBuffer;
  /** How large the main thread's heap may become, in bytes. */
  heapLimit: number;
  /** The folder of the notebook. */
  folder: string;
  inputPort: import("node:worker_threads").MessagePort;
}
