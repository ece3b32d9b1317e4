// Small questions: is the server there, what version, who am I, what can be converted.
import { HttpError } from "./http/errors.js";
import type { Router } from "./http/router.js";
import type { Kernels } from "./kernels/kernels.js";
import type { Gate } from "./security/gate.js";
import type { ServerSettings } from "./settings.js";
import { version } from "./version.js";

interface Services {
  kernels: Kernels;
  gate: Gate;
  settings: ServerSettings;
  activity: { started: Date; last: Date };
}

export function addStatusRoutes(
  router: Router,
  { kernels, gate, settings, activity }: Services,
): void {
  router.add("/api", { GET: (exchange) => exchange.json({ version }) }, { open: true });

  // JSON is YAML.
  router.add("/api/spec.yaml", {
    GET: (exchange) =>
      exchange.send(JSON.stringify(openApi(router, settings.baseUrl), null, 1), "text/x-yaml"),
  });

  router.add("/api/status", {
    GET(exchange) {
      const running = kernels.list();
      exchange.json({
        connections: running.reduce((sum, kernel) => sum + kernel.connections, 0),
        kernels: running.length,
        last_activity: activity.last.toISOString(),
        started: activity.started.toISOString(),
      });
    },
  });

  router.add("/api/me", {
    async GET(exchange) {
      const name = (await gate.identify(exchange))?.name ?? "anonymous";
      const asked = exchange.query("permissions");
      exchange.json({
        identity: {
          username: name,
          name,
          display_name: name,
          initials: name.slice(0, 1).toUpperCase(),
          avatar_url: null,
          color: null,
        },
        permissions: asked === null ? {} : checkedPermissions(asked),
      });
    },
  });

  // Terminals are not offered: the page is told so, and whoever asks all the same finds none.
  router.add("/api/terminals", { GET: (exchange) => exchange.json([]) });

  router.add("/api/nbconvert", {
    GET: (exchange) => exchange.json({ html: { output_mimetype: "text/html" } }),
  });

  router.add("/api/security/csp-report", {
    async POST(exchange) {
      settings.log(
        `content security policy: ${(await exchange.body(64 * 1024)).toString("utf8").slice(0, 2000)}`,
      );
      exchange.empty();
    },
  });
}

/** What can be asked under /api, as OpenAPI 3 says it: the table of routes. */
function openApi(router: Router, baseUrl: string): object {
  const paths: Record<string, object> = {};
  for (const { address, methods } of router.list()) {
    if (!address.startsWith("/api")) continue;
    const names = [...address.matchAll(/[:*](\w+)/g)].map(([, name]) => name!);
    const parameters = names.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    }));
    const operation = { responses: { default: { description: "see the Jupyter Server API" } } };
    paths[address.replace(/[:*](\w+)/g, "{$1}")] = {
      ...(parameters.length > 0 && { parameters }),
      ...Object.fromEntries(methods.map((method) => [method.toLowerCase(), operation])),
    };
  }
  const info = { title: "kernelbook: the Jupyter Server API", version };
  return { openapi: "3.0.3", info, servers: [{ url: baseUrl }], paths };
}

/** Whoever is in may do everything: the answer repeats the question, once it is well formed. */
function checkedPermissions(text: string): Record<string, string[]> {
  let asked: unknown;
  try {
    asked = JSON.parse(text);
  } catch {
    throw new HttpError(
      400,
      `permissions should be a JSON dict of {"resource": ["action",]}, got ${text}`,
    );
  }
  const isTable = typeof asked === "object" && asked !== null && !Array.isArray(asked);
  const actions = isTable ? Object.values(asked as object) : [];
  if (
    !isTable ||
    !actions.every((list) => Array.isArray(list) && list.every((item) => typeof item === "string"))
  ) {
    throw new HttpError(
      400,
      `permissions should be a JSON dict of {"resource": ["action",]}, got ${text}`,
    );
  }
  return asked as Record<string, string[]>;
}
