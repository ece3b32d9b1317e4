// Being one learner's server behind JupyterHub: the Hub knows who people are, we ask it (OAuth 2).
// https://jupyterhub.readthedocs.io/en/stable/reference/services.html and /howto/... "single-user server"
import { createHmac, randomBytes } from "node:crypto";
import { HttpError } from "../http/errors.js";
import type { Exchange } from "../http/exchange.js";
import type { Router } from "../http/router.js";
import { sameText } from "./cookies.js";
import type { Authenticator, Visitor } from "./gate.js";

export interface HubSettings {
  /** JUPYTERHUB_API_TOKEN: our own key to the Hub. */
  apiToken: string;
  /** JUPYTERHUB_API_URL, such as http://127.0.0.1:8081/hub/api. */
  apiUrl: string;
  /** JUPYTERHUB_SERVICE_PREFIX, such as /user/alice/. */
  prefix: string;
  /** JUPYTERHUB_CLIENT_ID. */
  clientId: string;
  /** JUPYTERHUB_BASE_URL: where the Hub's proxy begins, "/" as a rule. */
  hubBaseUrl: string;
  /** JUPYTERHUB_HOST: the Hub's own host name where it has one; "" as a rule. */
  hubHost: string;
  user: string;
  serverName: string;
  /** Any one of these lets in: "access:servers!server=alice/". */
  scopes: string[];
  /** Where we listen, from JUPYTERHUB_SERVICE_URL. */
  host: string;
  port: number;
  activityUrl: string;
}

/** What JupyterHub puts into the environment of a server that it starts; null if it did not start us. */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings | null {
  const { JUPYTERHUB_API_TOKEN: apiToken, JUPYTERHUB_SERVICE_PREFIX: prefix } = env;
  if (!apiToken || !prefix) return null;
  const url = new URL(env.JUPYTERHUB_SERVICE_URL ?? "http://127.0.0.1:0");
  const { JUPYTERHUB_USER: user = "", JUPYTERHUB_SERVER_NAME: serverName = "" } = env;
  const scopes = JSON.parse(
    env.JUPYTERHUB_OAUTH_ACCESS_SCOPES ?? env.JUPYTERHUB_OAUTH_SCOPES ?? "[]",
  ) as string[];
  return {
    apiToken,
    apiUrl: (env.JUPYTERHUB_API_URL ?? "http://127.0.0.1:8081/hub/api").replace(/\/$/, ""),
    prefix,
    clientId: env.JUPYTERHUB_CLIENT_ID ?? `jupyterhub-user-${user}`,
    hubBaseUrl: env.JUPYTERHUB_BASE_URL ?? "/",
    hubHost: env.JUPYTERHUB_HOST ?? "",
    user,
    serverName,
    scopes: scopes.length > 0 ? scopes : [`access:servers!server=${user}/${serverName}`],
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 8888),
    activityUrl: env.JUPYTERHUB_ACTIVITY_URL ?? "",
  };
}

const cookieName = "kernelbook-hub";
const stateName = "kernelbook-hub-state";
const rememberMs = 60_000;

export class HubAuthenticator implements Authenticator {
  /** Token → who it is, for a minute: a page asks a hundred times. */
  readonly #known = new Map<string, { visitor: Visitor | null; until: number }>();
  readonly #key = randomBytes(32);

  constructor(readonly hub: HubSettings) {}

  async identify(exchange: Exchange): Promise<Visitor | null> {
    const [scheme = "", offered = ""] = (exchange.header("authorization") ?? "").split(/\s+/, 2);
    const byHeader = /^(token|bearer)$/i.test(scheme) ? offered : exchange.query("token");
    if (byHeader) return this.#ask(byHeader, true);
    const cookie = exchange.cookie(cookieName);
    return cookie ? this.#ask(decodeURIComponent(cookie), false) : null;
  }

  loginUrl(exchange: Exchange): string {
    const nonce = randomBytes(16).toString("hex");
    const next =
      exchange.route === "/login" ? this.hub.prefix : exchange.url.pathname + exchange.url.search;
    const state = `${nonce}.${Buffer.from(next).toString("base64url")}`;
    exchange.addCookie(
      `${stateName}=${this.#sign(state)}; Path=${this.hub.prefix}; HttpOnly; SameSite=Lax; Max-Age=600`,
    );
    const query = new URLSearchParams({
      client_id: this.hub.clientId,
      redirect_uri: this.#callback,
      response_type: "code",
      state,
    });
    return `${this.hub.hubHost}${this.hub.hubBaseUrl}hub/api/oauth2/authorize?${query}`;
  }

  pageConfig(): Record<string, unknown> {
    const { hubHost, hubBaseUrl, user, serverName } = this.hub;
    return { hubHost, hubPrefix: `${hubBaseUrl}hub/`, hubUser: user, hubServerName: serverName };
  }

  addRoutes(router: Router): void {
    router.add("/oauth_callback", { GET: (exchange) => this.#enter(exchange) }, { open: true });
  }

  /** Tell the Hub that someone is at work, so that it does not cull us. */
  async reportActivity(last: Date): Promise<void> {
    const when = last.toISOString();
    const body = {
      last_activity: when,
      servers: { [this.hub.serverName]: { last_activity: when } },
    };
    if (!this.hub.activityUrl) return;
    await fetch(this.hub.activityUrl, {
      method: "POST",
      headers: { Authorization: `token ${this.hub.apiToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  get #callback(): string {
    return `${this.hub.prefix}oauth_callback`;
  }

  /** Back from the Hub, with a code that buys a token for this person. */
  async #enter(exchange: Exchange): Promise<void> {
    const code = exchange.query("code");
    const state = exchange.query("state") ?? "";
    if (!code) throw new HttpError(400, "the Hub sent no code");
    if (!sameText(exchange.cookie(stateName) ?? "", this.#sign(state))) {
      throw new HttpError(403, "this login was not begun in this browser: open the notebook again");
    }
    const answer = await fetch(`${this.hub.apiUrl}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        client_id: this.hub.clientId,
        client_secret: this.hub.apiToken,
        grant_type: "authorization_code",
        code,
        redirect_uri: this.#callback,
      }),
    });
    if (!answer.ok) throw new HttpError(403, `the Hub refused the code (${answer.status})`);
    const { access_token: token } = (await answer.json()) as { access_token: string };
    if (!(await this.#ask(token, false)))
      throw new HttpError(403, "the Hub does not let you into this server");
    exchange.addCookie(
      `${cookieName}=${encodeURIComponent(token)}; Path=${this.hub.prefix}; HttpOnly; SameSite=Lax`,
    );
    const next = Buffer.from(state.split(".")[1] ?? "", "base64url").toString("utf8");
    exchange.redirect(next.startsWith(this.hub.prefix) ? next : this.hub.prefix);
  }

  async #ask(token: string, byToken: boolean): Promise<Visitor | null> {
    const key = createHmac("sha256", this.#key).update(token).digest("hex");
    const known = this.#known.get(key);
    if (known && known.until > Date.now()) return known.visitor && { ...known.visitor, byToken };
    const answer = await fetch(`${this.hub.apiUrl}/user`, {
      headers: { Authorization: `token ${token}` },
    }).catch(() => null);
    if (!answer) throw new HttpError(502, "the Hub does not answer");
    const user = answer.ok ? ((await answer.json()) as { name: string; scopes?: string[] }) : null;
    const allowed = user?.scopes?.some((scope) => this.#opens(scope)) ?? false;
    const visitor = user && allowed ? { name: user.name, byToken } : null;
    if (this.#known.size > 1000) this.#known.clear();
    this.#known.set(key, { visitor, until: Date.now() + rememberMs });
    return visitor;
  }

  /** Is this scope, or the wider one without its filter, among those that open this server? */
  #opens(scope: string): boolean {
    const { user, serverName } = this.hub;
    const wider = [
      "access:servers",
      `access:servers!user=${user}`,
      `access:servers!server=${user}/${serverName}`,
    ];
    return this.hub.scopes.includes(scope) || wider.includes(scope);
  }

  #sign(state: string): string {
    return createHmac("sha256", this.#key).update(state).digest("hex");
  }
}
