// From a slider moved in the page to the new picture on the screen: interact over a Conv2d 3 -> 16 on 64 × 64.
//   node bench/widgets/slider.mjs [moves]      (needs a complete build, Chromium; with PYTHON set, JupyterLab too)
// Goal: p95 of at most 50 ms, and never a moment without a picture. Beside it: the kernel's share, alone.
import { launchBrowser, writeNotebook } from "../../test/browser/page.mjs";
import { frontEnds, openNotebook } from "../../test/widgets/browser/lab.mjs";

const moves = Number(process.argv[2] ?? 60);
const cells = [
  `import * as torch from "kernelbook"
import { featureMaps, interact } from "kernelbook/widgets"
const conv = new torch.nn.Conv2d(3, 16, 3, { padding: 1 })
const x = torch.rand([1, 3, 64, 64])
const draw = (gain: number) => torch.noGrad(() => featureMaps(conv(x.mul(gain))))`,
  `for (let i = 0; i < 100; i++) draw(i)
const times = []
for (let i = 0; i < 50; i++) { const t = performance.now(); draw(i).png; times.push(performance.now() - t) }
times.sort((a, b) => a - b)
console.log(\`kernel alone: median \${times[25].toFixed(1)} ms, p95 \${times[47].toFixed(1)} ms\`)`,
  `interact(({ gain }) => draw(gain), { gain: [1, 500, 1] })`,
];

for (const [name, start] of Object.entries(frontEnds)) {
  const server = await start();
  writeNotebook(server.folder, "slider.ipynb", "kernelbook", cells);
  const context = await launchBrowser();
  const tab = await openNotebook(context, server, "slider.ipynb");
  await tab.runAll(60_000);
  const handle = tab.page.locator(".jp-Notebook .noUi-handle");
  await handle.waitFor();
  await tab.page.waitForSelector("canvas.kb-frame:not([hidden])");
  await handle.focus();
  const { times, blank } = await tab.page.evaluate(measure, moves + 10);
  const sorted = times.slice(10).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  console.log(
    `${name}: ${(await tab.output(1)).trim()}; slider to paint: median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, largest ${sorted.at(-1).toFixed(1)} ms, ${blank} blank frames`,
  );
  await context.close();
  await server.end();
}

/** In the page: one key after the other; from the key to the frame after the new picture stands there. */
async function measure(count) {
  const handle = document.querySelector(".jp-Notebook .noUi-handle");
  const canvas = document.querySelector(".jp-Notebook canvas.kb-frame");
  let blank = 0;
  let looking = true;
  const look = () => {
    if (canvas.hidden || canvas.width < 100) blank++;
    if (looking) requestAnimationFrame(look);
  };
  look();
  let painted = () => {};
  const { prototype } = CanvasRenderingContext2D;
  const { putImageData } = prototype;
  prototype.putImageData = function (...given) {
    putImageData.apply(this, given);
    if (this.canvas === canvas) painted();
  };
  const times = [];
  for (let i = 0; i < count; i++) {
    await new Promise((go) => setTimeout(go, 150));
    const started = performance.now();
    await new Promise((resolve) => {
      painted = () => requestAnimationFrame(() => setTimeout(resolve));
      handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    });
    times.push(performance.now() - started);
  }
  looking = false;
  return { times, blank };
}
