// The Korean edition: the English notebook's cells and outputs, with the texts of notebooks/ko/text/NN-name.md.
// A text belongs to the markdown cell whose id stands above it: <!-- cell: id -->. Code is never written twice.

const PYTORCH_LEAD = "파이토치로는 이렇게 쓰고, 출력도 같습니다.";

/**
 * The notebook in Korean.
 * @throws Error if a markdown cell has no text, or a text no cell.
 */
export function inKorean(notebook, markdown, name) {
  const texts = new Map(
    [
      ...markdown.matchAll(/<!-- cell: (\S+) -->\n+([\s\S]*?)(?=\n*<!-- cell: |\n*$(?![\s\S]))/g),
    ].map((m) => [m[1], m[2]]),
  );
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "markdown") return withKoreanPaths(cell);
    const source = cell.source.join("");
    if (cell.metadata.tags?.includes("pytorch"))
      return { ...cell, source: lines(source.replace(/^.*$/m, PYTORCH_LEAD)) };
    const text = texts.get(cell.id);
    if (text === undefined)
      throw new Error(`${name}: the Korean edition has no text for the cell ${cell.id}`);
    texts.delete(cell.id);
    return { ...cell, source: lines(text) };
  });
  if (texts.size > 0)
    throw new Error(`${name}: Korean texts without a cell: ${[...texts.keys()].join(", ")}`);
  return { ...notebook, cells };
}

/** The data lies beside the English notebooks, one folder up. */
function withKoreanPaths(cell) {
  return { ...cell, source: cell.source.map((line) => line.replaceAll('"data/', '"../data/')) };
}

function lines(text) {
  return text.split(/(?<=\n)/);
}
