// Behind a Hub: a small stand-in answers what JupyterHub's API answers (its shapes, its scopes).
import { expect } from "chai";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { HubAuthenticator, hubSettings } from "../../app/server/security/jupyterhub.js";
import { startServer, type RunningServer } from "../../app/server/index.js";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

describe("behind JupyterHub", () => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-hub-"));
  const people: Record<string, { name: string; scopes: string[] }> = {
    "token-of-alice": { name: "alice", scopes: ["access:servers!server=alice/"] },
    "token-of-bob": { name: "bob", scopes: ["access:servers!server=bob/"] },
  };
  const hub = http.createServer((request, response) => {
    const json = (status: number, value: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    if (request.url === "/hub/api/user") {
      const token = (request.headers.authorization ?? "").replace("token ", "");
      return people[token] ? json(200, people[token]) : json(403, { message: "Forbidden" });
    }
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const form = new URLSearchParams(body);
      const good =
        form.get("client_secret") === "server-key" && form.get("code")?.startsWith("code-of-");
      if (!good) return json(400, {});
      json(200, { access_token: form.get("code")!.replace("code", "token") });
    });
  });
  let server: RunningServer;

  before(async () => {
    await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
    const settings = hubSettings({
      JUPYTERHUB_API_TOKEN: "server-key",
      JUPYTERHUB_API_URL: `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub/api`,
      JUPYTERHUB_SERVICE_PREFIX: "/user/alice/",
      JUPYTERHUB_USER: "alice",
      JUPYTERHUB_CLIENT_ID: "jupyterhub-user-alice",
      JUPYTERHUB_SERVICE_URL: "http://127.0.0.1:0/user/alice/",
    })!;
    server = await startServer(
      {
        rootDir: place,
        stateDir: path.join(place, ".state"),
        port: 0,
        baseUrl: settings.prefix,
        allowedHosts: ["*"],
        log: () => {},
      },
      new HubAuthenticator(settings),
    );
  });
  after(async () => {
    await server.close();
    hub.close();
    fs.rmSync(place, { recursive: true });
  });

  const get = (address: string, headers: Record<string, string> = {}) =>
    fetch(new URL(address, server.url), { redirect: "manual", headers });

  /** Begin a login; gives the state and the cookie that belong together. */
  async function begin() {
    const answer = await get("/user/alice/tree/chapter");
    const target = new URL(answer.headers.get("location")!, server.url);
    return {
      target,
      state: target.searchParams.get("state")!,
      cookie: answer.headers.getSetCookie()[0]!.split(";")[0]!,
    };
  }

  it("sends a stranger to the Hub", async () => {
    const { target } = await begin();
    expect(target.pathname).to.equal("/hub/api/oauth2/authorize");
    expect(target.searchParams.get("client_id")).to.equal("jupyterhub-user-alice");
    expect((await get("/user/alice/api/contents")).status).to.equal(403);
  });

  it("lets its owner in, and leads back to where she was going", async () => {
    const { state, cookie } = await begin();
    const back = await get(`/user/alice/oauth_callback?code=code-of-alice&state=${state}`, {
      Cookie: cookie,
    });
    expect(back.headers.get("location")).to.equal("/user/alice/tree/chapter");
    const login = back.headers.getSetCookie()[0]!;
    expect(login)
      .to.match(/HttpOnly/)
      .and.match(/Path=\/user\/alice\//);
    const me = await get("/user/alice/api/me", { Cookie: login.split(";")[0]! });
    expect((await me.json()).identity.name).to.equal("alice");
  });

  it("lets no other learner in", async () => {
    const { state, cookie } = await begin();
    const back = await get(`/user/alice/oauth_callback?code=code-of-bob&state=${state}`, {
      Cookie: cookie,
    });
    expect(back.status).to.equal(403);
    expect(
      (await get("/user/alice/api/contents", { Authorization: "token token-of-bob" })).status,
    ).to.equal(403);
    expect(
      (await get("/user/alice/api/contents", { Authorization: "token token-of-alice" })).status,
    ).to.equal(200);
  });

  it("refuses a login that another browser began", async () => {
    const { state } = await begin();
    const other = await begin();
    const back = await get(`/user/alice/oauth_callback?code=code-of-alice&state=${state}`, {
      Cookie: other.cookie,
    });
    expect(back.status).to.equal(403);
  });

  it("tells the proxy's check that it is up, without a login", async () => {
    expect((await get("/user/alice/api")).status).to.equal(200);
  });
});
