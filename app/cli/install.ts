// kernelbook install [--user | --prefix FOLDER | --sys-prefix]: make the kernel known to Jupyter.
import { home, installSpec } from "../../kernel/install/kernelspec.js";
import { makeSnapshot } from "../../kernel/language/snapshot.js";
import { parsePlace } from "./place.js";

export async function run(args: string[]): Promise<void> {
  const folder = installSpec(parsePlace("install", args));
  console.log(`kernelbook: the kernel is installed in ${folder}`);
  // The first cell waits a second less if this is there; the kernel makes it otherwise.
  await makeSnapshot(home).catch((error: Error) => console.warn(`kernelbook: ${error.message}`));
}
