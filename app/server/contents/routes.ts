// /api/contents: the addresses and their answers.
import { HttpError } from "../http/errors.js";
import { escapePath, type Exchange } from "../http/exchange.js";
import type { Router } from "../http/router.js";
import type { ServerSettings } from "../settings.js";
import type { Contents } from "./contents.js";
import { isHidden } from "./folder.js";
import type { Model } from "./models.js";

export function addContentsRoutes(
  router: Router,
  contents: Contents,
  settings: ServerSettings,
): void {
  const address = (path: string) => `${settings.baseUrl}api/contents/${escapePath(path)}`;
  const answer = (exchange: Exchange, model: Model, status: number) => {
    const modified = new Date(model.last_modified).toUTCString();
    exchange.json(model, status, { Location: address(model.path), "Last-Modified": modified });
  };
  const body = (exchange: Exchange) => exchange.jsonBody(settings.maxBodyBytes);

  router.add("/api/contents/*path/checkpoints", {
    async GET(exchange) {
      exchange.json(await contents.checkpoints.list(exchange.params.path!));
    },
    async POST(exchange) {
      const path = exchange.params.path!;
      const checkpoint = await contents.checkpoints.create(path);
      exchange.json(checkpoint, 201, { Location: `${address(path)}/checkpoints/${checkpoint.id}` });
    },
  });

  router.add("/api/contents/*path/checkpoints/:id", {
    async POST(exchange) {
      await contents.checkpoints.restore(exchange.params.path!, exchange.params.id!);
      exchange.empty();
    },
    async DELETE(exchange) {
      await contents.checkpoints.delete(exchange.params.path!, exchange.params.id!);
      exchange.empty();
    },
  });

  router.add("/api/contents/*path/trust", {
    async POST(exchange) {
      await contents.trust(exchange.params.path!);
      exchange.empty(201);
    },
  });

  router.add("/api/contents/*path", {
    async GET(exchange) {
      const path = exchange.params.path!;
      const format = exchange.query("format");
      if (format !== null && format !== "text" && format !== "base64") {
        throw new HttpError(400, `Format '${format}' is invalid`);
      }
      const model = await contents.models.get(path, {
        type: knownType(exchange.query("type")),
        format,
        content: flag(exchange, "content", true),
        hash: flag(exchange, "hash", false),
      });
      const modified = new Date(model.last_modified).toUTCString();
      exchange.json(model, 200, { "Last-Modified": modified });
    },

    async POST(exchange) {
      const path = exchange.params.path!;
      if ((await contents.folder.exists(path)) === "file") {
        throw new HttpError(400, "Cannot POST to files, use PUT instead.");
      }
      const given = (await body(exchange)) ?? {};
      if (given.copy_from) {
        return answer(exchange, await contents.copy(text(given, "copy_from"), path), 201);
      }
      const type = knownType(text(given, "type")) ?? "";
      answer(exchange, await contents.createUntitled(path, type, text(given, "ext")), 201);
    },

    async PUT(exchange) {
      const path = exchange.params.path!;
      const given = await body(exchange);
      if (given?.copy_from) throw new HttpError(400, "Cannot copy with PUT, only POST");
      const exists = (await contents.folder.exists(path)) !== null;
      if (!given) {
        if (exists) throw new HttpError(400, "JSON body missing");
        return answer(exchange, await contents.create(path, {}), 201);
      }
      if (isHidden(path) || (typeof given.path === "string" && isHidden(given.path))) {
        throw new HttpError(400, `Cannot create file or directory '${path}'`);
      }
      const type = knownType(text(given, "type"));
      const full = { ...given, ...(type && { type }) };
      const model = exists ? await contents.save(path, full) : await contents.create(path, full);
      answer(exchange, model, exists ? 200 : 201);
    },

    async PATCH(exchange) {
      const given = await body(exchange);
      if (!given) throw new HttpError(400, "JSON body missing");
      const path = exchange.params.path!;
      answer(exchange, await contents.rename(path, text(given, "path") || path), 200);
    },

    async DELETE(exchange) {
      await contents.delete(exchange.params.path!);
      exchange.empty();
    },
  });

  const redirect = (exchange: Exchange) => exchange.redirect(address(exchange.params.path!));
  router.add("/api/notebooks/*path", {
    GET: redirect,
    PUT: redirect,
    POST: redirect,
    PATCH: redirect,
    DELETE: redirect,
  });
}

/** An unknown type is a file, as in jupyter_server. */
function knownType(type: string | null): string | null {
  if (type === null || type === "") return null;
  return ["directory", "file", "notebook"].includes(type) ? type : "file";
}

function flag(exchange: Exchange, name: string, otherwise: boolean): boolean {
  const value = exchange.query(name) ?? (otherwise ? "1" : "0");
  if (value !== "0" && value !== "1") {
    throw new HttpError(400, `${name} is '${value}'. It must be '0' or '1'.`);
  }
  return value === "1";
}

function text(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  if (value === undefined || value === null) return "";
  if (typeof value !== "string")
    throw new HttpError(400, `'${name}' is ${JSON.stringify(value)}, not a text`);
  return value;
}
