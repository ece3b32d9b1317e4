// The stock Jupyter controls. Those with an idea of their own replace the generated ones.
export * from "./generated.js";
export {
  Dropdown,
  RadioButtons,
  Select,
  SelectionRangeSlider,
  SelectionSlider,
  SelectMultiple,
  ToggleButtons,
} from "./selection.js";
export { Button } from "./button.js";
export { Output } from "./output.js";
export { jslink, jsdlink } from "./link.js";
export { Audio, FileUpload, FloatRangeSlider, Image, IntRangeSlider, Video } from "./defaults.js";
