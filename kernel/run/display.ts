// A value -> the MIME bundle by which it is shown.
import { inspect } from "node:util";
import { displaySymbol } from "../host.js";
import type { MimeBundle } from "../protocol/message.js";

/** @throws what the value's own display method throws */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  const method = displayMethod(value);
  if (!method) return { data: { "text/plain": inspect(value) }, metadata: {} };
  return asBundle(await method.call(value), value);
}

/** The same for display(), whose output must keep its place: at once where the method is synchronous. */
export function toBundleNow(value: unknown): MimeBundle | Promise<MimeBundle> {
  const method = displayMethod(value);
  if (!method) return { data: { "text/plain": inspect(value) }, metadata: {} };
  const bundle = method.call(value);
  return bundle instanceof Promise
    ? bundle.then((made) => asBundle(made, value))
    : asBundle(bundle, value);
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function"))
    return undefined;
  const method = (value as Record<symbol, unknown>)[displaySymbol];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

/** `{ "text/plain": … }`, or `{ data: { … }, metadata: { … } }`. */
function asBundle(made: unknown, value: unknown): MimeBundle {
  if (typeof made !== "object" || made === null) {
    return { data: { "text/plain": inspect(value) }, metadata: {} };
  }
  const whole = made as { data?: Record<string, unknown>; metadata?: Record<string, unknown> };
  const isWhole = typeof whole.data === "object" && whole.data !== null;
  const data = isWhole ? whole.data! : (made as Record<string, unknown>);
  return { data: encoded(data), metadata: (isWhole && whole.metadata) || {} };
}

/** Bytes travel as base64. */
export function encoded(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
}
