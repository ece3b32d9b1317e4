// execute_request: check the types, run the cell, say what came of it.
import type { CellScript, Outcome } from "../bridge.js";
import type { ErrorContent, ExecuteRequest } from "../protocol/message.js";
import type { Io, Request, Work } from "../io/io.js";
import { diagnosticsError } from "./diagnostics-error.js";
import { isLineMagic, runMagic } from "./magics/run.js";
import { splitCell, type Knows, type Magic, type Step, type Timing } from "./magics/split.js";
import { Queue } from "./queue.js";

/** One line of cells for the shell, and one for each subshell; by the subshell's id. */
const lines = new WeakMap<Io, Map<string, Queue>>();

function queueOf(io: Io, subshell: string): Queue {
  let queues = lines.get(io);
  if (!queues) lines.set(io, (queues = new Map()));
  let queue = queues.get(subshell);
  if (!queue) {
    queue = new Queue(
      (request, failed) => run(io, request as Request<ExecuteRequest>, failed),
      (request) => abort(io, request),
    );
    queues.set(subshell, queue);
  }
  return queue;
}

export function execute(io: Io, request: Request<ExecuteRequest>): void {
  const { subshell_id } = request.message.header;
  // A subshell that was deleted meanwhile: its cells wait with the others.
  const line = subshell_id && io.subshells.has(subshell_id) ? subshell_id : "";
  queueOf(io, line).push(request);
}

/** @param failed to be called with the time at which an error was published that aborts the cells that wait */
async function run(
  io: Io,
  request: Request<ExecuteRequest>,
  failed: (errorAt: number) => void,
): Promise<void> {
  const { header, content } = request.message;
  const { silent = false, allow_stdin = false, stop_on_error = true } = content;
  const code = String(content.code ?? "");
  const store = content.store_history ?? !silent;
  const expressions = content.user_expressions ?? {};
  io.status("busy", header);
  const blank = code.trim() === "";
  if (store && !silent && !blank) io.executionCount++;
  const count = io.executionCount;
  if (!silent) io.publish("execute_input", { code, execution_count: count }, header);
  const entry = store && !silent && !blank ? io.history.add(count, code) : undefined;
  if (allow_stdin) io.askers.set(header.msg_id, request);

  let error: ErrorContent | undefined;
  let values: Record<string, unknown> = {};
  const payload: object[] = [];
  if (io.obituary && !silent) {
    io.streams.write(header.msg_id, "stderr", `kernelbook: ${io.obituary}\n`);
    io.obituary = undefined;
  }
  io.lastWords.begin(count);
  const work: Work = { phase: "checking" };
  io.works.add(work);
  try {
    const steps = blank ? [] : await splitCell(code, knowledge(io));
    const names = Object.keys(expressions);
    const isCode = (step: Step | undefined) => step !== undefined && "code" in step;
    if (names.length > 0 && !isCode(steps.at(-1))) steps.push({ code: "" });
    for (const [index, step] of steps.entries()) {
      if (isStopped(work)) throw new Error(stopped.evalue);
      if ("magic" in step) {
        await magicStep(io, request, step.magic, payload);
        continue;
      }
      const isLast = index === steps.length - 1;
      work.phase = "checking";
      const done = await checkAndRun(io, request, work, step, count, isLast ? expressions : {});
      if (done.status === "error") {
        error = done.error;
        break;
      }
      if (!isLast) continue;
      values = done.expressions;
      if (!done.result || silent) continue;
      const { data, metadata } = done.result;
      io.publish("execute_result", { execution_count: count, data, metadata }, header);
      if (entry) entry.output = data["text/plain"] as string | undefined;
    }
  } catch (cause) {
    error = isStopped(work) ? stopped : plainError(cause as Error);
  }
  io.works.delete(work);
  io.lastWords.end();
  io.askers.delete(header.msg_id);

  const errorAt = Date.now();
  if (error && !silent) io.publish("error", error, header);
  io.streams.flush();
  if (error && stop_on_error) {
    // What was sent before the client knew is here before it gets the reply, and sends another.
    await new Promise((resolve) => setImmediate(resolve));
    failed(errorAt);
  }
  const reply = error
    ? { status: "error", execution_count: count, ...error, user_expressions: {}, payload }
    : { status: "ok", execution_count: count, user_expressions: values, payload };
  io.reply(request, "execute_reply", reply);
  io.status("idle", header);
}

async function magicStep(
  io: Io,
  request: Request<ExecuteRequest>,
  magic: Magic,
  payload: object[],
): Promise<void> {
  const { header, content } = request.message;
  const made = await runMagic(io, magic, header.msg_id);
  if (made.text) io.streams.write(header.msg_id, "stdout", made.text);
  if (made.display && !content.silent)
    io.publish("display_data", { data: made.display, metadata: {}, transient: {} }, header);
  if (made.payload) payload.push(made.payload);
}

function knowledge(io: Io): Knows {
  return {
    isWhole: async (text) => (await io.language.ask("isComplete", text)).status === "complete",
    isName: async (name) => (await io.language.ask("inspect", name, name.length)) !== null,
    isMagic: isLineMagic,
  };
}

async function checkAndRun(
  io: Io,
  request: Request<ExecuteRequest>,
  work: Work,
  { code, timing }: { code: string; timing?: Timing },
  count: number,
  wanted: Record<string, string>,
): Promise<Outcome> {
  if (code.trim() === "" && Object.keys(wanted).length === 0)
    return { status: "ok", expressions: {} };
  const checked = await io.language.ask("check", code, count);
  if (!checked.ok)
    return { status: "error", error: diagnosticsError(code, count, checked.diagnostics) };

  if (isStopped(work)) return { status: "error", error: stopped };
  work.phase = "running";
  const parent = request.message.header.msg_id;
  if (checked.warning) io.streams.write(parent, "stderr", `kernelbook: ${checked.warning}\n`);
  const { silent = false, allow_stdin = false } = request.message.content;
  const common = { parent, cell: count, silent, allowStdin: allow_stdin };
  const script = await io.debugger.aboutToRun(checked.script, String(request.message.content.code));
  const ran = await io.main.run({ ...common, script, expressions: {}, timing });
  const { outcome, assigned } = ran;
  await io.language.ask("commit", count, outcome.status === "ok" ? undefined : assigned);
  const names = Object.keys(wanted);
  if (outcome.status === "error" || names.length === 0) return outcome;

  // user_expressions see what the cell declared.
  const scripts: Record<string, CellScript | ErrorContent> = {};
  for (const name of names) {
    const source = String(wanted[name]);
    const answer = await io.language.ask("check", source, count);
    scripts[name] = answer.ok ? answer.script : diagnosticsError(source, count, answer.diagnostics);
  }
  const nothing = { ...checked.script, code: "(async()=>{})" };
  const after = await io.main.run({ ...common, script: nothing, expressions: scripts });
  const expressions = after.outcome.status === "ok" ? after.outcome.expressions : {};
  return { ...outcome, expressions };
}

/** By an interrupt that came while the cell was not with the main thread. */
function isStopped({ phase }: Work): boolean {
  return phase === "stopped";
}

function plainError({ name, message }: Error): ErrorContent {
  return { ename: name, evalue: message, traceback: [`\x1b[31m${name}\x1b[0m: ${message}`] };
}

const stopped: ErrorContent = {
  ename: "KeyboardInterrupt",
  evalue: "stopped by the reader",
  traceback: ["\x1b[31mKeyboardInterrupt\x1b[0m: stopped by the reader"],
};

function abort(io: Io, request: Request): void {
  const { header } = request.message;
  io.status("busy", header);
  io.reply(request, "execute_reply", { status: "aborted", execution_count: io.executionCount });
  io.status("idle", header);
}
