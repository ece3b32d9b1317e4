// onnxruntime-node as a peer: inference only.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { folder, inputsOf, serve, threads } from "./serve.mjs";

const ort = createRequire(path.join(process.cwd(), "x.js"))("onnxruntime-node");

serve(async (name) => {
  const model = path.join(folder, `${name}.onnx`);
  if (!fs.existsSync(model)) return null;
  const options = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
  };
  const session = await ort.InferenceSession.create(model, options);
  const tensors = inputsOf(name).map(({ data, shape }) => new ort.Tensor("float32", data, shape));
  // weights of a layer lie in the model
  const feeds = Object.fromEntries(session.inputNames.map((input, i) => [input, tensors[i]]));
  const run = () => session.run(feeds);
  return { run, result: async () => (await run()).out.data };
});
