// Small parts of pages: elements, labelled controls, the theme of the page around us.

import { digits } from "./numbers.js";

const takesKeys = new Set(["input", "select", "button", "canvas"]);

/** h("div", { class: "kb", onclick }, …children): an element. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  // Jupyter's shortcuts (→ goes to the next heading) look at the focused element first, and at its ancestors only then
  if (takesKeys.has(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A slider with its name and value; give({ min, max, value }) moves its bounds. */
export function slider({ label, min, max, step = 1, value, oninput, title }) {
  const output = h("output", {}, String(value));
  const input = h("input", {
    type: "range",
    min,
    max,
    step,
    value,
    title,
    "aria-label": title ?? label,
  });
  input.addEventListener("input", () => {
    output.textContent = input.value;
    oninput(Number(input.value));
  });
  const element = h("label", { class: "kb-slider" }, h("span", {}, label), input, output);
  element.give = (next) => {
    if (next.min !== undefined) input.min = next.min;
    if (next.max !== undefined) input.max = next.max;
    if (next.value !== undefined) input.value = next.value;
    output.textContent = input.value;
    input.disabled = Number(input.max) <= Number(input.min);
  };
  return element;
}

export function select({ label, options, value, onchange }) {
  const input = h(
    "select",
    { "aria-label": label },
    options.map((option) => h("option", { value: option }, option)),
  );
  input.value = value;
  input.addEventListener("change", () => onchange(input.value));
  const element = h("label", { class: "kb-select" }, h("span", {}, label), input);
  element.give = (next) => (input.value = next);
  return element;
}

export function checkbox({ label, value, onchange }) {
  const input = h("input", { type: "checkbox" });
  input.checked = value;
  input.addEventListener("change", () => onchange(input.checked));
  const element = h("label", { class: "kb-check" }, input, h("span", {}, label));
  element.give = (next) => (input.checked = next);
  return element;
}

export function button(label, onclick, title) {
  return h(
    "button",
    { type: "button", class: "kb-button", onclick, title, "aria-label": title ?? label },
    label,
  );
}

/** A bar of a scale's colours with its least and its greatest value; show(scale), of colours.js, fills it. */
export function legend() {
  const [low, bar, high] = [h("span"), h("span", { class: "kb-bar" }), h("span")];
  const element = h("div", { class: "kb-legend", hidden: true }, low, bar, high);
  return {
    element,
    show(scale) {
      element.hidden = !scale?.range;
      if (element.hidden) return;
      [low.textContent, high.textContent] = scale.range.map(digits);
      bar.style.background = `linear-gradient(90deg, ${scale.stops})`;
    },
  };
}

/** The frame of an explorable: title, one line on how to use it; follows the page from light to dark. Gives { root, end }. */
export function frame(el, title, hint) {
  const root = h("section", { class: "kb", "aria-label": title });
  root.append(h("header", {}, h("h3", {}, title), h("p", { class: "kb-hint" }, hint)));
  el.append(root);
  const repaint = [];
  const end = followTheme(el, (dark) => {
    root.classList.toggle("kb-dark", dark);
    repaint.forEach((paint) => paint());
  });
  return {
    root,
    onTheme: (paint) => repaint.push(paint),
    end() {
      end();
      root.remove();
    },
  };
}

/** Calls `change(dark)` now and when the page goes from light to dark or back; gives the cleanup. */
export function followTheme(el, change) {
  let dark;
  const look = () => {
    const now = isDark(el);
    if (now === dark) return;
    dark = now;
    change(dark);
  };
  look();
  const observer = new MutationObserver(look);
  for (const place of [document.documentElement, document.body])
    observer.observe(place, { attributes: true });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", look);
  requestAnimationFrame(look);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", look);
  };
}

/** Is what lies behind us dark? */
function isDark(el) {
  for (let at = el; at; at = at.parentElement) {
    const parts =
      getComputedStyle(at)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number) ?? [];
    if (parts.length >= 3 && (parts[3] ?? 1) > 0.5)
      return 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2] < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** A binary value of the model as bytes. */
export function bytes(model, name) {
  const view = model.get(name);
  return new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
}

/** The same as numbers. */
export function floats(model, name) {
  const view = model.get(name);
  if (!view) return null;
  if (view instanceof Float32Array) return view;
  return new Float32Array(bytes(model, name).slice().buffer);
}

/** A value of the model that the page may change, shared with the kernel. */
export function setAll(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}
