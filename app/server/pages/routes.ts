// The pages that a person opens: the folder list, notebooks, the editor, files as they are, logging in.
import fs from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isHidden, nameOf, notFound, type ServedFolder } from "../contents/folder.js";
import { contentType } from "../contents/mime.js";
import { faultMessage } from "../contents/models.js";
import { parseNotebook } from "../contents/notebook-format.js";
import { notebookToHtml } from "../export/html.js";
import { HttpError } from "../http/errors.js";
import { escapePath, type Exchange } from "../http/exchange.js";
import type { Router } from "../http/router.js";
import type { Sessions } from "../kernels/sessions.js";
import type { Gate } from "../security/gate.js";
import { docsPolicy, filePolicy, framePolicy, pagePolicy } from "../security/headers.js";
import type { ServerSettings } from "../settings.js";
import { version } from "../version.js";
import { WebAssets } from "./assets.js";
import { frameHtml, loginHtml, notebookHtml } from "./html.js";

interface Services {
  gate: Gate;
  folder: ServedFolder;
  sessions: Sessions;
  settings: ServerSettings;
}

export function addPageRoutes(
  router: Router,
  { gate, folder, sessions, settings }: Services,
): void {
  const { baseUrl } = settings;
  const assets = new WebAssets(settings.webDir);

  router.add(
    "/",
    { GET: (exchange) => exchange.redirect(baseUrl + settings.defaultUrl.replace(/^\//, "")) },
    { page: true },
  );
  for (const page of ["tree", "notebooks", "edit", "consoles"]) {
    router.add(`/${page}/*path`, { GET: (exchange) => showPage(exchange, page) }, { page: true });
  }
  router.add(
    "/lab/*path",
    {
      GET: (exchange) =>
        exchange.redirect(
          `${baseUrl}tree/${escapePath(exchange.params.path!.replace(/^tree\//, ""))}`,
        ),
    },
    { page: true },
  );

  async function showPage(exchange: Exchange, page: string): Promise<void> {
    const path = exchange.params.path!;
    if (page === "tree" && path !== "") {
      const kind = await folder.exists(path);
      if (!kind || isHidden(path)) throw notFound(path);
      if (kind === "file") {
        const target = path.endsWith(".ipynb") ? "notebooks" : "files";
        return exchange.redirect(`${baseUrl}${target}/${escapePath(path)}`);
      }
    }
    if (page === "notebooks" && (await folder.exists(path)) === "directory") {
      return exchange.redirect(`${baseUrl}tree/${escapePath(path)}`);
    }
    if (page === "notebooks" && !isHidden(path)) sessions.startAhead(path).catch(() => {}); // only for speed
    gate.giveXsrf(exchange);
    const html = notebookHtml(pageConfig(page, path), await assets.manifest());
    exchange.send(html, "text/html; charset=utf-8", 200, {
      "Content-Security-Policy": pagePolicy,
      "Cache-Control": "no-store",
    });
  }

  /** What the bundle asks of PageConfig; the names are JupyterLab's. It puts the base address before what is not `full…`. */
  function pageConfig(page: string, path: string): Record<string, unknown> {
    return {
      appName: "kernelbook",
      appNamespace: "kernelbook",
      appVersion: version,
      notebookVersion: JSON.stringify(version.split(".").map(Number)),
      baseUrl,
      appUrl: "/lab",
      notebookPage: page,
      treePath: page === "tree" ? path : "",
      notebookPath: page === "notebooks" ? path : "",
      preferredPath: "/",
      defaultUrl: `${baseUrl}tree`,
      fullAppUrl: `${baseUrl}lab`,
      fullStaticUrl: `${baseUrl}static/notebook`,
      settingsUrl: "/lab/api/settings",
      fullSettingsUrl: `${baseUrl}lab/api/settings`,
      themesUrl: "/lab/api/themes",
      fullThemesUrl: `${baseUrl}lab/api/themes`,
      translationsApiUrl: "/lab/api/translations",
      fullTranslationsApiUrl: `${baseUrl}lab/api/translations`,
      workspacesApiUrl: "/lab/api/workspaces",
      fullWorkspacesApiUrl: `${baseUrl}lab/api/workspaces`,
      federated_extensions: [],
      terminalsAvailable: false,
      cacheFiles: true,
      devMode: false,
      exposeAppInBrowser: process.env.KERNELBOOK_EXPOSE_APP === "1",
      mathjaxConfig: "TeX-AMS_HTML-full,Safe",
      serverRoot: folder.root,
      token: "", // the cookie says who asks
      wsUrl: "",
      disabledExtensions: [],
      ...gate.authenticator?.pageConfig?.(),
    };
  }

  router.add("/static/notebook/*path", {
    GET: (exchange) => assets.send(exchange, exchange.params.path!),
  });
  router.add(
    "/static/favicons/*path",
    {
      GET(exchange) {
        const busy = exchange.params.path!.includes("busy");
        return assets.send(exchange, `static/favicons/favicon${busy ? "-busy" : ""}.svg`);
      },
    },
    { open: true },
  );
  router.add(
    "/favicon.ico",
    {
      GET: (exchange) => assets.send(exchange, "static/favicons/favicon.svg"),
    },
    { open: true },
  );
  const reference = new WebAssets(settings.docsDir);
  router.add(
    "/docs/*path",
    {
      GET: (exchange) =>
        reference.send(exchange, exchange.params.path || "index.html", {
          "Content-Security-Policy": docsPolicy,
        }),
    },
    { page: true },
  );
  router.add("/custom/custom.css", { GET: (exchange) => exchange.send("", "text/css") });

  router.add("/files/*path", { GET: sendFile }, { page: true });
  router.add("/view/*path", { GET: showFile }, { page: true });

  /** A file in a frame of its own, with the page's icon and a title. */
  async function showFile(exchange: Exchange): Promise<void> {
    const path = exchange.params.path!;
    const kind = isHidden(path) ? null : await folder.exists(path);
    if (kind !== "file") throw new HttpError(404, `File does not exist: ${path}`);
    const html = frameHtml(nameOf(path), `${baseUrl}files/${escapePath(path)}`);
    exchange.send(html, "text/html; charset=UTF-8", 200, {
      "Content-Security-Policy": framePolicy,
    });
  }

  /** A file as it is, with parts of it on request. It may be anybody's HTML: it runs as a stranger. */
  async function sendFile(exchange: Exchange): Promise<void> {
    const path = exchange.params.path!;
    if (isHidden(path)) throw notFound(path);
    const site = exchange.header("sec-fetch-site");
    if (site === "cross-site" && exchange.header("sec-fetch-mode") !== "navigate") {
      throw new HttpError(403, "Blocking request from another site");
    }
    const { place, info } = await folder.stat(path);
    if (!info.isFile()) throw new HttpError(403, `${path} is not a file`);
    const { start, end } = range(exchange.header("range"), info.size);
    const partial = start > 0 || end < info.size - 1;
    const download = exchange.query("download") !== null && exchange.query("download") !== "0";
    const headers: Record<string, string | number> = {
      "Content-Type": contentType(path),
      "Content-Length": Math.max(0, end - start + 1),
      "Content-Security-Policy": filePolicy(baseUrl),
      "Cache-Control": "no-cache",
      "Accept-Ranges": "bytes",
      "Last-Modified": info.mtime.toUTCString(),
    };
    if (partial) headers["Content-Range"] = `bytes ${start}-${end}/${info.size}`;
    if (download) {
      headers["Content-Disposition"] =
        `attachment; filename*=utf-8''${encodeURIComponent(nameOf(path))}`;
    }
    exchange.response.writeHead(partial ? 206 : 200, headers);
    if (exchange.method === "HEAD" || info.size === 0) return void exchange.response.end();
    await pipeline(fs.createReadStream(place, { start, end }), exchange.response);
  }

  router.add(
    "/nbconvert/html/*path",
    {
      async GET(exchange) {
        const path = exchange.params.path!;
        if (isHidden(path)) throw notFound(path);
        const { place } = await folder.stat(path);
        const notebook = parseNotebook(await fs.promises.readFile(place, "utf8"), path);
        const fault = faultMessage(notebook);
        if (fault) throw new HttpError(400, fault);
        const title = nameOf(path).replace(/\.ipynb$/, "");
        const html = notebookToHtml(notebook, { title, webDir: settings.webDir });
        const file = encodeURIComponent(`${title}.html`);
        exchange.send(html, "text/html; charset=utf-8", 200, {
          "Content-Security-Policy": filePolicy(baseUrl), // its outputs may be a stranger's
          ...(exchange.query("download") === "true" && {
            "Content-Disposition": `attachment; filename*=utf-8''${file}`,
          }),
        });
      },
    },
    { page: true },
  );

  router.add(
    "/login",
    {
      async GET(exchange) {
        if (gate.authenticator) return exchange.redirect(gate.authenticator.loginUrl(exchange));
        if (await gate.identify(exchange)) return exchange.redirect(nextAddress(exchange));
        exchange.send(
          loginHtml({ action: loginAction(exchange), xsrf: gate.giveXsrf(exchange) }),
          "text/html; charset=utf-8",
          200,
          formHeaders,
        );
      },
      async POST(exchange) {
        const form = new URLSearchParams((await exchange.body(64 * 1024)).toString("utf8"));
        gate.checkXsrf(exchange, null, form.get("_xsrf") ?? undefined);
        if (!gate.accepts(form.get("token") ?? form.get("password") ?? "")) {
          await delay(500); // guessing is slow
          const html = loginHtml({
            action: loginAction(exchange),
            xsrf: gate.giveXsrf(exchange),
            message: "That is not the token.",
          });
          return exchange.send(html, "text/html; charset=utf-8", 401, formHeaders);
        }
        gate.login(exchange);
        exchange.redirect(nextAddress(exchange));
      },
    },
    { open: true },
  );
  router.add(
    "/logout",
    {
      GET(exchange) {
        gate.logout(exchange);
        exchange.redirect(`${baseUrl}login`);
      },
    },
    { open: true },
  );

  const loginAction = (exchange: Exchange) =>
    `${baseUrl}login?next=${encodeURIComponent(exchange.query("next") ?? baseUrl)}`;

  /** Where to go after logging in: only to a page of ours. */
  function nextAddress(exchange: Exchange): string {
    const next = exchange.query("next") ?? "";
    const own = next.startsWith(baseUrl) && !next.startsWith("//") && !/[\\\r\n]/.test(next);
    return own ? next : baseUrl;
  }
}

const formHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
};

/** The first range of a Range header, as positions within the file. @throws HttpError 416 */
function range(header: string | undefined, size: number): { start: number; end: number } {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return { start: 0, end: size - 1 };
  const [first, last] = [match[1]!, match[2]!];
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) throw new HttpError(416, `the file has ${size} bytes; asked for ${header}`);
  return { start, end };
}
