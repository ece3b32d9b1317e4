// A server of ours, a Chromium, and the page in it: what the browser tests work with.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

export const token = "browser-test";
const root = path.join(import.meta.dirname, "../..");
const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const quiet = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium with a new profile. */
export function launchBrowser(viewport = { width: 1280, height: 800 }) {
  const executablePath = places.find((place) => place && fs.existsSync(place));
  if (!executablePath)
    throw new Error(`no Chromium found; looked at ${places.filter(Boolean).join(", ")}`);
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-chromium-"));
  return chromium.launchPersistentContext(profile, { executablePath, args: quiet, viewport });
}

/** `kernelbook <folder>` as a process of its own, as a learner starts it. */
export async function startServer(folder, { port = 0, env = {}, args = [] } = {}) {
  const state = path.join(folder, "..", "state");
  const child = spawn(
    process.execPath,
    [
      path.join(root, "bin/kernelbook.js"),
      folder,
      "--no-browser",
      "--port",
      String(port),
      "--token",
      token,
      ...args,
    ],
    {
      env: { ...process.env, KERNELBOOK_DATA_DIR: state, KERNELBOOK_EXPOSE_APP: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  child.stderr.on("data", (bytes) => (output += bytes));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (bytes) => {
      output += bytes;
      const found = /http:\/\/[^?\s]+/.exec(output);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    output: () => output,
    async end(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, "exit");
    },
  };
}

/** A temporary folder for notebooks; the server's state lies beside it. */
export function temporaryFolder() {
  const folder = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-browser-")),
    "notebooks",
  );
  fs.mkdirSync(folder);
  return folder;
}

/** Write a notebook whose cells are the given texts; `# ` at the start makes markdown of one. */
export function writeNotebook(folder, name, kernel, sources) {
  const cells = sources.map((source, index) => ({
    id: `cell-${index}`,
    metadata: {},
    source,
    ...(/^#+ /.test(source)
      ? { cell_type: "markdown" }
      : { cell_type: "code", outputs: [], execution_count: null }),
  }));
  const metadata = { kernelspec: { name: kernel, display_name: kernel, language: "" } };
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata, cells };
  fs.writeFileSync(path.join(folder, name), JSON.stringify(notebook));
}

/** Upstream's chatter that says nothing about us; everything else on the console counts. */
const chatter = [
  /Menu entry for command/,
  /yjs#509/,
  /Add Yjs type to a document/,
  /Starting WebSocket/,
  /Kernel: /,
];

/** One tab, with the notebook open. */
export class NotebookPage {
  /** Errors and failed requests that the page reported. */
  faults = [];

  static async open(context, server, name, { theme } = {}) {
    const opened = new NotebookPage();
    const page = (opened.page = await context.newPage());
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !chatter.some((pattern) => pattern.test(text)))
        opened.faults.push(text);
    });
    page.on("pageerror", (error) => opened.faults.push(`uncaught: ${error.message}`));
    page.on("request", (request) => {
      const address = request.url();
      if (!/^(data|blob):/.test(address) && !address.startsWith(server.url))
        opened.faults.push(`left the machine: ${address}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) opened.faults.push(`${response.status()} ${response.url()}`);
    });
    const place = `${server.page ?? "notebooks/"}${encodeURIComponent(name)}`;
    await page.goto(`${server.url}${place}?token=${token}`);
    await opened.ready();
    if (theme) await opened.command("apputils:change-theme", { theme });
    return opened;
  }

  /** Wait until the kernel of the page is idle. */
  async ready(timeout = 60_000) {
    await this.page.waitForSelector(".jp-Notebook .jp-Cell", { timeout });
    await this.state("idle", timeout);
  }

  /** Wait for what the kernel indicator says: idle, busy … */
  async state(wanted, timeout = 60_000) {
    await this.page.waitForFunction(
      (state) =>
        document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status === state,
      wanted,
      { timeout, polling: 50 },
    );
  }

  command(id, args = {}) {
    return this.page.evaluate(
      ([name, given]) => void window.jupyterapp.commands.execute(name, given),
      [id, args],
    );
  }

  /** Run all cells, and wait until none shows `[*]`. */
  async runAll(timeout = 30_000) {
    await this.command("notebook:run-all-cells");
    await this.page.waitForFunction(
      () => {
        const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map(
          (e) => e.textContent,
        );
        return (
          prompts.length > 0 &&
          prompts.every((text) => !/\*/.test(text)) &&
          prompts.some((text) => /\d/.test(text))
        );
      },
      undefined,
      { timeout, polling: 100 },
    );
  }

  /** The shown text of a cell's outputs. */
  output(index) {
    return this.page.evaluate((at) => {
      const content = window.jupyterapp?.shell.currentWidget?.content;
      if (!content?.widgets[at]) return ""; // still loading
      content.scrollToItem?.(at); // cells far away are not drawn
      const outputs = content.widgets[at].node.querySelectorAll(".jp-OutputArea-output");
      return [...outputs]
        .map((output) => output.innerText)
        .join("\n")
        .trim();
    }, index);
  }

  cell(index) {
    return this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
  }

  /** Wait until a cell's output matches. */
  async outputMatches(index, pattern, timeout = 15_000) {
    const deadline = Date.now() + timeout;
    for (;;) {
      const text = await this.output(index);
      if (pattern.test(text)) return text;
      if (Date.now() > deadline)
        throw new Error(`the output of cell ${index} is ${JSON.stringify(text)}, not ${pattern}`);
      await this.page.waitForTimeout(100);
    }
  }

  async save() {
    await Promise.all([
      this.page.waitForResponse(
        (response) =>
          response.request().method() === "PUT" && response.url().includes("/api/contents/"),
      ),
      this.command("docmanager:save"),
    ]);
  }
}
