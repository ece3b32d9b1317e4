// A page for one explorable: the modules, its state, and the few lines that play the kernel's part.

import { frontLibrary } from "./front-library.js";
import type { ExplorablePayload } from "./payload.js";

export function staticPage(payload: ExplorablePayload): string {
  const content = { ...payload, library: frontLibrary().text };
  const json = JSON.stringify(content).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${payload.module}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 12px; background: light-dark(#fff, #111); }
</style>
<div id="here"></div>
<script type="application/json" id="content">${json}</script>
<script type="module">
const { library, module, state, buffers } = JSON.parse(document.getElementById("content").textContent);
for (const { path, data } of buffers) {
  let holder = state;
  for (const key of path.slice(0, -1)) holder = holder[key];
  holder[path.at(-1)] = new DataView(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer);
}
const listeners = new Map();
const model = {
  get: (name) => state[name],
  set(name, value) {
    if (state[name] === value) return;
    state[name] = value;
    for (const listener of [...(listeners.get("change:" + name) ?? [])]) listener();
  },
  save_changes() {},
  send() {},
  on(name, listener) { listeners.set(name, (listeners.get(name) ?? new Set()).add(listener)); },
  off(name, listener) { listeners.get(name)?.delete(listener); },
};
const address = URL.createObjectURL(new Blob([library], { type: "text/javascript" }));
const { default: widgets, css } = await import(address);
const el = document.getElementById("here");
el.append(Object.assign(document.createElement("style"), { textContent: css }));
widgets[module].render({ model, el });
</script>
</html>
`;
}
