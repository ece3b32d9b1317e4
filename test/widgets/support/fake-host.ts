// A kernel that only notes what widgets say, and says to them what a page would.

const at = Symbol.for("kernelbook.host");

export interface Noted {
  id: string;
  kind: "open" | "msg" | "close";
  data: any;
  metadata?: any;
  buffers: ArrayBufferView[];
}

export class FakeHost {
  readonly noted: Noted[] = [];
  readonly displays: { bundle: any; options: any }[] = [];
  readonly #handlers = new Map<string, (message: any) => void>();
  readonly #closers = new Map<string, (message: any) => void>();
  readonly #targets = new Map<string, (comm: any, message: any) => void>();

  constructor() {
    (globalThis as Record<symbol, unknown>)[at] = this;
  }

  remove(): void {
    delete (globalThis as Record<symbol, unknown>)[at];
  }

  display(bundle: any, options?: any): void {
    this.displays.push({ bundle, options });
  }

  clearOutput(): void {}

  currentParentId(): string {
    return "parent";
  }

  readonly comms = {
    open: (targetName: string, data: any, options: any = {}) => {
      const id = options.commId;
      this.noted.push({
        id,
        kind: "open",
        data: structuredClone(data),
        metadata: options.metadata,
        buffers: options.buffers ?? [],
      });
      return this.#comm(id, targetName);
    },
    registerTarget: (name: string, onOpen: (comm: any, message: any) => void) => {
      this.#targets.set(name, onOpen);
    },
  };

  #comm(id: string, targetName: string) {
    return {
      commId: id,
      targetName,
      send: (data: any, options: any = {}) =>
        this.noted.push({
          id,
          kind: "msg",
          data: structuredClone(data),
          buffers: options.buffers ?? [],
        }),
      close: () => this.noted.push({ id, kind: "close", data: {}, buffers: [] }),
      onMsg: (handler: any) => this.#handlers.set(id, handler),
      onClose: (handler: any) => this.#closers.set(id, handler),
    };
  }

  /** A message of the page to a comm. */
  say(id: string, data: any, buffers: Uint8Array[] = []): void {
    this.#handlers.get(id)!({
      content: { comm_id: id, data },
      metadata: {},
      buffers,
      parentId: "p",
    });
  }

  /** The page closes a comm. */
  closeFromPage(id: string): void {
    this.#closers.get(id)!({
      content: { comm_id: id, data: {} },
      metadata: {},
      buffers: [],
      parentId: "p",
    });
  }

  /** The page opens a comm to a target. */
  openFromPage(target: string, id: string): void {
    this.#targets.get(target)!(this.#comm(id, target), {
      content: { comm_id: id, data: {}, target_name: target },
    });
  }

  of(id: string): Noted[] {
    return this.noted.filter((note) => note.id === id);
  }
}
