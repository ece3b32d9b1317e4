// Pictures of the page to look at, light and dark, wide and narrow; and that explorables move, live and without a kernel.
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  NotebookPage,
  launchBrowser,
  startServer,
  temporaryFolder,
  token,
  writeNotebook,
} from "./page.mjs";

const shots = path.resolve("dist/screenshots");

describe("the page to look at", () => {
  let folder, server, context;
  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    folder = temporaryFolder();
    writeNotebook(folder, "look.ipynb", "kernelbook", [
      "# Convolution\nA kernel of size $k$ slides over the image: $$y_{ij} = \\sum_{kl} w_{kl}\\, x_{i+k,\\,j+l}$$",
      'import * as torch from "kernelbook";\nimport { explore } from "kernelbook/widgets";\nexplore.pooling(torch.tensor([[1, 3, 2, 0], [4, 6, 5, 1], [0, 2, 9, 7], [3, 1, 8, 4]]), new torch.nn.MaxPool2d(2))',
      '({ [Symbol.for("Jupyter.display")]: () => ({ data: { "application/vnd.plotly.v1+json": { data: [{ y: [1, 3, 2] }], layout: { height: 260 } }, "text/plain": "a line" } }) })',
      'const wrong: number = "text"',
    ]);
    server = await startServer(folder);
    context = await launchBrowser();
  });
  after(async () => {
    await context?.close();
    await server?.end();
  });

  for (const theme of ["JupyterLab Light", "JupyterLab Dark"]) {
    for (const width of [1280, 800]) {
      it(`${theme} at ${width} px`, async () => {
        const tab = await NotebookPage.open(context, server, "look.ipynb", { theme });
        await tab.page.setViewportSize({ width, height: 1100 });
        await tab.runAll(60_000);
        await tab.page.locator(".js-plotly-plot").first().waitFor({ timeout: 20_000 });
        await tab.page.waitForTimeout(800);
        await tab.page.screenshot({
          path: path.join(shots, `${theme.split(" ")[1].toLowerCase()}-${width}.png`),
        });
        expect(tab.faults).to.deep.equal([]);
        if (theme.endsWith("Dark") && width === 800) await tab.save();
        await tab.page.close();
      });
    }
  }

  it("a notebook opened without having been run shows its explorables alive", async () => {
    await server.end();
    server = await startServer(folder);
    const tab = await NotebookPage.open(context, server, "look.ipynb");
    await tab.page.waitForTimeout(1000);
    await tab.page.screenshot({ path: path.join(shots, "opened.png") });
    expect(await tab.output(1)).not.to.match(/Error displaying|Loading widget/);
    expect(
      await tab.page.locator(".jp-Cell").nth(1).locator("svg, canvas, input, img").count(),
    ).to.be.greaterThan(0);
    expect(tab.faults).to.deep.equal([]);
    await tab.page.close();
  });

  it("the folder's list", async () => {
    const page = await context.newPage();
    await page.goto(`${server.url}?token=${token}`);
    await page.locator('.jp-DirListing-item:has-text("look.ipynb")').waitFor();
    await page.screenshot({ path: path.join(shots, "tree.png") });
    await page.close();
  });

  it("an exported notebook works from the disk, and asks nothing of the network", async () => {
    execFileSync(process.execPath, [
      "bin/kernelbook.js",
      "export",
      path.join(folder, "look.ipynb"),
    ]);
    const page = await context.newPage();
    const asked = [];
    const faults = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(pathToFileURL(path.join(folder, "look.html")).href);
    await page.locator(".js-plotly-plot").first().waitFor({ timeout: 20_000 });
    await page.waitForTimeout(500);
    await page.screenshot({ path: path.join(shots, "export.png"), fullPage: true });
    expect(asked.filter((address) => !/^(file|blob|data):/.test(address))).to.deep.equal([]);
    expect(faults).to.deep.equal([]);
    expect(
      await page
        .locator("[data-explorable] input, [data-explorable] svg, [data-explorable] canvas")
        .count(),
    ).to.be.greaterThan(0);
    await page.close();
  });
});
