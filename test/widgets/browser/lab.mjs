// The same notebook in two pages, driven alike: ours, and JupyterLab with ipywidgets and anywidget from pip (env PYTHON).
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { NotebookPage, startServer, temporaryFolder, token } from "../../browser/page.mjs";

const root = path.join(import.meta.dirname, "../../..");

/** The front ends that can be driven here, by name; each starts a server for a new folder. */
export const frontEnds = { app: startApp, ...(process.env.PYTHON ? { lab: startLab } : {}) };

/** A tab with the notebook, whose kernel is there: JupyterLab says idle before it has one, and asks whoever runs a cell then. */
export async function openNotebook(context, server, name) {
  const tab = await NotebookPage.open(context, server, name);
  await untilKernel(tab);
  return tab;
}

export async function untilKernel(tab) {
  await tab.page.waitForFunction(
    () => {
      const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
      return session?.isReady && session.session?.kernel?.status === "idle";
    },
    undefined,
    { timeout: 60_000, polling: 50 },
  );
}

async function startApp() {
  const folder = temporaryFolder();
  return { folder, ...(await startServer(folder)) };
}

async function startLab() {
  const folder = temporaryFolder();
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-lab-"));
  const command = path.join(root, "bin/kernelbook.js");
  execFileSync(process.execPath, [command, "install", "--prefix", home], { stdio: "ignore" });
  const options = {
    IdentityProvider: { token },
    ServerApp: { allow_root: true, open_browser: false, port: 0, root_dir: folder },
    LabApp: { expose_app_in_browser: true, news_url: null },
    LabServerApp: {},
  };
  const config = path.join(home, "config");
  fs.mkdirSync(path.join(config, "labconfig"), { recursive: true });
  fs.writeFileSync(path.join(config, "jupyter_server_config.json"), JSON.stringify(options));
  const off = ["@jupyterlab/apputils-extension:announcements"];
  const disabledExtensions = Object.fromEntries(off.map((name) => [name, true]));
  fs.writeFileSync(
    path.join(config, "labconfig/page_config.json"),
    JSON.stringify({ disabledExtensions }),
  );
  const child = spawn(process.env.PYTHON, ["-m", "jupyterlab"], {
    cwd: folder,
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: config,
      JUPYTER_DATA_DIR: path.join(home, "data"),
      JUPYTER_RUNTIME_DIR: path.join(home, "runtime"),
      JUPYTER_PATH: path.join(home, "share/jupyter"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => {
        output += bytes;
        const found = /(http:\/\/127\.0\.0\.1:\d+\/)lab/.exec(output);
        if (found) resolve(found[1]);
      });
    }
    child.on("exit", (code) => reject(new Error(`JupyterLab ended with ${code}: ${output}`)));
  });
  return {
    folder,
    url,
    page: "doc/tree/",
    output: () => output,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
