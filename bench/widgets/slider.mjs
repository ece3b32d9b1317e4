// From a slider moved in the page to the new picture on the screen: interact over a Conv2d 3 -> 16 on 64 × 64.
//   node bench/widgets/slider.mjs [moves]      (needs a complete build, Chromium; with PYTHON set, JupyterLab too)
// Goal: p95 of at most 50 ms, and never a moment without a picture. Beside it: the kernel's share, and an empty message's way.
import { launchBrowser, writeNotebook } from "../../test/browser/page.mjs";
import { frontEnds, openNotebook } from "../../test/widgets/browser/lab.mjs";
import { measureSlider, share, sliderCells } from "../../test/widgets/browser/measure.mjs";

const moves = Number(process.argv[2] ?? 60);

for (const [name, start] of Object.entries(frontEnds)) {
  const server = await start();
  writeNotebook(server.folder, "slider.ipynb", "kernelbook", sliderCells);
  const context = await launchBrowser();
  const tab = await openNotebook(context, server, "slider.ipynb");
  await tab.runAll(60_000);
  const { times, empty, blank } = await measureSlider(tab, moves);
  const said = (list) =>
    `median ${share(list, 0.5).toFixed(1)} ms, p95 ${share(list, 0.95).toFixed(1)} ms`;
  console.log(
    `${name}: slider to paint: ${said(times)}, ${blank} blank frames; ${(await tab.output(1)).trim()}; empty message: ${said(empty)}`,
  );
  await context.close();
  await server.end();
}
