// tsc over all rooms, incrementally (project references).
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

export function compileTypeScript() {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b"], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
