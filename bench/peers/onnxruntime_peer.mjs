// onnxruntime as a peer: onnxruntime_peer.mjs DATA THREADS node|web. Inference only.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { folder, inputsOf, serve, threads } from "./serve.mjs";

const kind = process.argv[4];
const ort = createRequire(path.join(process.cwd(), "x.js"))(`onnxruntime-${kind}`);
if (kind === "web") ort.env.wasm.numThreads = threads;
const options = {
  node: { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 },
  web: { executionProviders: ["wasm"] },
};

serve(async (name) => {
  const model = path.join(folder, `${name}.onnx`);
  if (!fs.existsSync(model)) return null;
  const session = await ort.InferenceSession.create(
    kind === "web" ? new Uint8Array(fs.readFileSync(model)) : model,
    { ...options[kind], graphOptimizationLevel: "all" },
  );
  const tensors = inputsOf(name).map(({ data, shape }) => new ort.Tensor("float32", data, shape));
  // weights of a layer lie in the model
  const feeds = Object.fromEntries(session.inputNames.map((input, i) => [input, tensors[i]]));
  const run = () => session.run(feeds);
  return { run, result: async () => (await run()).out.data };
});
