// The four grids of the convolution explorable: input, kernel, products, output.

import { outputSize, sourceOf, unreached } from "./arithmetic.js";
import { scaleOf } from "./colours.js";
import { formatter } from "./numbers.js";

/**
 * grids: { input, kernel, products, output }; view: { x, y, layer, geometry, place: [p, q], channel, filter, hovered, users,
 * one: the channel's terms (arithmetic.js, convolveAt), width: the page's pixels }.
 */
export function drawConvolution(grids, view) {
  const { x, y, layer, geometry, place, channel, filter, hovered, users, one, width } = view;
  const { H, W, padding, kernel: k, stride, dilation } = geometry;
  const { C, O, groups } = layer;
  const [P, Q] = outputSize(geometry);
  const [p, q] = place;
  const [rows, columns] = [H + 2 * padding[0], W + 2 * padding[1]];
  const lost = unreached(geometry);
  const plane = x.subarray(channel * H * W, (channel + 1) * H * W);
  const small = Math.min(width - 40, 44 * Math.max(...k), 176);
  const room = roomsOf([Math.max(rows, columns), Math.max(P, Q)], [columns, Q], small, width);

  const cells = [];
  for (let i = 0; i < k[0]; i++) {
    for (let j = 0; j < k[1]; j++)
      cells.push({ row: p * stride[0] + i * dilation[0], column: q * stride[1] + j * dilation[1] });
  }
  const span = k.map((size, a) => dilation[a] * (size - 1) + 1);
  grids.input.draw({
    rows,
    columns,
    room: room[0],
    legend: true,
    caption: `input${C > 1 ? `, channel ${channel}` : ""}: ${H}×${W}${rows > H || columns > W ? `, padded ${rows}×${columns}` : ""}`,
    value: (r, c) => {
      const [i, j] = [
        sourceOf(r - padding[0], H, layer.mode),
        sourceOf(c - padding[1], W, layer.mode),
      ];
      return i < 0 || j < 0 ? 0 : plane[i * W + j];
    },
    colour: scaleOf(x),
    text: formatter(x),
    note: (r, c) => {
      if (r >= rows - lost[0] || c >= columns - lost[1]) return "lost";
      const outside =
        r < padding[0] || c < padding[1] || r >= padding[0] + H || c >= padding[1] + W;
      return outside ? "pad" : null;
    },
    marks: [
      ...cells,
      { row: p * stride[0], column: q * stride[1], rows: span[0], columns: span[1] },
      ...(hovered
        ? [{ row: hovered[0] + padding[0], column: hovered[1] + padding[1], kind: "use" }]
        : []),
    ],
  });

  const perGroup = C / groups;
  grids.kernel.draw({
    rows: k[0],
    columns: k[1],
    room: small,
    caption: `kernel${O > 1 || perGroup > 1 ? ` [${filter}, ${one.c % perGroup}]` : ""}: ${k[0]}×${k[1]}${layer.isOwn ? "" : ", random"}`,
    value: (r, c) => one.terms[r * k[1] + c].weight,
    colour: scaleOf(layer.weight),
    text: formatter(layer.weight),
  });
  const values = one.terms.map(({ product }) => product);
  grids.products.draw({
    rows: k[0],
    columns: k[1],
    room: small,
    caption: "products",
    value: (r, c) => values[r * k[1] + c],
    colour: scaleOf([...values, -1e-9]), // red and blue, as the sum that they make
    text: formatter(values),
  });
  grids.output.draw({
    rows: P,
    columns: Q,
    room: room[1],
    legend: true,
    caption: `output${O > 1 ? `, channel ${filter}` : ""}: ${P}×${Q}`,
    value: (r, c) => y[(filter * P + r) * Q + c],
    colour: scaleOf(y),
    text: formatter(y),
    marks: [
      ...users.map(([row, column]) => ({ row, column, kind: "use" })),
      { row: p, column: q, kind: "window" },
    ],
  });
}

/** Squares with digits in them are this wide at least (grid.js). */
const readable = 22;
/** What lies between the four grids: signs and gaps. */
const between = 230;

/**
 * The pixels of the input's and of the output's grid: all four in one row if their digits can be read then, else the large ones
 * as large as they like. `longest` and `columns` are theirs.
 */
function roomsOf(longest, columns, small, width) {
  if (width < 520) return [width - 40, Math.min(width - 40, 300)];
  const liked = [Math.min(340, 0.34 * width), Math.min(300, 0.34 * width)];
  const wide = liked.map((room, i) => columns[i] * Math.min(44, Math.floor(room / longest[i])));
  const rest = width - between - 2 * small;
  const side = Math.floor(rest / (columns[0] + columns[1]));
  if (wide[0] + wide[1] <= rest || side < readable) return liked;
  return longest.map((count) => count * Math.min(side, 44));
}
