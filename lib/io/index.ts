// torch.io: files of tensors and pictures. Each reader takes a path or bytes; each writer has an encode… that gives bytes.
export { FileError } from "./file-error.js";
export { readCifar, type CifarFile } from "./cifar.js";
export { readIdx } from "./idx.js";
export {
  encodePng,
  readImage,
  readImageAsync,
  readPngSamples,
  writePng,
  type ImageMode,
  type ReadImageOptions,
} from "./image.js";
export { encodeNpy, readNpy, writeNpy } from "./npy.js";
export { encodeNpz, readNpz, writeNpz, type TensorDict } from "./npz.js";
export { load } from "./pt-read.js";
export { encodePt, save } from "./pt-write.js";
export {
  encodeSafetensors,
  loadSafetensors,
  loadSafetensors as loadFile,
  safetensorsMetadata,
  saveSafetensors,
  saveSafetensors as saveFile,
} from "./safetensors.js";
export type { FileLike } from "./source.js";
export { encodeOnnx, exportOnnx, type ExportOnnxOptions } from "./onnx.js";
