// How tensors are printed: torch.setPrintoptions.

export interface PrintOptions {
  /** Digits after the point. Default 4. */
  precision: number;
  /** With more elements than this only the edges are printed. Default 1000. */
  threshold: number;
  /** How many elements at each edge. Default 3. */
  edgeitems: number;
  /** Characters per line. Default 80. */
  linewidth: number;
  /** Scientific notation always (true), never (false), or where the range asks for it (null, the default). */
  sciMode: boolean | null;
}

const profiles = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
} as const;

/** @internal */
export const printOptions: PrintOptions = { ...profiles.default, sciMode: null };

/**
 * Change how tensors are printed; a profile first ("default", "short", "full"), then what is given besides.
 * As in PyTorch, `sciMode` goes back to automatic with every call that does not name it.
 *
 * ```ts
 * torch.setPrintoptions({ precision: 2 })
 * String(torch.tensor([1.12345])) // → "tensor([1.12])"
 * torch.setPrintoptions({ profile: "default" })
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.set_printoptions.html
 */
export function setPrintoptions(
  options: Partial<PrintOptions> & { profile?: keyof typeof profiles } = {},
): void {
  const { profile, sciMode = null, ...given } = options;
  if (profile !== undefined && !(profile in profiles)) {
    throw new RangeError(
      `setPrintoptions: there is no profile "${profile}"; there are ${Object.keys(profiles).join(", ")}`,
    );
  }
  const named = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of named) {
    if (!(name in printOptions)) {
      throw new TypeError(
        `setPrintoptions: there is no option "${name}"; there are profile, ${Object.keys(printOptions).join(", ")}`,
      );
    }
    if (!((value as number) >= 0)) {
      throw new RangeError(`setPrintoptions: ${name} is ${value}, it must be a number ≥ 0`);
    }
  }
  Object.assign(printOptions, profile && profiles[profile], Object.fromEntries(named), { sciMode });
}

/** The options in force, to hand to {@link setPrintoptions} later. */
export function getPrintoptions(): PrintOptions {
  return { ...printOptions };
}

/** Run `fn` with other print options, then put the old ones back. */
export function printoptions<T>(options: Parameters<typeof setPrintoptions>[0], fn: () => T): T {
  const before = getPrintoptions();
  setPrintoptions(options);
  try {
    return fn();
  } finally {
    setPrintoptions(before);
  }
}
