// /api/resolvePath: where does a path that stands in an output lead, seen from the served folder and from a kernel?
// The page asks it when a learner clicks a file name in an error.
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { isHidden, type ServedFolder } from "./contents/folder.js";
import { HttpError } from "./http/errors.js";
import type { Router } from "./http/router.js";
import type { Kernels } from "./kernels/kernels.js";

interface Resolved {
  scope: "server" | "kernel";
  path: string;
}

export function addResolveRoute(router: Router, folder: ServedFolder, kernels: Kernels): void {
  router.add("/api/resolvePath", {
    async GET(exchange) {
      const asked = exchange.query("path");
      if (asked === null) throw new HttpError(400, "Missing argument path");
      const kernelId = exchange.query("kernel");
      const kernel = kernels.list().find(({ id }) => id === kernelId);
      const resolved: Resolved[] = [];
      const onServer = await inFolder(folder, asked);
      if (onServer !== null) resolved.push({ scope: "server", path: onServer });
      const inKernel = kernel && (await inKernelFolder(kernel.options.cwd, asked));
      if (inKernel) resolved.push({ scope: "kernel", path: inKernel });
      const reason = `Kernel ${kernelId} could not be found`;
      const lost = kernelId && !kernel ? { unresolved: [{ scope: "kernel", reason }] } : {};
      exchange.json({ resolved, ...lost });
    },
  });
}

/** The API path, if there is such a file that the contents API would show. */
async function inFolder(folder: ServedFolder, asked: string): Promise<string | null> {
  const place = expandHome(asked);
  const inside = path.isAbsolute(place) && (place + path.sep).startsWith(folder.root + path.sep);
  if (place !== asked && !inside) return null;
  const apiPath = (inside ? path.relative(folder.root, place) : place).split(path.sep).join("/");
  const plain = apiPath.replace(/^\/+|\/+$/g, "");
  if (isHidden(plain)) return null;
  return (await folder.exists(plain)) ? plain : null;
}

async function inKernelFolder(cwd: string, asked: string): Promise<string | null> {
  const place = path.resolve(cwd, expandHome(asked));
  const there = await fs.stat(place).catch(() => null);
  return there && place.split(path.sep).join("/");
}

/** `~/x` with the home folder, and without `.` and `..`. */
function expandHome(asked: string): string {
  return /^~(?=[/\\]|$)/.test(asked) ? path.join(os.homedir(), asked.slice(1)) : asked;
}
