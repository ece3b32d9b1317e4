// Where Jupyter looks for kernels, and the kernelspec that we put there.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const specName = "kernelbook";
const kernelFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
export const home = path.join(kernelFolder, "..", "..");

export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "message";
  metadata: Record<string, unknown>;
}

/**
 * V8's flag for merging pairs of 128-bit vectors, with which lib takes its wide kernels: about twice as fast in matrix
 * products. Experimental in V8, so it is never the default. See lib/compute/builds.ts.
 */
const wideLanesFlag = "--experimental-wasm-revectorize";

/** An older Node refuses the flag, or does not act on it. */
export const canMergeLanes = parseInt(process.versions.node) >= 24 && process.arch === "x64";

export interface SpecOptions {
  /** Start node so that the library's wide kernels run, where they can. Default: does KERNELBOOK_KERNELS say "wide"? */
  wideLanes?: boolean;
}

export function kernelSpec({
  wideLanes = process.env.KERNELBOOK_KERNELS === "wide",
}: SpecOptions = {}): KernelSpec {
  return {
    argv: [
      process.execPath,
      "--no-force-async-hooks-checks", // else Node aborts when an interrupt ends a callback
      "--expose-gc", // lib reclaims memory between cells
      ...(wideLanes && canMergeLanes ? [wideLanesFlag] : []),
      path.join(kernelFolder, "main.js"),
      "{connection_file}",
    ],
    display_name: "TypeScript (kernelbook)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: true },
  };
}

export interface Place {
  user?: boolean;
  prefix?: string;
  sysPrefix?: boolean;
}

/** The folder `kernels` of an installation of Jupyter. */
export function kernelsFolder({ prefix, sysPrefix }: Place = {}): string {
  if (prefix !== undefined) return path.join(path.resolve(prefix), "share", "jupyter", "kernels");
  if (sysPrefix) return path.join(pythonPrefix(), "share", "jupyter", "kernels");
  return path.join(userDataFolder(), "kernels");
}

export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Jupyter");
  if (process.platform === "win32")
    return path.join(APPDATA ?? path.join(os.homedir(), "AppData", "Roaming"), "jupyter");
  return path.join(XDG_DATA_HOME ?? path.join(os.homedir(), ".local", "share"), "jupyter");
}

function pythonPrefix(): string {
  for (const python of ["python3", "python"]) {
    try {
      return execFileSync(python, ["-c", "import sys; print(sys.prefix)"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    } catch {
      // the next name
    }
  }
  throw new Error("--sys-prefix: no python3 on the PATH; name the folder with --prefix instead");
}

/** Write the kernelspec; whole, or not at all. Gives its folder. */
export function installSpec(place: Place, options?: SpecOptions): string {
  const folder = path.join(kernelsFolder(place), specName);
  const draft = `${folder}.${process.pid}`;
  fs.mkdirSync(draft, { recursive: true });
  fs.writeFileSync(
    path.join(draft, "kernel.json"),
    `${JSON.stringify(kernelSpec(options), null, 2)}\n`,
  );
  const logos = path.join(kernelFolder, "logos");
  if (fs.existsSync(logos)) fs.cpSync(logos, draft, { recursive: true });
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(draft, folder);
  return folder;
}

/** True if there was one. */
export function uninstallSpec(place: Place): boolean {
  const folder = path.join(kernelsFolder(place), specName);
  const there = fs.existsSync(folder);
  fs.rmSync(folder, { recursive: true, force: true });
  return there;
}
