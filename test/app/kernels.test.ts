// JupyterLab's own client against our server and our kernel.
import {
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  SessionManager,
} from "@jupyterlab/services";
import type { Kernel, Session } from "@jupyterlab/services";
import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { WebSocket } from "ws";
import { serve, token, type Serving } from "./serving.js";

describe("kernels and sessions, as @jupyterlab/services uses them", function () {
  this.timeout(60_000);
  let serving: Serving;
  let settings: ServerConnection.ISettings;
  let kernels: KernelManager;
  let sessions: SessionManager;
  let session: Session.ISessionConnection;
  let kernel: Kernel.IKernelConnection;

  before(async () => {
    serving = await serve();
    fs.writeFileSync(path.join(serving.root, "a.ipynb"), "{}");
    settings = connection();
    kernels = new KernelManager({ serverSettings: settings });
    sessions = new SessionManager({ serverSettings: settings, kernelManager: kernels });
    session = await sessions.startNew({
      path: "a.ipynb",
      type: "notebook",
      name: "",
      kernel: { name: "kernelbook" },
    });
    kernel = session.kernel!;
  });
  after(async () => {
    session?.dispose();
    sessions?.dispose();
    kernels?.dispose();
    await serving.end();
  });

  function connection(): ServerConnection.ISettings {
    const url = serving.server.url;
    return ServerConnection.makeSettings({
      baseUrl: url,
      wsUrl: url.replace("http", "ws"),
      token,
      appendToken: true,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    });
  }

  /** Run code; gives the text that it printed and its result, and the reply's status. */
  async function run(code: string, on = kernel): Promise<{ text: string; status: string }> {
    const future = on.requestExecute({ code });
    let text = "";
    future.onIOPub = ({ header, content }) => {
      const given = content as { text?: string; data?: Record<string, string> };
      if (header.msg_type === "stream") text += given.text;
      if (header.msg_type === "execute_result") text += given.data!["text/plain"];
    };
    const reply = await future.done;
    return { text, status: (reply?.content as { status: string }).status };
  }

  it("offers our kernel without its being installed", async () => {
    const specs = new KernelSpecManager({ serverSettings: settings });
    await specs.ready;
    expect(specs.specs!.default).to.equal("kernelbook");
    expect(specs.specs!.kernelspecs.kernelbook!.language).to.equal("typescript");
    specs.dispose();
  });

  it("runs code and gives the result", async () => {
    expect((await kernel.info).language_info.name).to.match(/typescript/i);
    expect(await run("const first = 20; first + 22")).to.deep.equal({ text: "42", status: "ok" });
  });

  it("the same notebook opened again has the same kernel", async () => {
    const again = await sessions.startNew({
      path: "a.ipynb",
      type: "notebook",
      name: "",
      kernel: { name: "kernelbook" },
    });
    expect(again.kernel!.id).to.equal(kernel.id);
    expect(await run("first", again.kernel!)).to.include({ text: "20" });
    again.dispose();
  });

  it("a page that lost its connection hears what it missed", async () => {
    const future = kernel.requestExecute({
      code: "for (let i = 0; i < 5; i++) { console.log(i); await new Promise((r) => setTimeout(r, 200)); }",
    });
    let text = "";
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "stream") text += (content as { text: string }).text;
    };
    await new Promise((resolve) => setTimeout(resolve, 300));
    (kernel as unknown as { _ws: WebSocket })._ws.terminate();
    await future.done;
    expect(text).to.equal("0\n1\n2\n3\n4\n");
  });

  it("interrupt ends an endless loop and keeps the state", async () => {
    const endless = run("for (;;) {}");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await kernel.interrupt();
    expect((await endless).status).to.equal("error");
    expect(await run("first")).to.include({ text: "20" });
  });

  it("restart forgets, and the connection stays", async () => {
    await kernel.restart();
    expect((await run("typeof first")).status).to.equal("error"); // TypeScript knows no `first` now
    expect(await run("1 + 1")).to.include({ text: "2" });
  });

  it("a kernel that dies comes back by itself, and says so", async () => {
    const states: string[] = [];
    const note = (_: unknown, state: string) => void states.push(state);
    kernel.statusChanged.connect(note);
    kernel.requestExecute({ code: "process.kill(process.pid, 'SIGKILL')" }).done.catch(() => {});
    for (let i = 0; i < 200 && !states.includes("idle"); i++)
      await new Promise((r) => setTimeout(r, 100));
    expect(states).to.include("autorestarting");
    kernel.statusChanged.disconnect(note);
    expect((await run("2 + 2")).text).to.match(/the one before ended in cell \[\d+\][^]*\n4$/);
    expect(await run("2 + 2")).to.include({ text: "4" });
  });

  it("renames the session with its notebook, and shuts down", async () => {
    await session.setPath("b.ipynb");
    const [model] = await (await serving.ask("GET", "/api/sessions")).json();
    expect(model).to.include({ path: "b.ipynb" });
    await session.shutdown();
    expect(await (await serving.ask("GET", "/api/kernels")).json()).to.deep.equal([]);
  });

  it("answers questions about what is not there as jupyter_server does", async () => {
    const cases: [string, string, unknown, number][] = [
      ["GET", "/api/kernels/none", undefined, 404],
      ["DELETE", "/api/kernels/none", undefined, 404],
      ["POST", "/api/kernels/none/interrupt", undefined, 404],
      ["GET", "/api/sessions/none", undefined, 404],
      ["POST", "/api/sessions", undefined, 400],
      ["POST", "/api/sessions", { type: "notebook" }, 400],
      [
        "POST",
        "/api/sessions",
        { path: "x.ipynb", type: "notebook", kernel: { name: "no-such" } },
        501,
      ],
      ["GET", "/api/kernelspecs/no-such", undefined, 404],
    ];
    for (const [method, address, body, status] of cases) {
      const answer = await serving.ask(method, address, body);
      expect(answer.status, `${method} ${address}`).to.equal(status);
      expect(await answer.json()).to.include.keys("message");
    }
  });
});
