// The kernel in JupyterLab 4, driven by a browser: run, Tab, Shift+Tab, interrupt, restart and input, in a folder
// with a blank and foreign letters in its name. Its debugger: lab-debugger.check.mjs.
//   node test/widgets/browser/run.mjs test/clients/lab.check.mjs      (env PYTHON)
import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { launchBrowser, writeNotebook } from "../browser/page.mjs";
import { frontEnds, openNotebook, untilKernel } from "../widgets/browser/lab.mjs";

const place = "한글 nötebooks";

describe("the kernel in JupyterLab", function () {
  this.retries(2); // the page opens anew each time: keys sent while it settles get lost
  this.timeout(120_000);
  let server, context;
  before(async () => {
    server = await frontEnds.lab();
    fs.mkdirSync(path.join(server.folder, place));
    context = await launchBrowser();
  });
  after(async () => {
    await context?.close();
    await server?.end();
  });

  const open = async (file, cells) => {
    writeNotebook(path.join(server.folder, place), file, "kernelbook", cells);
    return openNotebook(context, server, `${place}/${file}`);
  };
  const run = (tab, index) =>
    tab.page.evaluate((at) => {
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = at;
      void window.jupyterapp.commands.execute("notebook:run-cell");
    }, index);
  /** Type behind the text of a cell. */
  const edit = async (tab, index) => {
    await tab.cell(index).locator(".cm-content").click();
    await tab.page.keyboard.press("Control+End");
  };

  it("runs cells, with types across them, and shows errors at their place", async () => {
    const tab = await open("run.ipynb", [
      'import * as torch from "kernelbook"\nconst x = torch.ones([2, 2])',
      "x.mul(3).sum()",
      "const n: number = x",
      "console.log(process.cwd())",
    ]);
    for (const index of [0, 1]) await run(tab, index);
    await tab.outputMatches(1, /tensor\(12\.\)/);
    await run(tab, 2);
    await tab.outputMatches(2, /In \[3\], line 1, column 7: Type 'Tensor' is not assignable/);
    await run(tab, 3);
    await tab.outputMatches(3, new RegExp(place));
    await tab.page.close();
  });

  it("Tab completes, Shift+Tab explains, in code and behind a magic", async () => {
    const tab = await open("keys.ipynb", [
      "/** Half of a whole. */\nfunction halved(value: number): number { return value / 2 }\nconst model = { forward: 1, format: 'a' }",
      "model.fo",
      "halved(3",
      "%ti",
    ]);
    await run(tab, 0);
    await untilKernel(tab);
    await edit(tab, 1);
    await tab.page.keyboard.press("Tab");
    const list = tab.page.locator(".jp-Completer:visible");
    await list.getByText("forward").first().waitFor();
    expect(await list.innerText()).to.include("format");
    await tab.page.keyboard.press("Escape");

    await edit(tab, 2);
    await tab.page.keyboard.press("Shift+Tab");
    const tooltip = tab.page.locator(".jp-Tooltip");
    await tooltip.getByText("Half of a whole.").waitFor();
    expect(await tooltip.innerText()).to.include("halved(value: number): number");
    await tab.page.keyboard.press("Escape");

    await edit(tab, 3);
    await tab.page.keyboard.press("Tab");
    await list.getByText("%timeit").waitFor();
    await tab.page.close();
  });

  it("the stop button ends a loop, and the variables live on", async () => {
    const tab = await open("stop.ipynb", ["let kept = 5", "for (;;) kept++", "kept > 5"]);
    await run(tab, 0);
    await untilKernel(tab);
    await run(tab, 1);
    await tab.state("busy");
    await tab.command("notebook:interrupt-kernel");
    await tab.outputMatches(1, /KeyboardInterrupt/);
    await run(tab, 2);
    await tab.outputMatches(2, /true/);
    await tab.page.close();
  });

  it("a restart forgets the variables, and cells run again", async () => {
    const tab = await open("restart.ipynb", ["const once = 1; once", "typeof once"]);
    await run(tab, 0);
    await tab.outputMatches(0, /1/);
    await tab.page.evaluate(() =>
      window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(),
    );
    await untilKernel(tab);
    await run(tab, 1);
    await tab.outputMatches(1, /Cannot find name 'once'/);
    await run(tab, 0);
    await tab.outputMatches(0, /1/);
    await tab.page.close();
  });

  it("input asks below the cell", async () => {
    const tab = await open("input.ipynb", ["(await input('your name? ')).toUpperCase()"]);
    await run(tab, 0);
    const box = tab.page.locator(".jp-Stdin-input");
    await box.waitFor();
    await box.fill("ann");
    await box.press("Enter");
    await tab.outputMatches(0, /ANN/);
    await tab.page.close();
  });
});
