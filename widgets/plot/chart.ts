// Charts, twice: as a plotly figure for pages that can, and as pixels for those that cannot. Lines and bars on two axes.

import { faint, ink, Raster, type Colour } from "./raster.js";
import { short } from "./statistics.js";
import { fitText, textHeight, textWidth } from "./text.js";

export interface Series {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly kind?: "line" | "bars" | "dots";
  /** Validation beside training. */
  readonly dashed?: boolean;
  /** Which of the series' colours. Default: by its place. */
  readonly colour?: number;
}

export interface ChartOptions {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  /** Pixels of the page. Default 560 × 320. */
  width?: number;
  height?: number;
  /** Logarithmic y axis. */
  logY?: boolean;
}

/** Okabe and Ito's colours, which the colour-blind tell apart; black left out for dark pages. */
export const seriesColours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

const colourOf = (one: Series, i: number) =>
  seriesColours[(one.colour ?? i) % seriesColours.length];

/** The figure as plotly's JSON (valid for plotly.js 3 and 4); numbers are single precision in base64. */
export function plotlyFigure(series: readonly Series[], options: ChartOptions): object {
  const { title, xLabel, yLabel, width = 560, height = 320, logY = false } = options;
  const axis = { gridcolor: "rgba(128,132,140,.25)", zerolinecolor: "rgba(128,132,140,.4)" };
  return {
    data: series.map((one, i) => ({
      type: one.kind === "bars" ? "bar" : "scatter",
      ...(one.kind === "bars"
        ? { marker: { color: colourOf(one, i) } }
        : {
            mode: one.kind === "dots" ? "markers" : one.x.length < 40 ? "lines+markers" : "lines",
            line: { color: colourOf(one, i), width: 2, dash: one.dashed ? "dash" : "solid" },
          }),
      name: one.name,
      x: binary(one.x),
      y: binary(one.y),
    })),
    layout: {
      ...(title ? { title: { text: title } } : {}),
      width,
      height,
      margin: { l: 56, r: 16, t: title ? 40 : 16, b: 44 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: "#787c82" },
      bargap: 0.04,
      showlegend: series.length > 1,
      xaxis: { ...axis, ...(xLabel ? { title: { text: xLabel } } : {}) },
      yaxis: {
        ...axis,
        ...(yLabel ? { title: { text: yLabel } } : {}),
        ...(logY ? { type: "log" } : {}),
      },
    },
    config: { displaylogo: false, showSendToCloud: false, responsive: true },
  };
}

function binary(values: readonly number[]) {
  const bytes = Buffer.from(Float64Array.from(values).buffer);
  return { dtype: "f8", bdata: bytes.toString("base64") };
}

/** The chart as pixels. */
export function drawChart(series: readonly Series[], options: ChartOptions = {}): Raster {
  const { title = "", xLabel = "", yLabel = "", width = 560, height = 320, logY = false } = options;
  const density = 2;
  const raster = new Raster(width * density, height * density, density);
  const line = textHeight(density);
  const toY = (v: number) => (logY ? Math.log10(v) : v);
  const points = series.flatMap(({ x, y }) =>
    x.map((v, i) => [v, toY(y[i])]).filter((point) => point.every(Number.isFinite)),
  );
  const bars = series.some(({ kind }) => kind === "bars");
  const step = bars ? (series[0].x[1] ?? 1) - (series[0].x[0] ?? 0) || 1 : 0;
  const xs = spread(
    points.map(([x]) => x),
    step / 2,
  );
  const ys = spread([...points.map(([, y]) => y), ...(bars ? [0] : [])], 0, bars ? 0.06 : 0.04);
  const yTicks = ticks(ys[0], ys[1], 5);
  const tickText = (v: number) =>
    logY ? short(Number((10 ** v).toPrecision(2))) : short(Number(v.toPrecision(6)));

  const left = Math.max(...yTicks.map((v) => textWidth(tickText(v), density)), 20) + 6 * density;
  const top = (title || yLabel || series.length > 1 ? line : 4) + 4 * density;
  const bottom = raster.height - line * (xLabel ? 2 : 1) - 4 * density;
  const right = raster.width - 8 * density;
  const px = (v: number) => left + ((v - xs[0]) / (xs[1] - xs[0])) * (right - left);
  const py = (v: number) => bottom - ((v - ys[0]) / (ys[1] - ys[0])) * (bottom - top);

  for (const v of yTicks) {
    raster.fill(left, Math.round(py(v)), right - left, 1, faint);
    raster.text(tickText(v), left - 4 * density, py(v) - line / 2, { align: "right" });
  }
  for (const v of ticks(xs[0], xs[1], 7)) {
    raster.fill(Math.round(px(v)), bottom, 1, 4 * density, ink);
    raster.text(short(Number(v.toPrecision(6))), px(v), bottom + 4 * density, { align: "center" });
  }
  raster.fill(left, bottom, right - left, density, ink);
  if (xLabel) raster.text(xLabel, (left + right) / 2, raster.height - line, { align: "center" });
  raster.text(fitText(title || yLabel, raster.width / 2, density), 0, 0);

  series.forEach((one, i) => {
    const colour = rgbOf(colourOf(one, i));
    const thick = (one.dashed ? 1.4 : 1.8) * density;
    let last: [number, number] | null = null;
    let walked = 0;
    one.x.forEach((x, k) => {
      const y = toY(one.y[k]);
      if (!Number.isFinite(y)) return void (last = null);
      const at: [number, number] = [px(x), py(y)];
      if (one.kind === "bars") {
        const half = ((px(step) - px(0)) / 2) * 0.94;
        raster.fill(
          Math.round(at[0] - half),
          Math.round(at[1]),
          Math.max(1, Math.round(2 * half)),
          Math.round(bottom - at[1]),
          colour,
        );
      } else {
        if (last && one.kind !== "dots") {
          if (one.dashed) walked = dashes(raster, last, at, walked, colour, thick);
          else raster.line(...last, ...at, colour, thick);
        }
        const marked = one.x.length < 40 && !one.dashed;
        if (marked || one.kind === "dots") raster.dot(...at, 2.2 * density, colour);
      }
      last = at;
    });
  });
  if (series.length > 1) drawLegend(raster, series);
  return raster;
}

/** Draws from one point to the next in dashes; `walked` is how long the curve is so far, and what comes back too. */
function dashes(
  raster: Raster,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  walked: number,
  colour: Colour,
  thick: number,
): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const period = 9 * raster.density;
  for (let start = -(walked % period); start < length; start += period) {
    const [from, to] = [Math.max(0, start), Math.min(length, start + 0.6 * period)];
    if (to <= from) continue;
    const at = (part: number) => [x1 + (x2 - x1) * part, y1 + (y2 - y1) * part] as const;
    raster.line(...at(from / length), ...at(to / length), colour, thick);
  }
  return walked + length;
}

function drawLegend(raster: Raster, series: readonly Series[]): void {
  const { density } = raster;
  const line = textHeight(density);
  let x = raster.width;
  [...series.entries()].reverse().forEach(([i, one]) => {
    raster.text(one.name, x, 0, { align: "right" });
    x -= textWidth(one.name, density) + 18 * density;
    for (const dash of one.dashed ? [0, 5, 10] : [0])
      raster.fill(
        x + dash * density,
        Math.round(line / 2) - density,
        (one.dashed ? 4 : 14) * density,
        2 * density,
        rgbOf(colourOf(one, i)),
      );
    x -= 12 * density;
  });
}

function rgbOf(hex: string): Colour {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** From the least to the greatest, with some room. */
function spread(values: readonly number[], more: number, share = 0.02): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const room = (high - low) * share + more;
  return [low >= 0 && low - room < 0 ? Math.min(0, low - more) : low - room, high + room];
}

/** About `count` round numbers between two. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}
