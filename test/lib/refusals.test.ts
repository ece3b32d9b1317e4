import fs from "node:fs";
import { expect } from "chai";
import * as torch from "kernelbook";

interface Case {
  call: string;
  refused: boolean;
  /** What PyTorch says. */
  says?: string;
}

const cases: Case[] = JSON.parse(fs.readFileSync("test/fixtures/refusals.json", "utf8"));

const scope = {
  torch,
  nn: torch.nn,
  F: torch.nn.functional,
  optim: torch.optim,
  z: torch.zeros,
  G: { requiresGrad: true },
  U8: { dtype: "uint8" },
};

/** Runs a call of the fixture, which is TypeScript text: an expression, or statements in braces. */
function run(call: string): unknown {
  const body = call.startsWith("{") ? call : `return ${call}`;
  return new Function(...Object.keys(scope), body)(...Object.values(scope));
}

/** What JavaScript itself says when something is missing or goes wrong inside: no answer for a learner. */
const accidents =
  /is not a (function|constructor)|is not iterable|Cannot (read|set|convert)|undefined|Invalid (array|typed array) length|out of memory|out of bounds of/;

describe("what PyTorch refuses, we refuse; what it accepts, we accept", () => {
  for (const { call, refused, says } of cases) {
    if (!refused) {
      it(`accepts ${call}`, () => void run(call));
      continue;
    }
    it(`refuses ${call}`, () => {
      let error: unknown = null;
      try {
        run(call);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `PyTorch says: ${says}`).to.be.instanceOf(Error);
      const { message } = error as Error;
      expect(message).not.to.match(accidents);
      expect(message, "starts with the operation's name").to.match(/^[\w .]+: ./);
    });
  }
});
