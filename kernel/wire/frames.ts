// Messages as ZeroMQ frames: identities, <IDS|MSG>, signature, four JSON parts, raw buffers.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#wire-protocol
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Message } from "../protocol/message.js";

const delimiter = Buffer.from("<IDS|MSG>");
const rememberedSignatures = 65_536;

export interface Received {
  identities: Buffer[];
  message: Message;
}

/** Signs what goes out and checks what comes in, for one key. */
export class Signer {
  readonly #key: string;
  /** Signatures met before: the same bytes a second time are a replay. */
  readonly #seen = new Set<string>();

  constructor(key: string) {
    this.#key = key;
  }

  pack(message: Message, identities: readonly Uint8Array[] = []): Uint8Array[] {
    const { header, parent_header, metadata, content, buffers } = message;
    const parts = [header, parent_header, metadata, content].map((part) =>
      Buffer.from(JSON.stringify(part ?? {})),
    );
    return [...identities, delimiter, Buffer.from(this.#sign(parts)), ...parts, ...buffers];
  }

  /** @throws Error that says what is wrong: torn, foreign, replayed or not JSON. */
  unpack(frames: readonly Buffer[]): Received {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0) throw new Error(`a message of ${frames.length} frames has no <IDS|MSG>`);
    const [signature, ...rest] = frames.slice(at + 1);
    if (!signature || rest.length < 4) {
      throw new Error(`a message has ${rest.length} parts after its signature, not 4 or more`);
    }
    const parts = rest.slice(0, 4);
    this.#check(signature, parts);
    const [header, parent_header, metadata, content] = parts.map(parseObject);
    const { msg_id, msg_type } = header!;
    if (typeof msg_id !== "string" || typeof msg_type !== "string") {
      throw new Error("a message's header lacks msg_id or msg_type");
    }
    const message = { header, parent_header, metadata, content, buffers: rest.slice(4) };
    return { identities: frames.slice(0, at), message: message as unknown as Message };
  }

  #check(signature: Buffer, parts: readonly Buffer[]): void {
    if (this.#key === "") return; // the client chose to sign nothing
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error("a message's signature is not made with our key");
    }
    const text = signature.toString("latin1");
    if (this.#seen.has(text)) throw new Error("a message came a second time");
    this.#seen.add(text);
    if (this.#seen.size > rememberedSignatures) {
      this.#seen.delete(this.#seen.values().next().value!);
    }
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  const value: unknown = JSON.parse(bytes.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("a part of a message is not a JSON object");
  }
  return value as Record<string, unknown>;
}
