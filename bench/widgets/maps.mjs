// 64 maps of 128 × 128 as the last value of a cell: from Shift+Enter to the painted picture, its size, its DOM nodes.
//   node bench/widgets/maps.mjs      (needs a complete build, Chromium; with PYTHON set, JupyterLab too)
// Goals: 0.4 s, 1.3 MB, 150 nodes. plotly.js with 64 subplots: 1.2-2.3 s, 20.9 MB, 11,475 nodes.
import { launchBrowser, writeNotebook } from "../../test/browser/page.mjs";
import { frontEnds, openNotebook } from "../../test/widgets/browser/lab.mjs";

const cells = [
  `import * as torch from "kernelbook"
import { featureMaps } from "kernelbook/widgets"
const y = torch.randn([64, 128, 128])
for (let i = 0; i < 5; i++) featureMaps(y)`,
  "featureMaps(y)",
];

for (const [name, start] of Object.entries(frontEnds)) {
  const server = await start();
  writeNotebook(server.folder, "maps.ipynb", "kernelbook", cells);
  const context = await launchBrowser();
  const tab = await openNotebook(context, server, "maps.ipynb");
  await tab.runAll(60_000);
  const times = [];
  let result;
  for (let i = 0; i < 9; i++) times.push((result = await tab.page.evaluate(measure)).time);
  times.sort((a, b) => a - b);
  const { bytes, nodes } = result;
  console.log(
    `${name}: run to paint: median ${Math.round(times[4])} ms, largest ${Math.round(times[8])} ms; ${(bytes / 1e6).toFixed(2)} MB, ${nodes} nodes`,
  );
  await context.close();
  await server.end();
}

/** In the page: empties the output, runs the cell, waits for the decoded picture and the frame after it. */
async function measure() {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = 1;
  const cell = content.widgets[1];
  cell.model.outputs.clear();
  await new Promise((go) => setTimeout(go, 300));
  const started = performance.now();
  void window.jupyterapp.commands.execute("notebook:run-cell");
  let image;
  while (!(image = cell.node.querySelector(".jp-OutputArea-output img")))
    await new Promise((go) => requestAnimationFrame(go));
  await image.decode();
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  const time = performance.now() - started;
  const output = cell.node.querySelector(".jp-OutputArea");
  const bytes = JSON.stringify(cell.model.outputs.toJSON()).length;
  return { time, bytes, nodes: output.querySelectorAll("*").length };
}
