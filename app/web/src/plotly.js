// Draws application/vnd.plotly.v1+json. Plotly itself is fetched when the first figure appears.
import { Widget } from "@lumino/widgets";

const mimeType = "application/vnd.plotly.v1+json";
let library;
const loadPlotly = () =>
  (library ??= import("plotly.js-cartesian-dist-min").then((m) => m.default ?? m));

class RenderedPlotly extends Widget {
  constructor() {
    super();
    this.addClass("jp-RenderedPlotly");
  }

  async renderModel(model) {
    const { data = [], layout = {}, config = {}, frames } = model.data[mimeType];
    const plotly = await loadPlotly();
    if (this.isDisposed) return;
    const size = layout.width ? {} : { autosize: true };
    await plotly.react(
      this.node,
      data,
      { ...size, ...themed(layout) },
      { responsive: true, displaylogo: false, ...config },
    );
    if (frames) await plotly.addFrames(this.node, frames);
    this.plotly = plotly;
  }

  onResize() {
    if (this.plotly && this.isVisible) this.plotly.Plots.resize(this.node);
  }

  dispose() {
    if (this.isDisposed) return;
    this.plotly?.purge(this.node);
    super.dispose();
  }
}

/** The layout with the page's colours where the figure names none, so that dark pages get dark figures. */
function themed(layout) {
  const style = getComputedStyle(document.body);
  const colour = (name) => style.getPropertyValue(name).trim();
  const ink = colour("--jp-ui-font-color1");
  const grid = colour("--jp-border-color2");
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const themedAxes = ["xaxis", "yaxis", ...axes].map((name) => [
    name,
    { gridcolor: grid, zerolinecolor: grid, ...layout[name] },
  ]);
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    ...layout,
    // Plotly leaves 100 px above a figure that has no title.
    margin: { t: layout.title ? 64 : 28, r: 32, ...layout.margin },
    ...Object.fromEntries(themedAxes),
    font: { color: ink, ...layout.font },
  };
}

export const plotlyRenderer = {
  id: "kernelbook-plotly:factory",
  rendererFactory: {
    safe: true,
    mimeTypes: [mimeType],
    createRenderer: () => new RenderedPlotly(),
  },
  rank: 0,
  dataType: "json",
  fileTypes: [{ name: "plotly", mimeTypes: [mimeType], extensions: [".plotly", ".plotly.json"] }],
};
