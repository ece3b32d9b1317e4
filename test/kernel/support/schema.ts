// Every message that the kernel sends is held against the protocol's tables, 5.4.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html
import type { Message } from "../../../kernel/protocol/message.js";

type Check = (value: any) => boolean;
const text: Check = (value) => typeof value === "string";
const whole: Check = Number.isInteger;
const flag: Check = (value) => typeof value === "boolean";
const object: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list: Check = Array.isArray;
const texts: Check = (value) => list(value) && value.every(text);
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value);
const status = oneOf("ok");

const error = { ename: text, evalue: text, traceback: texts };
const mime = { data: object, metadata: object };

const contents: Record<string, Record<string, Check>> = {
  status: { execution_state: oneOf("busy", "idle", "starting") },
  iopub_welcome: { subscription: text },
  execute_input: { code: text, execution_count: whole },
  execute_result: { ...mime, execution_count: whole },
  stream: { name: oneOf("stdout", "stderr"), text },
  display_data: { ...mime, transient: object },
  update_display_data: { ...mime, transient: (value) => text(value?.display_id) },
  clear_output: { wait: flag },
  error,
  comm_open: { comm_id: text, target_name: text, data: object },
  comm_msg: { comm_id: text, data: object },
  comm_close: { comm_id: text, data: object },
  input_request: { prompt: text, password: flag },
  execute_reply: { execution_count: whole, user_expressions: object, payload: list },
  complete_reply: {
    matches: texts,
    cursor_start: whole,
    cursor_end: whole,
    metadata: object,
    status,
  },
  inspect_reply: { found: flag, data: object, metadata: object, status },
  is_complete_reply: { status: oneOf("complete", "incomplete", "invalid", "unknown") },
  history_reply: { history: list, status },
  comm_info_reply: { comms: object, status },
  kernel_info_reply: {
    status,
    protocol_version: (value) => /^\d+\.\d+$/.test(value),
    implementation: text,
    implementation_version: text,
    language_info: object,
    banner: text,
    debugger: flag,
    help_links: list,
    supported_features: texts,
  },
  connect_reply: { shell_port: whole, iopub_port: whole, stdin_port: whole, hb_port: whole },
  shutdown_reply: { restart: flag, status },
  interrupt_reply: { status },
  debug_reply: {
    type: oneOf("response"),
    request_seq: whole,
    success: flag,
    command: text,
    body: object,
  },
  debug_event: { type: oneOf("event"), event: text, body: object },
  create_subshell_reply: { subshell_id: text, status },
  delete_subshell_reply: { status },
  list_subshell_reply: { subshell_id: texts, status },
};

/** @throws Error that names the message and the field */
export function validate(channel: string, { header, parent_header, content }: Message): void {
  const type = header.msg_type;
  for (const field of ["msg_id", "msg_type", "session", "username", "date", "version"] as const) {
    if (!text(header[field]))
      throw new Error(`${type} on ${channel}: header.${field} is ${header[field]}`);
  }
  if (!object(parent_header)) throw new Error(`${type}: parent_header is no object`);
  if (content.status === "aborted") return;
  const isError = type.endsWith("_reply") && content.status === "error";
  const fields = isError ? error : contents[type];
  if (!fields) throw new Error(`${type} on ${channel}: the protocol has no such message`);
  for (const [field, check] of Object.entries(fields)) {
    if (!check(content[field])) {
      throw new Error(`${type}: ${field} is ${JSON.stringify(content[field])}`);
    }
  }
}
