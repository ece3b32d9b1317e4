// kernelbook list: where the kernel is installed, and whether it can start.
import fs from "node:fs";
import path from "node:path";
import { kernelsFolder, specName, type KernelSpec } from "../../kernel/install/kernelspec.js";

export const usage =
  "kernelbook list        where the kernel is installed, and whether it can start there";

export async function run(): Promise<void> {
  const folders = [
    kernelsFolder(),
    ...pythonFolder(),
    "/usr/local/share/jupyter/kernels",
    "/usr/share/jupyter/kernels",
  ];
  for (const base of (process.env.JUPYTER_PATH ?? "").split(path.delimiter).filter(Boolean)) {
    folders.unshift(path.join(base, "kernels"));
  }
  let found = 0;
  for (const folder of new Set(folders)) {
    const file = path.join(folder, specName, "kernel.json");
    if (!fs.existsSync(file)) continue;
    found++;
    const { argv } = JSON.parse(fs.readFileSync(file, "utf8")) as KernelSpec;
    const missing = argv.filter((part) => path.isAbsolute(part) && !fs.existsSync(part));
    const state = missing.length > 0 ? `broken: ${missing.join(", ")} is gone` : "ok";
    console.log(`${path.dirname(file)}  ${state}`);
  }
  if (found === 0) console.log("kernelbook: not installed; `kernelbook install` does it");
}

/** That of the Python on the PATH, if there is one. */
function pythonFolder(): string[] {
  try {
    return [kernelsFolder({ sysPrefix: true })];
  } catch {
    return [];
  }
}
