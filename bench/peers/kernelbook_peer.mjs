// This library as a peer.
import * as torch from "kernelbook";
import { inputsOf, load, manifest, serve, threads } from "./serve.mjs";

const { nn } = torch;
const F = nn.functional;
torch.setNumThreads(threads);
const tensor = ({ data, shape, dtype }) =>
  torch.tensor(data, { dtype: dtype === "int32" ? "int64" : "float32" }).reshape(shape);

const block = (i, o, stride) =>
  new nn.Sequential(
    new nn.Conv2d(i, o, 3, { stride, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
  );
const models = {
  chapter: () =>
    new nn.Sequential({
      conv1: block(3, 16, 2),
      conv2: block(16, 32, 1),
      flat: new nn.Flatten(),
      fc: new nn.Linear(32768, 10),
    }),
  lenet: () =>
    new nn.Sequential({
      features: new nn.Sequential(
        ...[new nn.Conv2d(1, 6, 5, { padding: 2 }), new nn.ReLU(), new nn.MaxPool2d(2)],
        ...[new nn.Conv2d(6, 16, 5), new nn.ReLU(), new nn.MaxPool2d(2)],
      ),
      classifier: new nn.Sequential(
        ...[
          new nn.Flatten(),
          new nn.Linear(400, 120),
          new nn.ReLU(),
          new nn.Linear(120, 84),
          new nn.ReLU(),
        ],
        new nn.Linear(84, 10),
      ),
    }),
};

function modelOf(name) {
  const model = models[name]();
  const keys = Object.keys(manifest.tensors).filter((key) => key.startsWith(`${name}.`));
  model.loadStateDict(new Map(keys.map((key) => [key.slice(name.length + 1), tensor(load(key))])));
  return model;
}

const functions = {
  max_pool: (x) => F.maxPool2d(x, 2),
  average_pool: (x) => F.avgPool2d(x, 2),
  linear: (x, y, z) => F.linear(x, y, z),
  matmul_512: (x, y) => torch.matmul(x, y),
  matmul_1024: (x, y) => torch.matmul(x, y),
  relu: (x) => torch.relu(x),
  add: (x, y) => torch.add(x, y),
  small_add: (x, y) => torch.add(x, y),
  softmax: (x) => torch.softmax(x, 1),
};

const withoutGrad = (fn) => ({ run: () => torch.noGrad(fn), result: () => torch.noGrad(fn).data });

serve((name, spec) => {
  if (spec.kind === "forward") {
    const [model, x] = [modelOf("chapter"), tensor(load(`${name}_x`))];
    return withoutGrad(() => model(x));
  }
  if (spec.kind === "train" || spec.kind === "epoch") {
    const batch = spec.kind === "epoch" ? "lenet_train_64" : name;
    const [model, x, labels] = [
      modelOf(spec.model),
      tensor(load(`${batch}_x`)),
      tensor(load(`${batch}_labels`)),
    ];
    const optimizer = new torch.optim.SGD(model.parameters(), { lr: spec.lr });
    const step = () => {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model(x), labels);
      loss.backward();
      optimizer.step();
      return loss.item();
    };
    if (spec.kind === "epoch") {
      return {
        run: () => {
          for (let i = 0; i < spec.images; i += 64) step();
        },
      };
    }
    return { run: step, result: () => [step(), step(), step()] };
  }
  if (spec.kind === "conv_train") {
    const inputs = ["x", "weight", "bias"].map((part) => tensor(load(`conv3x3_${part}`)));
    for (const input of inputs) input.requiresGrad = true;
    const gy = tensor(load("conv3x3_gy"));
    const run = () => {
      for (const input of inputs) input.grad = null;
      F.conv2d(...inputs, { padding: 1 }).backward(gy);
    };
    return { run, result: () => (run(), inputs.flatMap((input) => [...input.grad.data])) };
  }
  if (spec.kind === "conv") {
    const inputs = ["x", "weight", "bias"].map((part) => tensor(load(`${name}_${part}`)));
    return withoutGrad(() => F.conv2d(...inputs, spec.options));
  }
  const inputs = inputsOf(name).map(tensor);
  return withoutGrad(() => functions[name](...inputs));
});
