// The Jupyter Server API in Node. What a request passes: headers, Host, who is it, Origin, XSRF, handler.
import http from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { Contents } from "./contents/contents.js";
import { ServedFolder } from "./contents/folder.js";
import { addContentsRoutes } from "./contents/routes.js";
import { Notary } from "./contents/trust.js";
import { HttpError, errorBody } from "./http/errors.js";
import { Exchange } from "./http/exchange.js";
import { Router } from "./http/router.js";
import { Kernels } from "./kernels/kernels.js";
import { v1Protocol } from "./kernels/message.js";
import { Recorder } from "./kernels/recorder.js";
import { addKernelRoutes } from "./kernels/routes.js";
import { Sessions } from "./kernels/sessions.js";
import { addLabRoutes } from "./lab.js";
import { errorHtml } from "./pages/html.js";
import { addPageRoutes } from "./pages/routes.js";
import { addResolveRoute } from "./resolve.js";
import { Gate, type Authenticator } from "./security/gate.js";
import { commonHeaders } from "./security/headers.js";
import { completeSettings, type ServerSettings } from "./settings.js";
import { addStatusRoutes } from "./status.js";

export type { ServerSettings } from "./settings.js";

export interface RunningServer {
  settings: ServerSettings;
  port: number;
  /** Without the token. */
  url: string;
  kernels: Kernels;
  /** Stop listening, end all kernels. */
  close(): Promise<void>;
}

/** @throws Error if the port is taken (code EADDRINUSE) or the folder does not exist. */
export async function startServer(
  given: Partial<ServerSettings> = {},
  authenticator?: Authenticator,
): Promise<RunningServer> {
  const settings = completeSettings(given);
  const folder = new ServedFolder(settings.rootDir);
  const contents = new Contents(folder, new Notary(settings.stateDir));
  const kernels = new Kernels(settings);
  const sessions = new Sessions(kernels, folder);
  const recorder = new Recorder(
    folder.root,
    settings.stateDir,
    (kernelId) => sessions.byKernel(kernelId)?.path,
  );
  kernels.onStart = (kernel) => recorder.follow(kernel);
  contents.onNotebookSaved = (path) => recorder.saved(path);
  let port = settings.port;
  const gate = new Gate(settings, () => port, authenticator);

  const router = new Router();
  const activity = { started: new Date(), last: new Date() };
  addStatusRoutes(router, { kernels, gate, settings, activity });
  addContentsRoutes(router, contents, settings);
  addKernelRoutes(router, { kernels, sessions, recorder, folder, settings });
  addResolveRoute(router, folder, kernels);
  addLabRoutes(router, settings);
  addPageRoutes(router, { gate, folder, sessions, settings });
  authenticator?.addRoutes?.(router);

  const server = http.createServer((request, response) => {
    activity.last = new Date();
    void answer(request, response);
  });
  server.requestTimeout = 0; // a slow upload is not an attack; the body's size is limited
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.maxBodyBytes,
    handleProtocols: (offered) => (offered.has(v1Protocol) ? v1Protocol : false),
  });
  server.on("upgrade", (request, socket, head) => void upgrade(request, socket, head));
  const reporting = setInterval(() => {
    authenticator
      ?.reportActivity?.(activity.last)
      .catch((error: Error) => settings.log(error.message));
  }, 300_000).unref();
  const heartbeat = setInterval(() => sockets.clients.forEach(checkAlive), 30_000).unref();

  async function answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    commonHeaders(response, settings.baseUrl);
    let exchange: Exchange | null = null;
    let page = false;
    try {
      exchange = new Exchange(request, response, settings.baseUrl);
      gate.checkHost(exchange);
      const { route } = exchange;
      if (route === null) {
        if (exchange.url.pathname === "/") return exchange.redirect(settings.baseUrl);
        throw new HttpError(404, `this server lies at ${settings.baseUrl}`);
      }
      const found = router.find(exchange.method, route);
      page = found.page ?? false;
      exchange.params = found.params;
      if (!found.open) {
        const visitor = await gate.identify(exchange);
        if (!visitor) return refuse(exchange, page);
        gate.checkOrigin(exchange, visitor);
        gate.checkXsrf(exchange, visitor);
        if (page && visitor.byToken && exchange.query("token") !== null) return enter(exchange);
      }
      await found.handler(exchange);
    } catch (error) {
      complain(error, request, response, exchange, page);
    }
  }

  /** A page with ?token=: log in by cookie, and take the token out of the address. */
  function enter(exchange: Exchange): void {
    gate.login(exchange);
    const { pathname, searchParams } = exchange.url;
    searchParams.delete("token");
    exchange.redirect(pathname + (searchParams.size > 0 ? `?${searchParams}` : ""));
  }

  function refuse(exchange: Exchange, page: boolean): void {
    if (!page || exchange.method !== "GET") throw new HttpError(403, "Forbidden");
    const next = encodeURIComponent(exchange.url.pathname + exchange.url.search);
    exchange.redirect(
      gate.authenticator?.loginUrl(exchange) ?? `${settings.baseUrl}login?next=${next}`,
    );
  }

  function complain(
    error: unknown,
    request: http.IncomingMessage,
    response: http.ServerResponse,
    exchange: Exchange | null,
    page: boolean,
  ): void {
    const { status, body } = errorBody(error);
    const path = (request.url ?? "").replace(/\?.*/, ""); // without the query: it may hold the token
    if (status >= 500 && !response.destroyed) {
      settings.log(
        `${request.method} ${path}: ${status} ${(error as Error).stack ?? String(error)}`,
      );
    }
    if (response.headersSent || !exchange) return void response.destroy();
    if (!request.complete) response.setHeader("Connection", "close"); // what is left of the body is not read
    if (page)
      exchange.send(errorHtml(status, String(body.message)), "text/html; charset=utf-8", status, {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
      });
    else exchange.json(body, status);
  }

  async function upgrade(
    request: http.IncomingMessage,
    socket: import("node:stream").Duplex,
    head: Buffer,
  ) {
    socket.on("error", () => {}); // a visitor who leaves in the middle
    const reject = (status: number) =>
      socket.end(
        `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
    try {
      const exchange = new Exchange(request, new http.ServerResponse(request), settings.baseUrl);
      gate.checkHost(exchange);
      const visitor = await gate.identify(exchange);
      if (!visitor) return reject(403);
      const origin = exchange.header("origin");
      if (origin !== undefined && !visitor.byToken && !gate.isOwnOrigin(exchange, origin))
        return reject(403);

      const channels = /^\/api\/kernels\/([^/]+)\/channels$/.exec(exchange.route ?? "");
      if (channels) {
        const page = kernels.channels(decodeURIComponent(channels[1]!));
        const sessionId = exchange.query("session_id") ?? "";
        sockets.handleUpgrade(request, socket, head, (ws) => {
          follow(ws);
          page.connect(ws, sessionId);
        });
      } else if (exchange.route === "/api/events/subscribe") {
        sockets.handleUpgrade(request, socket, head, follow); // we have no events to tell
      } else {
        reject(404);
      }
    } catch (error) {
      reject(errorBody(error).status);
    }
  }

  port = await listen(server, settings);
  const host = settings.host === "0.0.0.0" || settings.host === "::" ? "localhost" : settings.host;
  return {
    settings,
    port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}${settings.baseUrl}`,
    kernels,
    async close() {
      clearInterval(heartbeat);
      clearInterval(reporting);
      await kernels.shutdownAll();
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The wanted port, or one of the next if it is taken. */
async function listen(server: http.Server, settings: ServerSettings): Promise<number> {
  const { port, portRetries, host } = settings;
  for (let tried = port; ; tried++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(tried, host, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!taken || tried >= port + portRetries) throw error;
    }
  }
}

// A connection that answers no ping is lost: a laptop closed, a cable pulled.
const alive = new WeakMap<WebSocket, boolean>();

function follow(socket: WebSocket): void {
  alive.set(socket, true);
  socket.on("pong", () => alive.set(socket, true));
  socket.on("message", () => alive.set(socket, true));
  socket.on("error", () => socket.terminate());
}

function checkAlive(socket: WebSocket): void {
  if (!alive.get(socket)) return socket.terminate();
  alive.set(socket, false);
  socket.ping();
}
