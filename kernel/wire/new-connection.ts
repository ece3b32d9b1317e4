// What who starts a kernel writes: a connection file with free ports and a key.
import fs from "node:fs";
import net from "node:net";
import type { ConnectionInfo } from "./connection.js";

/** Five free ports, and a key, written to a file that only its owner can read. */
export async function createConnectionFile(
  file: string,
  key: string,
  kernelName: string,
): Promise<ConnectionInfo> {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const info = {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
    key,
    signature_scheme: "hmac-sha256",
    kernel_name: kernelName,
  } as ConnectionInfo;
  fs.writeFileSync(file, JSON.stringify(info, null, 1), { mode: 0o600 });
  return info;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
