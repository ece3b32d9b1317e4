// display(), clearOutput(), input(): the functions that every cell has.
import { inspect } from "node:util";
import { hostSymbol, type KernelbookHost } from "../host.js";
import { toBundleNow } from "./display.js";

export interface DisplayOptions {
  /** A name by which a later display can replace this one. */
  id?: string;
  /** Replace the display of this id, wherever it is shown. Default false. */
  update?: boolean;
}

function host(): KernelbookHost {
  const found = (globalThis as Record<symbol, unknown>)[hostSymbol] as KernelbookHost | undefined;
  if (!found) throw new Error("display: there is no notebook here; this works in the cells of one");
  return found;
}

function show(value: unknown, { id, update }: DisplayOptions = {}): void | Promise<void> {
  const options = { displayId: id, update };
  const bundle = toBundleNow(value);
  if (bundle instanceof Promise) return bundle.then((made) => host().display(made, options));
  host().display(bundle, options);
}

interface MimeOptions extends DisplayOptions {
  metadata?: Record<string, unknown>;
}

function mime(data: Record<string, unknown>, { metadata, id, update }: MimeOptions = {}): void {
  host().display({ data, metadata }, { displayId: id, update });
}

const text = (type: string) => (value: string, options?: MimeOptions) =>
  mime({ [type]: value, "text/plain": value }, options);

/**
 * Show a value in the output of the running cell, as its last line would be.
 * `display.mime`, `.html`, `.markdown`, `.latex`, `.svg`, `.image` show what is already in a form.
 */
export const display = Object.assign(show, {
  /** A MIME bundle: `{ "text/html": "<b>hi</b>", "text/plain": "hi" }`. */
  mime,
  html: text("text/html"),
  markdown: text("text/markdown"),
  latex: text("text/latex"),
  svg: text("image/svg+xml"),
  /** Bytes of a PNG, JPEG, GIF or WebP image; the kind is read from them. */
  image(bytes: Uint8Array, options?: MimeOptions): void {
    const type = imageType(bytes);
    mime({ [type]: bytes, "text/plain": `${type}, ${bytes.length} bytes` }, options);
  },
});

/** Empty the output of the running cell; `wait`: only when the next output arrives. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  host().clearOutput(options);
}

/** Ask the reader for a line of text. */
export function input(prompt = "", options: { password?: boolean } = {}): Promise<string> {
  return host().input(prompt, options);
}

function imageType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG")) return "image/png";
  if (start.startsWith("\xff\xd8")) return "image/jpeg";
  if (start.startsWith("GIF8")) return "image/gif";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "image/webp";
  throw new TypeError(
    `display.image: the bytes begin with ${inspect(start.slice(0, 4))}, not as PNG, JPEG, GIF or WebP`,
  );
}
