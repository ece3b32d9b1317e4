import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

describe("kernelbook doctor", () => {
  it("starts our kernel, and names what is missing with what to do", function () {
    this.timeout(30_000);
    const state = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-doctor-"));
    const env = { ...process.env, KERNELBOOK_DATA_DIR: state };
    const { stdout, status } = spawnSync(process.execPath, ["bin/kernelbook.js", "doctor"], {
      encoding: "utf8",
      env,
    });
    fs.rmSync(state, { recursive: true, force: true });

    const lines = stdout.trim().split("\n");
    expect(lines[0]).to.match(/^kernelbook \d/);
    expect(lines).to.satisfy((all: string[]) =>
      all.some((line) => /^ok {4}the TypeScript kernel answers after [\d.]+ s/.test(line)),
    );
    expect(lines.join("\n")).to.match(/^ok {4}the library: kernels: (plain|fused|wide) \(/m);
    // npm test builds no page: then doctor fails, and says how to mend it.
    const failed = lines.filter((line) => line.startsWith("FAIL"));
    expect(status).to.equal(failed.length > 0 ? 1 : 0);
    for (const line of failed) expect(lines[lines.indexOf(line) + 1]).to.contain("npm run build");
  });
});
