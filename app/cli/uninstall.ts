// kernelbook uninstall [--user | --prefix FOLDER | --sys-prefix]
import { kernelsFolder, uninstallSpec } from "../../kernel/install/kernelspec.js";
import { uninstallLabExtension } from "./labextension.js";
import { parsePlace, placeUsage } from "./place.js";

export const usage = `kernelbook uninstall   take the kernel out of Jupyter again

${placeUsage}`;

export async function run(args: string[]): Promise<void> {
  const place = parsePlace(args);
  const was = uninstallSpec(place);
  uninstallLabExtension(place);
  console.log(
    `kernelbook: ${was ? "removed from" : "there was no kernel in"} ${kernelsFolder(place)}`,
  );
}
