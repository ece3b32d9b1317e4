// The command line's refusals and its help: words for whoever typed the command, no stack.
import { expect } from "chai";
import { spawnSync } from "node:child_process";

function kernelbook(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["bin/kernelbook.js", ...args], {
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

describe("kernelbook, the command line", () => {
  for (const [command, says] of [
    ["run", "kernelbook run: one notebook is to be named, 0 were given"],
    ["run nowhere.ipynb", "kernelbook run: there is no file nowhere.ipynb"],
    ["run README.md", "kernelbook run: README.md is not a notebook: "],
    ["run package.json", "kernelbook run: package.json has no list of cells"],
    ["install --user --sys-prefix", "--user, --prefix and --sys-prefix exclude each other"],
    ["export nowhere.ipynb", "kernelbook export: there is no file nowhere.ipynb"],
    ["docs --colour", "kernelbook docs: Unknown option '--colour'"],
    ["nonsense", "kernelbook: there is no folder nonsense"],
    ["--port high", "kernelbook: --port is high; a whole number from 0 to 65535 is needed"],
  ]) {
    it(`kernelbook ${command}: refuses in one line, with status 1`, () => {
      const { stderr, stdout, status } = kernelbook(...command.split(" "));
      expect(stderr.trim().split("\n")).to.have.length(1);
      expect(stderr).to.contain(says);
      expect(stdout).to.equal("");
      expect(status).to.equal(1);
    });
  }

  it("--help names the other commands, and each has a help of its own", () => {
    const { stdout } = kernelbook("--help");
    for (const name of ["install", "uninstall", "list", "run", "export", "docs", "doctor"]) {
      expect(stdout).to.match(new RegExp(`\\b${name}\\b`));
      expect(kernelbook(name, "--help").stdout).to.match(new RegExp(`^kernelbook ${name}\\b`));
    }
  });
});
