// The options that say into which Jupyter the kernel goes.
import { parseArgs } from "node:util";
import type { Place } from "../../kernel/install/kernelspec.js";
import { refuse } from "./refusal.js";

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

export const placeUsage = `  --user             for this user (the default)
  --prefix <folder>  under <folder>/share/jupyter
  --sys-prefix       into the Python environment that is on the PATH`;

export function parsePlace(args: string[]): Place {
  return placeOf(parseArgs({ args, options: placeOptions }).values);
}

export function placeOf(values: PlaceValues): Place {
  const { user, prefix, "sys-prefix": sysPrefix } = values;
  if ([user, prefix !== undefined, sysPrefix].filter(Boolean).length > 1) {
    refuse("--user, --prefix and --sys-prefix exclude each other");
  }
  return { user, prefix, sysPrefix };
}
