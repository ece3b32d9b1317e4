// An explorable: a widget from front/, with the three tiers in one bundle: live, kernel-less, and a picture with its text.

import type { Figure, MimeBundle } from "../bundle.js";
import { FrontWidget } from "./front-widget.js";
import { explorableMime, explorablePayload } from "./payload.js";
import { staticPage } from "./static-page.js";

/** Something to touch: with a kernel, without one (`toInteractiveHTML()`), and as a still picture. */
export class Explorable<State extends object = Record<string, any>> extends FrontWidget<State> {
  readonly #names: readonly string[];
  readonly #picture: () => Figure;

  /** @param picture What is shown where nothing can move. */
  constructor(module: string, state: State, picture: () => Figure) {
    super(module, state);
    this.#names = Object.keys(state);
    this.#picture = picture;
  }

  /** A page of its own that needs neither a kernel nor the network. */
  toInteractiveHTML(): string {
    return staticPage(this.#payload());
  }

  #payload() {
    return explorablePayload(
      this.module,
      Object.fromEntries(this.#names.map((name) => [name, this.get(name)])),
    );
  }

  protected override still(): Record<string, unknown> {
    const { data } = this.#picture().bundle;
    return {
      ...("image/png" in data ? { "image/png": data["image/png"] } : {}),
      "text/plain": `${this.module}, to touch in a live page\n${String(data["text/plain"])}`,
      [explorableMime]: this.#payload(),
    };
  }

  protected override stillMetadata(): MimeBundle["metadata"] & {} {
    return this.#picture().bundle.metadata ?? {};
  }

  override toString(): string {
    return `${this.module} explorable`;
  }
}
