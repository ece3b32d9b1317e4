// 64 maps of 128 × 128 as the last value of a cell: from Shift+Enter to the painted picture, its size, its DOM nodes.
//   node bench/widgets/maps.mjs      (needs a complete build, Chromium; with PYTHON set, JupyterLab too)
// Goals: 0.4 s, 1.3 MB, 150 nodes. plotly.js with 64 subplots: 1.2-2.3 s, 20.9 MB, 11,475 nodes.
import { launchBrowser, writeNotebook } from "../../test/browser/page.mjs";
import { frontEnds, openNotebook } from "../../test/widgets/browser/lab.mjs";
import { mapsCells, measureMaps, share } from "../../test/widgets/browser/measure.mjs";

for (const [name, start] of Object.entries(frontEnds)) {
  const server = await start();
  writeNotebook(server.folder, "maps.ipynb", "kernelbook", mapsCells);
  const context = await launchBrowser();
  const tab = await openNotebook(context, server, "maps.ipynb");
  await tab.runAll(60_000);
  const { times, bytes, nodes } = await measureMaps(tab, 21);
  console.log(
    `${name}: run to paint: median ${Math.round(share(times, 0.5))} ms, p95 ${Math.round(share(times, 0.95))} ms; ${(bytes / 1e6).toFixed(2)} MB, ${nodes} nodes`,
  );
  await context.close();
  await server.end();
}
