// npm run conformance: every case of the WebNN tests of the Web Platform Tests that PyTorch can express, through our
// public API. Prints what is missing and what differs; ends with 1 unless all pass.

import fs from "node:fs";
import path from "node:path";
import {
  conformanceFolder,
  difference,
  loadSuite,
  tensorOf,
  type Case,
  type Suite,
} from "./suite.js";
import { Missing, run } from "./steps.js";

/** How many cases the suite has that PyTorch can express: a smaller number means that the reader lost some. */
const EXPRESSIBLE = 1051;

function main(): number {
  const folder = path.join(conformanceFolder(), "webnn");
  if (!fs.existsSync(path.join(folder, "index.jsonl"))) {
    console.error(
      `conformance: THE SUITE IS NOT THERE: expected it in ${folder}. Put the folder "shared" beside the checkout, or name its conformance folder in KERNELBOOK_CONFORMANCE.`,
    );
    return 2;
  }

  const suite = loadSuite(folder);
  const cases = suite.cases.filter(({ torch }) => torch !== null);
  const missing = new Map<string, number>();
  const failures: string[] = [];
  for (const one of cases) {
    const wrong = check(one, suite, missing);
    if (wrong) failures.push(`${one.id}: ${wrong}`);
  }

  const lacking = [...missing.values()].reduce((a, b) => a + b, 0);
  const passed = cases.length - failures.length - lacking;
  for (const failure of failures) console.log(`FAIL ${failure}`);
  for (const [name, count] of missing) console.log(`MISSING ${name} (${count} cases)`);
  console.log(
    `webnn: ${passed} of ${cases.length} cases pass, ${failures.length} fail, ${lacking} lack a function`,
  );
  if (cases.length !== EXPRESSIBLE) {
    console.log(`webnn: expected ${EXPRESSIBLE} expressible cases, found ${cases.length}`);
  }
  return passed === EXPRESSIBLE ? 0 : 1;
}

/** null where the case passes or lacks a function (then it is counted), else what is wrong. */
function check(one: Case, { raw }: Suite, missing: Map<string, number>): string | null {
  try {
    const inputs = new Map(one.inputs.map((t) => [t.name, tensorOf(t, raw)]));
    const results = run(one.torch!, inputs);
    for (const want of one.outputs) {
      const got = results.get(want.name);
      const wrong = got ? difference(got, want, raw, one.tol) : "there is no such output";
      if (wrong) return `${want.name}: ${wrong}`;
    }
    return null;
  } catch (error) {
    if (!(error instanceof Missing)) return String(error);
    missing.set(error.message, (missing.get(error.message) ?? 0) + 1);
    return null;
  }
}

process.exit(main());
