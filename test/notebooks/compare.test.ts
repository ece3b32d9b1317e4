import { expect } from "chai";
import path from "node:path";
import { pathToFileURL } from "node:url";

interface Cell {
  cell_type: string;
  id: string;
  metadata: { tags?: string[] };
  source: string[];
  outputs?: object[];
}

const load = (file: string) =>
  import(pathToFileURL(path.resolve("scripts/notebooks", file)).href) as Promise<any>;
const code = (outputs: object[], ...tags: string[]): Cell => ({
  cell_type: "code",
  id: "a",
  metadata: tags.length > 0 ? { tags } : {},
  source: ["x"],
  outputs,
});
const notebook = (...cells: Cell[]) => ({ cells, metadata: {} });
const text = (value: string) => ({
  output_type: "execute_result",
  data: { "text/plain": [value] },
  metadata: {},
});
const picture = (hash: string) => ({
  output_type: "display_data",
  data: { "text/plain": [`image\n`, `pixels 2×2, sha256 ${hash}`], "image/png": "AAAA" },
  metadata: {},
});
const said = (line: string) => ({ output_type: "stream", name: "stdout", text: line });

describe("the comparison of notebooks", () => {
  let differences: (a: object, b: object, alike?: boolean) => string[];

  before(async () => {
    ({ differences } = await load("compare.mjs"));
  });

  it("finds a changed text, number, line, error, picture, kind, missing output and missing cell", () => {
    const error = { output_type: "error", ename: "ShapeError", evalue: "x", traceback: [] };
    const pairs: [object[], object[]][] = [
      [[text("tensor([1.])")], [text("tensor([1.0001])")]],
      [[picture("aaaa")], [picture("bbbb")]],
      [[said("a\n")], [said("b\n")]],
      [[error], [{ ...error, evalue: "y" }]],
      [[error], []],
      [[text("a"), text("b")], [text("a")]],
      [[text("a")], [said("a")]],
    ];
    for (const [before, after] of pairs) {
      expect(differences(notebook(code(before)), notebook(code(after)))).to.have.length(1);
      expect(differences(notebook(code(before)), notebook(code(before)))).to.deep.equal([]);
    }
    expect(differences(notebook(code([]), code([])), notebook(code([])))).to.have.length(1);
  });

  it("does not mind how a text is cut into lines and streams", () => {
    const a = notebook(code([said("a\n"), said("b\n")]));
    expect(differences(a, notebook(code([said("a\nb\n")])))).to.deep.equal([]);
  });

  it("asks of a timed cell only the kinds of output, and of a trained one on other arithmetic", () => {
    const [a, b] = [[text("0.91")], [text("0.92")]];
    expect(differences(notebook(code(a, "timing")), notebook(code(b, "timing")))).to.have.length(0);
    expect(differences(notebook(code(a, "trained")), notebook(code(b, "trained")))).to.have.length(
      1,
    );
    expect(
      differences(notebook(code(a, "trained")), notebook(code(b, "trained")), false),
    ).to.have.length(0);
    expect(
      differences(notebook(code(a, "trained")), notebook(code([], "trained")), false),
    ).to.have.length(1);
  });
});

describe("the Korean edition", () => {
  const markdown = (id: string): Cell => ({
    cell_type: "markdown",
    id,
    metadata: {},
    source: ["English"],
  });
  let inKorean: (notebook: object, texts: string, name: string) => { cells: Cell[] };

  before(async () => {
    ({ inKorean } = await load("korean.mjs"));
  });

  it("takes the code as it is and the texts of the same cells", () => {
    const korean = inKorean(
      notebook(markdown("m"), code([text("1")])),
      "<!-- cell: m -->\n\n한국어\n",
      "n",
    );
    expect(korean.cells[0].source).to.deep.equal(["한국어"]);
    expect(korean.cells[1]).to.deep.equal(code([text("1")]));
  });

  it("refuses a cell without a text, and a text without a cell", () => {
    expect(() => inKorean(notebook(markdown("m")), "", "n")).to.throw("no text for the cell m");
    expect(() => inKorean(notebook(), "<!-- cell: m -->\n\n한국어\n", "n")).to.throw(
      "Korean texts without a cell: m",
    );
  });
});
