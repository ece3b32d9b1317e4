// Who gets in. The rules are jupyter_server's, made a little stricter (see each):
// Host against DNS rebinding, token or cookie, Origin, and XSRF for whatever changes something.
import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { HttpError } from "../http/errors.js";
import type { Exchange } from "../http/exchange.js";
import type { Router } from "../http/router.js";
import type { ServerSettings } from "../settings.js";
import { LoginCookies, sameText } from "./cookies.js";

export interface Visitor {
  name: string;
  /** Proved by the token itself, not by a cookie, which a browser sends unasked. */
  byToken: boolean;
}

/** Another way to know a visitor, such as JupyterHub's. */
export interface Authenticator {
  identify(exchange: Exchange): Promise<Visitor | null>;
  /** Where a browser is sent to log in. */
  loginUrl(exchange: Exchange): string;
  /** Addresses of its own, such as where a login comes back to. */
  addRoutes?(router: Router): void;
  /** Told every five minutes when the server was last used. */
  reportActivity?(last: Date): Promise<void>;
  /** What the page must know about it. */
  pageConfig?(): Record<string, unknown>;
}

export class Gate {
  readonly #cookies: LoginCookies;

  constructor(
    readonly settings: ServerSettings,
    /** The port in use: cookies of two servers on one machine must not meet. */
    readonly port: () => number,
    readonly authenticator?: Authenticator,
  ) {
    this.#cookies = new LoginCookies(settings.stateDir, settings.token);
  }

  get cookieName(): string {
    return `kernelbook-login-${this.port()}`;
  }

  /** A page elsewhere may point its own name at 127.0.0.1: only answer to names that are ours. */
  checkHost(exchange: Exchange): void {
    const host = exchange.header("host") ?? "";
    const name = host
      .replace(/:\d+$/, "")
      .replace(/^\[|\]$/g, "")
      .toLowerCase();
    const { allowedHosts } = this.settings;
    if (allowedHosts.includes("*") || allowedHosts.includes(name) || isLoopback(name)) return;
    throw new HttpError(403, `Blocking request with non-local 'Host' ${host}`);
  }

  async identify(exchange: Exchange): Promise<Visitor | null> {
    if (this.authenticator) return this.authenticator.identify(exchange);
    const { token } = this.settings;
    if (token === "") return { name: "anonymous", byToken: false };
    const offered = offeredToken(exchange);
    if (offered !== null && sameText(offered, token)) return { name: "learner", byToken: true };
    const name = this.#cookies.read(exchange.cookie(this.cookieName));
    return name === null ? null : { name, byToken: false };
  }

  /** Does this text open the door? Used by the login form. */
  accepts(token: string): boolean {
    return this.settings.token !== "" && sameText(token, this.settings.token);
  }

  login(exchange: Exchange): void {
    const value = this.#cookies.create("learner");
    exchange.addCookie(
      `${this.cookieName}=${value}; Path=${this.settings.baseUrl}; HttpOnly; SameSite=Lax; Max-Age=2592000${secure(exchange)}`,
    );
  }

  logout(exchange: Exchange): void {
    exchange.addCookie(`${this.cookieName}=; Path=${this.settings.baseUrl}; HttpOnly; Max-Age=0`);
  }

  /** The value that a page's own requests repeat, which a page elsewhere cannot read. */
  giveXsrf(exchange: Exchange): string {
    const present = exchange.cookie("_xsrf");
    if (present && /^[0-9a-f]{64}$/.test(present)) return present;
    const value = randomBytes(32).toString("hex");
    // Read by the page's script, therefore not HttpOnly.
    exchange.addCookie(
      `_xsrf=${value}; Path=${this.settings.baseUrl}; SameSite=Lax${secure(exchange)}`,
    );
    return value;
  }

  /** Refuse what another site made the browser send. */
  checkOrigin(exchange: Exchange, visitor: Visitor | null): void {
    if (visitor?.byToken) return;
    const origin = exchange.header("origin");
    if (origin !== undefined && !this.isOwnOrigin(exchange, origin)) {
      throw new HttpError(403, "Blocking Cross Origin request");
    }
    const site = exchange.header("sec-fetch-site");
    const navigates = exchange.header("sec-fetch-mode") === "navigate" && exchange.method === "GET";
    if (origin === undefined && site === "cross-site" && !navigates) {
      throw new HttpError(403, "Blocking request from another site");
    }
  }

  isOwnOrigin(exchange: Exchange, origin: string): boolean {
    if (this.settings.allowedOrigins.includes(origin)) return true;
    const host =
      exchange.header("x-forwarded-host") && this.authenticator
        ? exchange.header("x-forwarded-host")
        : exchange.header("host");
    return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, "") === host;
  }

  checkXsrf(exchange: Exchange, visitor: Visitor | null, fromForm?: string): void {
    if (["GET", "HEAD", "OPTIONS"].includes(exchange.method) || visitor?.byToken) return;
    const expected = exchange.cookie("_xsrf");
    const given =
      exchange.header("x-xsrftoken") ??
      exchange.header("x-csrftoken") ??
      fromForm ??
      exchange.query("_xsrf");
    if (!given) throw new HttpError(403, "'_xsrf' argument missing from request");
    if (!expected || !sameText(given, expected)) {
      throw new HttpError(403, "XSRF cookie does not match request argument");
    }
  }
}

function offeredToken(exchange: Exchange): string | null {
  const [scheme = "", value = ""] = (exchange.header("authorization") ?? "").split(/\s+/, 2);
  if (/^(token|bearer)$/i.test(scheme)) return value;
  return exchange.query("token");
}

function isLoopback(name: string): boolean {
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  return isIP(name) === 4 && name.startsWith("127.");
}

function secure(exchange: Exchange): string {
  return exchange.header("x-forwarded-proto") === "https" ? "; Secure" : "";
}
