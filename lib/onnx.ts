// torch.onnx
export { exportOnnx as export, encodeOnnx } from "./io/onnx.js";
