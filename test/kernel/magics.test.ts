import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { splitCell, withoutMagics, type Knows } from "../../kernel/handlers/magics/split.js";
import { TestKernel } from "./support/client.js";

const knows: Knows = {
  isWhole: async (text) => !/[`{(,]\s*$/.test(text.trimEnd()),
  isName: async (name) => name === "done",
  isMagic: (name) => ["time", "timeit", "cd", "who"].includes(name),
};

describe("splitCell(source)", () => {
  const cases: [source: string, steps: object[]][] = [
    ["1 + 1", [{ code: "1 + 1", timing: undefined }]],
    [
      "%cd a b\n1",
      [{ magic: { name: "cd", rest: "a b" } }, { code: "       \n1", timing: undefined }],
    ],
    [
      "1\n!ls -l\n2",
      [
        { code: "1", timing: undefined },
        { magic: { name: "!", rest: "ls -l" } },
        { code: " \n      \n2", timing: undefined },
      ],
    ],
    ["%time f(1,\n2)", [{ code: "      f(1,\n2)", timing: "once" }]],
    ["%%timeit\n1", [{ code: "        \n1", timing: "often" }]],
    ["%%bash\nls", [{ magic: { name: "bash", rest: "", body: "ls" } }]],
    ["a\n% time", [{ code: "a\n% time", timing: undefined }]],
    ["f(`\n%cd x", [{ code: "f(`\n%cd x", timing: undefined }]],
    ["!done", [{ code: "!done", timing: undefined }]],
    ["!f(1) && g()", [{ code: "!f(1) && g()", timing: undefined }]],
    ["f?", [{ magic: { name: "?", rest: "f" } }]],
    ["%strange x", [{ magic: { name: "strange", rest: "x" } }]],
  ];
  for (const [source, steps] of cases) {
    it(JSON.stringify(source), async () => expect(await splitCell(source, knows)).to.eql(steps));
  }

  it("leaves every place of the TypeScript where it was", () => {
    expect(withoutMagics("%time a.b\n!ls\nc")).to.equal("      a.b\n   \nc");
    expect(withoutMagics("%cd x\n!ls\nc")).to.equal("     \n   \nc");
  });
});

describe("magics of a kernel", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  before(async () => {
    const manifest = {
      name: "kb-local",
      version: "1.0.0",
      type: "module",
      exports: { ".": { types: "./i.d.ts", default: "./i.js" } },
    };
    kernel = await TestKernel.start({
      "pkg/package.json": JSON.stringify(manifest),
      "pkg/i.js": "export const answer = 42;",
      "pkg/i.d.ts": "/** The answer. */\nexport declare const answer: number;",
      "a folder/text.ts": "const loaded = 1;\n",
    });
  });
  after(() => kernel.end());
  const printed = async (code: string) => (await kernel.run(code)).stdout;
  const failure = async (code: string) => (await kernel.run(code)).reply.evalue as string;

  it("%time and %timeit measure, and keep the value", async () => {
    const { stdout, result } = await kernel.run("%time [1,\n2].length");
    expect(stdout).to.match(/^[\d.]+ (s|ms|µs|ns)\n$/);
    expect(result).to.equal("2");
    expect(await printed("%%timeit\n1 + 1")).to.match(/± .* per loop \(7 runs, \d+ loops each\)/);
  });

  it("%who lists, %reset forgets values and types", async () => {
    await kernel.run("const apples = 3; class Pear {}");
    expect(await printed("%who"))
      .to.match(/apples +number +3/)
      .and.match(/Pear +class/);
    await kernel.run("%reset");
    expect(await printed("%who")).to.equal("no variables\n");
    expect(await failure("apples")).to.include("Cannot find name 'apples'.");
  });

  it("%cd, %pwd, %ls and %load look into folders with blanks in their names", async () => {
    const folder = path.join(kernel.folder, "a folder");
    expect(await printed("%cd 'a folder'")).to.equal(`${folder}\n`);
    expect(await printed("%pwd\n%ls")).to.equal(`${folder}\ntext.ts\n`);
    expect((await kernel.run("process.cwd()")).result).to.equal(`'${folder}'`);
    const { reply } = await kernel.run("%load text.ts");
    expect(reply.payload).to.eql([
      { source: "set_next_input", text: "// %load text.ts\nconst loaded = 1;\n", replace: true },
    ]);
    expect(await failure("%load nothing.ts")).to.include("there is no file");
    expect(await failure("%cd nowhere")).to.include("there is no folder");
    await kernel.run("%cd ..");
  });

  it("%env reads and sets", async () => {
    expect(await printed("%env KB_TEST=a b\n%env KB_TEST")).to.equal("KB_TEST=a b\nKB_TEST=a b\n");
    expect((await kernel.run("process.env.KB_TEST")).result).to.equal("'a b'");
  });

  it("!command streams, runs in the notebook's folder, and says how it failed", async () => {
    const id = kernel.send("shell", "execute_request", {
      code: "!echo first; sleep 0.6; echo last",
    });
    const started = Date.now();
    await kernel.wait(({ message }) => message.content.text === "first\n");
    expect(Date.now() - started).to.be.below(550);
    expect((await kernel.finished(id)).stdout).to.equal("first\nlast\n");
    expect(await printed("!ls")).to.include("a folder\n");
    expect(await failure("!exit 3")).to.equal("exit 3: ended with status 3");
  });

  it("!command can be interrupted, with all that it started", async () => {
    const id = kernel.send("shell", "execute_request", {
      code: "!sh -c 'sleep 31.4159'; sleep 31.4159",
    });
    await delay(300);
    await kernel.ask("control", "interrupt_request", {});
    expect((await kernel.finished(id, 1500)).reply.ename).to.equal("KeyboardInterrupt");
    await delay(50);
    expect(await printed("%%bash\npgrep -f 'sleep 31[.]4159' || echo none")).to.equal("none\n");
  });

  it("magics stand anywhere in a cell, between statements", async () => {
    const { stdout, result } = await kernel.run(
      "const m1 = 1\n!echo between\nconst m2 = m1 + 1\n%who\nm2",
    );
    expect(stdout).to.match(/^between\nm1 +number +1\n/);
    expect(result).to.equal("2");
    expect((await kernel.run("1\n!echo x\nnowhere")).reply.traceback[0]).to.include(
      "line 3, column 1",
    );
  });

  it("%install adds a package of a local folder, typed at once", async () => {
    expect((await kernel.run("await import('kb-local')")).reply.status).to.equal("error");
    const { reply, stdout } = await kernel.run("%install ./pkg");
    expect(reply.status, JSON.stringify(reply)).to.equal("ok");
    expect(stdout).to.include("added 1 package");
    expect((await kernel.run('import { answer } from "kb-local"; answer')).result).to.equal("42");
    expect(await failure("answer.length")).to.include("'length' does not exist on type 'number'");
    expect(await failure("%install")).to.include("no package is named");
  });

  it("%install says that the registry cannot be reached", async () => {
    fs.writeFileSync(path.join(kernel.folder, ".npmrc"), "registry=http://127.0.0.1:9/\n");
    expect(await failure("%install d3-array")).to.include("registry cannot be reached");
    fs.rmSync(path.join(kernel.folder, ".npmrc"));
  });

  it("?name explains, also magics; in the page's pager too", async () => {
    const { stdout, reply } = await kernel.run("?Math.max");
    expect(stdout).to.include("Math.max(...values: number[]): number");
    expect(reply.payload[0]).to.include({ source: "page" });
    expect(await printed("?%time")).to.include("how long it took");
    expect(await failure("?nowhere")).to.include("no such name");
  });

  it("%%writefile, %%bash, %%html take the cell", async () => {
    expect(await printed("%%writefile part.ts\nexport const part = 7;\n")).to.equal(
      "Wrote part.ts\n",
    );
    expect((await kernel.run('import { part } from "./part"; part')).result).to.equal("7");
    expect(await printed("%%bash\nfor i in 1 2; do echo $i; done")).to.equal("1\n2\n");
    const { outputs } = await kernel.run("%%html\n<b>x</b>");
    expect(outputs.at(-1)!.content.data).to.include({ "text/html": "<b>x</b>" });
  });

  it("an unknown one is answered with those that are there, or with the way here", async () => {
    expect(await failure("%nope")).to.include("%timeit");
    expect(await failure("%%nope\n1")).to.include("%%bash");
    expect(await failure("%bash")).to.include("%%bash");
    expect(await failure("%pip install x")).to.include("%install");
    expect((await kernel.run("%matplotlib inline\n1")).result).to.equal("1");
    expect(await printed("%lsmagic")).to.include("%who: ");
  });

  it("Tab completes them, and what stands behind them", async () => {
    const complete = async (code: string) => {
      const request = { code, cursor_pos: code.length };
      return (await kernel.ask("shell", "complete_request", request)).matches as string[];
    };
    expect(await complete("%ti")).to.eql(["%time", "%timeit"]);
    expect(await complete("%%wr")).to.eql(["%%writefile"]);
    expect(await complete("1\n%in")).to.eql(["%install"]);
    expect(await complete("%time Math.flo")).to.eql(["floor"]);
    expect(await complete("%cd ..\nMath.flo")).to.eql(["floor"]);
  });

  it("a cell of magics is complete", async () => {
    for (const code of ["%time 1", "!ls", "?f", "%cd x"]) {
      const { status } = await kernel.ask("shell", "is_complete_request", { code });
      expect(status, code).to.equal("complete");
    }
    const { status } = await kernel.ask("shell", "is_complete_request", { code: "%time f(" });
    expect(status).to.equal("incomplete");
  });
});
