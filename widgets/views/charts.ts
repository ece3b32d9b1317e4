// Curves and histograms.

import type { Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawChart, plotlyFigure, type ChartOptions, type Series } from "../plot/chart.js";
import { short, statisticsOf, statisticsText } from "../plot/statistics.js";
import { isTensor } from "./layers.js";
import { kindOf } from "./tensor-maps.js";

const plotlyMime = "application/vnd.plotly.v1+json";

type Numbers = ArrayLike<number> | Tensor;

function listOf(view: string, values: Numbers): number[] {
  if (!isTensor(values) && !Array.isArray(values) && !ArrayBuffer.isView(values))
    throw new TypeError(`${view}: takes numbers, got ${kindOf(values)}`);
  return Array.from(isTensor(values) ? values.data : (values as ArrayLike<number>));
}

/** @internal A chart as a bundle: plotly's JSON, a picture, a text. */
export function chartFigure(
  series: readonly Series[],
  options: ChartOptions,
  text: string,
): Figure {
  const plotly = { [plotlyMime]: plotlyFigure(series, options) };
  return new Figure(pictureBundle(drawChart(series, options), text, plotly));
}

/**
 * Curves of numbers by name, over 0, 1, 2, … or over `x`.
 *
 * ```ts
 * lineChart({ loss: [2, 1, 0.5] }).text.split("\n")[0] // → "line chart: loss 3 values, 2 → 0.5"
 * ```
 */
export function lineChart(
  curves: Readonly<Record<string, Numbers>> | Numbers,
  { x, ...options }: ChartOptions & { x?: Numbers } = {},
): Figure {
  const named = isTensor(curves) || "length" in curves ? { values: curves as Numbers } : curves;
  const series = Object.entries(named).map(([name, values]): Series => {
    const y = listOf("lineChart", values as Numbers);
    const at = x ? listOf("lineChart", x) : y.map((_, i) => i);
    if (at.length !== y.length) {
      throw new RangeError(`lineChart: ${name} has ${y.length} values but x has ${at.length}`);
    }
    return { name, x: at, y };
  });
  const parts = series.map(({ name, y }) =>
    y.length > 0
      ? `${name} ${y.length} values, ${short(y[0])} → ${short(y.at(-1)!)}`
      : `${name} no values`,
  );
  return chartFigure(series, options, `line chart: ${parts.join("; ")}`);
}

/**
 * How often values fall into each of `bins` equal intervals (NaN and infinite ones are left out and counted in the text).
 *
 * ```ts
 * histogram(torch.tensor([0, 0, 1]), { bins: 2 }).text.split("\n")[1] // → "2 bins: 2 1"
 * ```
 */
export function histogram(
  values: Numbers,
  { bins = 40, ...options }: ChartOptions & { bins?: number } = {},
): Figure {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`histogram: bins must be a whole number ≥ 1, not ${bins}`);
  const list = listOf("histogram", values);
  const statistics = statisticsOf(list);
  const { min, max } = statistics;
  const [low, high] = !(min <= max) ? [0, 1] : min === max ? [min - 0.5, max + 0.5] : [min, max];
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of list) {
    if (value - value === 0) counts[Math.min(bins - 1, Math.floor((value - low) / width))]++;
  }
  const centres = counts.map((_, i) => low + (i + 0.5) * width);
  const text = `histogram of ${list.length} values: ${statisticsText(statistics)}\n${bins} bins: ${counts.join(" ")}`;
  return chartFigure([{ name: "count", x: centres, y: counts, kind: "bars" }], options, text);
}
