/** What stops a cell at the reader's wish. Can be caught, as in Python, to tidy up. */
export class KeyboardInterrupt extends Error {
  override name = "KeyboardInterrupt";
  constructor() {
    super("stopped by the reader");
  }
}
