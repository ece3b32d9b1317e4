// The options that say into which Jupyter the kernel goes.
import { parseArgs } from "node:util";
import type { Place } from "../../kernel/install/kernelspec.js";

export function parsePlace(command: string, args: string[]): Place {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: "boolean" },
      prefix: { type: "string" },
      "sys-prefix": { type: "boolean" },
    },
  });
  const { user, prefix, "sys-prefix": sysPrefix } = values;
  if ([user, prefix !== undefined, sysPrefix].filter(Boolean).length > 1) {
    throw new Error(`${command}: --user, --prefix and --sys-prefix exclude each other`);
  }
  return { user, prefix, sysPrefix };
}
