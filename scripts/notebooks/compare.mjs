// Do two runs of a notebook show the same? Text exactly, pictures by the pixel hash in their text; ids of widgets,
// execution counts and timings do not count.

/**
 * The first differences, one line each; empty if there are none. Of cells tagged "timing", and of those tagged "trained" where
 * `alike` is false (another machine's arithmetic), only the kinds of output count.
 */
export function differences(committed, fresh, alike = true) {
  const found = [];
  const [a, b] = [codeCells(committed), codeCells(fresh)];
  if (a.length !== b.length) return [`${a.length} code cells are committed, ${b.length} were run`];
  for (const [i, cell] of a.entries()) {
    const tags = cell.metadata.tags ?? [];
    const strict = !tags.includes("timing") && (alike || !tags.includes("trained"));
    const [before, after] = [shown(cell.outputs, strict), shown(b[i].outputs, strict)];
    if (before !== after) found.push(`cell ${cell.id}: ${firstDifference(before, after)}`);
  }
  return found;
}

function codeCells(notebook) {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

/** What a reader sees of the outputs, as text; if not `strict`, only which kinds of output there are. */
function shown(outputs, strict) {
  const merged = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name
    ) {
      last.text += joined(output.text);
    } else
      merged.push(
        output.output_type === "stream" ? { ...output, text: joined(output.text) } : output,
      );
  }
  return merged.map((output) => describe(output, strict)).join("\n");
}

function describe(output, strict) {
  const kinds = Object.keys(output.data ?? {})
    .filter((mime) => mime !== "application/vnd.jupyter.widget-view+json")
    .sort();
  if (!strict) return `${output.output_type} ${kinds.join(" ")}`;
  if (output.output_type === "stream") return `${output.name}: ${output.text}`;
  if (output.output_type === "error") return `error ${output.ename}: ${output.evalue}`;
  const texts = ["text/plain", "text/markdown", "text/latex"].map((mime) =>
    joined(output.data[mime] ?? ""),
  );
  return `${output.output_type} [${kinds.join(" ")}]\n${texts.join("\n")}`;
}

export function joined(text) {
  return Array.isArray(text) ? text.join("") : text;
}

function firstDifference(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  return `committed ${JSON.stringify(a[line] ?? "(nothing)")}, now ${JSON.stringify(b[line] ?? "(nothing)")}`;
}
