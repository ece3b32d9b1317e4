// /api/kernels, /api/kernelspecs, /api/sessions: the addresses and their answers.
import fs from "node:fs/promises";
import path from "node:path";
import { contentType } from "../contents/mime.js";
import { isHidden, type ServedFolder } from "../contents/folder.js";
import { HttpError } from "../http/errors.js";
import type { Router } from "../http/router.js";
import type { ServerSettings } from "../settings.js";
import type { Kernels } from "./kernels.js";
import type { Recorder } from "./recorder.js";
import type { Sessions } from "./sessions.js";
import { specModel } from "./specs.js";

interface Services {
  kernels: Kernels;
  sessions: Sessions;
  recorder: Recorder;
  folder: ServedFolder;
  settings: ServerSettings;
}

export function addKernelRoutes(
  router: Router,
  { kernels, sessions, recorder, folder, settings }: Services,
): void {
  const { baseUrl } = settings;

  router.add("/api/kernelspecs", {
    async GET(exchange) {
      const specs = await kernels.specs();
      const models = await Promise.all(
        [...specs.values()].map(async (spec) => [spec.name, await specModel(spec, baseUrl)]),
      );
      exchange.json({
        default: await kernels.defaultName(),
        kernelspecs: Object.fromEntries(models),
      });
    },
  });
  router.add("/api/kernelspecs/:name", {
    async GET(exchange) {
      exchange.json(await specModel(await findSpec(exchange.params.name!), baseUrl));
    },
  });
  router.add("/kernelspecs/:name/*path", {
    async GET(exchange) {
      const spec = await findSpec(exchange.params.name!);
      const file = path.join(spec.folder, exchange.params.path!);
      const inside =
        file.startsWith(spec.folder + path.sep) && !exchange.params.path!.includes("\0");
      const bytes = inside ? await fs.readFile(file).catch(() => null) : null;
      if (!bytes) throw new HttpError(404, `no such file of the kernel: ${exchange.params.path}`);
      exchange.send(bytes, contentType(file), 200, { "Cache-Control": "max-age=3600" });
    },
  });
  async function findSpec(name: string) {
    const spec = (await kernels.specs()).get(name.toLowerCase());
    if (!spec) throw new HttpError(404, `Kernel spec ${name} not found`);
    return spec;
  }

  router.add("/api/kernels", {
    GET(exchange) {
      exchange.json(kernels.list().map((kernel) => kernel.model));
    },
    async POST(exchange) {
      const given = (await exchange.jsonBody()) ?? {};
      const wanted = typeof given.path === "string" && !isHidden(given.path) ? given.path : "";
      const inFolder = (await folder.exists(wanted)) === "directory";
      const cwd = await folder.place(inFolder ? wanted : path.posix.dirname(`/${wanted}`));
      const name = typeof given.name === "string" ? given.name : undefined;
      const id = typeof given.kernel_id === "string" ? given.kernel_id : undefined;
      const there = id !== undefined && kernels.list().find((kernel) => kernel.id === id);
      const place = (await folder.exists(wanted)) ? cwd : folder.root;
      const kernel = there || (await kernels.start(name, place, { id }));
      exchange.json(kernel.model, 201, { Location: `${baseUrl}api/kernels/${kernel.id}` });
    },
  });
  router.add("/api/kernels/:id", {
    GET(exchange) {
      exchange.json(kernels.get(exchange.params.id!).model);
    },
    async DELETE(exchange) {
      await kernels.shutdown(exchange.params.id!);
      exchange.empty();
    },
  });
  router.add("/api/kernels/:id/interrupt", {
    async POST(exchange) {
      await kernels.get(exchange.params.id!).interrupt();
      exchange.empty();
    },
  });
  router.add("/api/kernels/:id/restart", {
    async POST(exchange) {
      const kernel = kernels.get(exchange.params.id!);
      try {
        await kernel.restart();
      } catch (error) {
        throw new HttpError(500, `Exception restarting kernel: ${(error as Error).message}`);
      }
      exchange.json(kernel.model);
    },
  });

  router.add("/api/sessions", {
    GET(exchange) {
      exchange.json(sessions.list());
    },
    async POST(exchange) {
      const given = await exchange.jsonBody();
      if (!given) throw new HttpError(400, "No JSON data provided");
      const session = await sessions.open(given);
      exchange.json(session, 201, { Location: `${baseUrl}api/sessions/${session.id}` });
    },
  });
  router.add("/api/sessions/:id", {
    GET(exchange) {
      exchange.json(sessions.get(exchange.params.id!));
    },
    async PATCH(exchange) {
      const given = await exchange.jsonBody();
      if (!given) throw new HttpError(400, "No JSON data provided");
      exchange.json(await sessions.change(exchange.params.id!, given));
    },
    async DELETE(exchange) {
      await sessions.delete(exchange.params.id!);
      exchange.empty();
    },
  });

  // Ours, not Jupyter's: what a page that was away has missed. See web/src/recover.js.
  router.add("/api/kernelbook/executions", {
    async GET(exchange) {
      exchange.json({ executions: await recorder.of(exchange.query("path") ?? "") });
    },
  });
}
