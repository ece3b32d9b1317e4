// What JupyterLab (and pip's Notebook 7) needs to draw our outputs: app/web/src/labextension.js, put beside the kernelspec.
import fs from "node:fs";
import path from "node:path";
import { home, kernelsFolder, specName, type Place } from "../../kernel/install/kernelspec.js";

const built = path.join(home, "dist", "web", "labextension");

const folderIn = (place: Place) => path.join(kernelsFolder(place), "..", "labextensions", specName);

/** Copies it; nothing if the page is not built: then JupyterLab shows our outputs as pictures. */
export function installLabExtension(place: Place): void {
  if (!fs.existsSync(built)) return;
  uninstallLabExtension(place);
  fs.cpSync(built, folderIn(place), { recursive: true });
}

export function uninstallLabExtension(place: Place): void {
  fs.rmSync(folderIn(place), { recursive: true, force: true });
}
