// Changes to a text, made by place and applied at once; remembers where every place came from.

export interface Edit {
  start: number;
  end: number;
  text: string;
}

export class Edits {
  readonly #edits: Edit[] = [];

  insert(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text });
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Take out, but keep the line breaks: what comes after stays on its line. */
  blank(source: string, start: number, end: number): void {
    this.replace(start, end, source.slice(start, end).replace(/[^\n]+/g, ""));
  }

  apply(source: string): { text: string; places: Edit[] } {
    const places = this.#edits
      .map((edit, order) => ({ edit, order }))
      .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order)
      .map(({ edit }) => edit);
    let text = "";
    let at = 0;
    for (const { start, end, text: replacement } of places) {
      text += source.slice(at, start) + replacement;
      at = end;
    }
    return { text: text + source.slice(at), places };
  }
}

/** Where a place in the changed text was before. */
export function placeBefore(places: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of places) {
    if (start + shift > offset) break;
    if (offset < start + shift + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}
