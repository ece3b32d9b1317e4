// Every explorable as a page of its own, looked at in Chromium: light, dark, and 360 pixels wide.
//   node scripts/widgets/lookbook.mjs <folder for the pages and pictures> [chromium]
// Fails if a page throws, asks for anything from outside, is wider than its window, does not follow the arrow keys, has faint texts,
// controls that Tab does not reach or that do not show it, or anything without a name for screen readers.
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import * as torch from "kernelbook";
import { confusionMatrix, explore, weightHistory } from "kernelbook/widgets";
import { faintTexts, nameless, walkByTab, watchCanvasTexts } from "./accessible.mjs";

const [folder, executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
if (!folder) throw new Error("usage: node scripts/widgets/lookbook.mjs <folder> [chromium]");
fs.mkdirSync(folder, { recursive: true });

const { nn } = torch;
torch.manualSeed(0);
const x = torch.rand([3, 7, 7]);
/** A disc before a sky, with a post. */
const picture = torch.zeros([3, 48, 48]);
for (let i = 0; i < 48 * 48; i++) {
  const [row, column] = [Math.floor(i / 48), i % 48];
  const disc = Math.hypot(row - 26, column - 20) < 13;
  const post = column > 36 && column < 41;
  const colour = disc ? [0.9, 0.55, 0.1] : post ? [0.3, 0.3, 0.35] : [0.2 + row / 90, 0.5, 0.9];
  colour.forEach((value, c) => (picture.data[c * 48 * 48 + i] = value));
}
const targets = Array.from({ length: 60 }, (_, i) => i % 3);
const said = targets.map((c, i) => (i % 7 === 0 ? (c + 1) % 3 : c));
const net = new nn.Sequential(
  new nn.Conv2d(3, 8, 3, { stride: 2, padding: 1 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(8, 16, 3, { padding: 1 }),
);
const learning = new nn.Conv2d(1, 8, 5);
const history = weightHistory(learning);
for (let epoch = 0; epoch < 4; epoch++) {
  torch.noGrad(() => learning.weight.add_(torch.randn([8, 1, 5, 5]).mul(0.1)));
  history.record();
}
const pages = {
  "weight-history": history,
  convolution: explore.convolution(x, new nn.Conv2d(3, 4, 3, { padding: 1, stride: 2 })),
  grouped: explore.convolution(
    torch.rand([4, 6, 9]),
    new nn.Conv2d(4, 4, [2, 3], { groups: 2, dilation: 2 }),
  ),
  "max-pooling": explore.pooling(x, new nn.MaxPool2d(3, { stride: 2, padding: 1 })),
  "average-pooling": explore.pooling(x, new nn.AvgPool2d(2)),
  padding: explore.padding(torch.rand([5, 5])),
  "stride-dilation": explore.strideDilation({ size: 9, kernelSize: 3, stride: 2, dilation: 2 }),
  channels: explore.channels(x, new nn.Conv2d(3, 4, 3)),
  activation: explore.activation(x.mul(4).sub(2)),
  "output-size": explore.outputSize({ size: 6, kernelSize: 3, stride: 2 }),
  "filter-playground": explore.filterPlayground(picture),
  network: explore.network(net, picture.unsqueeze(0)),
  maps: explore.maps(net, picture.unsqueeze(0), { layer: ["0", "1"] }),
  confusion: confusionMatrix(targets, said, {
    labels: ["cat", "dog", "bird"],
    images: torch.rand([60, 3, 16, 16]),
  }).explore(),
};
/** Those whose numbers follow the arrow keys. */
const walked = [
  "convolution",
  "grouped",
  "max-pooling",
  "average-pooling",
  "channels",
  "activation",
  "network",
];

const failures = [];
const switches = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const browser = await chromium.launch({ executablePath, args: switches });
for (const [name, explorable] of Object.entries(pages)) {
  const file = path.resolve(folder, `${name}.html`);
  fs.writeFileSync(file, explorable.toInteractiveHTML());
  for (const [colorScheme, width] of [
    ["light", 1000],
    ["dark", 1000],
    ["light", 360],
  ]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.on("pageerror", (error) => failures.push(`${name}: ${error.message}`));
    page.on("request", (request) => {
      if (/^(https?|wss?):/.test(request.url()))
        failures.push(`${name}: asks for ${request.url()}`);
    });
    await page.addInitScript(watchCanvasTexts);
    await page.goto(`file://${file}`);
    await page.waitForSelector(".kb canvas, .kb .kb-formula, .kb-maps-says");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) failures.push(`${name}: ${wide} pixels wide in a window of ${width}`);
    const faults = [
      ...(await page.evaluate(faintTexts)),
      ...(await walkByTab(page)),
      ...(await nameless(context, page)),
    ];
    failures.push(...faults.map((fault) => `${name}, ${colorScheme}, ${width}: ${fault}`));
    if (walked.includes(name)) {
      const text = () => page.locator(".kb-formula").first().textContent();
      const before = await text();
      await page.locator(".kb canvas").last().focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      if ((await text()) === before) failures.push(`${name}: does not follow the arrow keys`);
    }
    await page.screenshot({
      path: path.resolve(folder, `${name}-${colorScheme}-${width}.png`),
      fullPage: true,
    });
    await context.close();
  }
}
await browser.close();
console.log(
  failures.length > 0
    ? failures.join("\n")
    : `${Object.keys(pages).length} explorables, three looks each: well`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
