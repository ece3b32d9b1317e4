import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { canMergeLanes } from "../../kernel/install/kernelspec.js";
import { cacheFolder } from "../../kernel/language/snapshot.js";
import { WIDE_FLAG } from "../../lib/compute/builds.js";

/** The command as a user has it, in a home of its own. */
describe("kernelbook install, uninstall, list, run", function () {
  this.timeout(60_000);
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook 설치 é-"));
  const python = path.join(home, "a python");
  before(() => {
    fs.mkdirSync(path.join(home, "bin"));
    const fake = `#!/bin/sh\necho "${python}"\n`; // all that is asked of it is its sys.prefix
    fs.writeFileSync(path.join(home, "bin/python3"), fake, { mode: 0o755 });
  });
  after(() => fs.rmSync(home, { recursive: true, force: true }));

  function command(...args: string[]): { status: number | null; text: string } {
    const { JUPYTER_DATA_DIR: _a, JUPYTER_PATH: _b, XDG_DATA_HOME: _c, ...env } = process.env;
    const done = spawnSync(process.execPath, [path.resolve("bin/kernelbook.js"), ...args], {
      cwd: home,
      encoding: "utf8",
      env: { ...env, HOME: home, KERNELBOOK_CACHE: cacheFolder(), PATH: `${home}/bin:${env.PATH}` },
    });
    return { status: done.status, text: done.stdout + done.stderr };
  }

  const places: [options: string[], folder: string][] = [
    [[], process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter"],
    [["--user"], process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter"],
    [["--prefix", "my prefix"], "my prefix/share/jupyter"],
    [["--sys-prefix"], "a python/share/jupyter"],
  ];
  for (const [options, folder] of places) {
    it(`install ${options.join(" ")} writes the kernelspec with its logos; uninstall removes it`, () => {
      const spec = path.join(home, folder, "kernels/kernelbook");
      expect(command("install", ...options).text).to.include(spec);
      const { argv, language, interrupt_mode, metadata } = JSON.parse(
        fs.readFileSync(path.join(spec, "kernel.json"), "utf8"),
      );
      expect([language, interrupt_mode, metadata.debugger]).to.eql(["typescript", "message", true]);
      expect(argv.at(-1)).to.equal("{connection_file}");
      for (const part of argv.filter(path.isAbsolute))
        expect(fs.existsSync(part), part).to.equal(true);
      expect(fs.readdirSync(spec)).to.include.members([
        "logo-32x32.png",
        "logo-64x64.png",
        "logo-svg.svg",
      ]);
      const extension = path.join(home, folder, "labextensions/kernelbook");
      const built = fs.existsSync("dist/web/labextension"); // else JupyterLab shows pictures
      expect(fs.existsSync(path.join(extension, "static/remoteEntry.js"))).to.equal(built);
      if (options[0] !== "--prefix") expect(command("list").text).to.include(`${spec}  ok`);
      expect(command("uninstall", ...options).text).to.include("removed from");
      expect(fs.existsSync(spec) || fs.existsSync(extension)).to.equal(false);
      expect(command("uninstall", ...options).text).to.include("there was no kernel in");
    });
  }

  it("refuses two places at once, and an option that it does not know", () => {
    const two = command("install", "--user", "--sys-prefix");
    expect(two.status).to.equal(1);
    expect(two.text).to.include("exclude each other");
    expect(command("install", "--nowhere").status).to.equal(1);
  });

  it("install --wide-lanes starts node with V8's flag where that helps, and says where it does not", () => {
    const { text, status } = command("install", "--wide-lanes");
    const spec = path.join(home, places[0][1], "kernels/kernelbook/kernel.json");
    const { argv } = JSON.parse(fs.readFileSync(spec, "utf8"));
    expect(status).to.equal(0);
    expect(argv.includes(WIDE_FLAG)).to.equal(canMergeLanes);
    if (!canMergeLanes) expect(text).to.include("--wide-lanes needs Node 24 or later");
    command("install");
    expect(JSON.parse(fs.readFileSync(spec, "utf8")).argv).not.to.include(WIDE_FLAG);
    command("uninstall");
  });

  it("run executes a notebook, writes it with --write, and names the cell that fails", () => {
    const write = (name: string, ...sources: string[]) => {
      const cells = sources.map((source) => ({
        cell_type: "code",
        source,
        metadata: {},
        outputs: [],
        execution_count: null,
      }));
      fs.writeFileSync(
        path.join(home, name),
        JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
      );
    };
    write("good one.ipynb", "const n: number = 6", "n * 7");
    expect(command("run", "good one.ipynb", "--write")).to.include({ status: 0 });
    const { cells } = JSON.parse(fs.readFileSync(path.join(home, "good one.ipynb"), "utf8"));
    expect([cells[1].outputs[0].data["text/plain"]].flat()).to.eql(["42"]);
    write("bad.ipynb", "1", "const s: string = 1", "3");
    const bad = command("run", "bad.ipynb");
    expect(bad.status).to.equal(1);
    expect(bad.text).to.include("bad.ipynb: cell 2 failed").and.include("not assignable");
    write("slow.ipynb", "for (;;);");
    expect(command("run", "slow.ipynb", "--timeout", "1").text).to.include("took longer than 1 s");
    expect(command("run").status).to.equal(1);
  });
});
