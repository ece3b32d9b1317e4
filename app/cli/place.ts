// The options that say into which Jupyter the kernel goes.
import { parseArgs } from "node:util";
import type { Place } from "../../kernel/install/kernelspec.js";

export const placeOptions = {
  user: { type: "boolean" },
  prefix: { type: "string" },
  "sys-prefix": { type: "boolean" },
} as const;

interface PlaceValues {
  user?: boolean;
  prefix?: string;
  "sys-prefix"?: boolean;
}

export function parsePlace(command: string, args: string[]): Place {
  return placeOf(command, parseArgs({ args, options: placeOptions }).values);
}

export function placeOf(command: string, values: PlaceValues): Place {
  const { user, prefix, "sys-prefix": sysPrefix } = values;
  if ([user, prefix !== undefined, sysPrefix].filter(Boolean).length > 1) {
    throw new Error(`${command}: --user, --prefix and --sys-prefix exclude each other`);
  }
  return { user, prefix, sysPrefix };
}
