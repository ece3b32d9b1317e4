// Which notebooks may run scripts in the page: those whose outputs this learner made, or said to trust.
// As Jupyter's notary: a keyed hash of the notebook's content, remembered in a list outside of the notebook.
import { createHmac, type Hmac } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { secretFile } from "../security/cookies.js";
import { isObject, type Cell, type Notebook } from "./notebook-format.js";

const kept = 20_000; // signatures; the oldest are forgotten first

export class Notary {
  readonly #key: Buffer;
  readonly #file: string;
  readonly #signatures: Set<string>;

  constructor(stateDir: string) {
    this.#key = secretFile(stateDir, "notebook-secret");
    this.#file = path.join(stateDir, "notebook-signatures");
    const lines = fs.existsSync(this.#file) ? fs.readFileSync(this.#file, "utf8").split("\n") : [];
    this.#signatures = new Set(lines.filter(Boolean).slice(-kept));
  }

  isTrusted(notebook: Notebook): boolean {
    return this.#signatures.has(this.#sign(notebook));
  }

  trust(notebook: Notebook): void {
    const signature = this.#sign(notebook);
    if (this.#signatures.has(signature)) return;
    this.#signatures.add(signature);
    fs.appendFileSync(this.#file, signature + "\n", { mode: 0o600 });
  }

  /** On opening: tell the page, cell by cell, what it may run. */
  mark(notebook: Notebook, trusted = this.isTrusted(notebook)): void {
    for (const cell of notebook.cells) {
      if (cell.cell_type === "code") cell.metadata.trusted = trusted;
    }
  }

  /** On saving: a notebook of which every cell is trusted or harmless is signed. */
  signIfTrusted(notebook: Notebook): void {
    const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");
    if (codeCells.every((cell) => cell.metadata?.trusted === true || isHarmless(cell)))
      this.trust(notebook);
  }

  #sign(notebook: Notebook): string {
    const hmac = createHmac("sha256", this.#key);
    feed(hmac, notebook);
    return hmac.digest("hex");
  }
}

function isHarmless(cell: Cell): boolean {
  return (cell.outputs ?? []).every(
    (output) => !["display_data", "execute_result"].includes(output.output_type) || !output.data,
  );
}

/** The notebook's content in one fixed order. `trusted` and `signature` are about it, not in it. */
function feed(hmac: Hmac, value: unknown, inMetadata = false): void {
  if (Array.isArray(value)) {
    hmac.update("[");
    for (const item of value) feed(hmac, item);
    hmac.update("]");
  } else if (isObject(value)) {
    hmac.update("{");
    for (const key of Object.keys(value).sort()) {
      if (value[key] === undefined || (inMetadata && (key === "trusted" || key === "signature")))
        continue;
      if (inMetadata && key.startsWith("orig_nbformat")) continue;
      hmac.update(`${key.length}:${key}`);
      feed(hmac, value[key], key === "metadata");
    }
    hmac.update("}");
  } else {
    const text = JSON.stringify(value) ?? "null";
    hmac.update(`${text.length}:${text}`);
  }
}
