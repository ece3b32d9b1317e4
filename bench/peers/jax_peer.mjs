// jax-js as a peer: its WebAssembly device, functions compiled by jit (its best way). One thread: it has no workers in Node.
// Its functions consume their arguments; `.ref` keeps one for the next call.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inputsOf, load, serve } from "./serve.mjs";

const home = createRequire(path.join(process.cwd(), "x.js")).resolve("@jax-js/jax");
const loaded = await import(pathToFileURL(home).href.replace(/\.cjs$/, ".js"));
const {
  init,
  defaultDevice,
  numpy: np,
  nn,
  lax,
  jit,
  valueAndGrad,
  vjp,
  blockUntilReady,
  tree,
} = loaded;
await init("wasm");
defaultDevice("wasm");

const array = ({ data, shape }) => np.array(data).reshape(shape);
const both = (n) => [
  [n, n],
  [n, n],
];

function convolution(x, w, b, { stride = 1, padding = 0, dilation = 1, groups = 1 } = {}) {
  const options = { rhsDilation: [dilation, dilation], featureGroupCount: groups };
  const y = lax.convGeneralDilated(x, w, [stride, stride], both(padding), options);
  return y.add(b.reshape([1, -1, 1, 1]));
}

const maxPool = (x) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);

const parts = [
  "conv1.0.weight",
  "conv1.0.bias",
  "conv2.0.weight",
  "conv2.0.bias",
  "fc.weight",
  "fc.bias",
];
const parameters = () => parts.map((part) => array(load(`chapter.${part}`)));

function chapter([w1, b1, w2, b2, w3, b3], x) {
  const n = x.shape[0];
  const first = maxPool(nn.relu(convolution(x, w1, b1, { stride: 2, padding: 1 })));
  const second = maxPool(nn.relu(convolution(first, w2, b2, { padding: 1 })));
  return np.matmul(second.reshape([n, 32768]), w3.transpose()).add(b3);
}

const functions = {
  max_pool: maxPool,
  average_pool: (x) => lax.reduceWindow(x, np.mean, [2, 2], [2, 2]),
  linear: (x, y, z) => np.matmul(x, y.transpose()).add(z),
  matmul_512: np.matmul,
  matmul_1024: np.matmul,
  relu: nn.relu,
  add: (x, y) => x.add(y),
  small_add: (x, y) => x.add(y),
  softmax: (x) => nn.softmax(x, -1),
};

/** A compiled function of arrays that stay. */
function timed(fn, inputs) {
  const compiled = jit(fn);
  const call = () => compiled(...inputs.map((input) => tree.ref(input)));
  return {
    run: async () => (await blockUntilReady(call())).dispose(),
    result: async () => await call().data(),
  };
}

serve((name, spec) => {
  if (spec.kind === "forward") return timed(chapter, [parameters(), array(load(`${name}_x`))]);
  if (spec.kind === "train" && spec.model === "chapter") {
    const x = array(load(`${name}_x`));
    const { data: labels } = load(`${name}_labels`);
    const wanted = nn.oneHot(np.array(labels), 10);
    const loss = (p, images, targets) =>
      nn
        .logSoftmax(chapter(p, images), -1)
        .mul(targets)
        .sum()
        .mul(-1 / labels.length);
    const update = jit((p, images, targets) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(p), images, targets);
      return [value, p.map((part, i) => part.sub(gradients[i].mul(spec.lr)))];
    });
    let state = parameters();
    const step = async () => {
      const [value, next] = update(state, x.ref, wanted.ref);
      state = await blockUntilReady(next);
      return (await value.data())[0];
    };
    return { run: step, result: async () => [await step(), await step(), await step()] };
  }
  if (spec.kind === "conv_train") {
    const inputs = ["x", "weight", "bias", "gy"].map((part) => array(load(`conv3x3_${part}`)));
    const gradients = jit((x, w, b, gy) => {
      const [y, back] = vjp((...args) => convolution(...args, { padding: 1 }), [x, w, b]);
      y.dispose();
      const result = back(gy);
      back.dispose?.();
      return result;
    });
    const call = () => gradients(...inputs.map((input) => input.ref));
    return {
      run: async () => tree.dispose(await blockUntilReady(call())),
      result: async () => {
        const all = [];
        for (const gradient of call()) all.push(await gradient.data());
        return all.flatMap((values) => [...values]);
      },
    };
  }
  if (spec.kind === "conv") {
    const inputs = ["x", "weight", "bias"].map((part) => array(load(`${name}_${part}`)));
    return timed((x, w, b) => convolution(x, w, b, spec.options), inputs);
  }
  if (!functions[name]) return null;
  return timed(functions[name], inputsOf(name).map(array));
});
