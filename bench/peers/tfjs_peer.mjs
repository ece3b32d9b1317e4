// TensorFlow.js as a peer: tfjs_peer.mjs DATA THREADS wasm|cpu. On its WebAssembly backend (SIMD, one thread) it cannot
// train convolutions; on the plain one it can.
import { createRequire } from "node:module";
import path from "node:path";
import { inputsOf, load, serve } from "./serve.mjs";

const require = createRequire(path.join(process.cwd(), "x.js"));
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(
  path.join(
    path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")),
    "dist",
    path.sep,
  ),
);
const backend = process.argv[4];
await tf.setBackend(backend);
await tf.ready();
if (tf.getBackend() !== backend) throw new Error(`tfjs fell back to ${tf.getBackend()}`);

const tensor = ({ data, shape }) => tf.tensor(data, shape);
const image = (x) => tf.transpose(tensor(x), [0, 2, 3, 1]); // TensorFlow's layout: N H W C
const kernel = (w) => tf.transpose(tensor(w), [2, 3, 1, 0]);
const backToNCHW = (y) => tf.transpose(y, [0, 3, 1, 2]);

const around = (padding) => [
  [0, 0],
  [padding, padding],
  [padding, padding],
  [0, 0],
];

/** The weights of the chapter's network; the classifier's in the order of the layout. */
function chapterWeights() {
  const layer = (key) => [
    kernel(load(`chapter.${key}.0.weight`)),
    tensor(load(`chapter.${key}.0.bias`)),
  ];
  const planes = tf.reshape(tensor(load("chapter.fc.weight")), [10, 32, 32, 32]);
  const classifier = tf.reshape(tf.transpose(planes, [0, 2, 3, 1]), [10, 32768]);
  return [...layer("conv1"), ...layer("conv2"), classifier, tensor(load("chapter.fc.bias"))];
}

/** Forward; the fused operations have no gradients. */
function chapter([w1, b1, w2, b2, w3, b3], x, fuse) {
  const conv = (v, filter, bias, strides) =>
    fuse
      ? tf.fused.conv2d({ x: v, filter, bias, strides, pad: around(1), activation: "relu" })
      : tf.relu(tf.add(tf.conv2d(v, filter, strides, around(1)), bias));
  const block = (...args) => tf.maxPool(conv(...args), 2, 2, "valid");
  const flat = tf.reshape(block(block(x, w1, b1, 2), w2, b2, 1), [-1, 32768]);
  return tf.add(tf.matMul(flat, w3, false, true), b3);
}

const functions = {
  linear: (x, y, z) => tf.add(tf.matMul(x, y, false, true), z),
  matmul_512: (x, y) => tf.matMul(x, y),
  matmul_1024: (x, y) => tf.matMul(x, y),
  relu: (x) => tf.relu(x),
  add: (x, y) => tf.add(x, y),
  small_add: (x, y) => tf.add(x, y),
  softmax: (x) => tf.softmax(x),
};

function timed(fn, toResult = (y) => y) {
  return {
    run: () => tf.dispose(tf.tidy(fn)),
    result: () => tf.tidy(() => toResult(fn()).dataSync()),
  };
}

serve((name, spec) => {
  if (spec.kind === "conv") {
    const { padding = 0, stride = 1, dilation = 1, groups = 1 } = spec.options;
    const [x, b] = [image(load(`${name}_x`)), tensor(load(`${name}_bias`))];
    const w = kernel(load(`${name}_weight`));
    if (groups > 1) {
      const filters = tf.transpose(w, [0, 1, 3, 2]);
      return timed(
        () => tf.add(tf.depthwiseConv2d(x, filters, stride, around(padding), "NHWC", dilation), b),
        backToNCHW,
      );
    }
    const options = {
      x,
      filter: w,
      strides: stride,
      pad: around(padding),
      dataFormat: "NHWC",
      dilations: dilation,
      bias: b,
    };
    return timed(() => tf.fused.conv2d(options), backToNCHW);
  }
  if (spec.kind === "forward") {
    const [weights, x] = [chapterWeights(), image(load(`${name}_x`))];
    return timed(() => chapter(weights, x, true));
  }
  if (spec.kind === "train" && spec.model === "chapter" && backend === "cpu") {
    const weights = chapterWeights().map((weight) => tf.variable(weight));
    const [x, { data: labels }] = [image(load(`${name}_x`)), load(`${name}_labels`)];
    const wanted = tf.oneHot(tf.tensor1d(labels, "int32"), 10).toFloat();
    const optimizer = tf.train.sgd(spec.lr);
    const step = () => {
      const loss = optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(wanted, chapter(weights, x, false)),
        true,
      );
      return loss.dataSync()[0];
    };
    return { run: step, result: () => [step(), step(), step()] };
  }
  if (name === "max_pool" || name === "average_pool") {
    const x = image(load(`${name}_x`));
    return timed(
      () => (name === "max_pool" ? tf.maxPool(x, 2, 2, "valid") : tf.avgPool(x, 2, 2, "valid")),
      backToNCHW,
    );
  }
  if (!functions[name]) return null;
  const inputs = inputsOf(name).map(tensor);
  return timed(() => functions[name](...inputs));
});
