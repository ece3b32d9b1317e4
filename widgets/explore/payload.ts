// An explorable in a saved output: the name of its browser module (the page that opens it has the modules, an export embeds them
// once), its state without the numbers, and the numbers in base64.

/** The output type that our page and our HTML export bring to life. */
export const explorableMime = "application/vnd.kernelbook.explorable+json";

/** Counts changes of the state's form. */
export const explorableVersion = 1;

export interface ExplorablePayload {
  /** A file of front/ without its ending. */
  readonly module: string;
  readonly version: number;
  readonly state: Record<string, unknown>;
  readonly buffers: readonly {
    readonly path: readonly (string | number)[];
    readonly dtype: string;
    readonly data: string;
    readonly encoding: "base64";
  }[];
}

export function explorablePayload(
  module: string,
  state: Record<string, unknown>,
): ExplorablePayload {
  const entries = Object.entries(state);
  const isBinary = (value: unknown): value is ArrayBufferView => ArrayBuffer.isView(value);
  return {
    module,
    version: explorableVersion,
    state: Object.fromEntries(entries.filter(([, value]) => !isBinary(value))),
    buffers: entries.flatMap(([key, value]) =>
      isBinary(value)
        ? [
            {
              path: [key],
              dtype: value.constructor.name,
              data: base64(value),
              encoding: "base64" as const,
            },
          ]
        : [],
    ),
  };
}

function base64(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64");
}
