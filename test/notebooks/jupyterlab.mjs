// Every study notebook from top to bottom in JupyterLab with our kernel: opened, run with "Run All Cells", saved, and compared
// with what is committed.   PYTHON=… node test/notebooks/jupyterlab.mjs [NAME ...]
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { launchBrowser } from "../browser/page.mjs";
import { isFused } from "../../scripts/notebooks/arithmetic.mjs";
import { differences } from "../../scripts/notebooks/compare.mjs";

const root = path.join(import.meta.dirname, "../..");
const source = path.join(root, "notebooks");
const token = "notebooks";
const wanted = process.argv.slice(2);
const names = fs
  .readdirSync(source)
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));

const work = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-lab-"));
const folder = path.join(work, "notebooks");
fs.cpSync(path.join(source, "data"), path.join(folder, "data"), { recursive: true });
for (const name of names) fs.copyFileSync(path.join(source, name), path.join(folder, name));

const lab = await startLab();
const browser = await launchBrowser({ width: 1280, height: 900 });
let failed = 0;
try {
  for (const name of names) {
    const started = performance.now();
    const problems = await check(name).catch((error) => [error.message]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    for (const problem of problems) console.log(`       ${problem}`);
    if (problems.length > 0) failed++;
  }
} finally {
  await browser.close();
  lab.kill("SIGINT");
  lab.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  lab.kill("SIGKILL");
  fs.rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || names.length === 0 ? 1 : 0);

/** What is wrong with one notebook, a line each. */
async function check(name) {
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`in the page: ${error.message}`));
  try {
    await page.goto(`${lab.url}/lab/tree/${name}?token=${token}&reset`);
    await page.waitForFunction(kernelIsIdle, undefined, { timeout: 60_000, polling: 100 });
    const shown = await page.evaluate(runAndSave);
    const [committed, saved] = [source, folder].map((place) =>
      JSON.parse(fs.readFileSync(path.join(place, name), "utf8")),
    );
    for (const { metadata } of saved.cells) delete metadata.execution;
    faults.push(...differences(committed, saved, isFused()));

    const explorables = committed.cells
      .flatMap(({ outputs = [] }) => outputs)
      .filter(({ data }) =>
        String(data?.["text/plain"]).includes("to touch in a live page"),
      ).length;
    if (shown.explorables < explorables)
      faults.push(`${shown.explorables} explorables are alive, ${explorables} were expected`);
    if (shown.broken > 0) faults.push(`${shown.broken} widgets could not be shown`);
    return faults;
  } finally {
    await page.evaluate(shutDown).catch(() => {});
    await page.close();
  }
}

function kernelIsIdle() {
  const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === "idle";
}

/** In the page: run all cells, wait for the pictures, save; how many widgets there are. */
async function runAndSave() {
  const { commands, shell } = window.jupyterapp;
  const { context, content, sessionContext } = shell.currentWidget;
  await commands.execute("notebook:run-all-cells");
  while (sessionContext.session.kernel.status !== "idle")
    await new Promise((resolve) => setTimeout(resolve, 100));
  content.widgets.forEach((cell) => cell.node.scrollIntoView());
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await context.save();
  const count = (selector) => shell.currentWidget.node.querySelectorAll(selector).length;
  // .kb is the root of our browser modules, .kb-maps-root that of the maps.
  return { explorables: count(".kb, .kb-maps-root"), broken: count(".jupyter-widgets-error, .jp-mod-error") };
}

function shutDown() {
  return window.jupyterapp.shell.currentWidget.sessionContext.shutdown();
}

async function startLab() {
  const prefix = path.join(work, "prefix");
  const command = path.join(root, "bin/kernelbook.js");
  execFileSync(process.execPath, [command, "install", "--prefix", prefix], { stdio: "ignore" });
  // Off the screen a cell keeps its widgets only without windowing.
  const settings = path.join(work, "settings/@jupyterlab/notebook-extension");
  fs.mkdirSync(settings, { recursive: true });
  fs.writeFileSync(
    path.join(settings, "tracker.jupyterlab-settings"),
    JSON.stringify({ windowingMode: "none" }),
  );
  const child = spawn(
    process.env.PYTHON,
    [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"],
      ...[`--ServerApp.root_dir=${folder}`, "--ServerApp.port=0"],
      ...[`--IdentityProvider.token=${token}`, "--LabApp.news_url="],
    ],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        JUPYTER_PATH: path.join(prefix, "share/jupyter"),
        JUPYTER_CONFIG_DIR: path.join(work, "config"),
        JUPYTER_RUNTIME_DIR: path.join(work, "runtime"),
        JUPYTERLAB_SETTINGS_DIR: path.join(work, "settings"),
        JUPYTERLAB_WORKSPACES_DIR: path.join(work, "workspaces"),
      },
    },
  );
  let said = "";
  child.url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`JupyterLab did not start: ${said}`)), 60_000);
    child.on("exit", () => reject(new Error(`JupyterLab ended: ${said}`)));
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const [url] = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(said) ?? [];
      if (url && said.includes("is running at")) {
        clearTimeout(late);
        resolve(url);
      }
    });
  });
  return child;
}
