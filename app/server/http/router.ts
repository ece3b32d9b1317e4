// Finds the handler of an address. In a pattern `:name` is one part, `*name` all the rest:
// "/api/contents/*path/checkpoints/:id". The first pattern that fits wins.
import { HttpError } from "./errors.js";
import type { Exchange } from "./exchange.js";

export type Handler = (exchange: Exchange) => Promise<void> | void;

export interface RouteOptions {
  /** Reachable without logging in. Default false: nobody gets in. */
  open?: boolean;
  /** A page for people: who is not logged in is led to the login page instead of getting 403. */
  page?: boolean;
}

interface Route extends RouteOptions {
  address: string;
  pattern: RegExp;
  handlers: Record<string, Handler>;
}

export class Router {
  readonly #routes: Route[] = [];

  add(pattern: string, handlers: Record<string, Handler>, options: RouteOptions = {}): void {
    const source = pattern
      .replace(/\/\*(\w+)/g, "(?<$1>(?:/[^]*?)?)")
      .replace(/:(\w+)/g, "(?<$1>[^/]+)");
    const route = { address: pattern, pattern: new RegExp(`^${source}/?$`), handlers, ...options };
    this.#routes.push(route);
  }

  /** All addresses with their methods, in the order in which they were added. */
  list(): { address: string; methods: string[] }[] {
    return this.#routes.map(({ address, handlers }) => ({
      address,
      methods: Object.keys(handlers),
    }));
  }

  /** The route of an address, its handler, and the decoded parts. @throws HttpError 404, 405 */
  find(
    method: string,
    address: string,
  ): RouteOptions & { handler: Handler; params: Record<string, string> } {
    for (const { pattern, handlers, open, page } of this.#routes) {
      const match = pattern.exec(address);
      if (!match) continue;
      const handler = handlers[method] ?? (method === "HEAD" ? handlers.GET : undefined);
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodePath(value)]),
      );
      const refuse = () => {
        throw new HttpError(405, `${method} is not possible here`);
      };
      return { handler: handler ?? refuse, params, open, page };
    }
    throw new HttpError(404, `there is nothing at ${address}`);
  }
}

/** Undo the escapes, and the slashes at both ends. An escaped slash is a slash, as in jupyter_server. */
function decodePath(text: string): string {
  try {
    return decodeURIComponent(text).replace(/^\/+|\/+$/g, "");
  } catch {
    throw new HttpError(400, `a wrong escape in the address: ${text}`);
  }
}
