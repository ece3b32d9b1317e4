// A message of the Jupyter protocol, and the contents that the kernel reads and writes.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html
import { randomUUID } from "node:crypto";

export const protocolVersion = "5.4";

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
  subshell_id?: string | null;
}

export interface Message<Content = Record<string, any>> {
  header: Header;
  /** The header of what this answers; `{}` if it answers nothing. */
  parent_header: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Content;
  buffers: Uint8Array[];
}

export interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
  stop_on_error?: boolean;
}

export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface CommContent {
  comm_id: string;
  target_name?: string;
  data?: unknown;
}

export interface MimeBundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** A header for a message of our own. */
export function makeHeader(msg_type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type,
    session,
    username: "kernel",
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}
