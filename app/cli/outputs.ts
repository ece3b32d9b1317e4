// iopub messages -> the outputs of a cell, as nbformat keeps them.
export interface Output {
  output_type: string;
  [field: string]: any;
}

export function addOutput(
  outputs: Output[],
  type: string,
  content: Record<string, any>,
  displays: Map<string, Output[]>,
): void {
  if (type === "stream") addStream(outputs, content);
  else if (type === "error") {
    const { ename, evalue, traceback } = content;
    push({ output_type: "error", ename, evalue, traceback });
  } else if (type === "execute_result") {
    const { execution_count, data, metadata } = content;
    push({ output_type: "execute_result", execution_count, data, metadata });
  } else if (type === "display_data") {
    const { data, metadata, transient } = content;
    const output = { output_type: "display_data", data, metadata };
    push(output);
    const id = transient?.display_id;
    if (id) displays.set(id, [...(displays.get(id) ?? []), output]);
  } else if (type === "update_display_data") {
    const { data, metadata, transient } = content;
    for (const output of displays.get(transient?.display_id) ?? []) {
      Object.assign(output, { data, metadata });
    }
  } else if (type === "clear_output") {
    if (content.wait) clearLater.add(outputs);
    else outputs.length = 0;
  }

  function push(output: Output): void {
    clearNow(outputs);
    outputs.push(output);
  }
}

const clearLater = new WeakSet<Output[]>();

function clearNow(outputs: Output[]): void {
  if (clearLater.delete(outputs)) outputs.length = 0;
}

function addStream(outputs: Output[], { name, text }: Record<string, any>): void {
  clearNow(outputs);
  const last = outputs.at(-1);
  if (last?.output_type === "stream" && last.name === name) last.text += text;
  else outputs.push({ output_type: "stream", name, text });
}
