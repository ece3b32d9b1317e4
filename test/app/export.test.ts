import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseNotebook } from "../../app/server/contents/notebook-format.js";
import { ansiToHtml } from "../../app/server/export/ansi.js";
import { notebookToHtml } from "../../app/server/export/html.js";
import { markdownToHtml } from "../../app/server/export/markdown.js";

describe("HTML export", () => {
  // What the web build leaves for the export; npm test does not build the page.
  const webDir = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-export-"));
  before(() => {
    fs.mkdirSync(path.join(webDir, "export"));
    fs.writeFileSync(path.join(webDir, "export/explorable-mount.js"), "/* mount */");
    fs.writeFileSync(path.join(webDir, "export/explorables.js"), "/* explorables */");
    fs.writeFileSync(path.join(webDir, "export/plotly.js"), "/* plotly */");
  });
  after(() => fs.rmSync(webDir, { recursive: true }));

  const exported = (outputs: object[], source = "x") =>
    notebookToHtml(
      parseNotebook(
        JSON.stringify({
          nbformat: 4,
          nbformat_minor: 5,
          metadata: {},
          cells: [
            { id: "a", cell_type: "code", metadata: {}, source, execution_count: 3, outputs },
          ],
        }),
        "a.ipynb",
      ),
      { title: "a", webDir },
    );
  const display = (data: object) => ({ output_type: "display_data", metadata: {}, data });

  it("escapes code and texts", () => {
    const html = exported(
      [{ output_type: "stream", name: "stdout", text: "<script>1</script>" }],
      "a < b && c",
    );
    expect(html).to.contain("a &#60; b &#38;&#38; c").and.not.contain("<script>1");
  });

  it("prefers what stays alive, with the picture inside until then", () => {
    const explorable = { esm: "export default {}", css: "", state: { k: 3 }, buffers: [] };
    const data = {
      "text/plain": "t",
      "image/png": "aGk=",
      "application/vnd.kernelbook.explorable+json": explorable,
    };
    const html = exported([display(data), display(data)]);
    expect(html.match(/data-explorable="\d"><img alt="t"/g)).to.have.length(2);
    expect(html.match(/export default \{\}/g), "the module once").to.have.length(1);
    expect(html).to.contain("/* mount */").and.not.contain("/* plotly */");
  });

  it("takes kernelbook's own modules along once, for outputs that name one", () => {
    const data = {
      "text/plain": "t",
      "application/vnd.kernelbook.explorable+json": { module: "padding", state: {}, buffers: [] },
    };
    const html = exported([display(data), display(data)]);
    expect(html.match(/data-explorable=/g)).to.have.length(2);
    expect(html.match(/\/\* explorables \*\//g)).to.have.length(1);
  });

  it("takes plotly along only where there is a figure", () => {
    const html = exported([
      display({ "application/vnd.plotly.v1+json": { data: [] }, "text/plain": "f" }),
    ]);
    expect(html).to.contain("/* plotly */").and.contain('data-plotly="0"');
  });

  it("ends no script early", () => {
    const explorable = { esm: "'</script><b>'", state: {}, buffers: [] };
    const html = exported([display({ "application/vnd.kernelbook.explorable+json": explorable })]);
    expect(html).not.to.contain("</script><b>");
  });

  it("asks nothing of the network", () => {
    const html = exported([display({ "text/plain": "1" })]);
    expect(html).not.to.match(/(src|href)="(https?:)?\/\//);
  });

  it("draws TeX as MathML, and shows what it cannot", () => {
    expect(markdownToHtml("size $\\frac{L - 1}{2}$ here")).to.contain("<mfrac>");
    expect(markdownToHtml("$$\\left\\lfloor x \\right\\rfloor$$")).to.contain('display="block"');
    expect(markdownToHtml("costs $5 and $6")).to.contain("$5 and $6");
    expect(markdownToHtml("$\\nosuchmacro{$")).to.contain("nosuchmacro");
  });

  it("keeps the colours of a terminal", () => {
    expect(ansiToHtml("\x1b[1;31mError\x1b[0m: a<b")).to.equal(
      '<span style="font-weight:bold;color:#c2362b">Error</span>: a&#60;b',
    );
  });
});
