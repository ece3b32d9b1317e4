// kernelbook install [--user | --prefix FOLDER | --sys-prefix] [--wide-lanes]: make the kernel known to Jupyter.
import { parseArgs } from "node:util";
import { canMergeLanes, installSpec } from "../../kernel/install/kernelspec.js";
import { prepare } from "../../kernel/install/prepare.js";
import { installLabExtension } from "./labextension.js";
import { placeOf, placeOptions, placeUsage } from "./place.js";

export const usage = `kernelbook install     make the kernel known to Jupyter, for JupyterLab, VS Code and nbconvert

${placeUsage}
  --wide-lanes       compute with 8 numbers at once instead of 4 (Node 24 or later, x86-64)`;

export async function run(args: string[]): Promise<void> {
  const options = { ...placeOptions, "wide-lanes": { type: "boolean" } } as const;
  const { "wide-lanes": wideLanes, ...place } = parseArgs({ args, options }).values;
  const where = placeOf(place);
  const folder = installSpec(where, { wideLanes });
  installLabExtension(where);
  console.log(`kernelbook: the kernel is installed in ${folder}`);
  if (wideLanes && !canMergeLanes) {
    console.warn(
      `kernelbook: --wide-lanes needs Node 24 or later on x86-64; this is Node ${process.versions.node} on ${process.arch}: the ordinary kernels will run`,
    );
  }
  // The first cell waits a second less if this is there; the kernel makes it otherwise.
  await prepare().catch((error: Error) => console.warn(`kernelbook: ${error.message}`));
}
