// What the kernel offers to widgets, met through one well-known symbol: displays, comms, input. Absent outside of a notebook.

import { displaySymbol, type Displayable, type MimeBundle } from "./bundle.js";

export interface KernelbookHost {
  display(
    bundle: MimeBundle & { buffers?: ArrayBufferView[] },
    options?: { displayId?: string; update?: boolean },
  ): void;
  clearOutput(options?: { wait?: boolean }): void;
  comms: {
    open(
      targetName: string,
      data: object,
      options?: { commId?: string; metadata?: object; buffers?: ArrayBufferView[] },
    ): HostComm;
    registerTarget(name: string, onOpen: (comm: HostComm, message: CommMessage) => void): void;
  };
  input(prompt: string, options?: { password?: boolean }): Promise<string>;
  /** The id of the message that the running code answers. */
  currentParentId(): string | undefined;
}

export interface CommMessage {
  content: { comm_id: string; data: any; target_name?: string };
  metadata: object;
  buffers: Uint8Array[];
  parentId: string;
}

export interface HostComm {
  readonly commId: string;
  readonly targetName: string;
  send(data: object, options?: { metadata?: object; buffers?: ArrayBufferView[] }): void;
  close(data?: object): void;
  onMsg(handler: (message: CommMessage) => void): void;
  onClose(handler: (message: CommMessage) => void): void;
}

const hostSymbol = Symbol.for("kernelbook.host");

/** The kernel that runs us, if one does. */
export function host(): KernelbookHost | undefined {
  return (globalThis as Record<symbol, unknown>)[hostSymbol] as KernelbookHost | undefined;
}

/** Shows a value where the cell stands; false if there is no notebook to show it in. */
export function displayNow(
  value: Displayable,
  options?: { displayId?: string; update?: boolean },
): boolean {
  const kernel = host();
  if (!kernel) return false;
  const bundle = value[displaySymbol]() as MimeBundle;
  kernel.display({ data: bundle.data, metadata: bundle.metadata ?? {} }, options);
  return true;
}
