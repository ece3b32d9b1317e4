// Channels: each input channel meets its own kernel; the maps are summed, and the bias added.

import { convolve, outputSize } from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { grid } from "./grid.js";
import { live } from "./live.js";
import { walker } from "./parts.js";
import { floats, frame, h, setAll, slider } from "./ui.js";
import { formatter, digits, signed } from "./numbers.js";

const mostShown = 8;

export default {
  render({ model, el }) {
    const x = floats(model, "x");
    const [C, H, W] = model.get("shape");
    const weight = floats(model, "weight");
    const bias = floats(model, "bias");
    const [O, , K, L] = model.get("weightShape");
    const { root, end, onTheme } = frame(
      el,
      "Channels: one kernel each, then the sum",
      "Every input channel has a kernel of its own; their maps are added up, cell by cell. Move over any map.",
    );
    const geometry = {
      H,
      W,
      kernel: [K, L],
      stride: [1, 1],
      padding: model.get("padding"),
      dilation: [1, 1],
    };
    const [P, Q] = outputSize(geometry);
    const shown = Math.min(C, mostShown);
    const filter = slider({
      label: "filter",
      title: "output channel",
      min: 0,
      max: O - 1,
      value: 0,
      oninput: (value) => setAll(model, { filter: value }),
    });
    const walk = walker(() => [P, Q], paint);
    const rows = Array.from({ length: shown }, (_, c) => {
      const parts = [
        grid({ label: `input channel ${c}` }),
        grid({ label: `kernel of channel ${c}` }),
        grid({ label: `map of channel ${c}`, onhover: (r, q) => walk.moveTo(r, q) }),
      ];
      walk.listen(parts[2].canvas);
      const line = h(
        "div",
        { class: "kb-row" },
        parts[0].element,
        h("span", { class: "kb-sign" }, "∗"),
        parts[1].element,
        h("span", { class: "kb-sign" }, "="),
        parts[2].element,
      );
      return { parts, line };
    });
    const total = grid({ label: "their sum and the bias", onhover: (r, q) => walk.moveTo(r, q) });
    walk.listen(total.canvas);
    const formula = h("div", { class: "kb-formula", "aria-live": "polite" });
    root.append(
      h("div", { class: "kb-controls" }, O > 1 ? filter : null),
      walk.element,
      h(
        "div",
        { class: "kb-row" },
        h(
          "div",
          { class: "kb-stack" },
          rows.map(({ line }) => line),
        ),
        h("span", { class: "kb-sign" }, "Σ →"),
        total.element,
      ),
      C > shown
        ? h(
            "p",
            { class: "kb-soft" },
            `the first ${shown} of ${C} channels are drawn; the sum is over all`,
          )
        : "",
      formula,
    );

    let maps, sum;
    function compute() {
      const o = model.get("filter");
      filter.give({ value: o });
      maps = Array.from({ length: C }, (_, c) =>
        convolve(
          x.subarray(c * H * W, (c + 1) * H * W),
          {
            C: 1,
            O: 1,
            groups: 1,
            weight: weight.subarray((o * C + c) * K * L, (o * C + c + 1) * K * L),
            bias: null,
            mode: "zeros",
          },
          geometry,
        ),
      );
      sum = convolve(
        x,
        {
          C,
          O: 1,
          groups: 1,
          weight: weight.subarray(o * C * K * L, (o + 1) * C * K * L),
          bias: bias ? bias.subarray(o, o + 1) : null,
          mode: "zeros",
        },
        geometry,
      );
      walk.clamp();
    }
    function paint() {
      const o = model.get("filter");
      const [p, q] = walk.place;
      const wide = root.clientWidth >= 520;
      const room = wide
        ? Math.min(190, root.clientWidth * 0.2)
        : Math.min(150, (root.clientWidth - 60) / 2);
      const all = maps.flatMap((map) => [...map]);
      const [showX, showW, showMap] = [formatter(x), formatter(weight), formatter(all)];
      const scale = scaleOf([...all, ...sum]);
      const [top, left] = geometry.padding;
      rows.forEach(({ parts: [input, kernel, map] }, c) => {
        input.draw({
          rows: H,
          columns: W,
          room,
          caption: `input, channel ${c}`,
          value: (r, s) => x[(c * H + r) * W + s],
          colour: scaleOf(x),
          text: showX,
          marks: [{ row: p - top, column: q - left, rows: K, columns: L }],
        });
        kernel.draw({
          rows: K,
          columns: L,
          room: Math.min(room, 36 * Math.max(K, L)),
          caption: "kernel",
          value: (r, s) => weight[((o * C + c) * K + r) * L + s],
          colour: scaleOf(weight),
          text: showW,
        });
        map.draw({
          rows: P,
          columns: Q,
          room,
          caption: "products, summed",
          value: (r, s) => maps[c][r * Q + s],
          colour: scale,
          text: showMap,
          marks: [{ row: p, column: q }],
        });
      });
      total.draw({
        rows: P,
        columns: Q,
        room: room * 1.25,
        caption: `output channel ${o}`,
        value: (r, s) => sum[r * Q + s],
        colour: scale,
        text: formatter(sum),
        marks: [{ row: p, column: q }],
      });
      const parts = maps.slice(0, 16).map((map) => signed(digits(map[p * Q + q])));
      formula.replaceChildren(
        `${parts.join(" + ")}${C > 16 ? " + …" : ""}${bias ? ` + ${signed(digits(bias[o]))} (bias)` : ""} = `,
        h("b", {}, digits(sum[p * Q + q])),
      );
    }
    const cleanup = live({ model, keys: ["filter"], root, onTheme, compute, paint, end });
    return () => {
      walk.end();
      cleanup();
    };
  },
};
