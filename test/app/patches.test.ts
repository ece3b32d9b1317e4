// What the patches of bundled packages import from app/web/src is exported there: no compiler looks at them.
import fs from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";

const patches = createRequire(import.meta.url)(
  `${process.cwd()}/app/web/build/patches.cjs`,
) as Record<string, [string | RegExp, string][]>;
const imported = /import \{ (\w+) \} from "kernelbook-web-src\/([\w-]+\.js)"/g;

describe("a patch of a bundled package", () => {
  const texts = Object.values(patches).flatMap((pairs) => pairs.map(([, text]) => text));
  const found = texts.flatMap((text) => [...text.matchAll(imported)]);

  it("imports something of ours", () => expect(found).to.have.length.above(2));

  for (const [, name, file] of found) {
    it(`finds ${name} in ${file}`, () => {
      const source = fs.readFileSync(`app/web/src/${file}`, "utf8");
      expect(source).to.match(
        new RegExp(`^export (async )?(function|const|class) ${name}\\b`, "m"),
      );
    });
  }
});
