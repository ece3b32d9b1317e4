// The pixels of a picture: places in a palette while 256 colours suffice, the colours themselves from then on. A colour is a word
// of 32 bits, red first in memory, opacity last.

const most = 256;
const slots = 1024;

export class Pixels {
  /** Row by row: places in the palette, or without one the colours. Another array once there are too many colours. */
  cells: Uint8Array | Int32Array;
  #palette: Int32Array | null = new Int32Array(most);
  /** At first only the transparent colour, where nothing is drawn. */
  #count = 1;
  /** Colour to place: a hash table with open addressing (a Map took half of the time of a whole picture). */
  readonly #places = new Int16Array(slots).fill(-1);

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.cells = new Uint8Array(width * height);
    this.#places[0] = 0;
  }

  /** The colours that are used, or null if the cells are colours. */
  get palette(): Int32Array | null {
    return this.#palette && this.#palette.subarray(0, this.#count);
  }

  /** What to write into `cells` for a colour. */
  cellOf(word: number): number {
    if (!this.#palette) return word;
    let slot = Math.imul(word, 2654435761) >>> 22;
    for (let place = this.#places[slot]; place >= 0; place = this.#places[slot]) {
      if (this.#palette[place] === word) return place;
      slot = (slot + 1) & (slots - 1);
    }
    if (this.#count === most) {
      this.cells = this.words();
      this.#palette = null;
      return word;
    }
    this.#places[slot] = this.#count;
    this.#palette[this.#count] = word;
    return this.#count++;
  }

  get(at: number): number {
    const cell = this.cells[at];
    return this.#palette ? this.#palette[cell] : cell;
  }

  set(at: number, word: number): void {
    const cell = this.cellOf(word); // before `cells` is read: it may be another now
    this.cells[at] = cell;
  }

  /** Pixels from place `at` on: of each column that of `colours` which it shows. */
  setRow(at: number, colours: Int32Array, columns: Int32Array): void {
    let [shown, cell] = [-1, 0];
    for (let i = 0; i < columns.length; i++) {
      if (columns[i] !== shown) {
        shown = columns[i];
        cell = this.cellOf(colours[shown]);
      }
      this.cells[at + i] = cell;
    }
  }

  /** The colours of all pixels. */
  words(): Int32Array {
    const palette = this.#palette;
    return palette
      ? Int32Array.from(this.cells, (cell) => palette[cell])
      : (this.cells.slice() as Int32Array);
  }
}
