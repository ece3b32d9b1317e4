// A start-up snapshot of the process with the types: TypeScript loaded, the standard library, Node's
// types and ours parsed and bound, the checker warm. With it the first cell is checked 0.35 s after the
// start of the process; without, 1.7 s. Made once for each version of Node and of this package.
// https://nodejs.org/docs/latest-v20.x/api/cli.html#--build-snapshot
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Of the process with the types: small young generations, it has little that dies young (30 MB less). */
const nodeOptions = ["--max-semi-space-size=2"];
const here = path.dirname(fileURLToPath(import.meta.url));

/** How to start the process: from the snapshot if there is one, and it is to be trusted. */
export function commandLine(
  home: string,
  folder: string,
  withoutSnapshot = false,
): { file: string; args: string[] } {
  const file = process.execPath;
  const snapshot = snapshotFile(home);
  const isOther = process.env.KERNELBOOK_ENGINE === "tslab"; // the reference, see tslab/engine
  if (!isOther && !withoutSnapshot && fs.existsSync(snapshot))
    return { file, args: [...nodeOptions, "--snapshot-blob", snapshot, folder] };
  return { file, args: [...nodeOptions, path.join(here, "child.js"), home, folder] };
}

/** The snapshot's name says what it was made of: another Node or another build has another one. */
export function snapshotFile(home: string): string {
  const hash = createHash("sha256");
  hash.update([...nodeOptions, process.version, process.arch, home].join());
  for (const file of compiledFiles()) {
    const { mtimeMs, size } = fs.statSync(file);
    hash.update(`${path.basename(file)}:${mtimeMs}:${size}`);
  }
  return path.join(cacheFolder(), `types-${hash.digest("hex").slice(0, 16)}.blob`);
}

export function cacheFolder(): string {
  const base =
    process.env.KERNELBOOK_CACHE ??
    (process.platform === "win32"
      ? path.join(process.env.LOCALAPPDATA ?? os.homedir(), "kernelbook", "cache")
      : path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "kernelbook"));
  return path.resolve(base);
}

/** Make the snapshot, unless it is there. Written beside its place, then moved. */
export async function makeSnapshot(home: string): Promise<string> {
  const target = snapshotFile(home);
  if (fs.existsSync(target)) return target;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const draft = `${target}.draft`;
  if (isUnderWay(draft)) return target;
  // Where it runs there is no `exports`, which every compiled file sets first.
  const entry = `${draft}.cjs`;
  const script = fs.readFileSync(path.join(here, "snapshot-entry.cjs"), "utf8");
  fs.writeFileSync(entry, `const exports = {};\n${script}`);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [...nodeOptions, "--snapshot-blob", draft, "--build-snapshot", entry],
    {
      stdio: "ignore",
      env: { ...env, KERNELBOOK_HOME: home, KERNELBOOK_LANGUAGE: here },
    },
  );
  const code = await new Promise<number | null>((resolve) => {
    child.on("exit", resolve);
    child.on("error", () => resolve(-1));
  });
  fs.rmSync(entry, { force: true });
  if (code !== 0) {
    fs.rmSync(draft, { force: true });
    throw new Error(`the snapshot of the type checker could not be made: node ended with ${code}`);
  }
  fs.renameSync(draft, target);
  removeOld(target);
  return target;
}

/** Another kernel makes it just now: one is enough, it costs seconds of all processors. */
function isUnderWay(draft: string): boolean {
  try {
    fs.writeFileSync(`${draft}.cjs`, "", { flag: "wx" });
    return false;
  } catch {
    const { mtimeMs = 0 } = fs.statSync(`${draft}.cjs`, { throwIfNoEntry: false }) ?? {};
    return Date.now() - mtimeMs < draftMs; // else it was given up
  }
}

const draftMs = 60_000;

/** Snapshots of other builds that nothing has used for a week. */
function removeOld(current: string): void {
  const week = 7 * 24 * 3600 * 1000;
  for (const name of fs.readdirSync(path.dirname(current))) {
    const file = path.join(path.dirname(current), name);
    if (!name.startsWith("types-") || file === current) continue;
    const { atimeMs, mtimeMs } = fs.statSync(file);
    const limit = /\.blob$/.test(name) ? week : draftMs;
    if (Date.now() - Math.max(atimeMs, mtimeMs) > limit) fs.rmSync(file, { force: true });
  }
}

function compiledFiles(folder = here): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return compiledFiles(file);
      return /\.c?js$/.test(entry.name) ? [file] : [];
    })
    .sort();
}
