// kernel_info_request, connect_request: what this kernel is, and where.
import fs from "node:fs";
import path from "node:path";
import { protocolVersion } from "../protocol/message.js";
import type { Io, Request } from "../io/io.js";

export function kernelInfo(io: Io, request: Request): void {
  const { version } = JSON.parse(fs.readFileSync(path.join(io.home, "package.json"), "utf8"));
  io.reply(request, "kernel_info_reply", {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "kernelbook",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: "6.0.3",
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `kernelbook ${version}: TypeScript on Node ${process.version}`,
    debugger: true,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
    ],
    supported_features: ["kernel subshells", "debugger"],
  });
}

export function connect(io: Io, request: Request): void {
  const { shell_port, iopub_port, stdin_port, hb_port, control_port } = io.sockets.info;
  io.reply(request, "connect_reply", {
    status: "ok",
    shell_port,
    iopub_port,
    stdin_port,
    hb_port,
    control_port,
  });
}
