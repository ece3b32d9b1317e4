// Live widgets in real pages, ours and JupyterLab's: what is moved there changes the kernel, and the kernel's answer the picture.
//   node test/widgets/browser/run.mjs      (needs a complete build and Chromium; with PYTHON set, JupyterLab too)
import { expect } from "chai";
import { launchBrowser, writeNotebook } from "../../browser/page.mjs";
import { explorableCells, explorables } from "./explorables.mjs";
import { frontEnds, openNotebook, untilKernel } from "./lab.mjs";

const head = `import * as torch from "kernelbook"
import { anyWidget, explore, featureMaps, interact, jslink, IntSlider, Button, FloatLogSlider, Output, VBox, widgetState } from "kernelbook/widgets"
const { nn } = torch
torch.manualSeed(0)`;

for (const [name, start] of Object.entries(frontEnds)) {
  describe(`live widgets in ${name === "lab" ? "JupyterLab" : "our page"}`, function () {
    this.timeout(120_000);
    let server, context;
    before(async () => {
      server = await start();
      context = await launchBrowser();
    });
    after(async () => {
      await context?.close();
      await server?.end();
    });
    const open = async (file, cells) => {
      writeNotebook(server.folder, file, "kernelbook", [head, ...cells]);
      return openNotebook(context, server, file);
    };
    /** Runs one cell; done when it has a new number. Gives what it shows. */
    const run = async (tab, index) => {
      await tab.page.evaluate(
        (at) =>
          new Promise((resolve) => {
            const { content } = window.jupyterapp.shell.currentWidget;
            const cell = content.widgets[at];
            const { executionCount } = cell.model;
            content.activeCellIndex = at;
            void window.jupyterapp.commands.execute("notebook:run-cell");
            const look = setInterval(() => {
              const now = cell.model.executionCount;
              if (now === null || now === executionCount) return;
              clearInterval(look);
              setTimeout(resolve, 100);
            }, 20);
          }),
        index,
      );
      return tab.output(index);
    };

    it("a slider moved by key and by mouse changes the value here and the picture there", async () => {
      const tab = await open("slider.ipynb", [
        `const conv = new nn.Conv2d(3, 4, 3); const x = torch.rand([1, 3, 16, 16]); const asked: number[] = []
const scene = interact(({ gain }) => { asked.push(gain); return featureMaps(conv(x.mul(gain))) }, { gain: [0, 10, 1] })
scene`,
        "[scene.values.gain, asked.at(-1)]",
      ]);
      await tab.runAll();
      const canvas = tab.page.locator("canvas.kb-frame:not([hidden])");
      await canvas.waitFor();
      const handle = tab.page.locator(".jp-Notebook .noUi-handle");
      const before = await canvas.screenshot();
      await handle.press("ArrowRight");
      await tab.page.waitForTimeout(600);
      expect(before.equals(await canvas.screenshot()), "the same picture").to.equal(false);
      expect(await run(tab, 2)).to.contain("[ 6, 6 ]");

      const box = await tab.page.locator(".jp-Notebook .noUi-base").boundingBox();
      await tab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      const grip = await handle.boundingBox();
      await tab.page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
      await tab.page.mouse.down();
      await tab.page.mouse.move(box.x + box.width + 40, grip.y + grip.height / 2, { steps: 8 });
      await tab.page.mouse.up();
      await tab.page.waitForTimeout(600);
      expect(await run(tab, 2)).to.contain("[ 10, 10 ]");
      expect(tab.faults).to.deep.equal([]);
      await tab.page.close();
    });

    it("a stop button and a learning-rate slider work while a cell awaits", async () => {
      const tab = await open("training.ipynb", [
        `const stop = new Button({ description: "stop" }); const rate = new FloatLogSlider({ value: 0.01, min: -4, max: 0, description: "rate" })
new VBox({ children: [rate, stop] })`,
        `let stopped = false; stop.onClick(() => (stopped = true))
const rates = new Set<number>(); let steps = 0
while (!stopped && steps < 600) { rates.add(rate.value); steps++; await new Promise((go) => setTimeout(go, 50)) }
console.log(stopped, rates.size > 1, steps < 600)`,
      ]);
      await run(tab, 0);
      await run(tab, 1);
      const button = tab.page.locator(".jp-Notebook button.jupyter-button");
      await button.waitFor();
      await tab.page.evaluate(() => {
        window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2;
        void window.jupyterapp.commands.execute("notebook:run-cell");
      });
      await tab.page.waitForTimeout(800);
      await tab.page.locator(".jp-Notebook .noUi-handle").press("ArrowRight");
      await tab.page.waitForTimeout(500);
      await button.click();
      await tab.outputMatches(2, /true true true/, 20_000);
      await tab.page.close();
    });

    it("an Output widget captures, and jslink joins two controls without the kernel", async () => {
      const tab = await open("capture.ipynb", [
        `const area = new Output(); area`,
        `await area.capture(() => { console.log("caught"); }); area.closed`,
        `const a = new IntSlider({ description: "a" }); const b = new IntSlider({ description: "b" }); const link = jslink([a, "value"], [b, "value"]); new VBox({ children: [a, b] })`,
        `[a.value, b.value]`,
      ]);
      await tab.runAll();
      await tab.outputMatches(1, /caught/);
      expect(await tab.output(2)).not.to.match(/caught/);
      const handles = tab.page.locator(".jp-Notebook .noUi-handle");
      await handles.first().press("ArrowRight");
      await handles.first().press("ArrowRight");
      await tab.page.waitForTimeout(500);
      expect(await run(tab, 4)).to.contain("[ 2, 2 ]");
      await tab.page.close();
    });

    it("feature maps as a cell's last value give their raw values to the pointer and the arrow keys", async () => {
      const tab = await open("hover.ipynb", [
        "featureMaps(torch.arange(0, 128).reshape([2, 8, 8]).mul(0.5))",
      ]);
      await tab.runAll();
      const canvas = tab.cell(1).locator(".kb-maps canvas");
      await canvas.waitFor();
      await canvas.press("ArrowDown");
      const says = tab.cell(1).locator(".kb-maps-says");
      expect(await says.textContent()).to.equal("map 0 [1, 0] = 4");
      const { height } = await canvas.boundingBox();
      await canvas.hover({ position: { x: 4, y: height - 12 } });
      expect(await says.textContent()).to.equal("map 0 [7, 0] = 28");
      expect(tab.faults).to.deep.equal([]);
      await tab.page.close();
    });

    it("a module of one's own that fails says why in the widget's place", async () => {
      const modules = {
        "export default { render({ el }) { el.textContent = 'alive' } }": /^alive$/,
        "export default { render() { throw new Error('no luck') } }":
          /^anyWidget: render\(\) failed: Error: no luck$/,
        "export default { initialize() { throw new Error('no start') }, render() {} }":
          /^anyWidget: initialize\(\) failed: Error: no start$/,
        "const 1 = 2": /^anyWidget: its module does not load: SyntaxError: /,
        "export const other = 1": /^anyWidget: its module has no render: export default \{/,
      };
      const tab = await open(
        "modules.ipynb",
        Object.keys(modules).map(
          (esm) => `anyWidget({ state: {}, esm: ${JSON.stringify(esm)}, id: "" })`,
        ),
      );
      await tab.runAll();
      for (const [i, wanted] of Object.values(modules).entries())
        await tab.outputMatches(i + 1, wanted);
      await tab.page.close();
    });

    it("a widget in a view of its own moves with the one in the notebook", async function () {
      if (name !== "lab") this.skip(); // Notebook 7 has no such view
      const tab = await open("detached.ipynb", [
        `const scene = interact(({ gain }) => featureMaps(torch.ones([1, 8, 8]).mul(gain)), { gain: [0, 10, 1] })
scene`,
        "scene.values.gain",
      ]);
      await tab.runAll();
      await tab.page.locator(".jp-Notebook .noUi-handle").waitFor();
      await tab.page.evaluate(() => {
        window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
        return window.jupyterapp.commands.execute("notebook:create-output-view");
      });
      const view = tab.page.locator(".jp-LinkedOutputView");
      await view.locator("canvas.kb-frame:not([hidden])").waitFor();
      await view.locator(".noUi-handle").press("ArrowRight");
      await tab.page.locator('.jp-Notebook .noUi-handle[aria-valuetext="6"]').waitFor();
      expect(tab.faults).to.deep.equal([]);
      await tab.page.close();
    });

    it("every explorable lives, follows the kernel, and is there again after a reload", async () => {
      const tab = await open("explorables.ipynb", explorableCells);
      await tab.runAll(60_000);
      for (const [i, { name: one }] of explorables.entries()) {
        await tab.page.evaluate((at) => {
          const { content } = window.jupyterapp.shell.currentWidget;
          content.activeCellIndex = at;
          return content.scrollToItem?.(at);
        }, i + 1);
        await tab
          .cell(i + 1)
          .locator(".kb h3, .kb-maps-says")
          .first()
          .waitFor({ timeout: 15_000 })
          .catch(() => {
            throw new Error(`${one} is not drawn: ${tab.faults.join("; ")}`);
          });
      }
      expect(tab.faults).to.deep.equal([]);

      await tab.save();
      await tab.page.reload();
      await tab.ready();
      await untilKernel(tab);
      // in our page it lives without the kernel until its model is there again
      const alive = name === "lab" ? ".kb h3" : "[data-lm-suppress-shortcuts] .kb h3";
      await tab.cell(1).locator(alive).waitFor({ timeout: 20_000 });
      const slider = tab.cell(1).locator(".kb-slider input").nth(1);
      await slider.focus();
      await slider.press("ArrowRight");
      await tab.page.waitForTimeout(600);
      expect(await run(tab, explorables.length + 1)).to.contain("[ 2, 2 ]");
      await tab.page.close();
    });
  });
}
