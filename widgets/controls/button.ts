// A button, with its click.

import * as generated from "./generated.js";

/** A button; `onClick` is told when it was pressed. */
export class Button extends generated.Button {
  /** Calls `listener` at every click, also while a cell awaits; gives the function that stops it. */
  onClick(listener: () => void): () => void {
    return this.onMessage((content) => {
      if (content?.event === "click") listener();
    });
  }
}
