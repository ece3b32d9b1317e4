// A notebook that was run, where no kernel is: nbconvert's pages, what GitHub leaves of them, our own export, our page and
// JupyterLab. Every output is to be seen, and nothing may come from elsewhere.
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launchBrowser } from "../../browser/page.mjs";
import { explorables } from "./explorables.mjs";
import { frontEnds, openNotebook } from "./lab.mjs";

const { PYTHON } = process.env;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-static-"));
const command = path.resolve("bin/kernelbook.js");
const head = `import * as torch from "kernelbook"
import { activation, architecture, cam, confusionMatrix, explore, featureMaps, filters, gradCam, heatmap, histogram, image, interact, IntSlider, lineChart, pooling, receptiveField, trainingChart, progress, weightHistory } from "kernelbook/widgets"
const { nn } = torch; torch.manualSeed(0)
const net = new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.ReLU(), new nn.AdaptiveAvgPool2d(1), new nn.Flatten(), new nn.Linear(4, 3))
const picture = torch.rand([1, 3, 16, 16])`;
/** One of every view; each has a picture. */
const views = [
  "featureMaps(net, picture)",
  "filters(net.at(0) as any)",
  "activation(torch.randn([2, 8, 8]), torch.randn([2, 8, 8]).relu())",
  "pooling(torch.rand([2, 8, 8]), new nn.MaxPool2d(2))",
  "image(picture)",
  "heatmap(torch.rand([4, 4]))",
  "histogram(torch.randn([100]))",
  "lineChart({ loss: [2, 1, 0.5] })",
  "confusionMatrix([0, 1, 1], [0, 1, 0])",
  "gradCam(net, picture)",
  "cam(net, picture)",
  'receptiveField(net, "0", [3, 3], { input: picture })',
  "architecture(net, [1, 3, 16, 16])",
  "picture",
  "const chart = trainingChart(); chart.log({ loss: 2 }); chart.log({ loss: 1 }); chart",
  "interact(({ gain }) => featureMaps(torch.rand([4, 8, 8]).mul(gain)), { gain: [1, 5, 1] })",
  "weightHistory(net.at(0) as any)",
];
const cells = [
  head,
  ...views,
  ...explorables.map(({ cell }) => cell),
  "new IntSlider({ value: 3 })",
];

const bundles = (file) =>
  JSON.parse(fs.readFileSync(file, "utf8")).cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap(({ data }) => (data ? [data] : [])),
  );

describe("a notebook that was run", function () {
  this.timeout(180_000);
  const plain = path.join(folder, "plain.ipynb");
  const stateful = path.join(folder, "stateful.ipynb");
  let context;
  before(async function () {
    if (!PYTHON) this.skip();
    execFileSync(process.execPath, [command, "install", "--prefix", folder], { stdio: "ignore" });
    const env = { ...process.env, JUPYTER_PATH: path.join(folder, "share/jupyter") };
    const sources = path.join(folder, "cells.json");
    fs.writeFileSync(sources, JSON.stringify(cells));
    const script = path.resolve("test/widgets/browser/execute.py");
    execFileSync(PYTHON, [script, sources, plain], { env });
    execFileSync(PYTHON, [script, sources, stateful, "--state"], { env });
    context = await launchBrowser();
    await context.route(/^https?:/, (route) => route.abort());
  });
  after(() => context?.close());

  /** How many pictures are seen, and the pages' faults. */
  const seen = async (file) => {
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(pathToFileURL(file).href, { waitUntil: "domcontentloaded" });
    await page.waitForTimeout(500);
    const count = await page.evaluate(
      () =>
        [...document.images].filter((image) => {
          const box = image.getBoundingClientRect();
          return image.naturalWidth > 20 && box.width > 20 && box.height > 20;
        }).length,
    );
    return { page, faults, count };
  };

  it("has a picture or at least a text for each output, and says all in words too", () => {
    const all = bundles(plain);
    for (const data of all) expect(data["text/plain"]).not.to.be.empty;
    const withPicture = all.filter((data) => "image/png" in data);
    expect(withPicture.length).to.be.at.least(views.length + explorables.length - 2);
    expect(fs.statSync(plain).size).to.be.below(1.5e6);
    expect(fs.readFileSync(plain, "utf8")).not.to.contain("kb-formula");
  });

  it("holds the modules' text once when the widgets' state is saved, and `state` is there", () => {
    const text = fs.readFileSync(stateful, "utf8");
    const { metadata } = JSON.parse(text);
    const { state } = metadata.widgets["application/vnd.jupyter.widget-state+json"];
    expect(Object.keys(state).length).to.be.above(explorables.length);
    const libraries = Object.values(state).filter(
      (one) => "text" in one.state && "hash" in one.state,
    );
    expect(libraries).to.have.length(1);
    const views = bundles(stateful).flatMap(
      (data) => data["application/vnd.jupyter.widget-view+json"] ?? [],
    );
    for (const { model_id } of views) expect(state).to.have.property(model_id);
  });

  for (const template of ["lab", "classic"]) {
    it(`nbconvert's ${template} page shows every picture`, async () => {
      const output = path.join(folder, `${template}.html`);
      const args = [
        "-m",
        "nbconvert",
        "--to",
        "html",
        "--template",
        template,
        plain,
        "--output",
        output,
      ];
      execFileSync(PYTHON, args, { stdio: "ignore" });
      const pictures = bundles(plain).filter((data) => "image/png" in data).length;
      expect((await seen(output)).count).to.equal(pictures);

      // what GitHub leaves: no script, no style, no classes
      const bare = fs
        .readFileSync(output, "utf8")
        .replace(/<script\b[\s\S]*?<\/script>/gi, "")
        .replace(/<style\b[\s\S]*?<\/style>/gi, "")
        .replace(/<link\b[^>]*>/gi, "")
        .replace(/ (class|style|id|on\w+)="[^"]*"/g, "");
      const stripped = path.join(folder, `${template}-bare.html`);
      fs.writeFileSync(stripped, bare);
      expect((await seen(stripped)).count).to.equal(pictures);

      // with the widgets' state, nbconvert draws widgets with scripts from a CDN; the rest is pictures as before
      const withState = output.replace(".html", "-state.html");
      execFileSync(PYTHON, [...args.slice(0, 6), stateful, "--output", withState], {
        stdio: "ignore",
      });
      const isWidget = (data) => "application/vnd.jupyter.widget-view+json" in data;
      const figures = bundles(stateful).filter((data) => "image/png" in data && !isWidget(data));
      expect((await seen(withState)).count).to.equal(figures.length);
    });
  }

  it("our own export brings every explorable to life, without the network", async () => {
    const output = path.join(folder, "ours.html");
    execFileSync(process.execPath, [command, "export", plain, "--to", "html", "--output", output]);
    const { page, faults } = await seen(output);
    expect(faults).to.deep.equal([]);
    await page.waitForFunction(
      (count) => document.querySelectorAll(".kb h3, .kb-maps-says").length >= count,
      explorables.length,
    );
    const slider = page.locator(".kb .kb-slider input").nth(1);
    const formula = page.locator(".kb .kb-size").first();
    const before = await formula.textContent();
    await slider.focus();
    await slider.press("ArrowRight");
    expect(await formula.textContent()).not.to.equal(before);
    await page.close();
  });

  for (const [name, start] of Object.entries(frontEnds)) {
    it(`opened in ${name === "lab" ? "JupyterLab" : "our page"}, its explorables live before any cell is run`, async () => {
      const server = await start();
      const browser = await launchBrowser({ width: 1280, height: 4000 });
      try {
        fs.copyFileSync(plain, path.join(server.folder, "plain.ipynb"));
        const { page } = await openNotebook(browser, server, "plain.ipynb");
        for (const [i, one] of explorables.entries()) {
          const at = 1 + views.length + i;
          await page.evaluate((index) => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.activeCellIndex = index;
            return content.scrollToItem?.(index);
          }, at);
          const cell = page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${at}"]`);
          await cell
            .locator(".kb h3, .kb-maps-says")
            .first()
            .waitFor({ timeout: 15_000 })
            .catch(() => {
              throw new Error(`${one.name} is not drawn`);
            });
        }
      } finally {
        await browser.close();
        await server.end();
      }
    });
  }
});
