// The I/O worker: everything that a Jupyter client sees, alive while the learner's code runs.
import fs from "node:fs";
import { workerData } from "node:worker_threads";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FromMain, WorkerData } from "../bridge.js";
import { forwardComm } from "../handlers/comm.js";
import { handle } from "../handlers/table.js";
import { end } from "../handlers/shutdown.js";
import { makeSnapshot } from "../language/snapshot.js";
import { readConnectionFile } from "../wire/connection.js";
import { Questions } from "./input.js";
import { Io } from "./io.js";
import { LastWords } from "./last-words.js";
import { MainThread } from "./main-thread.js";

const { connectionFile, flags: shared, heapLimit, folder, inputPort } = workerData as WorkerData;
const home = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const lastWords = new LastWords(connectionFile);
const main = new MainThread(shared, heapLimit, (rss) => lastWords.grown(rss));
const questions = new Questions(inputPort, shared);
const io = new Io(readConnectionFile(connectionFile), home, folder, main, lastWords, (request) => {
  if (request.channel === "stdin") questions.reply(io, request);
  else handle(io, request);
});

// A fault here must not take the learner's variables along.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => console.error("kernelbook kernel:", error));
}
main.listen((message) => heard(message));
try {
  await io.sockets.bind();
} catch (error) {
  const { message } = error as Error;
  fs.writeSync(2, `kernelbook kernel: a port of ${connectionFile} cannot be used: ${message}\n`);
  process.kill(process.pid, "SIGKILL"); // whoever started it may try other ports; alive it would never be heard
}
io.status("starting", {});
watchParent();
void warmUp();

function heard(message: FromMain): void {
  switch (message.type) {
    case "stream":
      io.streams.write(message.parent, message.name, message.text);
      break;
    case "publish": {
      const { msgType, content, metadata, buffers, parent } = message;
      if (msgType.startsWith("comm_")) forwardComm(io, msgType, content as { comm_id: string });
      io.publish(msgType, content, io.parentOf(parent), metadata, buffers);
      break;
    }
    case "input":
      questions.ask(io, message);
      break;
    case "input-over":
      questions.withdraw(io, message.token);
      break;
    case "comm-served":
      io.status("idle", io.parentOf(message.parent));
      io.sockets.letGoPublished();
      break;
    case "exit":
      void end(io, message.code);
  }
}

/** When the server that started the kernel is gone, so is the kernel. */
function watchParent(): void {
  const parent = Number(process.env.JPY_PARENT_PID ?? 0);
  if (!parent) return;
  const alive = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") return;
      clearInterval(alive);
      void end(io, 0);
    }
  }, 1000);
  alive.unref();
}

/** The first kernel of a new installation makes the snapshot for those after it. */
async function warmUp(): Promise<void> {
  if (process.env.KERNELBOOK_SNAPSHOT === "0") return;
  await io.language.ask("isComplete", "1").catch(() => {}); // it is started again
  await makeSnapshot(home).catch(() => {}); // a read-only home: every start takes a second longer
}
