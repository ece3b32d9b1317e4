// Prints the build of the kernels that runs here and a digest of what each of them computes, in odd shapes too. Two builds
// that round alike print the same digests. Started by builds.test.ts.

import { createHash } from "node:crypto";
import * as torch from "../../../lib/index.js";
import { build } from "../../../lib/compute/engine.js";

const F = torch.nn.functional;
const random = (...shape: number[]) => torch.randn(shape, { requiresGrad: true });

function print(name: string, tensor: torch.Tensor | null): void {
  const { buffer, byteOffset, byteLength } = tensor!.data as Float32Array;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  console.log(name, createHash("sha1").update(bytes).digest("hex").slice(0, 16));
}

console.log(build);
torch.manualSeed(0);

for (const [M, N, K] of [
  [130, 70, 300],
  [33, 17, 9],
  [5, 40, 9],
  [12, 50, 600],
  [64, 10, 1000],
  [3, 100, 20],
]) {
  const [a, b] = [random(M, K), random(K, N)];
  const y = a.matmul(b);
  y.mul(y).sum().backward();
  print(`matmul ${M} ${N} ${K}`, y);
  print("  a.grad", a.grad);
  print("  b.grad", b.grad);
}

for (const [N, C, O, size, kernel, options] of [
  [1, 16, 24, [33, 29], 3, { padding: 1 }],
  [2, 6, 9, [28, 28], 3, { padding: 2, dilation: 2 }],
  [1, 10, 34, [21, 21], 5, { padding: 2 }],
  [2, 3, 5, [40, 51], 3, { padding: 1, stride: 2 }],
  [1, 2, 4, [22, 24], 7, { padding: 3 }],
  [2, 8, 8, [17, 23], 3, { padding: 1, groups: 8 }],
  [2, 4, 8, [18, 12], 3, { groups: 2 }],
  [2, 20, 12, [9, 11], 1, {}],
] as const) {
  const [x, weight] = [
    random(N, C, ...size),
    random(O, C / ("groups" in options ? options.groups : 1), kernel, kernel),
  ];
  const bias = random(O);
  const y = F.conv2d(x, weight, bias, options);
  y.mul(y).sum().backward();
  const name = `conv2d ${[N, C, O, ...size, kernel].join(" ")} ${JSON.stringify(options)}`;
  print(name, y);
  print("  x.grad", x.grad);
  print("  weight.grad", weight.grad);
  print("  bias.grad", bias.grad);
  const pooled = torch.noGrad(() => F.maxPool2d(F.relu(F.conv2d(x, weight, bias, options)), 2));
  print("  relu, maxPool2d", pooled);
}

const x = random(37, 333);
for (const name of ["exp", "sigmoid", "tanh", "relu", "erf", "sqrt", "abs"] as const)
  print(name, x[name]());
for (const name of ["gelu", "silu", "elu", "softplus"] as const) print(name, F[name](x));
print("softmax", F.softmax(x, 1));
print("logSoftmax", F.logSoftmax(x, 1));
print("maxPool2d", F.maxPool2d(random(3, 33, 45), 3, { stride: 2 }));
print("avgPool2d", F.avgPool2d(random(3, 33, 45), 2));
