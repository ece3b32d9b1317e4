// torch.utils.data: the contents.
export { Dataset, type Transform } from "./dataset.js";
export { Pictures, type PictureOptions } from "./pictures.js";
export { samplePicture } from "./sample-picture.js";
export { Shapes, type ShapesOptions } from "./shapes.js";
