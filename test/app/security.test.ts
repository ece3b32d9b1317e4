import { expect } from "chai";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { WebSocket } from "ws";
import { serve, token, type Serving } from "./serving.js";

describe("nobody gets in", () => {
  let serving: Serving;
  before(async () => {
    serving = await serve();
    fs.writeFileSync(path.join(serving.root, "page.html"), "<script>1</script>");
    fs.writeFileSync(path.join(serving.root, ".secret"), "hidden");
    fs.writeFileSync(path.join(serving.root, "..", "outside.txt"), "outside");
    fs.symlinkSync("..", path.join(serving.root, "way-out"));
    fs.symlinkSync("../outside.txt", path.join(serving.root, "link.txt"));
    fs.symlinkSync("../not-there-yet", path.join(serving.root, "dangling"));
  });
  after(() => serving.end());

  /** A request whose headers fetch would not let us set; gives the status. */
  const raw = (options: http.RequestOptions, body = ""): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { port } = serving.server;
      const request = http.request({ host: "127.0.0.1", port, ...options }, (response) => {
        response.resume();
        resolve(response);
      });
      request.on("error", reject).end(body);
    });

  /** Log in as a browser does; gives its cookies. */
  async function cookies(): Promise<{ cookie: string; xsrf: string }> {
    const entered = await raw({ path: `/tree?token=${token}` });
    expect(entered.headers.location).to.equal("/tree");
    const login = entered.headers["set-cookie"]![0]!.split(";")[0]!;
    const page = await raw({ path: "/login" });
    const xsrfCookie = page.headers["set-cookie"]![0]!.split(";")[0]!;
    return { cookie: `${login}; ${xsrfCookie}`, xsrf: xsrfCookie.split("=")[1]! };
  }

  it("without a token: 403 for the API, the login page for a person", async () => {
    const api = await raw({ path: "/api/contents" });
    expect(api.statusCode).to.equal(403);
    const page = await raw({ path: "/tree" });
    expect(page.headers.location).to.equal("/login?next=%2Ftree");
    const wrong = await raw({ path: "/api/contents?token=wrong" });
    expect(wrong.statusCode).to.equal(403);
    for (const address of [
      "/files/page.html",
      "/static/notebook/manifest.json",
      "/lab/api/settings",
    ]) {
      expect((await raw({ path: address })).statusCode, address).not.to.equal(200);
    }
  });

  it("under another Host name: 403, against DNS rebinding", async () => {
    const headers = { Host: "evil.example:80", Authorization: `token ${token}` };
    expect((await raw({ path: "/api", headers })).statusCode).to.equal(403);
    for (const host of ["localhost:1", "127.0.0.1", "[::1]:8888"]) {
      expect((await raw({ path: "/api", headers: { Host: host } })).statusCode, host).to.equal(200);
    }
  });

  it("a cookie alone changes nothing: the XSRF value is needed as well", async () => {
    const { cookie, xsrf } = await cookies();
    const put = (headers: Record<string, string>) =>
      raw(
        { path: "/api/contents/new.txt", method: "PUT", headers: { Cookie: cookie, ...headers } },
        JSON.stringify({ type: "file", content: "", format: "text" }),
      );
    expect((await put({})).statusCode).to.equal(403);
    expect((await put({ "X-XSRFToken": "0".repeat(64) })).statusCode).to.equal(403);
    expect((await put({ "X-XSRFToken": xsrf, Origin: "http://evil.example" })).statusCode).to.equal(
      403,
    );
    expect((await put({ "X-XSRFToken": xsrf })).statusCode).to.equal(201);
  });

  it("a forged or changed cookie is nobody's", async () => {
    const { cookie } = await cookies();
    const [name, value] = cookie.split(";")[0]!.split("=") as [string, string];
    const claim = Buffer.from(JSON.stringify({ user: "root", since: Date.now() })).toString(
      "base64url",
    );
    for (const forged of [
      value.slice(0, -2),
      `${claim}.${value.split(".")[1]}`,
      "",
      "a.b.c",
      "%",
    ]) {
      const answer = await raw({ path: "/api/contents", headers: { Cookie: `${name}=${forged}` } });
      expect(answer.statusCode, forged).to.equal(403);
    }
  });

  it("another site's page reads nothing with the learner's cookie", async () => {
    const { cookie } = await cookies();
    const ask = async (headers: Record<string, string>) =>
      (await raw({ path: "/api/contents", headers: { Cookie: cookie, ...headers } })).statusCode;
    expect(await ask({ Origin: "http://evil.example" })).to.equal(403);
    expect(await ask({ Origin: "null" })).to.equal(403);
    expect(await ask({ "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" })).to.equal(
      403,
    );
    expect(await ask({ Origin: `http://127.0.0.1:${serving.server.port}` })).to.equal(200);
  });

  it("a WebSocket needs the login, and our own page", async () => {
    const { cookie } = await cookies();
    const open = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${serving.server.port}/api/events/subscribe`, {
          headers,
        });
        socket.on("open", () => (socket.close(), resolve(101)));
        socket.on("unexpected-response", (_request, response) => resolve(response.statusCode!));
      });
    expect(await open({})).to.equal(403);
    expect(await open({ Cookie: cookie, Origin: "http://evil.example" })).to.equal(403);
    expect(await open({ Cookie: cookie, Host: "evil.example" })).to.equal(403);
    expect(await open({ Cookie: cookie })).to.equal(101);
  });

  it("no path leads out of the folder", async () => {
    const paths = [
      "..%2foutside.txt",
      "%2e%2e/outside.txt",
      "way-out/outside.txt",
      "link.txt",
      "a/..%2f..%2foutside.txt",
      "..%5coutside.txt",
      "%00",
      "C:%2foutside.txt",
    ];
    for (const escape of paths) {
      for (const place of ["api/contents", "files", "api/contents/../files"]) {
        const answer = await raw({
          path: `/${place}/${escape}`,
          headers: { Authorization: `token ${token}` },
        });
        expect(answer.statusCode, `${place}/${escape}`).to.equal(404);
      }
    }
    const body = { type: "file", content: "x", format: "text" };
    const written = await serving.ask("PUT", "/api/contents/dangling", body);
    expect(written.status).to.equal(404);
    const { content } = await (await serving.ask("GET", "/api/contents")).json();
    expect(content.map((entry: { name: string }) => entry.name)).not.to.include.members([
      "way-out",
    ]);
  });

  it("hidden files are not there", async () => {
    expect((await serving.ask("GET", "/api/contents/.secret")).status).to.equal(404);
    expect((await serving.ask("GET", "/files/.secret")).status).to.equal(404);
    expect((await serving.ask("DELETE", "/api/contents/.secret")).status).to.equal(400);
    expect(
      (await serving.ask("PATCH", "/api/contents/page.html", { path: ".page.html" })).status,
    ).to.equal(400);
  });

  it("a learner's HTML runs as a stranger", async () => {
    const answer = await serving.ask("GET", "/files/page.html");
    expect(answer.headers.get("content-security-policy")).to.match(/sandbox allow-scripts/);
    expect(answer.headers.get("x-content-type-options")).to.equal("nosniff");
  });

  it("a body past the limit is refused", async () => {
    const small = await serve({ maxBodyBytes: 1000 });
    try {
      const body = { type: "file", format: "text", content: "x".repeat(2000) };
      expect((await small.ask("PUT", "/api/contents/x.txt", body)).status).to.equal(413);
    } finally {
      await small.end();
    }
  });

  it("logging in leads only to our own pages", async () => {
    const { cookie } = await cookies();
    for (const next of [
      "//evil.example",
      "https://evil.example",
      "/\\evil.example",
      "javascript:1",
    ]) {
      const answer = await raw({
        path: `/login?next=${encodeURIComponent(next)}`,
        headers: { Cookie: cookie },
      });
      expect(answer.headers.location, next).to.equal("/");
    }
  });

  it("outputs of strangers are not trusted; ours are, after saving", async () => {
    const content = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [
        {
          id: "a",
          cell_type: "code",
          metadata: {} as Record<string, unknown>,
          source: "",
          execution_count: 1,
          outputs: [
            {
              output_type: "display_data",
              metadata: {},
              data: { "text/html": "<script>1</script>" },
            },
          ],
        },
      ],
    };
    fs.writeFileSync(path.join(serving.root, "strange.ipynb"), JSON.stringify(content));
    const trusted = async () => {
      const model = await (await serving.ask("GET", "/api/contents/strange.ipynb")).json();
      return model.content.cells[0].metadata.trusted;
    };
    expect(await trusted()).to.equal(false);
    await serving.ask("PUT", "/api/contents/strange.ipynb", { type: "notebook", content });
    expect(await trusted()).to.equal(false);
    content.cells[0]!.metadata.trusted = true; // the learner ran it
    await serving.ask("PUT", "/api/contents/strange.ipynb", { type: "notebook", content });
    expect(await trusted()).to.equal(true);
    expect(fs.readFileSync(path.join(serving.root, "strange.ipynb"), "utf8")).not.to.match(
      /trusted/,
    );
  });
});
