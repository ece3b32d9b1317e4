// What a server is told when it starts; everything has a default.
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export interface ServerSettings {
  /** The folder that is served. */
  rootDir: string;
  /** Default 8888; the next free one is taken if it is in use and `portRetries` allows. */
  port: number;
  /** How many further ports to try. Default 50. */
  portRetries: number;
  /** The address to listen on. Default 127.0.0.1: only this machine. */
  host: string;
  /** The secret that lets a person in; "" lets everybody in. Default: random. */
  token: string;
  /** Begins and ends with a slash. */
  baseUrl: string;
  /** Where settings, workspaces, signatures and the cookie secret are kept. */
  stateDir: string;
  /** The built page. */
  webDir: string;
  /** The reference of the library. */
  docsDir: string;
  /** Host names under which the server may be asked, beside this machine's own. "*": any. */
  allowedHosts: string[];
  /** Further origins that may call the API from a browser. */
  allowedOrigins: string[];
  /** Seconds without activity after which a kernel is shut down; 0: never. */
  cullIdleSeconds: number;
  /** Cull a kernel to which a page is connected as well. Default false. */
  cullConnected: boolean;
  /** The longest body of a request, in bytes. Default 512 MiB, as jupyter_server. */
  maxBodyBytes: number;
  /** The page that "/" leads to. */
  defaultUrl: string;
  /** Kernel used where a notebook names none. */
  defaultKernel: string;
  log: (line: string) => void;
}

export function completeSettings(given: Partial<ServerSettings>): ServerSettings {
  const packageDir = path.resolve(fileURLToPath(import.meta.url), "../../../..");
  const settings: ServerSettings = {
    rootDir: process.cwd(),
    port: 8888,
    portRetries: 50,
    host: "127.0.0.1",
    token: randomBytes(24).toString("hex"),
    baseUrl: "/",
    stateDir: defaultStateDir(),
    webDir: path.join(packageDir, "dist/web"),
    docsDir: path.join(packageDir, "dist/docs"),
    allowedHosts: [],
    allowedOrigins: [],
    cullIdleSeconds: 0,
    cullConnected: false,
    maxBodyBytes: 512 * 2 ** 20,
    defaultUrl: "/tree",
    defaultKernel: "kernelbook",
    log: (line) => console.error(line),
    ...given,
  };
  settings.rootDir = fs.realpathSync(settings.rootDir);
  settings.baseUrl = `/${settings.baseUrl.replace(/^\/+|\/+$/g, "")}/`.replace("//", "/");
  return settings;
}

/** KERNELBOOK_DATA_DIR, or the platform's folder for a program's data. */
function defaultStateDir(): string {
  const home = os.homedir();
  if (process.env.KERNELBOOK_DATA_DIR) return process.env.KERNELBOOK_DATA_DIR;
  if (process.platform === "darwin")
    return path.join(home, "Library/Application Support/kernelbook");
  if (process.platform === "win32") {
    return path.join(process.env.APPDATA ?? path.join(home, "AppData/Roaming"), "kernelbook");
  }
  return path.join(process.env.XDG_DATA_HOME ?? path.join(home, ".local/share"), "kernelbook");
}
