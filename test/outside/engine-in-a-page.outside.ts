import { expect } from "chai";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import type { AddressInfo } from "node:net";
import { chromium, type Browser } from "playwright-core";
import * as torch from "../../lib/index.js";

const dist = path.resolve(import.meta.dirname, "../..");
const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(fs.existsSync);

const root = path.join(dist, "..");
// The packages that lib needs, as a page finds them without a bundler. ndarray is of no use here.
const imports = {
  ndarray: "data:text/javascript,export default null",
  fflate: "/node_modules/fflate/esm/browser.js",
  pickleparser: "/pickleparser.js",
};
const served: Record<string, string> = {
  "/pickleparser.js": `import "/node_modules/pickleparser/dist/index.js";
    export const { BufferReader, Parser } = globalThis.pickleparser;`,
};
const pageOf = (body: string): string =>
  `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">
  try {
    const torch = await import("/lib/index.js");
    ${body}
  } catch (error) {
    window.result = { error: String(error.stack ?? error) };
  }
</script>`;

// The chapter's CNN: forward, one training step, and what the engine says of itself.
served["/"] = pageOf(`
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
`);

// A long synchronous loop, written as PyTorch users write: nobody but V8 could say which of its results are dead.
served["/loop"] = pageOf(`
    const { arenaBytes } = await import("/lib/compute/arena.js");
    const { nn } = torch, F = nn.functional;
    class Net extends nn.Module {
      conv1 = new nn.Conv2d(1, 6, 5, { padding: 2 });
      conv2 = new nn.Conv2d(6, 16, 5);
      fc = new nn.Linear(400, 10);
      forward(x) {
        x = F.maxPool2d(F.relu(this.conv1(x)), 2);
        x = F.maxPool2d(F.relu(this.conv2(x)), 2);
        return this.fc(x.flatten(1));
      }
    }
    torch.manualSeed(0);
    const model = new Net();
    const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    const [x, target] = [torch.rand(64, 1, 28, 28), torch.randint(0, 10, [64])];
    const losses = [], bytes = [];
    for (let step = 1; step <= 1000; step++) {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model(x.add(0)), target);
      loss.backward();
      optimizer.step();
      losses.push(loss);
      if (step % 100 === 0) bytes.push(arenaBytes());
    }
    window.result = { bytes, losses: losses.map((loss) => loss.item()), isolated: crossOriginIsolated };
`);

/** Files as bytes, there and back: what this says in a page it says in Node, too. */
const files = `
    const { io } = torch;
    const picture = torch.utils.data.samplePicture({ size: 24 });
    const checkpoint = torch.load(await bytes("checkpoint.pt"));
    const arrays = io.readNpz(await bytes("compressed.npz"));
    const model = new torch.nn.Sequential(new torch.nn.Conv2d(1, 2, 3), new torch.nn.ReLU());
    const message = (run) => { try { run(); return "nothing"; } catch (error) { return error.name + ": " + error.message; } };
    const report = JSON.stringify({
      weights: checkpoint.model.turned.tolist(),
      half: checkpoint.model.half.tolist(),
      old: torch.load(await bytes("old.pt")).list,
      numpy: torch.load(await bytes("values.pt")).arrays.a.tolist(),
      evil: message(() => torch.load(evil)),
      a: arrays.a.sum().item(),
      safetensors: io.loadSafetensors(await bytes("state.safetensors")).long.tolist(),
      again: torch.load(io.encodePt({ w: torch.eye(2), n: [1, "é"] })).w.tolist(),
      png: io.readImage(io.encodePng(picture)).equal(picture),
      onnx: io.encodeOnnx(model, torch.zeros(1, 1, 5, 5)).length > 100,
      csv: torch.utils.data.csv(new TextEncoder().encode("a,b\\n1,2")).values.tolist(),
      crop: torch.transforms.functional.centerCrop(picture, [2, 2]).tolist(),
      batches: [...new torch.utils.data.DataLoader(new torch.utils.data.Shapes({ size: 4 }), { batchSize: 3 })].map(([x]) => x.shape),
    });
`;
served["/files"] = pageOf(`
    const bytes = async (name) => new Uint8Array(await (await fetch("/test/fixtures/files/" + name)).arrayBuffer());
    const evil = await bytes("evil.pt");
    ${files}
    window.result = { report, path: message(() => torch.load("weights.pt")), isolated: crossOriginIsolated };
`);

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
      const url = path.normalize(request.url!);
      const type = served[url]?.startsWith("<") ? "text/html" : "text/javascript";
      response.setHeader("Content-Type", type);
      if (served[url]) return response.end(served[url]);
      const folder = /^\/(node_modules|test\/fixtures)\//.test(url) ? root : dist;
      const file = path.join(folder, url);
      if (!fs.existsSync(file)) return response.writeHead(404).end();
      response.end(fs.readFileSync(file));
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

  async function resultOf(url: string, withIsolation: boolean) {
    isolated = withIsolation;
    const tab = await browser!.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${url}`);
    const handle = await tab.waitForFunction("window.result", undefined, { timeout: 40000 });
    const result = (await handle.jsonValue()) as Record<string, any>;
    result.rss = await rssOfPages();
    await tab.close();
    expect(result.error).to.equal(undefined);
    expect(result.isolated).to.equal(withIsolation);
    return result;
  }

  /** Bytes that the processes of all pages take. */
  async function rssOfPages(): Promise<number> {
    const session = await browser!.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const kilobytes = processInfo
      .filter(({ type }) => type === "renderer")
      .map(({ id }) => /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/status`, "utf8"))!);
    return kilobytes.reduce((sum, [, count]) => sum + 1024 * Number(count), 0);
  }

  it("the same WebAssembly trains the chapter's network, with and without cross-origin isolation", async () => {
    const alone = await resultOf("/", false);
    expect(alone.threads).to.equal(1);
    const together = await resultOf("/", true);
    expect(together.threads).to.equal(os.availableParallelism());
    expect(together.losses).to.deep.equal(alone.losses);
    expect(alone.losses[2]).to.be.below(alone.losses[0]);
  });

  for (const isolation of [false, true]) {
    it(`keeps to some memory in 1,000 synchronous steps, ${isolation ? "with" : "without"} isolation`, async () => {
      const { bytes, losses, rss } = await resultOf("/loop", isolation);
      const show = `arena ${bytes.map((b: number) => b >> 20)} MiB, pages ${rss >> 20} MiB`;
      console.log(`        ${show}`);
      expect(bytes.at(-1), show).to.be.at.most(300 << 20);
      expect(rss, show).to.be.at.most(900 << 20);
      expect(losses.at(-1)).to.be.below(losses[0]);
    });
  }

  it("reads and writes all files as bytes, with the same results as in Node", async () => {
    const { report, path: refusal } = await resultOf("/files", false);
    const bytes = async (name: string) =>
      new Uint8Array(fs.readFileSync(path.join(root, "test/fixtures/files", name)));
    const here = new Function(
      "torch",
      "bytes",
      "evil",
      `return (async () => { ${files} return report; })()`,
    );
    expect(JSON.parse(report)).to.deep.equal(
      JSON.parse(await here(torch, bytes, await bytes("evil.pt"))),
    );
    expect(refusal).to.contain(
      "there are no files here (no Node): give the bytes instead of a path",
    );
  });
});
