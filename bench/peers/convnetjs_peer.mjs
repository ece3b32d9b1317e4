// ConvNetJS (2014, plain JavaScript, float64) as a peer: of the cases it knows the chapter's network only. One image at a
// time; a training step of N images is one step of its trainer with batches of N.
import { createRequire } from "node:module";
import path from "node:path";
import { load, serve } from "./serve.mjs";

const convnetjs = createRequire(path.join(process.cwd(), "x.js"))("convnetjs");

/** Planes [C, H, W] from `from` on, in its order: the channels of a pixel side by side. */
function volume(values, C, H, W, from = 0) {
  const made = new convnetjs.Vol(W, H, C, 0);
  for (let c = 0; c < C; c++)
    for (let p = 0; p < H * W; p++) made.w[p * C + c] = values[from + c * H * W + p];
  return made;
}

function chapter() {
  const net = new convnetjs.Net();
  const conv = (filters, stride) => [
    { type: "conv", sx: 3, filters, stride, pad: 1, activation: "relu" },
    { type: "pool", sx: 2, stride: 2 },
  ];
  net.makeLayers([
    { type: "input", out_sx: 256, out_sy: 256, out_depth: 3 },
    ...[...conv(16, 2), ...conv(32, 1)],
    { type: "softmax", num_classes: 10 },
  ]);
  const [first, second] = net.layers.filter((layer) => layer.layer_type === "conv");
  const classifier = net.layers.find((layer) => layer.layer_type === "fc");
  const fill = (layer, key, C, H, W) => {
    const weights = load(`chapter.${key}.weight`).data;
    layer.filters = layer.filters.map((_, i) => volume(weights, C, H, W, i * C * H * W));
    layer.biases.w.set(load(`chapter.${key}.bias`).data);
  };
  fill(first, "conv1.0", 3, 3, 3);
  fill(second, "conv2.0", 16, 3, 3);
  fill(classifier, "fc", 32, 32, 32);
  return { net, classifier };
}

serve((name, spec) => {
  if (!name.startsWith("W_")) return null;
  const { shape, data } = load(`${name}_x`);
  const images = Array.from({ length: shape[0] }, (_, i) =>
    volume(data, 3, 256, 256, i * 3 * 65536),
  );
  const { net, classifier } = chapter();
  if (spec.kind === "forward") {
    const scores = () =>
      images.flatMap((image) => (net.forward(image, false), [...classifier.out_act.w]));
    return { run: scores, result: scores };
  }
  const labels = load(`${name}_labels`).data;
  const trainer = new convnetjs.Trainer(net, {
    ...{ method: "sgd", learning_rate: spec.lr, momentum: 0, l2_decay: 0 },
    batch_size: images.length,
  });
  const step = () =>
    images.reduce((sum, image, i) => sum + trainer.train(image, labels[i]).cost_loss, 0) /
    images.length;
  return { run: step, result: () => [step(), step(), step()] };
});
