import { checkMemory } from "./support/memory.js";

describe("memory without dispose, in one synchronous run", () => {
  it("stays after the first tenth of 10,000 steps of a small CNN", () => {
    checkMemory("small", 10_000, { most: 0.1 });
  }).timeout(600_000);

  it("stays after the first tenth of 10,000 steps with batch norm and dropout", () => {
    checkMemory("deeper", 10_000);
  }).timeout(600_000);

  it("stays after the first tenth of 300 steps of the chapter's CNN at batch 8", () => {
    checkMemory("textbook", 300);
  }).timeout(600_000);
});
