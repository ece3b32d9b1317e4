// This library's side: work(spec) gives a function that does the work of a case once.

import * as torch from "kernelbook";

const { nn } = torch;
const F = nn.functional;

export const setThreads = torch.setNumThreads;

export function work(spec) {
  return spec.model ? networkWork(spec) : functionWork(spec);
}

const camelCase = (text) => text.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

function functionWork({ fn, x, weight, size, options, train }) {
  const apply = F[camelCase(fn)];
  const outputs = fn.startsWith("conv_transpose") ? weight[1] : weight?.[0];
  const inputs = weight
    ? [x, weight, [outputs]].map((shape) => torch.randn(shape))
    : [torch.randn(x)];
  const rest = [...(size ? [size] : []), ...(fn === "linear" ? [] : [options])];
  const forward = () => apply(...inputs, ...rest);
  if (!train) return () => torch.noGrad(forward);

  for (const input of inputs) input.requiresGrad = true;
  const gy = torch.randn(forward().shape);
  return () => {
    for (const input of inputs) input.grad = null;
    forward().backward(gy);
  };
}

function networkWork({ model: name, x: shape, train }) {
  const model = models[name]();
  const x = torch.randn(shape);
  if (!train) return () => torch.noGrad(() => model(x));

  const labels = torch.randint(0, 10, [shape[0]]);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 1e-3 });
  return () => {
    optimizer.zeroGrad();
    F.crossEntropy(model(x), labels).backward();
    optimizer.step();
  };
}

const block = (from, to, stride) => [
  new nn.Conv2d(from, to, 3, { stride, padding: 1 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
];
const models = {
  chapter: () =>
    new nn.Sequential(
      ...[...block(3, 16, 2), ...block(16, 32, 1), new nn.Flatten(), new nn.Linear(32768, 10)],
    ),
  lenet: () =>
    new nn.Sequential(
      ...[new nn.Conv2d(1, 6, 5, { padding: 2 }), new nn.ReLU(), new nn.MaxPool2d(2)],
      ...[new nn.Conv2d(6, 16, 5), new nn.ReLU(), new nn.MaxPool2d(2), new nn.Flatten()],
      ...[new nn.Linear(400, 120), new nn.ReLU(), new nn.Linear(120, 84), new nn.ReLU()],
      new nn.Linear(84, 10),
    ),
};
