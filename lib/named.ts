// Options are named: what PyTorch takes by position behind the sizes goes into one object here.

/** @throws TypeError where a bare number stands for the options, which JavaScript would pass over in silence. */
export function named(op: string, options: unknown, example: string): void {
  if (typeof options === "object" && options !== null) return;
  throw new TypeError(`${op}: options go into one object, ${example}, not ${String(options)}`);
}
