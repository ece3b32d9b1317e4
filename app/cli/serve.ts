// kernelbook [folder]: serve the notebooks of a folder and open the browser. The default command.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { HubAuthenticator, hubSettings, type HubSettings } from "../server/security/jupyterhub.js";
import { startServer, type ServerSettings } from "../server/index.js";
import { openBrowser } from "./open-browser.js";
import { refuse } from "./refusal.js";

export const usage = `kernelbook [folder]        open the notebooks of a folder in the browser

  --port <number>          default 8888, or the next free one
  --no-browser             do not open the browser
  --token <text>           the secret that lets you in (default: random; also KERNELBOOK_TOKEN)
  --root <folder>          the folder that is served, as the first argument
  --base-url <path>        the path under which the server lies, such as /user/alice/
  --host <address>         the address to listen on (default 127.0.0.1: only this machine)
  --allow-host <name>      answer to this host name too (may be repeated)
  --allow-origin <origin>  let pages of this origin call the API (may be repeated)
  --cull-idle <seconds>    shut down kernels that were idle for so long (default: never)
  --cull-connected         also those of notebooks that are open in a browser
  --default-kernel <name>  for notebooks that name none (default: kernelbook)

Other commands, each with --help: install, uninstall and list (the kernel in other Jupyter programs), run (a notebook,
without a page), export (to HTML), docs (the reference), doctor (what is wrong here?).`;

const options = {
  port: { type: "string" },
  "no-browser": { type: "boolean" },
  token: { type: "string" },
  root: { type: "string" },
  "base-url": { type: "string" },
  host: { type: "string" },
  ip: { type: "string" },
  "allow-host": { type: "string", multiple: true },
  "allow-origin": { type: "string", multiple: true },
  "cull-idle": { type: "string" },
  "cull-connected": { type: "boolean" },
  "default-kernel": { type: "string" },
} as const;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.length > 1) refuse(`one folder can be served; got ${positionals.join(", ")}`);

  const folder = values.root ?? positionals[0] ?? defaultFolder();
  if (!fs.existsSync(folder)) refuse(`there is no folder ${folder}`);
  const isFile = fs.statSync(folder).isFile(); // `kernelbook chapter/01.ipynb` opens that notebook
  const token = values.token ?? process.env.KERNELBOOK_TOKEN;
  const settings: Partial<ServerSettings> = {
    rootDir: isFile ? path.dirname(path.resolve(folder)) : folder,
    ...(isFile && { defaultUrl: `/notebooks/${encodeURIComponent(path.basename(folder))}` }),
    ...(values.port && { port: wholeNumber("port", values.port, 65_535), portRetries: 0 }),
    ...(token !== undefined && { token }),
    ...(values["base-url"] && { baseUrl: values["base-url"] }),
    ...((values.host ?? values.ip) && { host: values.host ?? values.ip! }),
    ...(values["allow-host"] && { allowedHosts: values["allow-host"] }),
    ...(values["allow-origin"] && { allowedOrigins: values["allow-origin"] }),
    ...(values["default-kernel"] && { defaultKernel: values["default-kernel"] }),
    ...(values["cull-connected"] && { cullConnected: true }),
    ...(values["cull-idle"] && {
      cullIdleSeconds: wholeNumber("cull-idle", values["cull-idle"], 1e9),
    }),
  };

  const hub = hubSettings();
  if (hub) Object.assign(settings, underHub(hub));
  const authenticator = hub ? new HubAuthenticator(hub) : undefined;
  const server = await startServer(settings, authenticator).catch((error: NodeJS.ErrnoException) =>
    refuse(explain(error, settings)),
  );
  const { token: secret, rootDir } = server.settings;
  const address = secret && !hub ? `${server.url}?token=${secret}` : server.url;
  console.log(`Serving ${rootDir}\n\n  ${address}\n\nCtrl+C ends it, together with its kernels.`);
  if (!secret && !hub) console.log("Everybody on this machine can use it: the token is empty.");
  if (!values["no-browser"] && !hub) openBrowser(address);
  endOnSignal(() => server.close());
}

/** JupyterHub says where we listen, and its proxy brings all hosts' requests. */
function underHub({ host, port, prefix }: HubSettings): Partial<ServerSettings> {
  return { host, port, portRetries: 0, baseUrl: prefix, allowedHosts: ["*"] };
}

/** The study notebooks when run from this repository, else the current folder. */
function defaultFolder(): string {
  if (process.env.JUPYTERHUB_ROOT_DIR) return process.env.JUPYTERHUB_ROOT_DIR;
  const notebooks = path.resolve("notebooks");
  const own =
    fs.existsSync("package.json") && JSON.parse(fs.readFileSync("package.json", "utf8")).name;
  return own === "kernelbook" && fs.existsSync(notebooks) ? notebooks : process.cwd();
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    refuse(`--${name} is ${text}; a whole number from 0 to ${most} is needed`);
  }
  return value;
}

function explain(error: NodeJS.ErrnoException, { port = 8888 }: Partial<ServerSettings>): string {
  if (error.code === "EADDRINUSE") {
    return `port ${port} is taken by another program; choose another with --port, or leave --port out`;
  }
  if (error.code === "EACCES")
    return `port ${port} needs more rights than you have; choose one above 1023`;
  return error.message;
}

/** The first signal ends it properly, a second one at once. */
function endOnSignal(close: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) process.exit(130);
    ending = true;
    console.log("\nShutting down the kernels …");
    void close().then(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
}
