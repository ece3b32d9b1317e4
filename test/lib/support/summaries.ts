// Comparing a summary with torchinfo's, from test/fixtures/summaries.json.

import fs from "node:fs";
import { expect } from "chai";
import * as torch from "kernelbook";
import { models } from "./models.js";

export interface SummaryCase {
  model: string;
  input: number[] | number[][] | null;
  options: torch.SummaryOptions;
  table: string[];
  totalParams: number;
  trainableParams: number;
  totalMultAdds: number;
}

export const summaryCases: SummaryCase[] = JSON.parse(
  fs.readFileSync("test/fixtures/summaries.json", "utf8"),
);

/** These two have 61 and 138 million parameters. */
export const isLarge = ({ model }: SummaryCase): boolean => model === "alexnet" || model === "vgg";

export function checkSummary({ model, input, options, table, ...counts }: SummaryCase): void {
  const info = torch.summary(models[model](), input, options);
  expect(String(info).split("\n")).to.deep.equal(table);
  expect(info).to.include(counts);
}
