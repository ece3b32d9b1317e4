// An area that shows what code puts out, instead of the cell.

import { displaySymbol, type MimeBundle } from "../bundle.js";
import { host } from "../host.js";
import { figureOf } from "../views/show.js";
import * as generated from "./generated.js";

/** A place that catches what is shown inside it. */
export class Output extends generated.Output {
  /** Runs `f`, and has the front end put its outputs here. */
  async capture<T>(f: () => T | Promise<T>): Promise<T> {
    this.open();
    this.set({ msg_id: host()?.currentParentId() ?? "" });
    this.flush();
    try {
      return await f();
    } finally {
      this.set({ msg_id: "" });
      this.flush();
    }
  }

  /** Shows these values here, in place of what was shown. */
  show(...values: unknown[]): void {
    const outputs = values.map((value) => {
      const { data, metadata = {} } = figureOf(value)[displaySymbol]() as MimeBundle;
      return { output_type: "display_data", data, metadata };
    });
    this.set({ outputs });
  }

  clear(): void {
    this.set({ outputs: [] });
  }
}
