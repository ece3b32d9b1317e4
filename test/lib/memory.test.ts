import { checkMemory } from "./support/memory.js";

describe("memory without dispose, in one synchronous run", () => {
  it("stays after the first 1,200 of 4,000 steps of a small CNN (longer runs: npm run test:slow)", () => {
    checkMemory("small", 4000, { tenths: 3, most: 0.1 });
  }).timeout(60_000);
});
