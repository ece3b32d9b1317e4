// kernelbook install [--user | --prefix FOLDER | --sys-prefix]: make the kernel known to Jupyter.
import { installSpec } from "../../kernel/install/kernelspec.js";
import { prepare } from "../../kernel/install/prepare.js";
import { parsePlace } from "./place.js";

export async function run(args: string[]): Promise<void> {
  const folder = installSpec(parsePlace("install", args));
  console.log(`kernelbook: the kernel is installed in ${folder}`);
  // The first cell waits a second less if this is there; the kernel makes it otherwise.
  await prepare().catch((error: Error) => console.warn(`kernelbook: ${error.message}`));
}
