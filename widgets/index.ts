// kernelbook/widgets: pictures of tensors and networks, and things to touch.
import "./install.js";

export { Figure, type MimeBundle } from "./bundle.js";
export { show } from "./views/show.js";
export { image, type ImageOptions } from "./views/image.js";
export { heatmap, type HeatmapOptions } from "./views/heatmap.js";
export { featureMaps, type FeatureMapsOptions } from "./views/feature-maps.js";
export { colormapNames, type ColormapName } from "./plot/colormaps.js";
export * from "./controls/index.js";
export { Widget, widgetState } from "./widget.js";
export { interact, Interactive } from "./controls/interact.js";
export { anyWidget, AnyWidget } from "./controls/any-widget.js";
export * as explore from "./explore/index.js";
export { Explorable } from "./explore/explorable.js";
export { histogram, lineChart } from "./views/charts.js";
export type { ChartOptions } from "./plot/chart.js";
export { filters, type FiltersOptions } from "./views/filters.js";
export { activation, pooling, type ActivationOptions } from "./views/before-after.js";
export { ConfusionMatrix, confusionMatrix } from "./views/confusion-matrix.js";
export { receptiveField, type Rectangle } from "./views/receptive-field.js";
export { cam, gradCam, type CamOptions } from "./views/cam.js";
export { architecture, summaryTable } from "./views/architecture.js";
export { check, CheckResult } from "./check.js";
export { progress, trainingChart } from "./views/training.js";
export { weightHistory } from "./views/weight-history.js";
