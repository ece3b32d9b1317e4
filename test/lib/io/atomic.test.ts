// A process that is killed while it saves leaves the old file or the new one, whole.

import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../../lib/index.js";

const library = path.resolve(import.meta.dirname, "../../../lib/index.js");

describe("save(value, path), killed in the middle", function () {
  this.timeout(60_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
  const file = path.join(folder, "weights.pt");
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Says a line for each save, and saves on until it is killed. */
  const program = `
    import * as torch from ${JSON.stringify(`file://${library}`)};
    const [file, start] = process.argv.slice(1);
    for (let n = Number(start); ; n++) {
      process.stdout.write("saving\\n");
      torch.save({ n, w: torch.ones(4_000_000).mul(n) }, file);
    }
  `;
  const firstLine = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => child.stdout!.once("data", () => resolve()));

  it("leaves the old file or the new one, and nothing beside it in the end", async () => {
    torch.save({ n: 0, w: torch.zeros(4_000_000) }, file);
    let cut = 0;
    for (let round = 0; round < 20 && cut < 3; round++) {
      const child = spawn(
        process.execPath,
        ["--input-type=module", "-e", program, file, String(1000 * (round + 1))],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await firstLine(child);
      while (!fs.readdirSync(folder).some((name) => name.endsWith(".part")))
        await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGKILL");
      await ended;

      const { n, w } = torch.load(file); // checks the sums of all parts
      expect(w.shape).to.deep.equal([4_000_000]);
      expect([w.data[0], w.data[3_999_999]]).to.deep.equal([n, n]);
      if (fs.readdirSync(folder).length > 1) cut++;
    }
    expect(cut, "no process was killed in the middle of writing").to.be.greaterThan(0);
    torch.save({ n: 1 }, file);
    expect(fs.readdirSync(folder)).to.deep.equal(["weights.pt"]);
  });
});
