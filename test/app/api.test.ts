// Small answers of the API that jupyter_server's own tests look at; see .ci/checks/jupyter-server.
import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { serve, type Serving } from "./serving.js";

describe("the rest of the Jupyter Server API", () => {
  let serving: Serving;
  const home = process.env.HOME;
  before(async () => {
    serving = await serve();
  });
  after(async () => {
    process.env.HOME = home;
    await serving.end();
  });
  const get = async (address: string) => (await serving.ask("GET", address)).json();

  it("describes itself as OpenAPI", async () => {
    const answer = await serving.ask("GET", "/api/spec.yaml");
    expect(answer.headers.get("content-type")).to.equal("text/x-yaml");
    const { paths } = JSON.parse(await answer.text());
    expect(Object.keys(paths["/api/kernels/{id}/restart"])).to.include("post");
    expect(Object.keys(paths)).to.include("/api/contents/{path}");
  });

  it("finds a path of an output in the folder, and tells nothing of what lies outside", async () => {
    fs.mkdirSync(path.join(serving.root, "chapter"));
    fs.writeFileSync(path.join(serving.root, "chapter/a.ts"), "");
    fs.writeFileSync(path.join(serving.root, "..", "outside.ts"), "");
    fs.writeFileSync(path.join(serving.root, ".hidden"), "");
    const where = async (asked: string) =>
      (await get(`/api/resolvePath?path=${encodeURIComponent(asked)}`)).resolved;
    const found = [{ scope: "server", path: "chapter/a.ts" }];
    expect(await where("chapter/a.ts")).to.deep.equal(found);
    expect(await where(path.join(serving.root, "chapter/a.ts"))).to.deep.equal(found);
    for (const asked of ["../outside.ts", ".hidden", path.join(serving.root, "../outside.ts"), ""])
      if (asked) expect(await where(asked), asked).to.deep.equal([]);
    process.env.HOME = serving.root;
    if (os.homedir() === serving.root) {
      expect(await where("~/x/../chapter/a.ts")).to.deep.equal(found);
      expect(await where("~/../outside.ts")).to.deep.equal([]);
    }
    process.env.HOME = home;
    expect((await get("/api/resolvePath?path=x&kernel=1-2")).unresolved).to.deep.equal([
      { scope: "kernel", reason: "Kernel 1-2 could not be found" },
    ]);
  });

  it("merges a configuration level by level, and drops what becomes empty", async () => {
    await serving.ask("PUT", "/api/config/notebook", {
      a: 1,
      deep: { x: 1, y: 2 },
      gone: { z: 1 },
    });
    const changed = await serving.ask("PATCH", "/api/config/notebook", {
      a: null,
      deep: { x: 5 },
      gone: { z: null },
      __proto__x: 1,
    });
    const expected = { deep: { x: 5, y: 2 }, __proto__x: 1 };
    expect(await changed.json()).to.deep.equal(expected);
    expect(await get("/api/config/notebook")).to.deep.equal(expected);
  });

  it("copies a folder into a folder, existing or not, as jupyter_server", async () => {
    fs.writeFileSync(path.join(serving.root, "chapter/b.txt"), "b");
    const copy = async (to: string) =>
      (await (await serving.ask("POST", `/api/contents/${to}`, { copy_from: "chapter" })).json())
        .path;
    expect(await copy("fresh")).to.equal("fresh/chapter");
    expect(await copy("fresh")).to.equal("fresh/chapter-Copy1");
    expect(fs.readFileSync(path.join(serving.root, "fresh/chapter-Copy1/b.txt"), "utf8")).to.equal(
      "b",
    );
  });

  it("shows a file in a frame whose scripts are a stranger's", async () => {
    fs.writeFileSync(path.join(serving.root, "page <b>.html"), "<script>1</script>");
    const answer = await serving.ask("GET", "/view/page%20%3Cb%3E.html");
    const html = await answer.text();
    expect(html).to.include('sandbox="allow-scripts"').and.to.include("/files/page%20%3Cb%3E.html");
    expect(html).not.to.include("<b>");
    expect(answer.headers.get("content-security-policy")).to.include("default-src 'none'");
    expect((await serving.ask("GET", "/view/none.html")).status).to.equal(404);
  });

  it("takes no kernel id that could be a path", async () => {
    for (const kernel_id of ["../../x", "a/b", "x".repeat(65), "a b"]) {
      const answer = await serving.ask("POST", "/api/kernels", { name: "kernelbook", kernel_id });
      expect(answer.status, kernel_id).to.equal(400);
    }
  });
});
