// A real JupyterHub with its proxy: two learners log in, each gets a server of ours, opens a notebook and runs a cell.
// Needs PYTHON with jupyterhub, and PROXY, the program of configurable-http-proxy; see .ci/checks/jupyterhub.
import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { launchBrowser, writeNotebook } from "./page.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const { PYTHON, PROXY } = process.env;

const config = (folder, [hub, api, proxyApi]) => `
c.JupyterHub.bind_url = "http://127.0.0.1:${hub}"
c.JupyterHub.hub_port = ${api}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxyApi}"
c.ConfigurableHTTPProxy.command = ["node", "${PROXY}"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"teacher"}
c.DummyAuthenticator.password = "secret"
c.JupyterHub.spawner_class = "simple"
c.Spawner.cmd = ["node", "${root}/bin/kernelbook.js"]
c.Spawner.notebook_dir = "${folder}/{username}"
c.Spawner.environment = {"KERNELBOOK_EXPOSE_APP": "1"}
c.JupyterHub.db_url = "sqlite:///${folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "${folder}/cookie"
c.ConfigurableHTTPProxy.pid_file = "${folder}/proxy.pid"
`;

describe("as a learner's server on JupyterHub", function () {
  this.timeout(120_000);
  let folder, hub, address, log;
  const browsers = {};

  before(async () => {
    expect(PYTHON, "PYTHON").to.be.a("string");
    expect(PROXY, "PROXY").to.be.a("string");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-hub-"));
    for (const name of ["ada", "bob"]) {
      fs.mkdirSync(path.join(folder, name));
      writeNotebook(path.join(folder, name), "lesson.ipynb", "kernelbook", [
        "# Lesson",
        "`I am ${process.env.JUPYTERHUB_USER}, ${6 * 7}`",
        'String(process.env.JUPYTERHUB_API_TOKEN ?? "no token")',
      ]);
    }
    const ports = await freePorts(3);
    fs.writeFileSync(path.join(folder, "jupyterhub_config.py"), config(folder, ports));
    address = `http://127.0.0.1:${ports[0]}`;
    log = fs.openSync(path.join(folder, "hub.log"), "w");
    hub = spawn(PYTHON, ["-m", "jupyterhub", "-f", path.join(folder, "jupyterhub_config.py")], {
      cwd: folder,
      stdio: ["ignore", log, log],
      env: {
        ...process.env,
        KERNELBOOK_DATA_DIR: path.join(folder, "state"),
        CONFIGPROXY_AUTH_TOKEN: "x".repeat(32),
      },
    });
    await until(async () => (await fetch(`${address}/hub/health`)).ok, 60_000);
  });
  after(async () => {
    for (const browser of Object.values(browsers)) await browser.close();
    if (!hub) return;
    hub.kill("SIGTERM");
    await once(hub, "exit");
    fs.closeSync(log);
  });

  async function logIn(name) {
    const browser = (browsers[name] = await launchBrowser());
    const page = await browser.newPage();
    await page.goto(`${address}/hub/login`);
    await page.fill("#username_input", name);
    await page.fill("#password_input", "secret");
    await page.click("#login_submit");
    await page.waitForURL(new RegExp(`/user/${name}/tree`), { timeout: 60_000 });
    return page;
  }

  for (const name of ["ada", "bob"]) {
    it(`${name} logs in, opens a notebook and runs it`, async () => {
      const page = await logIn(name);
      await page.locator('.jp-DirListing-item:has-text("lesson.ipynb")').waitFor();
      await page.goto(`${address}/user/${name}/notebooks/lesson.ipynb`);
      await page.waitForFunction(
        () =>
          window.jupyterapp?.shell.currentWidget?.sessionContext.session?.kernel?.status === "idle",
        undefined,
        { timeout: 60_000 },
      );
      await page.evaluate(() => void window.jupyterapp.commands.execute("notebook:run-all-cells"));
      await page.locator(".jp-OutputArea-output", { hasText: `I am ${name}, 42` }).waitFor();
      await page.locator(".jp-OutputArea-output", { hasText: "no token" }).waitFor();
      await page.evaluate(() => window.jupyterapp.commands.execute("docmanager:save"));
      await until(() =>
        /I am/.test(fs.readFileSync(path.join(folder, name, "lesson.ipynb"), "utf8")),
      );
    });
  }

  it("bob does not get into ada's server", async () => {
    const page = await browsers.bob.newPage();
    const answer = await page.goto(`${address}/user/ada/api/contents`);
    expect(answer.status()).to.be.oneOf([403, 404]);
    await page.goto(`${address}/user/ada/tree`);
    expect(page.url()).not.to.match(/\/user\/ada\/tree/);
    await page.close();
  });

  it("a stranger is led to the Hub's login, and the API says 403", async () => {
    const page = await fetch(`${address}/user/ada/notebooks/lesson.ipynb`, { redirect: "manual" });
    expect(page.status).to.equal(302);
    expect(page.headers.get("location")).to.match(/\/hub\/api\/oauth2\/authorize\?/);
    expect((await fetch(`${address}/user/ada/api/contents`)).status).to.equal(403);
  });

  it("keeps the Hub's secrets out of the log", () => {
    const text = fs.readFileSync(path.join(folder, "hub.log"), "utf8");
    expect(text).not.to.match(/Traceback|[?&]code=[\w-]{8}/);
  });
});

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  for (const server of servers) server.close();
  return ports;
}

async function until(condition, limit = 20_000) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    if (await Promise.resolve(condition()).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("it did not come true in time");
}
