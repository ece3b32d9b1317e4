// The kernel's side of a Jupyter widget: a state that a front end shares (protocol 2.1).

import { displaySymbol, type Displayable, type MimeBundle } from "./bundle.js";
import { host, type CommMessage, type HostComm } from "./host.js";
import { putInBuffers, takeOutBuffers } from "./wire.js";

export const protocolVersion = "2.1.0";
export const viewMime = "application/vnd.jupyter.widget-view+json";

type State = Record<string, unknown>;
type Listener = (value: any, old: any) => void;
type CustomListener = (content: any, buffers: Uint8Array[]) => void;

/** Every widget that a front end has heard of, by its id. */
const live = new Map<string, Widget>();

/** A model in the kernel whose views a front end shows, by the Jupyter widget protocol 2.1. */
export class Widget implements Displayable {
  /** The comm's id, by which front ends know the widget. */
  readonly modelId: string = globalThis.crypto.randomUUID().replaceAll("-", "");
  readonly #state: State;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #custom = new Set<CustomListener>();
  readonly #changed = new Set<string>();
  #comm: HostComm | undefined;
  /** The kernel that knows it. */
  #host: ReturnType<typeof host>;
  #closed = false;
  #flushing = false;

  /** @param state With the protocol's names: `_model_name`, `continuous_update` … */
  constructor(state: State) {
    this.#state = { ...state };
  }

  /** One value of the state, by the protocol's name. */
  get(name: string): any {
    return this.#state[name];
  }

  /** Changes values; the front end hears of all changes of a turn in one message. */
  set(changes: State): void {
    for (const [name, value] of Object.entries(changes)) this.#write(name, value);
  }

  /** Calls `listener(value, old)` after every change of a value; gives the function that stops it. */
  observe(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls `listener` for the front end's custom messages (a button's click, say). */
  onMessage(listener: CustomListener): () => void {
    this.#custom.add(listener);
    return () => this.#custom.delete(listener);
  }

  /** Sends a custom message to the views. */
  send(content: unknown, buffers: ArrayBufferView[] = []): void {
    if (this.#closed) throw new Error(`${this}: this widget was closed`);
    this.open();
    this.#comm?.send({ method: "custom", content }, { buffers });
  }

  /** Ends it: its views vanish. */
  close(): void {
    this.#closed = true;
    live.delete(this.modelId);
    this.#comm?.close();
    this.#comm = undefined;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Makes it known to the front end, with all widgets inside it; true if there is a front end. */
  open(): boolean {
    const kernel = host();
    if (this.#comm && this.#host === kernel) return true;
    if (!kernel || this.#closed) return false;
    this.#host = kernel;
    answerControl(kernel);
    const { state, buffer_paths, buffers } = this.#onWire();
    const comm = kernel.comms.open(
      "jupyter.widget",
      { state, buffer_paths },
      { commId: this.modelId, metadata: { version: protocolVersion }, buffers },
    );
    this.#comm = comm;
    this.#changed.clear();
    live.set(this.modelId, this);
    comm.onMsg((message) => this.#receive(message));
    comm.onClose(() => {
      this.#closed = true;
      this.#comm = undefined;
      live.delete(this.modelId);
    });
    return true;
  }

  [displaySymbol](): MimeBundle {
    const text = { "text/plain": String(this) };
    if (!this.open()) return { data: { ...text, ...this.still() } };
    const view = { version_major: 2, version_minor: 0, model_id: this.modelId };
    return { data: { [viewMime]: view, ...text, ...this.still() }, metadata: this.stillMetadata() };
  }

  /** What is shown where no widget can be: a picture, a text. Subclasses have more to say. */
  protected still(): Record<string, unknown> {
    return {};
  }

  protected stillMetadata(): Record<string, unknown> {
    return {};
  }

  toString(): string {
    const name = String(this.#state._model_name ?? "Widget").replace(/Model$/, "");
    const value = this.#state.value;
    return ["string", "number", "boolean"].includes(typeof value)
      ? `${name}(value=${value})`
      : `${name}()`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** @internal As the notebook's metadata and the control target hold it. */
  snapshot(): State {
    const { _model_name, _model_module, _model_module_version } = this.#state;
    return {
      model_name: _model_name,
      model_module: _model_module,
      model_module_version: _model_module_version,
      state: withReferences(this.#state),
    };
  }

  #onWire(names: readonly string[] = Object.keys(this.#state)) {
    return takeOutBuffers(
      withReferences(Object.fromEntries(names.map((name) => [name, this.#state[name]]))) as State,
    );
  }

  #write(name: string, value: unknown, fromFront = false): void {
    const old = this.#state[name];
    if (Object.is(old, value)) return;
    this.#state[name] = value;
    if (!fromFront) {
      this.#changed.add(name);
      this.#flushSoon();
    }
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(value, old);
  }

  #flushSoon(): void {
    if (this.#flushing || !this.#comm) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.flush();
    });
  }

  /** Sends what has changed at once, not at the end of the turn: for loops that do not wait. */
  flush(): void {
    if (this.#changed.size === 0 || !this.#comm) return;
    const { state, buffer_paths, buffers } = this.#onWire([...this.#changed]);
    this.#changed.clear();
    this.#comm.send({ method: "update", state, buffer_paths }, { buffers });
  }

  #receive(message: CommMessage): void {
    const data = message.content?.data ?? {};
    switch (data.method) {
      case "update": {
        if (typeof data.state !== "object" || data.state === null) return;
        // what is in the buffers goes back as it came; the state itself gets them
        const state = putInBuffers(structuredClone(data.state), data.buffer_paths, message.buffers);
        try {
          for (const [name, value] of Object.entries(state))
            this.#write(name, fromWire(value), true);
        } finally {
          // echoed, so that other views know who said it and a slow kernel does not move the hand; after what listeners
          // have sent at once (a picture waits for nothing), before the changes of this turn
          this.#comm?.send(
            { method: "echo_update", state: data.state, buffer_paths: data.buffer_paths ?? [] },
            { buffers: message.buffers ?? [] },
          );
        }
        return;
      }
      case "request_state": {
        const { state, buffer_paths, buffers } = this.#onWire();
        this.#comm?.send({ method: "update", state, buffer_paths }, { buffers });
        return;
      }
      case "custom":
        for (const listener of [...this.#custom]) listener(data.content, message.buffers ?? []);
    }
  }
}

/** Widgets as "IPY_MODEL_…", opened on the way so that the front end knows them. */
function withReferences(value: unknown): unknown {
  if (value instanceof Widget) {
    value.open();
    return `IPY_MODEL_${value.modelId}`;
  }
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value === "object" && value && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, withReferences(part)]),
    );
  }
  return value;
}

function fromWire(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("IPY_MODEL_")) {
    return live.get(value.slice("IPY_MODEL_".length)) ?? value;
  }
  return Array.isArray(value) ? value.map(fromWire) : value;
}

const answered = new WeakSet<object>();

/** A page that is loaded again asks for all widgets at once. */
function answerControl(kernel: NonNullable<ReturnType<typeof host>>): void {
  if (answered.has(kernel)) return;
  answered.add(kernel);
  kernel.comms.registerTarget("jupyter.widget.control", (comm) =>
    comm.onMsg((message) => {
      if (message.content?.data?.method !== "request_states") return;
      const all = Object.fromEntries([...live].map(([id, widget]) => [id, widget.snapshot()]));
      const { state, buffer_paths, buffers } = takeOutBuffers(all);
      comm.send({ method: "update_states", states: state, buffer_paths }, { buffers });
    }),
  );
}

/**
 * All live widgets in the form of a notebook's `metadata.widgets`, which nbconvert and GitHub accept.
 */
export function widgetState(): State {
  const state = Object.fromEntries(
    [...live].map(([id, widget]) => {
      const taken = takeOutBuffers(widget.snapshot().state as State);
      const buffers = taken.buffers.map((view, i) => ({
        path: taken.buffer_paths[i],
        data: Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64"),
        encoding: "base64",
      }));
      return [
        id,
        { ...widget.snapshot(), state: taken.state, ...(buffers.length ? { buffers } : {}) },
      ];
    }),
  );
  const mime = "application/vnd.jupyter.widget-state+json";
  return { [mime]: { version_major: 2, version_minor: 0, state } };
}
