// The kernels that can be started: those installed in Jupyter's folders, and this package's own.
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { kernelSpec, specName } from "../../../kernel/install/kernelspec.js";

export interface KernelSpec {
  name: string;
  /** Where its logos and its kernel.json lie. */
  folder: string;
  argv: string[];
  env: Record<string, string>;
  display_name: string;
  language: string;
  interrupt_mode: "signal" | "message";
  metadata: Record<string, unknown>;
}

/** All specs by name. The first folder that has a name wins, but our own kernel is always this package's. */
export async function findKernelSpecs(
  folders = jupyterFolders(),
): Promise<Map<string, KernelSpec>> {
  const found = new Map<string, KernelSpec>();
  const own = await builtInSpec();
  if (own) found.set(own.name, own);
  for (const folder of folders) {
    const kernels = path.join(folder, "kernels");
    for (const name of await fs.readdir(kernels).catch(() => [] as string[])) {
      const spec = await readSpec(path.join(kernels, name), name.toLowerCase());
      if (spec && !found.has(spec.name)) found.set(spec.name, spec);
    }
  }
  return found;
}

/** As the API describes it. */
export async function specModel(spec: KernelSpec, baseUrl: string) {
  const files = await fs.readdir(spec.folder).catch(() => [] as string[]);
  const resources: Record<string, string> = {};
  for (const file of files) {
    const key = file.startsWith("logo-") ? path.parse(file).name : file;
    if (/^logo-|^kernel\.(js|css)$/.test(file))
      resources[key] = `${baseUrl}kernelspecs/${spec.name}/${file}`;
  }
  const { argv, env, display_name, language, interrupt_mode, metadata } = spec;
  return {
    name: spec.name,
    spec: { argv, env, display_name, language, interrupt_mode, metadata },
    resources,
  };
}

/** Where Jupyter looks, in its order. @see https://docs.jupyter.org/en/stable/use/jupyter-directories.html */
function jupyterFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const home = os.homedir();
  const windows = process.platform === "win32";
  const user =
    env.JUPYTER_DATA_DIR ??
    (windows
      ? path.join(env.APPDATA ?? path.join(home, "AppData/Roaming"), "jupyter")
      : process.platform === "darwin"
        ? path.join(home, "Library/Jupyter")
        : path.join(env.XDG_DATA_HOME ?? path.join(home, ".local/share"), "jupyter"));
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].flatMap((prefix) => prefix ?? []);
  const system = windows
    ? [path.join(env.PROGRAMDATA ?? "C:/ProgramData", "jupyter")]
    : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [
    ...(env.JUPYTER_PATH ?? "").split(path.delimiter).filter(Boolean),
    user,
    ...environments.map((prefix) => path.join(prefix, "share/jupyter")),
    ...system,
  ];
}

async function readSpec(folder: string, name: string): Promise<KernelSpec | null> {
  if (!/^[a-z0-9._-]+$/.test(name)) return null;
  try {
    const given = JSON.parse(await fs.readFile(path.join(folder, "kernel.json"), "utf8"));
    if (!Array.isArray(given.argv) || given.argv.length === 0) return null;
    return {
      name,
      folder,
      argv: given.argv,
      env: given.env ?? {},
      display_name: given.display_name ?? name,
      language: given.language ?? "",
      interrupt_mode: given.interrupt_mode === "message" ? "message" : "signal",
      metadata: given.metadata ?? {},
    };
  } catch {
    return null; // a folder without a kernel.json, or with a broken one, offers no kernel
  }
}

/** This package's kernel, offered without being installed. Null while it is not built. */
async function builtInSpec(): Promise<KernelSpec | null> {
  const spec = kernelSpec();
  const main = spec.argv.find((part) => part.endsWith("main.js")) ?? "";
  if (!(await fs.stat(main).catch(() => null))) return null;
  return { ...spec, name: specName, folder: path.join(path.dirname(main), "logos"), env: {} };
}
