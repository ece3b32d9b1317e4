import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { mergesLanes, WIDE_FLAG } from "../../../lib/compute/builds.js";

/** What digests.ts prints where the environment wishes for `kernels`. */
function digests(kernels: string): string[] {
  const file = fileURLToPath(new URL("./digests.js", import.meta.url));
  const env = { ...process.env, KERNELBOOK_KERNELS: kernels };
  const text = execFileSync(process.execPath, [...process.execArgv, file], {
    env,
    encoding: "utf8",
  });
  return text.trim().split("\n");
}

describe("builds of the kernels", () => {
  it("the wide one gives the same bits as the fused one, also where nothing is merged", () => {
    const [fused, ...wanted] = digests("fused");
    const [wide, ...got] = digests("unmerged");
    expect([fused, wide]).to.deep.equal(["fused", "wide"]);
    expect(got.length).to.be.above(60);
    expect(got).to.deep.equal(wanted);
    expect(new Set(got).size, "different results").to.be.above(55);
  });

  it("the plain one rounds otherwise", () => {
    const [plain, ...rounded] = digests("plain");
    const [, ...fused] = digests("fused");
    expect(plain).to.equal("plain");
    expect(rounded.length).to.equal(fused.length);
    expect(rounded).not.to.deep.equal(fused);
  });

  it("the wide one is for Node 24 or later on x86-64, started with V8's flag", () => {
    const node = (version: string, ...execArgv: string[]) =>
      ({ versions: { node: version }, arch: "x64", platform: "win32", execArgv }) as never;
    expect(mergesLanes(node("24.1.0", "--expose-gc", WIDE_FLAG))).to.equal(true);
    expect(
      mergesLanes(node("26.0.0", WIDE_FLAG.replaceAll("-", "_").replace("__", "--"))),
    ).to.equal(true);
    expect(mergesLanes(node("24.1.0"))).to.equal(false);
    expect(mergesLanes(node("22.23.0", WIDE_FLAG))).to.equal(false);
    expect(
      mergesLanes({ ...(node("24.1.0", WIDE_FLAG) as object), arch: "arm64" } as never),
    ).to.equal(false);
    expect(mergesLanes(undefined)).to.equal(false);
  });
});
