// Comms: two-way lines between a widget in the page and a library in a cell.
import { randomUUID } from "node:crypto";
import type { CommToMain } from "../bridge.js";
import type { CommMessage, HostComm, KernelbookHost } from "../host.js";
import { withParent } from "./context.js";

type Handler = (message: CommMessage) => void;
type Publish = (
  type: "comm_open" | "comm_msg" | "comm_close",
  content: object,
  metadata?: object,
  buffers?: ArrayBufferView[],
) => void;

export class Comms {
  readonly #open = new Map<string, Comm>();
  readonly #targets = new Map<string, (comm: HostComm, message: CommMessage) => void>();

  constructor(
    readonly publish: Publish,
    readonly onError: (error: unknown) => void,
  ) {}

  readonly host: KernelbookHost["comms"] = {
    open: (targetName, data, { commId = randomUUID(), metadata, buffers } = {}) => {
      const comm = this.#add(commId, targetName);
      const content = { comm_id: commId, target_name: targetName, data: data ?? {} };
      this.publish("comm_open", content, metadata, buffers);
      return comm;
    },
    registerTarget: (name, onOpen) => void this.#targets.set(name, onOpen),
  };

  /** A message from the page. Handlers run one by one, each with the message as its parent. */
  serve({ kind, content, metadata, buffers, parent }: CommToMain): void {
    const { comm_id, target_name = "", data = {} } = content;
    const message = {
      content: { comm_id, target_name, data },
      metadata,
      buffers,
      parentId: parent,
    };
    withParent(parent, () => {
      try {
        this.#dispatch(kind, message);
      } catch (error) {
        this.onError(error);
      }
    });
  }

  #dispatch(kind: CommToMain["kind"], message: CommMessage): void {
    const { comm_id, target_name = "" } = message.content;
    if (kind === "comm_open") {
      const onOpen = this.#targets.get(target_name);
      if (!onOpen) {
        this.publish("comm_close", { comm_id, data: {} }); // nobody here speaks it
        return;
      }
      onOpen(this.#add(comm_id, target_name), message);
      return;
    }
    const comm = this.#open.get(comm_id);
    if (!comm) return; // closed meanwhile
    if (kind === "comm_close") this.#open.delete(comm_id);
    comm.deliver(kind, message);
  }

  #add(commId: string, targetName: string): Comm {
    const comm = new Comm(commId, targetName, this.publish, () => this.#open.delete(commId));
    this.#open.set(commId, comm);
    return comm;
  }
}

class Comm implements HostComm {
  readonly #onMessage: Handler[] = [];
  readonly #onClose: Handler[] = [];

  constructor(
    readonly commId: string,
    readonly targetName: string,
    readonly publish: Publish,
    readonly forget: () => boolean,
  ) {}

  send(
    data: object,
    { metadata, buffers }: { metadata?: object; buffers?: ArrayBufferView[] } = {},
  ) {
    this.publish("comm_msg", { comm_id: this.commId, data: data ?? {} }, metadata, buffers);
  }

  close(data: object = {}): void {
    if (this.forget()) this.publish("comm_close", { comm_id: this.commId, data });
  }

  onMsg(handler: Handler): void {
    this.#onMessage.push(handler);
  }

  onClose(handler: Handler): void {
    this.#onClose.push(handler);
  }

  deliver(kind: "comm_msg" | "comm_close", message: CommMessage): void {
    for (const handler of kind === "comm_msg" ? this.#onMessage : this.#onClose) handler(message);
  }
}
