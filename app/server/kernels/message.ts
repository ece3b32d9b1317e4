// A kernel message as it travels: on ZeroMQ (signed parts) and on the page's WebSocket, in both of its
// forms. The four JSON parts stay bytes; only who sent it and what it answers is looked into.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#wire-protocol
// https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { Header } from "../../../kernel/protocol/message.js";

export const v1Protocol = "v1.kernel.websocket.jupyter.org";

export type Channel = "shell" | "control" | "stdin" | "iopub";
const channels: readonly string[] = ["shell", "control", "stdin", "iopub"] satisfies Channel[];

export class KernelMessage {
  #header?: Header;
  #parent?: Partial<Header>;

  constructor(
    readonly channel: Channel,
    /** header, parent_header, metadata, content: each a JSON object as bytes. */
    readonly parts: readonly [Buffer, Buffer, Buffer, Buffer],
    readonly buffers: readonly Buffer[] = [],
  ) {}

  get header(): Header {
    return (this.#header ??= parse(this.parts[0]) as unknown as Header);
  }
  get parent(): Partial<Header> {
    return (this.#parent ??= parse(this.parts[1]) as Partial<Header>);
  }
  get metadata(): Record<string, any> {
    return parse(this.parts[2]);
  }
  get content(): Record<string, any> {
    return parse(this.parts[3]);
  }
}

/** A message of the server's own. */
export function createMessage(
  channel: Channel,
  type: string,
  content: object,
  session: string,
  parent: Partial<Header> = {},
): KernelMessage {
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "server",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const bytes = (value: object) => Buffer.from(JSON.stringify(value));
  return new KernelMessage(channel, [bytes(header), bytes(parent), bytes({}), bytes(content)]);
}

// ZeroMQ

const delimiter = Buffer.from("<IDS|MSG>");

export class Signer {
  constructor(readonly key: string) {}

  frames(message: KernelMessage): Buffer[] {
    return [delimiter, this.#sign(message.parts), ...message.parts, ...message.buffers];
  }

  /** @throws Error if the parts are incomplete or the signature is not ours. */
  read(channel: Channel, frames: readonly Buffer[]): KernelMessage {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    const [signature, header, parent, metadata, content, ...buffers] = frames.slice(at + 1);
    if (at < 0 || !signature || !header || !parent || !metadata || !content) {
      throw new Error(`a message with ${frames.length} frames on ${channel} is incomplete`);
    }
    const parts = [header, parent, metadata, content] as const;
    const expected = this.#sign(parts);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error(`a message on ${channel} has a wrong signature`);
    }
    return new KernelMessage(channel, parts, buffers);
  }

  #sign(parts: readonly Buffer[]): Buffer {
    if (this.key === "") return Buffer.alloc(0);
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return Buffer.from(hmac.digest("hex"));
  }
}

// WebSocket, form v1: count of offsets, offsets, then the bytes one after the other

export function toV1(message: KernelMessage): Buffer {
  const pieces = [Buffer.from(message.channel), ...message.parts, ...message.buffers];
  const head = Buffer.alloc(8 * (2 + pieces.length));
  head.writeBigUInt64LE(BigInt(pieces.length + 1), 0);
  let offset = head.length;
  head.writeBigUInt64LE(BigInt(offset), 8);
  for (const [index, piece] of pieces.entries()) {
    offset += piece.length;
    head.writeBigUInt64LE(BigInt(offset), 8 * (2 + index));
  }
  return Buffer.concat([head, ...pieces]);
}

/** @throws Error on bytes that are no message. */
export function fromV1(bytes: Buffer): KernelMessage {
  const count = Number(bytes.readBigUInt64LE(0));
  if (count < 6 || 8 * (count + 1) > bytes.length)
    throw new Error(`a message with ${count} offsets`);
  const offsets = Array.from({ length: count }, (_, i) =>
    Number(bytes.readBigUInt64LE(8 * (i + 1))),
  );
  if (offsets.some((offset, i) => offset > bytes.length || offset < (offsets[i - 1] ?? 0))) {
    throw new Error("a message whose offsets are not in order");
  }
  const pieces = offsets.slice(0, -1).map((start, i) => bytes.subarray(start, offsets[i + 1]));
  const [channel, header, parent, metadata, content, ...buffers] = pieces;
  return checked(String(channel), [header!, parent!, metadata!, content!], buffers);
}

// WebSocket, the older form: JSON text, or with buffers their count and offsets (32 bits, big-endian) before it

export function toJson(message: KernelMessage): string | Buffer {
  const [header, parent, metadata, content] = message.parts;
  const { msg_id, msg_type } = message.header;
  const text =
    `{"header":${header},"msg_id":${JSON.stringify(msg_id)},"msg_type":${JSON.stringify(msg_type)},` +
    `"parent_header":${parent},"metadata":${metadata},"content":${content},` +
    `"channel":"${message.channel}","buffers":[]}`;
  if (message.buffers.length === 0) return text;
  const pieces = [Buffer.from(text), ...message.buffers];
  const head = Buffer.alloc(4 * (1 + pieces.length));
  head.writeUInt32BE(pieces.length, 0);
  let offset = head.length;
  for (const [index, piece] of pieces.entries()) {
    head.writeUInt32BE(offset, 4 * (index + 1));
    offset += piece.length;
  }
  return Buffer.concat([head, ...pieces]);
}

/** @throws Error on what is no message. */
export function fromJson(data: Buffer, isBinary: boolean): KernelMessage {
  let text = data;
  let buffers: Buffer[] = [];
  if (isBinary) {
    const count = data.readUInt32BE(0);
    if (count < 1 || 4 * (count + 1) > data.length)
      throw new Error(`a message with ${count} parts`);
    const offsets = Array.from({ length: count }, (_, i) => data.readUInt32BE(4 * (i + 1)));
    const pieces = offsets.map((start, i) => data.subarray(start, offsets[i + 1]));
    [text = data, ...buffers] = pieces;
  }
  const message = parse(text);
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value ?? {}));
  return checked(
    message.channel ?? "shell",
    [
      bytes(message.header),
      bytes(message.parent_header),
      bytes(message.metadata),
      bytes(message.content),
    ],
    buffers,
  );
}

function checked(
  channel: string,
  parts: [Buffer, Buffer, Buffer, Buffer],
  buffers: Buffer[],
): KernelMessage {
  if (!channels.includes(channel)) throw new Error(`a message on the channel ${channel}`);
  for (const part of parts) parse(part);
  const message = new KernelMessage(channel as Channel, parts, buffers);
  const { msg_id, msg_type, session } = message.header;
  if (![msg_id, msg_type, session].every((value) => typeof value === "string")) {
    throw new Error("a message whose header lacks msg_id, msg_type or session");
  }
  return message;
}

function parse(bytes: Buffer): Record<string, any> {
  const value: unknown = JSON.parse(bytes.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("a part of a message is not a JSON object");
  }
  return value;
}
