// A server for a test: a temporary folder, a token, a client that sends it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startServer, type RunningServer, type ServerSettings } from "../../app/server/index.js";

export interface Serving {
  server: RunningServer;
  /** The served folder. */
  root: string;
  /** Ask with the token. `body` is sent as JSON. */
  ask(
    method: string,
    address: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>;
  end(): Promise<void>;
}

export const token = "the-token-of-the-test";

export async function serve(given: Partial<ServerSettings> = {}): Promise<Serving> {
  const place = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-test-")));
  const root = path.join(place, "root");
  fs.mkdirSync(root);
  const log: string[] = [];
  const server = await startServer({
    rootDir: root,
    stateDir: path.join(place, "state"),
    port: 0,
    token,
    log: (line) => log.push(line),
    ...given,
  });
  return {
    server,
    root,
    ask: (method, address, body, headers = {}) =>
      fetch(new URL(address.replace(/^\//, ""), server.url), {
        method,
        redirect: "manual",
        headers: { Authorization: `token ${token}`, ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    async end() {
      await server.close();
      fs.rmSync(place, { recursive: true, force: true });
    },
  };
}
