// Brings an explorable to life in an element, without a kernel: in a notebook page and in exported HTML.
// What it is given: { module, state, buffers? }, the name of one of kernelbook's own modules, or { esm, css?, state, buffers? }
// with a module's text; buffers is a list of { path: ["weights"], data: "<base64>", dtype?: "float32" } that go into the state.

/** A stand-in for the widget model that an anywidget module expects: get, set, on, off, save_changes. */
function createModel(state) {
  const values = { ...state };
  const listeners = new Map();
  const emit = (event) => {
    for (const listener of [...(listeners.get(event) ?? [])]) listener();
  };
  const changed = new Set();
  const model = {
    get: (name) => values[name],
    set(name, value) {
      if (typeof name === "object")
        return Object.entries(name).forEach(([k, v]) => model.set(k, v));
      if (values[name] === value) return;
      values[name] = value;
      changed.add(name);
      emit(`change:${name}`);
    },
    save_changes() {
      if (changed.size > 0) emit("change");
      changed.clear();
    },
    on(event, listener) {
      for (const name of event.split(/\s+/)) {
        if (!listeners.has(name)) listeners.set(name, new Set());
        listeners.get(name).add(listener);
      }
    },
    off(event, listener) {
      if (event === undefined || event === null) return listeners.clear();
      if (listener) listeners.get(event)?.delete(listener);
      else listeners.delete(event);
    },
    send() {}, // nobody listens: there is no kernel
    widget_manager: null,
  };
  return model;
}

/**
 * Run the explorable's module in `element`; gives the function that cleans up.
 * `loadLibrary()` gives kernelbook's modules: { default: { convolution, … }, css }.
 */
export async function mountExplorable(element, payload, loadLibrary) {
  if (payload.esm) return mount(element, payload);
  const { default: modules, css } = await loadLibrary();
  const widget = modules[payload.module];
  if (!widget) throw new Error(`there is no explorable "${payload.module}" in this kernelbook`);
  return mount(element, { ...payload, css, widget });
}

async function mount(element, { esm, widget, css, state = {}, buffers = [] }) {
  const full = structuredClone(state);
  for (const { path, data } of buffers) put(full, path, new DataView(bytesOf(data).buffer));

  const exported = widget ?? (await importText(esm));
  const model = createModel(full);
  element.replaceChildren();
  if (css) element.append(Object.assign(document.createElement("style"), { textContent: css }));
  const root = element.appendChild(document.createElement("div"));
  const experimental = { invoke: () => Promise.reject(new Error("there is no kernel here")) };
  const endInitialize = await exported.initialize?.({ model, experimental });
  const endRender = await exported.render({ model, el: root, experimental });
  return () => {
    endRender?.();
    endInitialize?.();
  };
}

/** What a module's text exports as default. */
async function importText(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const module = await import(/* webpackIgnore: true */ address);
    return typeof module.default === "function"
      ? await module.default()
      : (module.default ?? module);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function put(target, path, value) {
  let holder = target;
  for (const key of path.slice(0, -1)) holder = holder[key] ??= {};
  holder[path.at(-1)] = value;
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
