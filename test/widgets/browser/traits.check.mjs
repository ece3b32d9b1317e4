// The stock controls' names, versions and defaults, against ipywidgets from pip.
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as widgets from "kernelbook/widgets";

const withOptions =
  /^(Dropdown|RadioButtons|Select|SelectionSlider|ToggleButtons|SelectMultiple|SelectionRangeSlider)$/;

/** Keys that Python adds for itself, or that a value decides. */
const own = ["_view_count", "comm", "keys", "_property_lock"];

const plain = (value) => {
  if (value instanceof widgets.Widget) return "widget";
  if (ArrayBuffer.isView(value)) return "bytes";
  if (Array.isArray(value)) return value.map(plain);
  return value === undefined ? null : value;
};

describe("the stock controls", () => {
  it("have ipywidgets' names, versions and defaults", function () {
    if (!process.env.PYTHON) this.skip();
    const script = new URL("traits.py", import.meta.url).pathname;
    const theirs = JSON.parse(execFileSync(process.env.PYTHON, [script], { encoding: "utf8" }));
    const faults = [];
    let compared = 0;
    for (const [name, Class] of Object.entries(widgets)) {
      if (typeof Class !== "function" || !(Class.prototype instanceof widgets.Widget)) continue;
      const wanted = theirs[`${name}Model`];
      if (!wanted) continue;
      const one = new Class(withOptions.test(name) ? { options: ["a"] } : {});
      compared++;
      for (const [key, value] of Object.entries(wanted)) {
        if (own.includes(key)) continue;
        const mine = plain(one.get(key));
        const [a, b] = [JSON.stringify(mine ?? null), JSON.stringify(value)];
        if (a !== b) faults.push(`${name}.${key}: ${a} here, ${b} in ipywidgets`);
      }
    }
    console.log(`      ${compared} controls compared, ${Object.keys(theirs).length} in ipywidgets`);
    expect(faults, faults.join("\n")).to.deep.equal([]);
    // only their controls' base class, which is never shown, has no class of its own here
    const missing = Object.keys(theirs).filter((name) => !(name.replace(/Model$/, "") in widgets));
    expect(missing).to.deep.equal(["DOMWidgetModel"]);
    expect(compared).to.equal(Object.keys(theirs).length - 1);
  });
});
