// A learner's session in the page, with our kernel, and (where PYTHON has one) with Python's.
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  NotebookPage,
  launchBrowser,
  startServer,
  temporaryFolder,
  writeNotebook,
} from "./page.mjs";

/** The same cells in each kernel's language. */
const languages = {
  kernelbook: {
    sum: "1 + 1",
    print: 'console.log("hello")',
    error: 'throw new Error("on purpose")',
    remember: "let remembered = 41",
    recall: "remembered + 1",
    slow: "for (let i = 0; i < 40; i++) { console.log(`step ${i}`); await new Promise((r) => setTimeout(r, 150)); }",
    forever: "for (;;) {}",
  },
  python3: {
    sum: "1 + 1",
    print: 'print("hello")',
    error: 'raise Exception("on purpose")',
    remember: "remembered = 41",
    recall: "remembered + 1",
    slow: "import time\nfor i in range(40): print(f'step {i}'); time.sleep(0.15)",
    forever: "while True: pass",
  },
};

const env = {};
if (process.env.PYTHON) {
  env.JUPYTER_DATA_DIR = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-jupyter-"));
  const install = ["-m", "ipykernel", "install", "--user", "--name", "python3"];
  execFileSync(process.env.PYTHON, install, { env: { ...process.env, ...env }, stdio: "ignore" });
} else {
  delete languages.python3;
  console.log("PYTHON is not set: Python's kernel is not tried");
}
const only = process.env.KERNEL;

for (const [kernel, code] of Object.entries(languages).filter(([name]) => !only || name === only)) {
  describe(`the notebook page with the kernel ${kernel}`, () => {
    let folder, server, context;
    before(async () => {
      folder = temporaryFolder();
      server = await startServer(folder, { env });
      context = await launchBrowser();
    });
    after(async () => {
      await context?.close();
      await server?.end();
    });
    const open = (name, cells) => {
      if (cells) writeNotebook(folder, name, kernel, cells);
      return NotebookPage.open(context, server, name);
    };
    const onDisk = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));

    it("runs all cells, saves, and is quiet on the console", async () => {
      const tab = await open("run.ipynb", ["# Title", code.sum, code.print]);
      await tab.runAll();
      expect(await tab.output(1)).to.equal("2");
      expect(await tab.output(2)).to.equal("hello");
      await tab.save();
      const { cells } = onDisk("run.ipynb");
      expect(cells[1].outputs[0].data["text/plain"].join("")).to.equal("2");
      expect(cells[2].outputs[0]).to.include({ output_type: "stream", name: "stdout" });
      expect(tab.faults).to.deep.equal([]);
      await tab.page.close();
    });

    it("shows an error, and goes on", async () => {
      const tab = await open("error.ipynb", [code.error, code.sum]);
      await tab.command("notebook:run-cell-and-select-next");
      await tab.outputMatches(0, /on purpose/);
      await tab.command("notebook:run-cell-and-select-next");
      await tab.outputMatches(1, /^2$/);
      await tab.page.close();
    });

    it("typing and Shift+Enter give a result", async () => {
      const tab = await open("type.ipynb", [""]);
      await tab.cell(0).locator(".cm-content").click();
      await tab.page.keyboard.type("20 + 22");
      await tab.page.keyboard.press("Shift+Enter");
      await tab.outputMatches(0, /^42$/);
      await tab.page.close();
    });

    it("a reload finds the kernel as it was", async () => {
      const tab = await open("reload.ipynb", [code.remember, code.recall]);
      await tab.command("notebook:run-cell-and-select-next");
      await tab.page.waitForTimeout(1500);
      await tab.page.reload();
      await tab.ready();
      await tab.command("notebook:move-cursor-down");
      await tab.command("notebook:run-cell");
      await tab.outputMatches(1, /^42$/);
      await tab.page.close();
    });

    it("a reload in the middle of a running cell loses no output", async () => {
      const tab = await open("slow.ipynb", [code.slow]);
      await tab.command("notebook:run-cell");
      await tab.outputMatches(0, /step 3/);
      await tab.page.reload();
      const text = await tab.outputMatches(0, /step 39/);
      for (let i = 0; i < 40; i++) expect(text).to.contain(`step ${i}\n`.trimEnd());
      expect(text.match(/step 5\b/g), "once").to.have.length(1);
      await tab.ready();
      // the last line comes before the reply that ends the cell
      await tab
        .cell(0)
        .locator(".jp-InputPrompt", { hasText: /\[\d+\]/ })
        .waitFor();
      await tab.page.close();
    });

    it("interrupt ends an endless loop, and the kernel keeps its state", async () => {
      const tab = await open("forever.ipynb", [code.remember, code.forever, code.recall]);
      await tab.command("notebook:run-cell-and-select-next");
      await tab.command("notebook:run-cell-and-select-next");
      await tab.state("busy");
      await tab.page.waitForTimeout(2000);
      await tab.command("notebook:interrupt-kernel");
      await tab.outputMatches(1, /Interrupt/i);
      await tab.command("notebook:run-cell");
      await tab.outputMatches(2, /^42$/);
      await tab.page.close();
    });

    it("restart forgets", async () => {
      const tab = await open("restart.ipynb", [code.remember, code.recall]);
      await tab.runAll();
      await tab.outputMatches(1, /^42$/);
      await tab.command("notebook:restart-kernel");
      await tab.page.locator(".jp-Dialog .jp-mod-accept, .jp-Dialog .jp-mod-warn").first().click();
      await tab.page.waitForTimeout(500);
      await tab.ready();
      await tab.command("notebook:move-cursor-down");
      await tab.command("notebook:run-cell");
      await tab.outputMatches(1, /remembered/);
      await tab.page.close();
    });

    it("two tabs share one kernel", async () => {
      const first = await open("tabs.ipynb", [code.remember, code.recall]);
      const second = await open("tabs.ipynb");
      await first.command("notebook:run-cell");
      await first.page.waitForTimeout(1500);
      await second.command("notebook:move-cursor-down");
      await second.command("notebook:run-cell");
      await second.outputMatches(1, /^42$/);
      await first.page.close();
      await second.page.close();
    });

    it("outputs that were not saved come back after the server was killed", async () => {
      const tab = await open("killed.ipynb", [code.print]);
      await tab.runAll();
      await tab.outputMatches(0, /hello/);
      await tab.page.waitForTimeout(1500); // the journal is written within a second
      await tab.page.close({ runBeforeUnload: false });
      const { port } = server;
      await server.end("SIGKILL");
      server = await startServer(folder, { env, port });
      expect(onDisk("killed.ipynb").cells[0].outputs).to.deep.equal([]);
      const again = await open("killed.ipynb");
      await again.outputMatches(0, /hello/);
      await again.page.close();
    });
  });
}
