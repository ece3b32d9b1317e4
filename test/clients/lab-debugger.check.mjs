// JupyterLab's debugger panel with our kernel: breakpoints by a click beside the line, call stack, variables, steps,
// a page that is loaded anew, and a kernel that is interrupted or restarted while it is stopped.
//   node test/widgets/browser/run.mjs test/clients/lab-debugger.check.mjs      (env PYTHON)
import { expect } from "chai";
import { launchBrowser, writeNotebook } from "../browser/page.mjs";
import { frontEnds, openNotebook, untilKernel } from "../widgets/browser/lab.mjs";

const twice =
  "function twice(value: number): number {\n  const result = value * 2\n  return result\n}";

describe("JupyterLab's debugger", function () {
  this.timeout(120_000);
  this.retries(2); // JupyterLab forgets a filter of exceptions that is set while it still starts the debugger
  let server, context;
  let opened = 0;
  before(async () => {
    server = await frontEnds.lab();
    context = await launchBrowser();
  });
  after(async () => {
    await context?.close();
    await server?.end();
  });

  /** A notebook whose debugger is on. */
  const open = async (name, cells) => {
    const file = `${++opened}-${name}`; // a second try has a kernel of its own
    writeNotebook(server.folder, file, "kernelbook", cells);
    const tab = await openNotebook(context, server, file);
    await tab.page.locator('.jp-DebuggerBugButton[aria-disabled="false"]').first().click();
    await debugging(tab);
    return tab;
  };
  const debugging = (tab) =>
    tab.page.locator('.jp-DebuggerBugButton[aria-pressed="true"]').first().waitFor();
  const run = (tab, index) =>
    tab.page.evaluate((at) => {
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = at;
      void window.jupyterapp.commands.execute("notebook:run-cell");
    }, index);
  const gutterOf = (tab, index) =>
    tab.cell(index).locator(".cm-breakpoint-gutter .cm-gutterElement:not([style*=hidden])");
  /** Click beside the line, and see the red dot. */
  const breakAt = async (tab, index, line) => {
    await gutterOf(tab, index)
      .nth(line - 1)
      .click();
    await dot(tab, index, line);
  };
  const dot = (tab, index, line) =>
    gutterOf(tab, index)
      .nth(line - 1)
      .locator(".cm-breakpoint-icon")
      .waitFor();
  /** Stopped in this function at this line, says the call stack. */
  const stopped = async (tab, name, line) => {
    const frame = tab.page.locator(".jp-DebuggerCallstack-body li").first();
    await frame.filter({ hasText: new RegExp(`^${name}.*:${line}$`) }).waitFor({ timeout: 20_000 });
  };
  const running = (tab) =>
    tab.page.locator(".jp-DebuggerCallstack-body li").first().waitFor({ state: "detached" });
  /** The panel shows this variable with this value. */
  const variable = (tab, name, value) =>
    tab.page
      .locator(".jp-DebuggerVariables-body jp-tree-item")
      .filter({ has: tab.page.getByText(name, { exact: true }) })
      .filter({ hasText: value })
      .first()
      .waitFor();

  it("stops in a function of an earlier cell, shows variables, steps over, out and in, goes on", async () => {
    const tab = await open("steps.ipynb", [twice, "const total = twice(21)\ntotal + 1"]);
    await run(tab, 0);
    await untilKernel(tab);
    await breakAt(tab, 0, 2);
    await run(tab, 1);
    await stopped(tab, "twice", 2);
    await variable(tab, "value", "21");
    await tab.command("debugger:next");
    await stopped(tab, "twice", 3);
    await variable(tab, "result", "42");
    await tab.command("debugger:stepOut");
    await stopped(tab, "<cell>", "[12]"); // in the call, or behind it
    await tab.command("debugger:continue");
    await running(tab);
    await tab.outputMatches(1, /43/);

    await breakAt(tab, 1, 1);
    await gutterOf(tab, 0).nth(1).click(); // away again
    await run(tab, 1);
    await stopped(tab, "<cell>", 1);
    await tab.command("debugger:stepIn");
    await stopped(tab, "twice", 2);
    await tab.command("debugger:continue");
    await running(tab);
    await tab.state("idle");
    expect(tab.faults).to.eql([]);
    await tab.page.close();
  });

  it("takes breakpoints of a cell that was edited, and keeps them when the page is loaded anew", async () => {
    const tab = await open("edit.ipynb", ["let a = 1\na += 1\na"]);
    await breakAt(tab, 0, 2);
    await tab.cell(0).locator(".cm-content").click();
    await tab.page.keyboard.press("Control+End");
    const listed = tab.page.locator(".jp-DebuggerBreakpoint").first();
    const path = await listed.getAttribute("title");
    await tab.page.keyboard.type(" * 10");
    await tab.page.locator(`.jp-DebuggerBreakpoint:not([title="${path}"])`).waitFor(); // a second later
    await run(tab, 0);
    await stopped(tab, "<cell>", 2);
    await tab.command("docmanager:save");
    await tab.page.waitForFunction(
      () => !window.jupyterapp.shell.currentWidget.context.model.dirty,
    );

    await tab.page.reload();
    await tab.page.locator(".jp-Notebook .jp-Cell").first().waitFor();
    await debugging(tab);
    await stopped(tab, "<cell>", 2);
    await variable(tab, "a", "1");
    await tab.command("debugger:continue");
    await running(tab);
    await untilKernel(tab);
    await run(tab, 0);
    await stopped(tab, "<cell>", 2);
    await tab.command("debugger:continue");
    await tab.outputMatches(0, /20/);
    await tab.page.close();
  });

  it("stops where an error is not caught, if told so", async () => {
    const tab = await open("errors.ipynb", [
      "function check(n: number) {\n  if (n < 0) throw new RangeError('below zero')\n}",
      "try { check(-1) } catch {}\ncheck(-2)",
    ]);
    await run(tab, 0);
    await untilKernel(tab);
    const asked = (what) =>
      tab.page.waitForFunction(
        (name) =>
          window.jupyterapp.commands[name]("debugger:pause-on-exceptions", { filter: "uncaught" }),
        what,
      );
    await asked("isEnabled");
    await tab.command("debugger:pause-on-exceptions", { filter: "uncaught" });
    await asked("isToggled");
    await run(tab, 1);
    await stopped(tab, "check", 2);
    await variable(tab, "n", "-2");
    await tab.command("debugger:continue");
    await tab.outputMatches(1, /below zero/);
    await tab.page.close();
  });

  it("can be interrupted and restarted while it is stopped; the breakpoints stay", async () => {
    const tab = await open("stop.ipynb", ["let n = 0\nfor (;;) {\n  n++\n}", "1 + 1"]);
    await breakAt(tab, 0, 3);
    await run(tab, 0);
    await stopped(tab, "<cell>", 3);
    await tab.command("notebook:interrupt-kernel");
    await tab.outputMatches(0, /KeyboardInterrupt/);
    await running(tab);
    await run(tab, 1);
    await tab.outputMatches(1, /2/);

    await run(tab, 0);
    await stopped(tab, "<cell>", 3);
    await tab.page.evaluate(() =>
      window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(),
    );
    await untilKernel(tab);
    await running(tab);
    await debugging(tab);
    await dot(tab, 0, 3);
    await run(tab, 0);
    await stopped(tab, "<cell>", 3);
    await tab.command("notebook:interrupt-kernel");
    await untilKernel(tab);
    await tab.page.close();
  });
});
