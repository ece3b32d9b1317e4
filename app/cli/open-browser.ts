// Show an address to the person at this machine.
import { spawn } from "node:child_process";

export function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", address]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler", address]
        : ["xdg-open", address];
  spawn(command!, args, { stdio: "ignore", detached: true })
    .on("error", () => console.log("Could not open the browser: open the address above yourself."))
    .unref();
}
