// How long a page waits: for a message and its answer, for the picture of a moved slider, for 64 maps. Beside every figure stands
// the empty message's, measured in turn with it: a busy machine slows both.

/** The cells of a notebook with a slider that gives a picture, and a comm that gives nothing. */
export const sliderCells = [
  `import * as torch from "kernelbook"
import { featureMaps, interact } from "kernelbook/widgets"
const { comms } = (globalThis as any)[Symbol.for("kernelbook.host")]
comms.registerTarget("empty", (comm: any) => comm.onMsg(() => comm.send({})))
const conv = new torch.nn.Conv2d(3, 16, 3, { padding: 1 })
const x = torch.rand([1, 3, 64, 64])
const draw = (gain: number) => torch.noGrad(() => featureMaps(conv(x.mul(gain))))`,
  `for (let i = 0; i < 100; i++) draw(i).png
const times = []
for (let i = 0; i < 50; i++) { const t = performance.now(); draw(i).png; times.push(performance.now() - t) }
times.sort((a, b) => a - b)
console.log(\`kernel alone: median \${times[25].toFixed(1)} ms, p95 \${times[47].toFixed(1)} ms\`)`,
  "interact(({ gain }) => draw(gain), { gain: [1, 500, 1] })",
];

/** The cells of a notebook with 64 maps; the second shows them. */
export const mapsCells = [
  `import * as torch from "kernelbook"
import { featureMaps } from "kernelbook/widgets"
const { comms } = (globalThis as any)[Symbol.for("kernelbook.host")]
comms.registerTarget("empty", (comm: any) => comm.onMsg(() => comm.send({})))
const y = torch.randn([64, 128, 128])
for (let i = 0; i < 5; i++) featureMaps(y).png`,
  "featureMaps(y)",
];

/** Moves the slider of {@link sliderCells} by key; gives { times, empty, blank }, in milliseconds and frames without a picture. */
export async function measureSlider({ page }, moves) {
  const handle = page.locator(".jp-Notebook .noUi-handle");
  await handle.waitFor();
  await page.waitForSelector("canvas.kb-frame:not([hidden])");
  await handle.focus();
  await page.evaluate(offerEmpty);
  const warmUp = 10;
  const { times, empty, blank } = await page.evaluate(moveSlider, moves + warmUp);
  return { times: times.slice(warmUp), empty: empty.slice(warmUp), blank };
}

/** Runs the second cell of {@link mapsCells}; gives { times, empty, bytes, nodes }. */
export async function measureMaps({ page }, runs) {
  await page.evaluate(offerEmpty);
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await page.evaluate(showMaps));
  const { bytes, nodes } = all.at(-1);
  return { times: all.map(({ time }) => time), empty: all.map((one) => one.empty), bytes, nodes };
}

/** The value below which this share of all lies. */
export function share(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

/** In the page: `window.emptyMessage()` sends nothing to the kernel and gives the milliseconds until nothing is back. */
async function offerEmpty() {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const comm = kernel.createComm("empty");
  comm.open({});
  window.emptyMessage = async () => {
    const started = performance.now();
    await new Promise((resolve) => {
      comm.onMsg = resolve;
      comm.send({});
    });
    return performance.now() - started;
  };
}

/** In the page: one key after the other; from the key to the frame after the new picture stands there. */
async function moveSlider(count) {
  const handle = document.querySelector(".jp-Notebook .noUi-handle");
  const canvas = document.querySelector(".jp-Notebook canvas.kb-frame");
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
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
  const [times, empty] = [[], []];
  for (let i = 0; i < count; i++) {
    await wait(75);
    empty.push(await window.emptyMessage());
    await wait(75);
    const started = performance.now();
    await new Promise((resolve) => {
      painted = () => requestAnimationFrame(() => setTimeout(resolve));
      handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    });
    times.push(performance.now() - started);
  }
  looking = false;
  return { times, empty, blank };
}

/** In the page: empties the output, runs the cell, waits for the decoded picture and the frame after it. */
async function showMaps() {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = 1;
  const cell = content.widgets[1];
  cell.model.outputs.clear();
  await new Promise((go) => setTimeout(go, 200));
  const empty = await window.emptyMessage();
  await new Promise((go) => setTimeout(go, 100));
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
  return { time, empty, bytes, nodes: output.querySelectorAll("*").length };
}
