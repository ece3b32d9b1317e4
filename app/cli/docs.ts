// kernelbook docs: open the reference of the library in the browser.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { completeSettings } from "../server/settings.js";
import { openBrowser } from "./open-browser.js";
import { refuse } from "./refusal.js";

export const usage = `kernelbook docs          open the reference of the library in the browser

  --no-browser             only say where it lies`;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { "no-browser": { type: "boolean" } } });
  const file = path.join(completeSettings({}).docsDir, "index.html");
  if (!fs.existsSync(file)) refuse(`${file} is not there: run \`npm run build\``);
  const address = String(pathToFileURL(file));
  console.log(address);
  if (!values["no-browser"]) openBrowser(address);
}
