// What several explorables show alike: the size formula with its numbers, sliders for a window, a walk over the output.

import { button, h, slider } from "./ui.js";
import { outputSize, unreached } from "./arithmetic.js";

/** ⌊(6 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 4, for the height and, where it differs, the width. */
export function sizeFormula(element, geometry) {
  const { H, W, kernel, stride, padding, dilation, ceil } = geometry;
  const size = outputSize(geometry);
  const lost = unreached(geometry);
  const [open, close] = ceil ? ["⌈", "⌉"] : ["⌊", "⌋"];
  const line = (name, length, a) => {
    const free = length + 2 * padding[a] - dilation[a] * (kernel[a] - 1) - 1;
    const exact = free / stride[a];
    const rounded = Number.isInteger(exact) ? "" : ` = ${open}${exact.toFixed(2)}${close} + 1`;
    return h(
      "div",
      {},
      `${name} = ${open}(${length} + 2·${padding[a]} − ${dilation[a]}·(${kernel[a]} − 1) − 1) / ${stride[a]}${close} + 1${rounded} = `,
      h("b", {}, String(size[a])),
      lost[a] > 0
        ? h(
            "span",
            { class: "kb-soft" },
            `   (${lost[a]} ${a ? "column" : "row"}${lost[a] > 1 ? "s" : ""} at the end that no window reaches)`,
          )
        : "",
    );
  };
  const same = H === W && [kernel, stride, padding, dilation].every(([a, b]) => a === b);
  element.replaceChildren(
    ...(same ? [line("size", H, 0)] : [line("height", H, 0), line("width", W, 1)]),
  );
}

const meanings = {
  window: "the window, and its output",
  use: "the input pointed at, and the outputs that use it",
  pad: "padding",
  lost: "never reached: the discarded border",
  hit: "winners: the gradient goes back to them",
};

/** What the colours of frames and the patterns of cells mean. */
export function keyList(...kinds) {
  const sign = (kind) =>
    h("i", {
      class: `kb-key-${kind}`,
      style: ["pad", "lost"].includes(kind) ? null : `color: var(--kb-${kind})`,
    });
  return h(
    "ul",
    { class: "kb-keys" },
    kinds.map((kind) => h("li", {}, sign(kind), meanings[kind])),
  );
}

/**
 * Sliders for pairs (kernel, stride, …), one for both axes or, when `rectangular`, one for each.
 * rows: [{ name, label, min, max() }]; read(name) gives the pair, write(name, pair) takes it.
 */
export function pairSliders(rows, read, write) {
  let rectangular = rows.some(({ name }) => read(name)[0] !== read(name)[1]);
  const element = h("div", { class: "kb-controls" });
  const made = [];
  function build() {
    made.length = 0;
    element.replaceChildren();
    for (const { name, label, min, max } of rows) {
      for (const a of rectangular ? [0, 1] : [0]) {
        const one = slider({
          label: rectangular ? `${label} ${a ? "↔" : "↕"}` : label,
          title: rectangular ? `${label}, ${a ? "width" : "height"}` : label,
          min,
          max: max(a),
          value: read(name)[a],
          oninput: (value) =>
            write(
              name,
              rectangular ? read(name).map((old, b) => (a === b ? value : old)) : [value, value],
            ),
        });
        made.push(() =>
          one.give({ max: rectangular ? max(a) : Math.min(max(0), max(1)), value: read(name)[a] }),
        );
        element.append(one);
      }
    }
    const toggle = button(
      rectangular ? "square" : "rectangular",
      () => {
        rectangular = !rectangular;
        if (!rectangular) for (const { name } of rows) write(name, [read(name)[0], read(name)[0]]);
        build();
      },
      "one slider for height and one for width",
    );
    element.append(toggle);
  }
  build();
  return { element, refresh: () => made.forEach((give) => give()) };
}

/**
 * A place that moves over the output: buttons, speed, arrow keys. size() gives [rows, columns]; paint() after every move.
 * Gives { element, place, moveTo(row, column), listen(canvas), clamp(), end() }.
 */
export function walker(size, paint) {
  const place = [0, 0];
  let timer = null;
  let delay = 600; // milliseconds from place to place
  const play = button("▶", () => (timer ? stop() : start()), "play");

  function moveTo(row, column) {
    const [rows, columns] = size();
    place[0] = Math.max(0, Math.min(rows - 1, row));
    place[1] = Math.max(0, Math.min(columns - 1, column));
    paint();
  }
  function step(by) {
    const [rows, columns] = size();
    const count = Math.max(1, rows * columns);
    const next = (((place[0] * columns + place[1] + by) % count) + count) % count;
    moveTo(Math.floor(next / columns), next % columns);
  }
  function start() {
    play.textContent = "❚❚";
    play.setAttribute("aria-label", "pause");
    timer = setInterval(() => step(1), delay);
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "▶";
    play.setAttribute("aria-label", "play");
  }
  const speed = slider({
    label: "speed",
    min: 1,
    max: 10,
    value: 4,
    oninput: (value) => {
      delay = 1200 / value ** 1.2;
      if (timer) {
        stop();
        start();
      }
    },
  });
  const keys = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  function listen(canvas) {
    canvas.addEventListener("keydown", (event) => {
      const move = keys[event.key];
      if (event.key === " ") play.click();
      else if (move) {
        stop();
        moveTo(place[0] + move[0], place[1] + move[1]);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
  const back = button("◀◀", () => (stop(), step(-1)), "one step back");
  const forth = button("▶▶", () => (stop(), step(1)), "one step on");
  const element = h("div", { class: "kb-controls" }, back, play, forth, speed);
  return {
    element,
    place,
    moveTo: (row, column) => {
      stop();
      moveTo(row, column);
    },
    listen,
    clamp: () => moveTo(place[0], place[1]),
    end: stop,
  };
}
