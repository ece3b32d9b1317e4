// A confusion matrix to click into: a cell opens the images of its samples.

import { colourAt, inkOn } from "./colours.js";
import { live } from "./live.js";
import { frame, h, setAll } from "./ui.js";

export default {
  render({ model, el }) {
    const counts = model.get("counts");
    const labels = model.get("labels");
    const samples = model.get("samples"); // [target, prediction, the sample's number], in the order of the pixels
    const [C, H, W] = model.get("imageShape") ?? [0, 0, 0];
    const bytes = model.get("images");
    const pixels = bytes
      ? new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength)
      : null;
    const { root, end, onTheme } = frame(
      el,
      "Which classes are taken for which",
      "Rows: what it is. Columns: what it was taken for. Press a cell to see its samples.",
    );
    const most = Math.max(1, ...counts.flat());
    const cells = [];
    const head = h(
      "tr",
      {},
      h("th"),
      labels.map((name) => h("th", { scope: "col" }, h("span", {}, name))),
    );
    const rows = counts.map((row, t) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, labels[t]),
        row.map((count, p) => {
          const colour = colourAt("viridis", count / most);
          const cell = h(
            "button",
            {
              type: "button",
              class: "kb-cell",
              style: `background: rgb(${colour}); color: ${inkOn(colour)}`,
              "aria-label": `${labels[t]} taken for ${labels[p]}: ${count}`,
              onclick: () => setAll(model, { chosen: [t, p] }),
            },
            String(count),
          );
          cells.push({ t, p, cell });
          return h("td", {}, cell);
        }),
      ),
    );
    const says = h("div", { class: "kb-formula", "aria-live": "polite" });
    const pictures = h("div", { class: "kb-samples" });
    root.append(
      h(
        "div",
        { class: "kb-scroll" },
        h("table", { class: "kb-matrix" }, h("thead", {}, head), h("tbody", {}, rows)),
      ),
      says,
      pictures,
    );
    root.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[
        event.key
      ];
      const at = cells.find(({ cell }) => cell === root.ownerDocument.activeElement);
      const next =
        move && at && cells.find(({ t, p }) => t === at.t + move[0] && p === at.p + move[1]);
      if (!next) return;
      next.cell.focus();
      event.preventDefault();
      event.stopPropagation();
    });

    function imageOf(place) {
      const canvas = h("canvas", {
        width: W,
        height: H,
        role: "img",
        "aria-label": `sample ${samples[place][2]}`,
      });
      canvas.style.width = `${Math.max(48, Math.min(96, 2 * W))}px`;
      const data = new ImageData(W, H);
      const start = place * C * H * W;
      for (let i = 0; i < H * W; i++) {
        for (let k = 0; k < 3; k++)
          data.data[4 * i + k] = pixels[start + (C === 1 ? 0 : k) * H * W + i];
        data.data[4 * i + 3] = 255;
      }
      canvas.getContext("2d").putImageData(data, 0, 0);
      return h("figure", {}, canvas, `no. ${samples[place][2]}`);
    }
    function compute() {
      const [t, p] = model.get("chosen");
      for (const one of cells)
        one.cell.setAttribute("aria-pressed", String(one.t === t && one.p === p));
      const there = samples.flatMap(([target, said], i) => (target === t && said === p ? [i] : []));
      const count = counts[t][p];
      says.replaceChildren(
        `${labels[t]} ${t === p ? "recognised" : `taken for ${labels[p]}`}: `,
        h("b", {}, String(count)),
        h(
          "span",
          { class: "kb-soft" },
          there.length < count ? `   the first ${there.length} are here` : "",
          !pixels && there.length ? `   numbers ${there.map((i) => samples[i][2]).join(", ")}` : "",
        ),
      );
      pictures.replaceChildren(...(pixels ? there.map(imageOf) : []));
    }
    return live({ model, keys: ["chosen"], root, onTheme, compute, paint: () => {}, end });
  },
};
