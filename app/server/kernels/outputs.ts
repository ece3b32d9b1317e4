// A cell's outputs as a notebook keeps them, built from the kernel's messages as a page would.

type Output = Record<string, any>;

export class OutputList {
  #outputs: Output[] = [];
  /** clear_output with `wait`: the next output takes the place of all. */
  #clearNext = false;
  readonly #displays = new Map<string, Output[]>();
  /** About how much it holds. */
  bytes = 0;

  add(type: string, content: () => Output): void {
    switch (type) {
      case "stream": {
        const { name, text } = content();
        return this.#addStream(name, text);
      }
      case "display_data":
      case "execute_result": {
        const { data, metadata, transient, execution_count } = content();
        const output: Output = { output_type: type, data, metadata };
        if (type === "execute_result") output.execution_count = execution_count;
        this.#push(output);
        const id = transient?.display_id;
        if (typeof id === "string")
          this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
        return;
      }
      case "error": {
        const { ename, evalue, traceback } = content();
        return this.#push({ output_type: "error", ename, evalue, traceback });
      }
      case "clear_output":
        if (content().wait) this.#clearNext = true;
        else this.#clear();
    }
  }

  update({ data, metadata, transient }: Output): void {
    for (const output of this.#displays.get(transient?.display_id) ?? []) {
      Object.assign(output, { data, metadata });
    }
  }

  toJSON(): Output[] {
    return this.#outputs;
  }

  #addStream(name: string, text: string): void {
    if (this.#clearNext) this.#clear();
    const last = this.#outputs.at(-1);
    if (last?.output_type !== "stream" || last.name !== name) {
      return this.#push({ output_type: "stream", name, text });
    }
    last.text = afterReturns(last.text + text);
    this.bytes += text.length;
  }

  #push(output: Output): void {
    if (this.#clearNext) this.#clear();
    this.#outputs.push(output);
    this.bytes += JSON.stringify(output).length;
  }

  #clear(): void {
    this.#outputs = [];
    this.#displays.clear();
    this.#clearNext = false;
    this.bytes = 0;
  }
}

/** A progress bar writes `\r` and the line again: keep the line's last form. */
function afterReturns(text: string): string {
  if (!text.includes("\r")) return text;
  const lineStart = text.lastIndexOf("\n", text.length - 2) + 1;
  const [head, line] = [text.slice(0, lineStart), text.slice(lineStart)];
  return head + line.replace(/[^\n]*\r(?=[^\n])/g, "");
}
