// Every study notebook in the page, as a learner meets it: opened, run from top to bottom, its sliders moved, saved.
// The server lies under a base address, as behind a proxy. Pictures go to dist/screenshots.
import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { NotebookPage, launchBrowser, startServer, temporaryFolder } from "./page.mjs";

const source = path.resolve("notebooks");
const shots = path.resolve("dist/screenshots/study");
const names = fs.readdirSync(source).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
const looks = [
  { theme: "JupyterLab Light", width: 1280 },
  { theme: "JupyterLab Dark", width: 800 },
  { theme: "JupyterLab Dark", width: 1280 },
  { theme: "JupyterLab Light", width: 800 },
];

describe("the study notebooks in the page", function () {
  this.timeout(240_000);
  let folder, server, context;
  let slidersMoved = 0;
  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    folder = temporaryFolder();
    fs.cpSync(source, folder, { recursive: true });
    server = await startServer(folder, { args: ["--base-url", "/study/"] });
    context = await launchBrowser();
  });
  after(async () => {
    await context?.close();
    await server?.end();
  });

  for (const [index, name] of names.entries()) {
    it(`${name}: no error, a quiet console, sliders that move, saved whole`, async () => {
      const { theme, width } = looks[index % looks.length];
      const tab = await NotebookPage.open(context, server, name, { theme });
      await tab.page.setViewportSize({ width, height: 900 });
      await tab.runAll(180_000);
      expect(await errors(tab)).to.deep.equal([]);
      const moved = await moveSliders(tab);
      slidersMoved += moved.length;
      await tab.page.screenshot({ path: path.join(shots, `${name.slice(0, 2)}.png`) });
      for (const { label, before, after } of moved) expect(after, label).not.to.equal(before);
      await tab.save();
      const saved = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
      const committed = JSON.parse(fs.readFileSync(path.join(source, name), "utf8"));
      const sources = ({ cells }) => cells.map((cell) => cell.source.join(""));
      expect(sources(saved)).to.deep.equal(sources(committed));
      expect(tab.faults).to.deep.equal([]);
      await tab.command("kernelmenu:shutdown");
      await tab.page.close();
    });
  }

  it("sliders were there to be moved", () => {
    expect(slidersMoved).to.be.at.least(8);
  });
});

/** Outputs of kind error, except in cells that are there to show one. */
function errors(tab) {
  return tab.page.evaluate(() =>
    window.jupyterapp.shell.currentWidget.content.widgets.flatMap(({ model }) =>
      model.type !== "code" || model.getMetadata("tags")?.includes("raises-exception")
        ? []
        : model.sharedModel.outputs
            .map((output) => output.toJSON?.() ?? output)
            .filter((output) => output.output_type === "error")
            .map((output) => `${output.ename}: ${output.evalue}`),
    ),
  );
}

/** Move the first slider of each of the first three cells that have one, and see what its output says before and after. */
async function moveSliders(tab) {
  const count = await tab.page.evaluate(
    () => window.jupyterapp.shell.currentWidget.content.widgets.length,
  );
  const moved = [];
  for (let at = 0; at < count && moved.length < 3; at++) {
    await tab.output(at); // scrolls to it
    const area = tab.cell(at).locator(".jp-OutputArea").first();
    const slider = area.locator('input[type="range"]:not([disabled]):visible').first();
    if ((await slider.count()) === 0) continue;
    await slider.scrollIntoViewIfNeeded();
    const seen = () => area.evaluate((element) => element.innerHTML);
    const before = await seen();
    const label = `cell ${at}: ${await slider.getAttribute("aria-label")}`;
    const atEnd = await slider.evaluate((element) => element.value === element.max);
    await slider.focus();
    await slider.press(atEnd ? "ArrowLeft" : "ArrowRight");
    let after = before;
    for (let tries = 0; tries < 50 && after === before; tries++) {
      await tab.page.waitForTimeout(100);
      after = await seen();
    }
    moved.push({ label, before: before.length + before, after: after.length + after });
  }
  return moved;
}
