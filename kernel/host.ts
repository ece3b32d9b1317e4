// What the kernel offers to libraries in a cell, found at globalThis[Symbol.for("kernelbook.host")]
// before the first cell runs. Widgets meet the kernel here, and by no import.

export interface DisplayBundle {
  /** MIME type -> value, as in Jupyter's display_data. */
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  buffers?: ArrayBufferView[];
}

export interface CommMessage {
  content: { comm_id: string; data: any; target_name?: string };
  metadata: object;
  buffers: Uint8Array[];
  /** msg_id of the message itself: what is sent while it is handled has it as its parent. */
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

export interface KernelbookHost {
  /** Send display_data, or update_display_data, as output of the cell that runs now. */
  display(bundle: DisplayBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Empty the output of the cell that runs now; `wait`: only when the next output arrives. */
  clearOutput(options?: { wait?: boolean }): void;
  comms: {
    open(
      targetName: string,
      data: object,
      options?: { commId?: string; metadata?: object; buffers?: ArrayBufferView[] },
    ): HostComm;
    registerTarget(name: string, onOpen: (comm: HostComm, message: CommMessage) => void): void;
  };
  /** Ask the reader for a line of text. @throws Error where the front end takes no input. */
  input(prompt: string, options?: { password?: boolean }): Promise<string>;
  /** msg_id of the execute_request, or the comm message, that is being served. */
  currentParentId(): string | undefined;
}

export const hostSymbol: unique symbol = Symbol.for("kernelbook.host") as never;
/** Called after each cell, if a library has put a function there. */
export const betweenCellsSymbol: unique symbol = Symbol.for("kernelbook.betweenCells") as never;
/** A value that has a method of this name is shown by the MIME bundle that it returns. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;
