// The main thread, seen through V8's inspector from the I/O worker: questions with answers, and events. It
// answers also while it is paused, or in the middle of a loop.
// https://chromedevtools.github.io/devtools-protocol/v8/
import inspector from "node:inspector";

type Listener = (params: any) => void;

export class Inspected {
  #session: inspector.Session | undefined;
  readonly #listeners: [event: string, listener: Listener][] = [];

  on(event: string, listener: Listener): void {
    this.#listeners.push([event, listener]);
    this.#session?.on(event, (message: { params: unknown }) => listener(message.params));
  }

  /** @throws Error with V8's message */
  post(method: string, params: object = {}): Promise<any> {
    return new Promise((resolve, reject) => {
      this.#connected().post(method, params, (error, result) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result);
      });
    });
  }

  /** At exit: else Node waits for the debugger to go. */
  disconnect(): void {
    this.#session?.disconnect();
    this.#session = undefined;
  }

  /** When first needed: a kernel that starts has no time for it. */
  #connected(): inspector.Session {
    if (!this.#session) {
      this.#session = new inspector.Session();
      this.#session.connectToMainThread();
      for (const [event, listener] of this.#listeners)
        this.#session.on(event, (message: { params: unknown }) => listener(message.params));
    }
    return this.#session;
  }
}
