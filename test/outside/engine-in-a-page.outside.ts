import { expect } from "chai";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import type { AddressInfo } from "node:net";
import { chromium, type Browser } from "playwright-core";

const dist = path.resolve(import.meta.dirname, "../..");
const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(fs.existsSync);

// The chapter's CNN: forward, one training step, and what the engine says of itself.
// The packages that lib needs for files are not what is tested here: they need a bundler.
const absent = (names: string) => `data:text/javascript,${encodeURIComponent(names)}`;
const imports = {
  ndarray: absent("export default null"),
  fflate: absent(
    "export let zlibSync, gunzipSync, unzlibSync, inflateSync, deflateSync, gzipSync, zipSync, unzipSync, Gunzip, Inflate, Unzlib, crc32",
  ),
  pickleparser: absent("export class Parser {} export class BufferReader {}"),
};
const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">
  try {
    const torch = await import("/lib/index.js");
    const { build } = await import("/lib/compute/engine.js");
    const { nn } = torch;
    const block = (i, o, stride) =>
      new nn.Sequential(new nn.Conv2d(i, o, 3, { stride, padding: 1 }), new nn.ReLU(), new nn.MaxPool2d(2));
    torch.manualSeed(0);
    const model = new nn.Sequential(block(3, 16, 2), block(16, 32, 1), new nn.Flatten(), new nn.Linear(32768, 10));
    const x = torch.rand(2, 3, 256, 256);
    const loss = () => { const y = model(x); return y.mul(y).mean(); };
    const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
    const losses = [];
    for (let i = 0; i < 3; i++) {
      optimizer.zeroGrad();
      const l = loss();
      l.backward();
      optimizer.step();
      losses.push(l.item());
      await new Promise((done) => setTimeout(done, 200)); // workers start
    }
    window.result = { losses, build, threads: torch.getNumThreads(), isolated: crossOriginIsolated };
  } catch (error) {
    window.result = { error: String(error.stack ?? error) };
  }
</script>`;

describe("in a browser", function () {
  this.timeout(60000);
  let server: http.Server;
  let browser: Browser | undefined;
  let isolated = false;

  before(async () => {
    if (!executablePath) throw new Error("no Chromium at /usr/bin: it is needed for this check");
    server = http.createServer((request, response) => {
      if (isolated) {
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      }
      if (request.url === "/") return response.setHeader("Content-Type", "text/html").end(page);
      const file = path.join(dist, path.normalize(request.url!));
      if (!file.startsWith(dist) || !fs.existsSync(file)) return response.writeHead(404).end();
      response.setHeader("Content-Type", "text/javascript").end(fs.readFileSync(file));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync";
    const quiet = "--disable-background-networking --disable-component-update";
    browser = await chromium.launch({
      executablePath,
      args: [...flags.split(" "), ...quiet.split(" ")],
      env: { ...process.env, HOME: fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-")) },
    });
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  async function losses(withIsolation: boolean) {
    isolated = withIsolation;
    const tab = await browser!.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const handle = await tab.waitForFunction("window.result", undefined, { timeout: 40000 });
    const result = (await handle.jsonValue()) as Record<string, any>;
    await tab.close();
    expect(result.error).to.equal(undefined);
    expect(result.isolated).to.equal(withIsolation);
    return result;
  }

  it("the same WebAssembly trains the chapter's network, with and without cross-origin isolation", async () => {
    const alone = await losses(false);
    expect(alone.threads).to.equal(1);
    const together = await losses(true);
    expect(together.threads).to.equal(os.availableParallelism());
    expect(together.losses).to.deep.equal(alone.losses);
    expect(alone.losses[2]).to.be.below(alone.losses[0]);
  });
});
