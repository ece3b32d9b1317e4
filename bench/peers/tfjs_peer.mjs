// TensorFlow.js on its WebAssembly backend (SIMD, one thread) as a peer: it cannot train convolutions there.
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
await tf.setBackend("wasm");
await tf.ready();

const tensor = ({ data, shape }) => tf.tensor(data, shape);
const image = (x) => tf.transpose(tensor(x), [0, 2, 3, 1]); // TensorFlow's layout: N H W C
const kernel = (w) => tf.transpose(tensor(w), [2, 3, 1, 0]);
const backToNCHW = (y) => tf.transpose(y, [0, 3, 1, 2]);

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
    const around = [
      [0, 0],
      [padding, padding],
      [padding, padding],
      [0, 0],
    ];
    if (groups > 1) {
      const filters = tf.transpose(w, [0, 1, 3, 2]);
      return timed(
        () => tf.add(tf.depthwiseConv2d(x, filters, stride, around, "NHWC", dilation), b),
        backToNCHW,
      );
    }
    const options = {
      x,
      filter: w,
      strides: stride,
      pad: around,
      dataFormat: "NHWC",
      dilations: dilation,
      bias: b,
    };
    return timed(() => tf.fused.conv2d(options), backToNCHW);
  }
  if (spec.kind === "forward") {
    const layer = (key) => [
      kernel(load(`chapter.${key}.0.weight`)),
      tensor(load(`chapter.${key}.0.bias`)),
    ];
    const [[w1, b1], [w2, b2]] = [layer("conv1"), layer("conv2")];
    const x = image(load(`${name}_x`));
    const around = [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ];
    const block = (v, filter, bias, strides) =>
      tf.maxPool(
        tf.fused.conv2d({ x: v, filter, bias, strides, pad: around, activation: "relu" }),
        2,
        2,
        "valid",
      );
    // the classifier's weights in the order of the layout
    const fc = tf.reshape(
      tf.transpose(tf.reshape(tensor(load("chapter.fc.weight")), [10, 32, 32, 32]), [0, 2, 3, 1]),
      [10, 32768],
    );
    const bias = tensor(load("chapter.fc.bias"));
    return timed(() => {
      const flat = tf.reshape(block(block(x, w1, b1, 2), w2, b2, 1), [-1, 32768]);
      return tf.add(tf.matMul(flat, fc, false, true), bias);
    });
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
