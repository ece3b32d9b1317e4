// One number of a convolution, written out: products of one channel, sums of all channels, bias, result.

import { digits, signed } from "./numbers.js";
import { h } from "./ui.js";

/** More terms and channels than these are not written out. */
const mostTerms = 27;
const mostChannels = 16;

/**
 * parts: arithmetic.js, convolveAt; one: the channel whose products are written; at: [filter, row, column];
 * onchannel(c): another channel's sum was chosen. Gives the lines.
 */
export function writtenSum({ parts, one, hasBias, at, onchannel }) {
  const { channels, bias, value } = parts;
  const several = channels.length > 1;
  const terms = one.terms
    .slice(0, mostTerms)
    .map((term) => `${signed(digits(term.value))}·${signed(digits(term.weight))}`);
  const rest = one.terms.length > mostTerms ? ` + … (${one.terms.length} products)` : "";
  const products = h(
    "div",
    {},
    h("span", { class: "kb-soft" }, several ? `channel ${one.c}: ` : "products: "),
    `${terms.join(" + ")}${rest} = `,
    h("b", {}, digits(one.sum)),
  );

  const sums = channels.slice(0, mostChannels).flatMap(({ c, sum }, i) => {
    const chosen = c === one.c;
    const text = signed(digits(sum));
    const term = several
      ? h(
          "button",
          {
            type: "button",
            class: "kb-term",
            "aria-pressed": String(chosen),
            title: `the sum over channel ${c}: show its products`,
            onclick: () => onchannel(c),
          },
          text,
        )
      : text;
    return i > 0 ? [" + ", term] : [term];
  });
  const result = h(
    "div",
    {},
    h("span", { class: "kb-soft" }, `output[${at.join(", ")}] = `),
    sums,
    channels.length > mostChannels ? ` + … (${channels.length} channels)` : "",
    hasBias ? [` + ${signed(digits(bias))}`, h("span", { class: "kb-soft" }, " (bias)")] : "",
    " = ",
    h("b", {}, digits(value)),
  );
  return [products, result];
}
