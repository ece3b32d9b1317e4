// What was run in this session, for history_request.

export interface HistoryEntry {
  line: number;
  input: string;
  output: string | undefined;
}

export class History {
  readonly #entries: HistoryEntry[] = [];

  add(line: number, input: string): HistoryEntry {
    const entry = { line, input, output: undefined };
    this.#entries.push(entry);
    return entry;
  }

  tail(n: number): HistoryEntry[] {
    return n > 0 ? this.#entries.slice(-n) : [];
  }

  range(start: number, stop: number | null | undefined): HistoryEntry[] {
    const end = stop ?? Infinity;
    return this.#entries.filter(({ line }) => line >= start && line < end);
  }

  /** Entries that match a pattern with `*` and `?`. */
  search(pattern: string, n: number | undefined, unique: boolean): HistoryEntry[] {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const expression = new RegExp(`^${escaped.replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`);
    let found = this.#entries.filter(({ input }) => expression.test(input));
    if (unique) found = [...new Map(found.map((entry) => [entry.input, entry])).values()];
    return n === undefined || n === null ? found : this.#last(found, n);
  }

  #last(entries: HistoryEntry[], n: number): HistoryEntry[] {
    return n > 0 ? entries.slice(-n) : [];
  }
}
