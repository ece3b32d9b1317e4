// A port of the connection file that another program has taken meanwhile.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";

async function listen(): Promise<[server: net.Server, port: number]> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return [server, (server.address() as net.AddressInfo).port];
}

describe("a kernel whose port is taken", () => {
  it("says so and ends, instead of waiting unheard", async () => {
    const servers = await Promise.all(Array.from({ length: 5 }, listen));
    const names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
    const info: Record<string, unknown> = { transport: "tcp", ip: "127.0.0.1", key: "key" };
    info.signature_scheme = "hmac-sha256";
    names.forEach((name, i) => (info[name] = servers[i]![1]));
    for (const [server] of servers.slice(1)) server.close();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-ports-"));
    const file = path.join(folder, "connection.json");
    fs.writeFileSync(file, JSON.stringify(info));

    const kernel = spawn(process.execPath, [path.resolve("dist/kernel/main.js"), file]);
    let said = "";
    kernel.stderr.on("data", (bytes: Buffer) => (said += bytes));
    try {
      await once(kernel, "exit");
      expect(said).to.include("cannot be used").and.to.include("in use");
    } finally {
      kernel.kill("SIGKILL");
      servers[0]![0].close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(20_000);
});
