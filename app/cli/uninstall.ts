// kernelbook uninstall [--user | --prefix FOLDER | --sys-prefix]
import { kernelsFolder, uninstallSpec } from "../../kernel/install/kernelspec.js";
import { parsePlace } from "./place.js";

export async function run(args: string[]): Promise<void> {
  const place = parsePlace("uninstall", args);
  const was = uninstallSpec(place);
  console.log(
    `kernelbook: ${was ? "removed from" : "there was no kernel in"} ${kernelsFolder(place)}`,
  );
}
