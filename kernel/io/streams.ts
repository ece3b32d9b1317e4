// stdout and stderr, many small writes to few messages: what is printed waits at most 15 ms or 64 kB.
const patienceMs = 15;
const largest = 65_536; // UTF-16 units

type Send = (parent: string | undefined, name: string, text: string) => void;

export class Streams {
  #text = "";
  #parent: string | undefined;
  #name = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly send: Send) {}

  write(parent: string | undefined, name: string, text: string): void {
    if (parent !== this.#parent || name !== this.#name) this.flush();
    this.#parent = parent;
    this.#name = name;
    this.#text += text;
    if (this.#text.length >= largest) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), patienceMs);
  }

  /** Before anything else is published: the order of output is the order in which it was made. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    this.send(this.#parent, this.#name, text);
  }
}
