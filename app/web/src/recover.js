// When a notebook is opened again while its kernel still runs, or after the server died: ask the server
// which outputs came since the notebook was saved, show them, and follow the cells that still run.
import { URLExt } from "@jupyterlab/coreutils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { ServerConnection } from "@jupyterlab/services";

export const recoverPlugin = {
  id: "kernelbook:recover",
  description: "Brings back outputs that came while the page was away.",
  requires: [INotebookTracker],
  autoStart: true,
  activate(_app, tracker) {
    tracker.widgetAdded.connect((_, panel) => {
      void recover(panel).catch((error) =>
        console.warn("kernelbook: could not recover outputs", error),
      );
    });
  },
};

async function recover(panel) {
  await panel.context.ready;
  await panel.revealed;
  await Promise.race([panel.sessionContext.ready, afterMs(5000)]);

  // Listen first, then ask: what comes between the two is kept, and what the answer has is skipped.
  const { kernel } = panel.sessionContext.session ?? {};
  const waiting = [];
  let take = (message) => waiting.push(message);
  const listen = (_, message) => take(message);
  kernel?.iopubMessage.connect(listen);
  // What this page itself has run, it follows itself.
  const executions = (await fetchExecutions(panel.context.path)).filter(
    (execution) => execution.session !== kernel?.clientId,
  );

  const runs = new Map();
  for (const execution of executions) {
    const cell = findCell(panel, execution);
    if (!cell || panel.isDisposed) continue;
    cell.sharedModel.setOutputs?.(execution.outputs);
    cell.model.executionCount = execution.execution_count;
    if (execution.running && kernel) {
      cell.model.executionState = "running";
      runs.set(execution.msg_id, new RunningCell(cell.model));
    }
  }
  take = (message) => {
    const run = runs.get(message.parent_header.msg_id);
    if (!run) return;
    run.take(message);
    if (run.done) runs.delete(message.parent_header.msg_id);
    if (runs.size === 0) kernel?.iopubMessage.disconnect(listen);
  };
  const seen = new Map(executions.map((execution) => [execution.msg_id, execution.last_msg_id]));
  for (const message of unseen(waiting, seen)) take(message);
  if (runs.size === 0) kernel?.iopubMessage.disconnect(listen);
}

/** For each run, the messages after the last one that the server's answer contains. */
function unseen(messages, seen) {
  const fresh = [];
  for (const message of [...messages].reverse()) {
    const parent = message.parent_header.msg_id;
    if (seen.get(parent) === null) continue;
    if (message.header.msg_id === seen.get(parent)) seen.set(parent, null);
    else fresh.unshift(message);
  }
  return fresh;
}

/** The cell that was run, unless it has been changed since. */
function findCell(panel, { cell_id, source }) {
  const cell = panel.content.widgets.find(({ model }) => model.id === cell_id);
  if (cell?.model.type !== "code" || cell.model.sharedModel.getSource() !== source)
    return undefined;
  return { model: cell.model, sharedModel: cell.model.sharedModel };
}

class RunningCell {
  done = false;

  constructor(model) {
    this.model = model;
  }

  take({ header, content }) {
    const { outputs } = this.model;
    switch (header.msg_type) {
      case "execute_input":
        this.model.executionCount = content.execution_count;
        this.model.executionState = "running";
        break;
      case "stream":
      case "display_data":
      case "execute_result":
      case "error": {
        const { transient: _transient, ...output } = content;
        outputs.add({ output_type: header.msg_type, ...output });
        break;
      }
      case "clear_output":
        outputs.clear(content.wait);
        break;
      case "status":
        if (content.execution_state !== "idle") break;
        this.done = true;
        this.model.executionState = "idle";
    }
  }
}

async function fetchExecutions(path) {
  const settings = ServerConnection.makeSettings();
  const address = URLExt.join(settings.baseUrl, "api/kernelbook/executions");
  const query = URLExt.objectToQueryString({ path });
  const response = await ServerConnection.makeRequest(address + query, {}, settings);
  return response.ok ? (await response.json()).executions : [];
}

const afterMs = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
