// A learner's browser module, so that its mistakes are read in the page: anywidget's front end leaves an empty place, and tells the
// console only.

/** A module that loads the one of this text, and writes in the widget's place what it throws. An address stays as it is. */
export function guardedModule(esm: string): string {
  return /^https?:\/\//.test(esm) ? esm : `const text = ${JSON.stringify(esm)};\n${guard}`;
}

const guard = `async function load() {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const module = await import(address);
    const found = module.default ?? module;
    return typeof found === "function" ? await found() : found;
  } finally { URL.revokeObjectURL(address); }
}
function say(el, fault) {
  const said = document.createElement("pre");
  said.setAttribute("role", "alert");
  said.style.cssText = "margin: 0; white-space: pre-wrap; color: var(--jp-error-color1, #c62828)";
  said.textContent = "anyWidget: " + fault;
  el.append(said);
}
export default async () => {
  let widget, fault;
  const guarded = async (what, f) => {
    try { return await f(); } catch (error) { fault = what + ": " + error; console.error(error); }
  };
  await guarded("its module does not load", async () => (widget = await load()));
  return {
    initialize: (given) => guarded("initialize() failed", () => widget?.initialize?.(given)),
    async render(given) {
      if (!fault && typeof widget?.render !== "function") {
        fault = "its module has no render: export default { render({ model, el }) { el.textContent = … } }";
      }
      if (fault) return say(given.el, fault);
      const end = await guarded("render() failed", () => widget.render(given));
      if (!fault) return end;
      say(given.el, fault);
      fault = undefined; // another view may do better
    },
  };
};
`;
