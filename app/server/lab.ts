// What JupyterLab's parts ask beside the Jupyter API: settings, themes, translations, workspaces, config.
import JSON5 from "json5";
import fs from "node:fs/promises";
import path from "node:path";
import { inTurn, writeAtomically } from "./contents/atomic.js";
import { isObject } from "./contents/notebook-format.js";
import { HttpError } from "./http/errors.js";
import type { Exchange } from "./http/exchange.js";
import type { Router } from "./http/router.js";
import { WebAssets } from "./pages/assets.js";
import type { ServerSettings } from "./settings.js";

interface Schema {
  schema: Record<string, unknown>;
  version: string;
}

export function addLabRoutes(router: Router, settings: ServerSettings): void {
  const assets = new WebAssets(settings.webDir);
  const kept = (kind: string, name: string, extension: string) =>
    path.join(settings.stateDir, kind, encodeURIComponent(name) + extension);
  let schemas: Promise<Record<string, Schema>> | null = null;
  const loadSchemas = () =>
    (schemas ??= fs.readFile(path.join(settings.webDir, "schemas.json"), "utf8").then(
      (text) => JSON.parse(text),
      () => ({}),
    ));

  async function setting(id: string, withContent = true) {
    const found = (await loadSchemas())[id];
    if (!found) throw new HttpError(404, `Schema not found: ${id}`);
    const file = kept("settings", id, ".jupyterlab-settings");
    const info = await fs.stat(file).catch(() => null);
    const times = {
      created: info?.birthtime.toISOString() ?? null,
      last_modified: info?.mtime.toISOString() ?? null,
    };
    if (!withContent) return { id, ...times };
    const raw = info ? await fs.readFile(file, "utf8") : "{}";
    let values: unknown = {};
    let warning: string | null = null;
    try {
      values = JSON5.parse(raw);
    } catch (error) {
      warning = `Failed loading user settings (${id}): ${(error as Error).message}`;
    }
    return { id, ...found, raw, settings: values, warning, ...times };
  }

  router.add("/lab/api/settings", {
    async GET(exchange) {
      const all = await loadSchemas();
      const idsOnly = exchange.query("ids_only") === "true";
      const list = await Promise.all(Object.keys(all).map((id) => setting(id, !idsOnly)));
      exchange.json({ settings: list });
    },
  });
  router.add("/lab/api/settings/*path", {
    async GET(exchange) {
      exchange.json(await setting(exchange.params.path!));
    },
    async PUT(exchange) {
      const id = exchange.params.path!;
      await setting(id);
      const raw = (await exchange.jsonBody())?.raw;
      if (typeof raw !== "string")
        throw new HttpError(400, "Invalid payload type: 'raw' must be a text");
      try {
        JSON5.parse(raw);
      } catch (error) {
        throw new HttpError(400, `Failed validating settings (${id}): ${(error as Error).message}`);
      }
      await keep(kept("settings", id, ".jupyterlab-settings"), raw);
      exchange.empty();
    },
  });

  router.add("/lab/api/themes/*path", {
    GET: (exchange) => assets.send(exchange, `themes/${exchange.params.path}`),
  });

  // One language comes with the page. Adding a language pack means answering more here.
  const english = { en: { displayName: "English", nativeName: "English" } };
  router.add("/lab/api/translations", {
    GET: (exchange) => exchange.json({ data: english, message: "" }),
  });
  router.add("/lab/api/translations/:locale", {
    GET: (exchange) => exchange.json({ data: {}, message: "" }),
  });

  router.add("/lab/api/workspaces", {
    async GET(exchange) {
      const folder = path.join(settings.stateDir, "workspaces");
      const files = (await fs.readdir(folder).catch(() => [] as string[])).filter((file) =>
        /\.json$/.test(file),
      );
      const values = await Promise.all(files.map((file) => readJson(path.join(folder, file))));
      const ids = files.map((file) => decodeURIComponent(file.replace(/\.json$/, "")));
      exchange.json({ workspaces: { ids, values } });
    },
  });
  router.add("/lab/api/workspaces/*path", {
    async GET(exchange) {
      const id = exchange.params.path!;
      const found = await readJson(kept("workspaces", id, ".json"));
      exchange.json(found ?? { data: {}, metadata: { id } });
    },
    PUT: putWorkspace,
    POST: putWorkspace,
    async DELETE(exchange) {
      await fs.rm(kept("workspaces", exchange.params.path!, ".json"), { force: true });
      exchange.empty();
    },
  });
  async function putWorkspace(exchange: Exchange): Promise<void> {
    const id = exchange.params.path!;
    const given = await exchange.jsonBody();
    const metadata = given?.metadata as { id?: unknown } | undefined;
    if (!given || typeof given.data !== "object" || typeof metadata?.id !== "string") {
      throw new HttpError(400, "a workspace needs data and metadata.id");
    }
    if (metadata.id !== id)
      throw new HttpError(400, `Workspace metadata ID mismatch: ${metadata.id} != ${id}`);
    await keep(kept("workspaces", id, ".json"), JSON.stringify(given));
    exchange.empty();
  }

  // Front-end configuration sections, as Notebook 6 kept them.
  const configFile = (exchange: Exchange) => kept("nbconfig", exchange.params.section!, ".json");
  router.add("/api/config/:section", {
    async GET(exchange) {
      exchange.json((await readJson(configFile(exchange))) ?? {});
    },
    async PUT(exchange) {
      await keep(configFile(exchange), JSON.stringify((await exchange.jsonBody()) ?? {}));
      exchange.empty();
    },
    async PATCH(exchange) {
      const file = configFile(exchange);
      const changed = merge((await readJson(file)) ?? {}, (await exchange.jsonBody()) ?? {});
      await keep(file, JSON.stringify(changed));
      exchange.json(changed);
    },
  });
}

async function keep(file: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await inTurn(file, () => writeAtomically(file, text));
}

async function readJson(file: string): Promise<Record<string, unknown> | null> {
  const text = await fs.readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // broken from outside: as if it were not there
  }
}

/** `changes` into `target`, level by level; null removes, and so does what becomes empty. */
function merge(target: Record<string, any>, changes: Record<string, any>): Record<string, any> {
  const result = { ...target };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key];
    else if (typeof value === "object" && !Array.isArray(value)) {
      const merged = merge(isObject(result[key]) ? result[key] : {}, value);
      if (Object.keys(merged).length > 0) define(result, key, merged);
      else delete result[key];
    } else define(result, key, value);
  }
  return result;
}

/** Set a key as a plain one, also "__proto__". */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
