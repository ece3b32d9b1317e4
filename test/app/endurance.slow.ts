// What a long class does to a server: many kernels, large outputs, many files, a server that is killed while it saves.
// KERNELBOOK_ENDURANCE=long takes the full measure: ten minutes of twenty kernels, 200 kills.
import {
  KernelManager,
  ServerConnection,
  SessionManager,
  type Session,
} from "@jupyterlab/services";
import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";

const long = process.env.KERNELBOOK_ENDURANCE === "long";
const kills = long ? 200 : 30;
const classSeconds = long ? 600 : 20;
const pupils = 20;
const token = "endurance";
const MB = 2 ** 20;

describe(`a server for a long time (${long ? "long" : "short"})`, function () {
  this.timeout(900_000);
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-endurance-"));
  const root = path.join(place, "notebooks");
  let child: ChildProcess;
  let url = "";

  before(async () => {
    fs.mkdirSync(root);
    await start();
  });
  after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    fs.rmSync(place, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const args = ["bin/kernelbook.js", root, "--no-browser", "--port", "0", "--token", token];
    const env = { ...process.env, KERNELBOOK_DATA_DIR: path.join(place, "state") };
    child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "ignore"] });
    url = await new Promise((resolve, reject) => {
      child.stdout!.on("data", (bytes) => {
        const found = /http:\/\/[^?\s]+/.exec(String(bytes));
        if (found) resolve(found[0]);
      });
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
  }

  const ask = (method: string, address: string, body?: unknown) =>
    fetch(new URL(address, url), {
      method,
      headers: { Authorization: `token ${token}` },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const residentMb = (pid: number) =>
    Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

  function notebook(text: string, count = 1): object {
    const output = (index: number) => ({
      output_type: "stream",
      name: "stdout",
      text: `${index}: ${text}`,
    });
    const cell = (index: number) => ({
      id: `cell-${index}`,
      cell_type: "code",
      source: "1",
      metadata: {},
      execution_count: 1,
      outputs: [output(index)],
    });
    const cells = Array.from({ length: count }, (_, index) => cell(index));
    return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  }

  it(`${kills} times killed (-9) while saving, the notebook is the old or the new one, whole`, async () => {
    const versions = ["a", "b"].map((letter) => notebook(letter.repeat(1 * MB)));
    const file = path.join(root, "saved.ipynb");
    const model = (turn: number) => ({
      type: "notebook",
      format: "json",
      content: versions[turn % 2],
    });
    await ask("PUT", "api/contents/saved.ipynb", model(0));
    let interrupted = 0;
    for (let kill = 0; kill < kills; kill++) {
      let saving = true;
      const saves = (async () => {
        for (let turn = 0; saving; turn++) {
          await ask("PUT", "api/contents/saved.ipynb", model(turn)).catch(() => interrupted++);
        }
      })();
      await delay(60 + ((kill * 37) % 120)); // another moment each time
      child.kill("SIGKILL");
      await once(child, "exit");
      saving = false;
      await saves;
      const [cell] = JSON.parse(fs.readFileSync(file, "utf8")).cells;
      const text: string = [cell.outputs[0].text].flat().join("");
      expect(text, `kill ${kill}`)
        .to.match(/^0: (a+|b+)$/)
        .and.have.lengthOf(MB + 3);
      await start();
    }
    expect(interrupted, "saves cut off").to.be.greaterThan(kills / 2);
    const visible = (await (await ask("GET", "api/contents?content=1")).json()).content;
    expect(visible.map(({ name }: { name: string }) => name)).to.deep.equal(["saved.ipynb"]);
  });

  it("opens and saves a notebook with 100 MB of outputs", async () => {
    const content = notebook("x".repeat(MB), 100);
    const model = { type: "notebook", format: "json", content };
    const began = performance.now();
    expect((await ask("PUT", "api/contents/large.ipynb", model)).status).to.equal(201);
    const saved = performance.now();
    const answer = await (await ask("GET", "api/contents/large.ipynb?content=1&hash=1")).json();
    expect(answer.content.cells).to.have.lengthOf(100);
    const read = performance.now();
    const seconds = (ms: number) => (ms / 1000).toFixed(1);
    console.log(`      saved in ${seconds(saved - began)} s, read in ${seconds(read - saved)} s`);
    expect(fs.statSync(path.join(root, "large.ipynb")).size).to.be.greaterThan(100 * MB);
    fs.rmSync(path.join(root, "large.ipynb"));
  });

  it("lists a folder of 5,000 files within two seconds", async () => {
    fs.mkdirSync(path.join(root, "many"));
    for (let i = 0; i < 5000; i++) fs.writeFileSync(path.join(root, "many", `file-${i}.txt`), "x");
    const began = performance.now();
    const { content } = await (await ask("GET", "api/contents/many?content=1")).json();
    expect(content).to.have.lengthOf(5000);
    console.log(`      ${Math.round(performance.now() - began)} ms`);
    expect(performance.now() - began).to.be.lessThan(2000);
    fs.rmSync(path.join(root, "many"), { recursive: true });
  });

  it("serves others beside 200 connections that send half a request, and slow or broken uploads", async () => {
    const { hostname, port } = new URL(url);
    const open = () => net.connect(Number(port), hostname).on("error", () => {});
    const sockets = Array.from({ length: 200 }, open);
    for (const socket of sockets) socket.write("GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    const uploads = Array.from({ length: 20 }, open);
    for (const socket of uploads)
      socket.write(
        `PUT /api/contents/half.txt HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: token ${token}\r\nContent-Length: 1000000\r\n\r\n{"type":"file","con`,
      );
    await delay(300);
    for (const socket of uploads.slice(0, 10)) socket.destroy();
    const began = performance.now();
    for (let i = 0; i < 20; i++) expect((await ask("GET", "api/status")).status).to.equal(200);
    expect(performance.now() - began).to.be.lessThan(2000);
    for (const socket of [...sockets, ...uploads]) socket.destroy();
    expect((await ask("GET", "api/contents/half.txt")).status).to.equal(404);
  });

  it(`${pupils} notebooks with running kernels for ${classSeconds} s`, async () => {
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: url,
      wsUrl: url.replace("http", "ws"),
      token,
      appendToken: true,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    });
    const kernelManager = new KernelManager({ serverSettings });
    const sessions = new SessionManager({ serverSettings, kernelManager });
    const opened: Session.ISessionConnection[] = [];
    for (let pupil = 0; pupil < pupils; pupil++) {
      const name = `pupil-${pupil}.ipynb`;
      const kernel = { name: "kernelbook" };
      opened.push(await sessions.startNew({ path: name, name, type: "notebook", kernel }));
    }
    const code =
      'import * as torch from "kernelbook";\nlet steps = 0;\nconst x = torch.randn([1, 3, 64, 64]);';
    const step = "steps += 1; new torch.nn.Conv2d(3, 8, 3)(x).relu().sum().item() > 0 && steps";
    const run = async (session: (typeof opened)[number], text: string) => {
      const future = session.kernel!.requestExecute({ code: text });
      let result = "";
      future.onIOPub = ({ header, content }) => {
        const { data, evalue } = content as { data?: Record<string, string>; evalue?: string };
        if (header.msg_type === "execute_result") result = data!["text/plain"]!;
        if (header.msg_type === "error") result = evalue!;
      };
      await future.done;
      return result;
    };
    await Promise.all(opened.map((session) => run(session, code)));
    const until = Date.now() + classSeconds * 1000;
    const counts = await Promise.all(
      opened.map(async (session) => {
        let count = 0;
        while (Date.now() < until) {
          expect(await run(session, step)).to.equal(String(++count));
          await delay(1000);
        }
        return count;
      }),
    );
    const kernels = childrenOf(child.pid!)
      .map(residentMb)
      .filter((size) => size > 1);
    const total = kernels.reduce((sum, size) => sum + size, 0);
    console.log(
      `      ${counts.reduce((a, b) => a + b)} cells; ${kernels.length} processes of kernels, ${Math.round(total)} MB; ` +
        `server ${Math.round(residentMb(child.pid!))} MB`,
    );
    expect(residentMb(child.pid!)).to.be.lessThan(1000);
    for (const session of opened) await session.shutdown();
    sessions.dispose();
    kernelManager.dispose();
    await delay(500);
    expect(childrenOf(child.pid!)).to.deep.equal([]);
  });
});

/** All processes that a process has started, and those that they have started. */
function childrenOf(pid: number): number[] {
  const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  const own = list === "" ? [] : list.split(" ").map(Number);
  return own.flatMap((each) => [each, ...childrenOf(each)]);
}
