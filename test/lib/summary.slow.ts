import { checkSummary, isLarge, summaryCases } from "./support/summaries.js";

describe("summary(model, input) of large models", () => {
  for (const one of summaryCases.filter(isLarge)) {
    it(`prints torchinfo's table of ${one.model}`, () => checkSummary(one)).timeout(120_000);
  }
});
