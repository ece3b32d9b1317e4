import { checkMemory } from "./support/memory.js";

describe("memory without dispose, in one synchronous run", () => {
  it("stays in the second half of 2,000 steps of a small CNN (longer runs: npm run test:slow)", () => {
    checkMemory("small", 2000, 5);
  }).timeout(60_000);
});
