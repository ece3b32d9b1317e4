// Every study notebook as one HTML page: no request leaves it, nothing fails in it, formulas are drawn, explorables move
// without a kernel, light and dark. Screenshots go to dist/screenshots.   node test/notebooks/exports.mjs [NAME ...]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launchBrowser } from "../browser/page.mjs";

const root = path.join(import.meta.dirname, "../..");
const source = path.join(root, "notebooks");
const pictures = path.join(root, "dist/screenshots");
const LIMIT_BYTES = 5e6;
const wanted = process.argv.slice(2);
const names = fs
  .readdirSync(source)
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .map((file) => file.replace(/\.ipynb$/, ""))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

fs.mkdirSync(pictures, { recursive: true });
const work = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-export-"));
const browser = await launchBrowser({ width: 1000, height: 900 });
let failed = 0;
try {
  for (const name of names) {
    const problems = await check(name).catch((error) => [error.message]);
    console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name}`);
    for (const problem of problems) console.log(`       ${problem}`);
    if (problems.length > 0) failed++;
  }
} finally {
  await browser.close();
  fs.rmSync(work, { recursive: true, force: true });
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || names.length === 0 ? 1 : 0);

/** What is wrong with one export, a line each. */
async function check(name) {
  const file = path.join(work, `${name}.html`);
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      path.join(root, "bin/kernelbook.js"),
      ...["export", path.join(source, `${name}.ipynb`), "--to", "html", "--output", file],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) return [stderr.trim()];
  const { size } = fs.statSync(file);
  const problems = size > LIMIT_BYTES ? [`${size} bytes, more than ${LIMIT_BYTES}`] : [];

  const notebook = JSON.parse(fs.readFileSync(path.join(source, `${name}.ipynb`), "utf8"));
  const page = await browser.newPage();
  const address = String(pathToFileURL(file));
  page.on("request", (request) => {
    const url = request.url();
    if (url !== address && !/^(data|blob):/.test(url)) problems.push(`asks for ${url}`);
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  try {
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await page.goto(address);
      await page.waitForTimeout(500);
      await page.screenshot({
        path: path.join(pictures, `export-${name}-${colorScheme}.png`),
        fullPage: true,
      });
    }
    problems.push(...missing(notebook, await page.evaluate(inPage)));
    return problems;
  } finally {
    await page.close();
  }
}

/** In the page: what there is of each kind; the first slider is moved. */
function inPage() {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const slider = all(".kb input[type=range]").find(
    (input) => !input.disabled && input.max > input.min,
  );
  const before = slider?.closest(".kb").textContent;
  if (slider) {
    slider.value = slider.value === slider.max ? slider.min : slider.max;
    for (const type of ["input", "change"])
      slider.dispatchEvent(new Event(type, { bubbles: true }));
  }
  return {
    formulas: all("math").length,
    raw: (document.body.innerText.match(/\$\$|\\frac|\\sum/g) ?? []).length,
    explorables: all(".kb").length,
    moved: !slider || slider.closest(".kb").textContent !== before,
    wide: document.documentElement.scrollWidth > window.innerWidth,
    blank: all("img").filter((image) => image.naturalWidth === 0).length,
  };
}

function missing({ cells }, { formulas, raw, explorables, moved, wide, blank }) {
  const markdown = cells.filter(({ cell_type }) => cell_type === "markdown");
  const text = markdown.flatMap(({ source }) => source).join("");
  const outputs = cells.flatMap(({ outputs = [] }) => outputs);
  const toTouch = outputs.filter(({ data }) =>
    String(data?.["text/plain"]).includes("to touch in a live page"),
  ).length;
  const displayed = text.match(/\$\$[^$]+\$\$/g)?.length ?? 0;
  return [
    formulas < displayed && `${formulas} formulas are drawn of ${displayed}`,
    raw > 0 && "formulas stand there as text",
    explorables < toTouch && `${explorables} explorables are alive of ${toTouch}`,
    !moved && "a slider moves nothing",
    wide && "the page is wider than the window",
    blank > 0 && `${blank} pictures are blank`,
  ].filter(Boolean);
}
