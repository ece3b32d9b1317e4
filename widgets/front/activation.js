// Activation: the curve, and a map before and after it.

import { activations } from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { grid } from "./grid.js";
import { live, roomIn } from "./live.js";
import { walker } from "./parts.js";
import { floats, frame, h, select, setAll, slider } from "./ui.js";
import { formatter, digits } from "./numbers.js";

export default {
  render({ model, el }) {
    const x = floats(model, "x");
    const [C, H, W] = model.get("shape");
    const { root, end, onTheme } = frame(
      el,
      "Activation: the same curve for every cell",
      "Move over a map: the point on the curve follows.",
    );
    let channel = 0;
    const kind = select({
      label: "function",
      options: Object.keys(activations),
      value: model.get("kind"),
      onchange: (value) => setAll(model, { kind: value }),
    });
    const channels = slider({
      label: "channel",
      min: 0,
      max: C - 1,
      value: 0,
      oninput: (value) => ((channel = value), paint()),
    });
    const walk = walker(() => [H, W], paint);
    const before = grid({ label: "before", onhover: (r, c) => walk.moveTo(r, c) });
    const after = grid({ label: "after", onhover: (r, c) => walk.moveTo(r, c) });
    [before, after].forEach(({ canvas }) => walk.listen(canvas));
    const span = h("figcaption", { class: "kb-caption" });
    const curve = h("canvas", { role: "img", "aria-label": "the curve of the function" });
    const says = h("div", { class: "kb-formula", "aria-live": "polite" });
    root.append(
      h("div", { class: "kb-controls" }, kind, C > 1 ? channels : null),
      h(
        "div",
        { class: "kb-row" },
        before.element,
        h("figure", { class: "kb-grid" }, span, curve),
        after.element,
      ),
      says,
    );

    function paint() {
      const name = model.get("kind");
      const f = activations[name];
      kind.give(name);
      const plane = x.subarray(channel * H * W, (channel + 1) * H * W);
      const y = Float32Array.from(plane, f);
      const [p, q] = walk.place;
      const at = p * W + q;
      const room = roomIn(root, 300);
      const marks = [{ row: p, column: q }];
      const view = { rows: H, columns: W, room, marks };
      const scale = scaleOf([...plane, ...y]);
      before.draw({
        ...view,
        caption: `before: ${H}×${W}`,
        value: (r, c) => plane[r * W + c],
        colour: scale,
        text: formatter(plane),
      });
      after.draw({
        ...view,
        caption: `after ${name}`,
        value: (r, c) => y[r * W + c],
        colour: scale,
        text: formatter(y),
      });
      const most = drawCurve(curve, f, plane, plane[at], getComputedStyle(root));
      span.textContent = `the function, ${digits(-most)} to ${digits(most)}`;
      const zeros = y.reduce((count, value) => count + (value === 0), 0);
      says.replaceChildren(
        `${name}(${digits(plane[at])}) = `,
        h("b", {}, digits(y[at])),
        h(
          "span",
          { class: "kb-soft" },
          `   ${Math.round((100 * zeros) / y.length)} % of the map is 0 now`,
        ),
      );
    }
    const cleanup = live({ model, keys: ["kind"], root, onTheme, compute: paint, paint, end });
    return () => {
      walk.end();
      cleanup();
    };
  },
};

/** Gives the greatest value on both axes. */
function drawCurve(canvas, f, values, at, style) {
  const side = 190;
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  canvas.width = canvas.height = side * ratio;
  canvas.style.width = `${side}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  let most = 1;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  most *= 1.1;
  const place = (v) => (v / most + 1) * (side / 2);
  pen.strokeStyle = style.getPropertyValue("--kb-line");
  pen.strokeRect(0.5, 0.5, side - 1, side - 1);
  pen.beginPath();
  pen.moveTo(0, side / 2);
  pen.lineTo(side, side / 2);
  pen.moveTo(side / 2, 0);
  pen.lineTo(side / 2, side);
  pen.stroke();
  pen.strokeStyle = style.getPropertyValue("--kb-hit");
  pen.lineWidth = 2.5;
  pen.beginPath();
  for (let i = 0; i <= side; i++) {
    const v = (i / side - 0.5) * 2 * most;
    pen.lineTo(i, side - place(f(v)));
  }
  pen.stroke();
  pen.fillStyle = style.getPropertyValue("--kb-window");
  pen.beginPath();
  pen.arc(place(at), side - place(f(at)), 5, 0, 7);
  pen.fill();
  return most;
}
