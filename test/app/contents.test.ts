import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { serve, type Serving } from "./serving.js";

const notebook = (source: string) => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { id: "one", cell_type: "code", metadata: {}, source, outputs: [], execution_count: null },
  ],
});

describe("/api/contents", () => {
  let serving: Serving;
  before(async () => (serving = await serve()));
  after(() => serving.end());

  it("saves a notebook as Jupyter writes it, and gives it back", async () => {
    const content = notebook("const x = 1;\nx");
    const saved = await serving.ask("PUT", "/api/contents/a%20b.ipynb", {
      type: "notebook",
      content,
    });
    expect(saved.status).to.equal(201);
    expect(saved.headers.get("location")).to.equal("/api/contents/a%20b.ipynb");

    const text = fs.readFileSync(path.join(serving.root, "a b.ipynb"), "utf8");
    expect(text).to.contain('   "source": [\n    "const x = 1;\\n",\n    "x"\n   ]');
    const model = await (await serving.ask("GET", "/api/contents/a%20b.ipynb?hash=1")).json();
    expect(model.content.cells[0].source).to.equal("const x = 1;\nx");
    expect(model).to.include({
      type: "notebook",
      format: "json",
      name: "a b.ipynb",
      hash_algorithm: "sha256",
    });
  });

  it("upgrades a notebook of format 3", async () => {
    const old = {
      nbformat: 3,
      nbformat_minor: 0,
      metadata: { name: "" },
      worksheets: [
        {
          cells: [
            { cell_type: "heading", level: 2, source: ["Title"], metadata: {} },
            {
              cell_type: "code",
              input: ["1+1"],
              prompt_number: 1,
              outputs: [{ output_type: "pyout", prompt_number: 1, text: ["2"], metadata: {} }],
            },
          ],
        },
      ],
    };
    fs.writeFileSync(path.join(serving.root, "old.ipynb"), JSON.stringify(old));
    const { content } = await (await serving.ask("GET", "/api/contents/old.ipynb")).json();
    expect(content.nbformat).to.equal(4);
    expect(content.cells[0]).to.include({ cell_type: "markdown", source: "## Title" });
    expect(content.cells[1].outputs[0].data).to.deep.equal({ "text/plain": "2" });
  });

  it("names what is wrong with a notebook, and opens it all the same", async () => {
    fs.writeFileSync(
      path.join(serving.root, "wrong.ipynb"),
      JSON.stringify({ ...notebook("1"), cells: [{ cell_type: "cod", metadata: {}, source: "" }] }),
    );
    const model = await (await serving.ask("GET", "/api/contents/wrong.ipynb")).json();
    expect(model.message).to.match(/cell 0: cell_type is "cod"/);
  });

  it("refuses what is no notebook with 400", async () => {
    fs.writeFileSync(path.join(serving.root, "broken.ipynb"), "{ not json");
    const answer = await serving.ask("GET", "/api/contents/broken.ipynb");
    expect(answer.status).to.equal(400);
    expect((await answer.json()).message).to.match(/^Unreadable Notebook: broken.ipynb/);
  });

  it("copies, renames and lists", async () => {
    await serving.ask("PUT", "/api/contents/data.csv", {
      type: "file",
      format: "text",
      content: "1,2",
    });
    const copied = await serving.ask("POST", "/api/contents/", { copy_from: "data.csv" });
    expect((await copied.json()).name).to.equal("data-Copy1.csv");
    const taken = await serving.ask("PATCH", "/api/contents/data.csv", { path: "data-Copy1.csv" });
    expect(taken.status).to.equal(409);
    await serving.ask("PATCH", "/api/contents/data-Copy1.csv", { path: "second.csv" });
    const { content } = await (await serving.ask("GET", "/api/contents/")).json();
    const names = content.map((entry: { name: string }) => entry.name);
    expect(names).to.include.members(["data.csv", "second.csv"]).and.not.include("data-Copy1.csv");
  });

  it("takes a large file in chunks, which is seen when it is whole", async () => {
    const chunk = (number: number, content: string) =>
      serving.ask("PUT", "/api/contents/big.bin", {
        type: "file",
        format: "base64",
        chunk: number,
        content,
      });
    await chunk(1, Buffer.from("one ").toString("base64"));
    expect(fs.existsSync(path.join(serving.root, "big.bin"))).to.equal(false);
    await chunk(2, Buffer.from("two ").toString("base64"));
    await chunk(-1, Buffer.from("three").toString("base64"));
    expect(fs.readFileSync(path.join(serving.root, "big.bin"), "utf8")).to.equal("one two three");
  });

  it("restores a checkpoint", async () => {
    const save = (source: string) =>
      serving.ask("PUT", "/api/contents/c.ipynb", { type: "notebook", content: notebook(source) });
    await save("first");
    const [checkpoint] = await (
      await serving.ask("GET", "/api/contents/c.ipynb/checkpoints")
    ).json();
    await save("second");
    const restored = await serving.ask(
      "POST",
      `/api/contents/c.ipynb/checkpoints/${checkpoint.id}`,
    );
    expect(restored.status).to.equal(204);
    const { content } = await (await serving.ask("GET", "/api/contents/c.ipynb")).json();
    expect(content.cells[0].source).to.equal("first");
  });

  it("answers bad requests with their reason, and lives", async () => {
    const cases: [string, string, unknown, number][] = [
      ["PUT", "/api/contents/x.ipynb", "{ not json", 400],
      ["PUT", "/api/contents/x.ipynb", "[1, 2]", 400],
      ["PUT", "/api/contents/a%20b.ipynb", { type: "notebook" }, 400],
      [
        "PUT",
        "/api/contents/x.ipynb",
        { type: "notebook", content: { cells: 3, nbformat: 4 } },
        400,
      ],
      ["PUT", "/api/contents/x.txt", { type: "file", content: 7 }, 400],
      ["PUT", "/api/contents/.hidden", { type: "file", content: "" }, 400],
      ["PATCH", "/api/contents/a%20b.ipynb", { path: 5 }, 400],
      ["GET", "/api/contents/nothing.txt", undefined, 404],
      ["GET", "/api/contents/?type=file", undefined, 400],
      ["GET", "/api/contents/%E0%A4%A", undefined, 400],
      ["GET", "/api/contents/x?content=2", undefined, 400],
      ["DELETE", "/api/contents/nothing", undefined, 404],
      ["DELETE", "/api/contents/", undefined, 400],
      ["GET", "/api/nothing", undefined, 404],
    ];
    for (const [method, address, body, status] of cases) {
      const answer = await serving.ask(method, address, body);
      expect(answer.status, `${method} ${address}`).to.equal(status);
      expect(await answer.json()).to.have.keys("message", "reason");
    }
  });
});
