// How long until a notebook can be used, and how long from Shift+Enter to the painted result?
//   node bench/app/first-load.mjs        (needs a complete build, and Chromium)
// Cold: a new browser profile. Warm: the same again. Goals: 2.0 s and 1.2 s on 2 cores, 60 requests, 60 ms.
import {
  NotebookPage,
  launchBrowser,
  startServer,
  temporaryFolder,
  token,
  writeNotebook,
} from "../../test/browser/page.mjs";

const folder = temporaryFolder();
writeNotebook(folder, "bench.ipynb", "kernelbook", ["# Title $x^2$", "1 + 1", "1 + 1"]);
const server = await startServer(folder);
const context = await launchBrowser();
await (await context.newPage()).goto(`${server.url}files/none?token=${token}`); // log in

for (const kind of ["cold", "warm", "warm", "warm"]) {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  let requests = 0;
  let bytes = 0;
  network.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith("http")) requests += 1;
  });
  network.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  const started = performance.now();
  const since = () => `${((performance.now() - started) / 1000).toFixed(2)} s`;
  await page.goto(`${server.url}notebooks/bench.ipynb`, { waitUntil: "commit" });
  await page.waitForSelector(".jp-Notebook .jp-CodeCell .cm-content");
  const visible = since();
  const usable = `${requests} requests, ${Math.round(bytes / 1000)} kB`;
  await page.waitForFunction(
    () => window.jupyterapp?.shell.currentWidget?.sessionContext.session?.kernel?.status === "idle",
    undefined,
    { polling: 20 },
  );
  console.log(`${kind}: cells ${visible} (${usable}), kernel idle ${since()}`);
  await page.close();
}

const tab = await NotebookPage.open(context, server, "bench.ipynb");
await tab.runAll();
const times = [];
for (let i = 0; i < 20; i++) {
  await tab.page.evaluate(() => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = 1;
    content.activeCell.model.outputs.clear();
  });
  await tab.page.waitForTimeout(100);
  times.push(
    await tab.page.evaluate(
      () =>
        new Promise((resolve) => {
          const started = performance.now();
          const { node } = window.jupyterapp.shell.currentWidget.content.widgets[1];
          const observer = new MutationObserver(() => {
            if (!/2/.test(node.querySelector(".jp-OutputArea-output")?.textContent ?? "")) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
          });
          observer.observe(node, { childList: true, subtree: true, characterData: true });
          void window.jupyterapp.commands.execute("notebook:run-cell");
        }),
    ),
  );
}
times.sort((a, b) => a - b);
console.log(
  `run to painted result: median ${Math.round(times[10])} ms, largest ${Math.round(times[19])} ms`,
);
await context.close();
await server.end();
