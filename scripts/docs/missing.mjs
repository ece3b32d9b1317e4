// What the reference lacks.

/**
 * Functions and classes that have no example of their own. Many need none (`atan` after `sin`, `Softsign` after `ReLU`); the
 * number may only fall.
 */
const WITHOUT_EXAMPLE = 304;

/** A line for each public function, class and value without a docstring, and one if fewer examples are left than there were. */
export function missing(modules) {
  const problems = [];
  let without = 0;
  for (const { name: module, items } of modules) {
    for (const { name, kind, doc, members, file } of items) {
      if (file.endsWith("generated.ts")) continue; // ipywidgets' own controls: their schema documents them
      const isOptions = kind === "interface" && members.some((member) => member.doc);
      if (!doc && kind !== "type" && !isOptions)
        problems.push(`${module}.${name} (${file}) has no docstring`);
      if ((kind === "function" || kind === "class") && !/```ts/.test(doc)) without++;
    }
  }
  if (without > WITHOUT_EXAMPLE)
    problems.push(
      `${without} functions and classes have no example, ${WITHOUT_EXAMPLE} had none before: give the new ones one`,
    );
  return problems;
}
