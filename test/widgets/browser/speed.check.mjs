// What a reader waits for, in real pages: within the goals, times as much as an empty message is slower here and now than on a
// machine that has nothing else to do.
import { expect } from "chai";
import { launchBrowser, writeNotebook } from "../../browser/page.mjs";
import { frontEnds, openNotebook } from "./lab.mjs";
import { mapsCells, measureMaps, measureSlider, share, sliderCells } from "./measure.mjs";

/** p95 of an empty message's way to the kernel and back on a quiet machine of 2 cores (bench/widgets/slider.mjs). */
const quietMs = 11;
const slowness = (empty) => Math.max(1, share(empty, 0.95) / quietMs);

for (const [name, start] of Object.entries(frontEnds)) {
  describe(`how long ${name === "lab" ? "JupyterLab" : "our page"} waits`, function () {
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
    const open = async (cells) => {
      writeNotebook(server.folder, "speed.ipynb", "kernelbook", cells);
      const tab = await openNotebook(context, server, "speed.ipynb");
      await tab.runAll(60_000);
      return tab;
    };

    it("for the picture of a moved slider: p95 of 50 ms, and no moment without a picture", async () => {
      const tab = await open(sliderCells);
      const { times, empty, blank } = await measureSlider(tab, 40);
      const [took, slow] = [share(times, 0.95), slowness(empty)];
      console.log(`      p95 ${took.toFixed(1)} ms, messages ${slow.toFixed(1)} times slower`);
      expect(took).to.be.at.most(50 * slow);
      expect(blank, "frames without a picture").to.equal(0);
      await tab.page.close();
    });

    it("for 64 maps of 128×128: p95 of 0.4 s; 1.3 MB and 150 DOM nodes at most", async () => {
      const tab = await open(mapsCells);
      const { times, empty, bytes, nodes } = await measureMaps(tab, 11);
      const [took, slow] = [share(times, 0.95), slowness(empty)];
      console.log(`      p95 ${took.toFixed(0)} ms, messages ${slow.toFixed(1)} times slower`);
      expect(took).to.be.at.most(400 * slow);
      expect(bytes).to.be.at.most(1.3e6);
      expect(nodes).to.be.at.most(150);
      await tab.page.close();
    });
  });
}
