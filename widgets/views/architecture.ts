// A model as a diagram: its layers in the order of their calls, with the shapes between them. And as a table.

import { noGrad, summary, zeros, type nn, type Summary } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { ink, Raster, type Colour } from "../plot/raster.js";
import { textHeight, textWidth } from "../plot/text.js";
import { className, layerOutputs, type Layer, type LayerOutput } from "./layers.js";

const boxColours: Readonly<Record<string, Colour>> = {
  Conv: [0, 114, 178, 60],
  Pool: [0, 158, 115, 60],
  Linear: [213, 94, 0, 60],
  Norm: [204, 121, 167, 60],
};
const failure = "the next layer fails: the text says why";
const otherColour: Colour = [128, 132, 140, 45];
const failedColour: Colour = [220, 40, 40, 110];

/**
 * The layers of a model, from top to bottom in the order of their calls, with the shape of what flows between them and
 * the number of parameters. If a layer fails, the diagram ends there, in red, with the error in the text.
 *
 * ```ts
 * const net = new nn.Sequential(new nn.Conv2d(3, 8, 3), new nn.ReLU())
 * architecture(net, [1, 3, 8, 8]).text.split("\n")[1] // → "0 Conv2d → [1, 8, 6, 6], 224 parameters"
 * ```
 */
export function architecture(model: Layer, inputShape: readonly number[]): Figure {
  const outputs: LayerOutput[] = [];
  let failure: unknown = null;
  try {
    noGrad(() => layerOutputs("architecture", model, zeros([...inputShape]), outputs));
  } catch (error) {
    failure = error;
  }
  const rows = outputs.map(({ name, layer, y }) => ({
    name,
    details: detailsOf(layer),
    shape: `[${y.shape.join(", ")}]`,
    parameters: layer
      .parameters()
      .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
  }));
  const input = `[${inputShape.join(", ")}]`;
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  const text = [
    `architecture of ${className(model)}: ${rows.length} layer${rows.length === 1 ? "" : "s"}, input ${input}, ${total.toLocaleString("en")} parameters in them`,
    ...rows.map(
      ({ name, shape, parameters }) =>
        `${name} → ${shape}${parameters ? `, ${parameters.toLocaleString("en")} parameters` : ""}`,
    ),
    ...(failure ? [`then: ${String(failure)}`] : []),
  ];
  return new Figure(pictureBundle(draw(input, rows, failure !== null), text.join("\n")));
}

interface Row {
  readonly name: string;
  readonly details: string;
  readonly shape: string;
  readonly parameters: number;
}

function draw(input: string, rows: readonly Row[], failed: boolean): Raster {
  const density = 2;
  const line = textHeight(density);
  const pad = 5 * density;
  const edge = 12 * density + line;
  const titles = rows.map(({ name, details }) => `${name}${details}`);
  const counts = rows.map(({ parameters }) => (parameters ? parameters.toLocaleString("en") : ""));
  const box =
    Math.max(
      ...titles.map((title, i) => textWidth(title, density) + textWidth(counts[i], density) + 32),
      160 * density,
      failed ? textWidth(failure, density) : 0,
    ) +
    2 * pad;
  const height = line + 2 * pad;
  const raster = new Raster(
    box,
    edge + (rows.length + (failed ? 1 : 0)) * (height + edge),
    density,
  );

  const shapeAt = (shape: string, y: number) => {
    const middle = Math.round(box / 2);
    raster.line(middle, y, middle, y + edge - 3 * density, ink, density);
    for (const side of [-1, 1])
      raster.line(
        middle + side * 4 * density,
        y + edge - 7 * density,
        middle,
        y + edge - 3 * density,
        ink,
        density,
      );
    raster.text(shape, middle + 8 * density, y + (edge - line) / 2 - density);
  };
  let y = 0;
  shapeAt(input, y);
  y += edge;
  rows.forEach((row, i) => {
    const kind = Object.keys(boxColours).find((key) => row.name.includes(key));
    raster.fill(0, y, box, height, kind ? boxColours[kind] : otherColour);
    raster.frame(0, y, box, height, ink, density);
    raster.text(titles[i], pad, y + pad);
    raster.text(counts[i], box - pad, y + pad, { align: "right" });
    y += height;
    if (i < rows.length - 1 || failed) shapeAt(row.shape, y);
    else raster.text(row.shape, box / 2, y + 4 * density, { align: "center" });
    y += edge;
  });
  if (failed) {
    raster.fill(0, y, box, height, failedColour);
    raster.text(failure, pad, y + pad);
  }
  return raster;
}

function detailsOf(layer: Layer): string {
  const { kernelSize, stride, padding, dilation } = layer as unknown as Record<string, unknown>;
  const parts: string[] = [];
  const show = (name: string, value: unknown, usual: string) => {
    if (value === undefined) return;
    const list = [value].flat(2) as unknown[];
    const text = list.every((part) => part === list[0]) ? String(list[0]) : list.join("×");
    if (text !== usual) parts.push(`${name} ${text}`);
  };
  show("", kernelSize, "");
  show("stride", stride, "1");
  show("padding", padding, "0");
  show("dilation", dilation, "1");
  return parts.length > 0 ? `  ${parts.join(", ").trim()}` : "";
}

/** torchinfo's table of a model, up to the failing layer if one fails: `torch.summary` to look at. */
export function summaryTable(model: nn.Module, inputShape: readonly number[]): SummaryFigure {
  return new SummaryFigure(summary(model, inputShape));
}

export class SummaryFigure extends Figure {
  constructor(
    /** The numbers behind the table. */
    readonly summary: Summary,
  ) {
    super({ data: { "text/plain": String(summary) } });
  }
}
