// The connection file: the ports and the key that a Jupyter client made for this kernel.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
import fs from "node:fs";

export interface ConnectionInfo {
  transport: "tcp" | "ipc";
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme: string;
  kernel_name?: string;
}

export type Channel = "shell" | "control" | "stdin" | "iopub" | "hb";

/** @throws Error if the file is missing, is no JSON, or lacks a port. */
export function readConnectionFile(file: string): ConnectionInfo {
  const info = JSON.parse(fs.readFileSync(file, "utf8")) as ConnectionInfo;
  for (const channel of ["shell", "iopub", "stdin", "control", "hb"] as const) {
    if (typeof info[`${channel}_port`] !== "number") {
      throw new Error(`connection file ${file}: ${channel}_port is missing`);
    }
  }
  if (info.key && info.signature_scheme !== "hmac-sha256") {
    throw new Error(
      `connection file ${file}: signature_scheme is ${info.signature_scheme}, not hmac-sha256`,
    );
  }
  return info;
}

/** Where a channel's socket binds, or a client connects: `tcp://127.0.0.1:53211`. */
export function endpoint(info: ConnectionInfo, channel: Channel): string {
  const port = info[`${channel}_port`];
  return info.transport === "ipc" ? `ipc://${info.ip}-${port}` : `tcp://${info.ip}:${port}`;
}
