// Models for onnx.outside.ts: every layer with its options, what people write in forward, and random ones.

import * as torch from "../../lib/index.js";

const { nn } = torch;
const F = nn.functional;
type Tensor = torch.Tensor;

/** A name, a model, the shape of its input (or the input), and whether the first axis is a batch. */
export type Case = [
  name: string,
  make: () => torch.nn.Module,
  shape: number[] | Tensor,
  batch?: boolean,
];

/** A forward of one's own, with layers that it uses. */
class Own extends nn.Module {
  readonly parts: torch.nn.ModuleList;
  constructor(
    private readonly run: (x: Tensor, ...parts: any[]) => Tensor,
    ...parts: torch.nn.Module[]
  ) {
    super();
    this.parts = new nn.ModuleList(parts);
  }
  forward(x: Tensor): Tensor {
    return this.run(x, ...this.parts);
  }
}
const own =
  (run: (x: Tensor, ...parts: any[]) => Tensor, ...parts: (() => torch.nn.Module)[]) =>
  () =>
    new Own(run, ...parts.map((make) => make()));
const two =
  (make: () => torch.nn.Module): (() => torch.nn.Module) =>
  () =>
    new nn.Sequential(make(), new nn.Tanh());

class Chapter extends nn.Module {
  conv1 = new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
  );
  conv2 = new nn.Sequential(
    new nn.Conv2d(16, 32, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
  );
  fc = new nn.Linear(32 * 4 * 4, 10);
  constructor(readonly from: number) {
    super();
  }
  forward(x: Tensor): Tensor {
    return this.fc(this.conv2(this.conv1(x)).flatten(this.from));
  }
}

class Residual extends nn.Module {
  conv1;
  bn1;
  conv2;
  bn2;
  shortcut: torch.nn.Module;
  constructor(from: number, to: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    this.shortcut =
      stride === 1 && from === to
        ? new nn.Identity()
        : new nn.Sequential(
            new nn.Conv2d(from, to, 1, { stride, bias: false }),
            new nn.BatchNorm2d(to),
          );
  }
  forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(F.relu(this.bn1(this.conv1(x)))));
    return y.add(this.shortcut(x) as Tensor).relu();
  }
}

class Attention extends nn.Module {
  qkv = new nn.Linear(8, 24);
  out = new nn.Linear(8, 8);
  norm = new nn.LayerNorm(8);
  place = new nn.Parameter(torch.randn(1, 5, 8));
  first = new nn.Parameter(torch.randn(1, 1, 8));
  forward(x: Tensor): Tensor {
    const [N] = x.shape;
    const t = torch.cat([this.first.expand(N, -1, -1), x], 1).add(this.place);
    const [q, k, v] = this.qkv(this.norm(t))
      .reshape([N, 5, 3, 2, 4])
      .permute(2, 0, 3, 1, 4)
      .unbind(0);
    const weights = q.matmul(k.transpose(-2, -1)).div(2).softmax(-1);
    return t.add(this.out(weights.matmul(v).transpose(1, 2).reshape([N, 5, 8]))).select(1, 0);
  }
}

/** Layers whose constructor alone says all; [N, C, H, W] → something. */
const layers2d: [string, () => torch.nn.Module][] = [
  ["Conv2d", () => new nn.Conv2d(4, 6, 3)],
  [
    "Conv2d strided",
    () => new nn.Conv2d(4, 6, [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 2] }),
  ],
  ["Conv2d groups", () => new nn.Conv2d(4, 8, 3, { groups: 4, bias: false })],
  ["Conv2d same", () => new nn.Conv2d(4, 6, [4, 3], { padding: "same", dilation: 2 })],
  ["Conv2d valid", () => new nn.Conv2d(4, 6, 3, { padding: "valid" })],
  ...(["reflect", "replicate", "circular"] as const).map(
    (paddingMode): [string, () => torch.nn.Module] => [
      `Conv2d ${paddingMode}`,
      () => new nn.Conv2d(4, 6, 5, { padding: [2, 1], paddingMode }),
    ],
  ),
  ["ConvTranspose2d", () => new nn.ConvTranspose2d(4, 6, 3)],
  [
    "ConvTranspose2d strided",
    () =>
      new nn.ConvTranspose2d(4, 6, [3, 4], {
        stride: [2, 3],
        padding: 1,
        outputPadding: [1, 2],
        groups: 2,
      }),
  ],
  ["ConvTranspose2d dilated", () => new nn.ConvTranspose2d(4, 6, 3, { dilation: 2, bias: false })],
  ["MaxPool2d", () => new nn.MaxPool2d(2)],
  ["MaxPool2d padded", () => new nn.MaxPool2d(3, { stride: 2, padding: 1, dilation: 2 })],
  ["MaxPool2d ceil", () => new nn.MaxPool2d([3, 2], { stride: [2, 3], ceilMode: true })],
  ["MaxPool2d ceil padded", () => new nn.MaxPool2d(3, { stride: 3, padding: 1, ceilMode: true })],
  ["AvgPool2d", () => new nn.AvgPool2d(2)],
  ["AvgPool2d padded", () => new nn.AvgPool2d(3, { stride: 2, padding: 1 })],
  [
    "AvgPool2d without padding",
    () => new nn.AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }),
  ],
  ["AvgPool2d ceil", () => new nn.AvgPool2d(3, { stride: 2, padding: 1, ceilMode: true })],
  [
    "AvgPool2d ceil without padding",
    () =>
      new nn.AvgPool2d([2, 3], {
        stride: 2,
        padding: [0, 1],
        ceilMode: true,
        countIncludePad: false,
      }),
  ],
  ["AvgPool2d divisor", () => new nn.AvgPool2d(3, { stride: 2, padding: 1, divisorOverride: 5 })],
  ["AdaptiveAvgPool2d", () => new nn.AdaptiveAvgPool2d(1)],
  ["AdaptiveAvgPool2d uneven", () => new nn.AdaptiveAvgPool2d([3, 4])],
  ["AdaptiveAvgPool2d half", () => new nn.AdaptiveAvgPool2d([null, 5])],
  ["AdaptiveMaxPool2d", () => new nn.AdaptiveMaxPool2d(1)],
  ["AdaptiveMaxPool2d uneven", () => new nn.AdaptiveMaxPool2d([3, 4])],
  ["BatchNorm2d", () => new nn.BatchNorm2d(4)],
  ["BatchNorm2d plain", () => new nn.BatchNorm2d(4, { affine: false, eps: 0.1 })],
  ["InstanceNorm2d", () => new nn.InstanceNorm2d(4)],
  [
    "InstanceNorm2d affine",
    () => new nn.InstanceNorm2d(4, { affine: true, trackRunningStats: true }),
  ],
  ["GroupNorm", () => new nn.GroupNorm(2, 4)],
  ["GroupNorm of one", () => new nn.GroupNorm(1, 4, { affine: false })],
  ["GroupNorm of all", () => new nn.GroupNorm(4, 4)],
  ["LayerNorm", () => new nn.LayerNorm([11])],
  ["LayerNorm of all", () => new nn.LayerNorm([4, 9, 11], { bias: false })],
  ["LayerNorm plain", () => new nn.LayerNorm([9, 11], { elementwiseAffine: false })],
  ["Softmax2d", () => new nn.Softmax2d()],
  ["Softmax", () => new nn.Softmax(2)],
  ["Softmax without dim", () => new nn.Softmax()],
  ["LogSoftmax", () => new nn.LogSoftmax(1)],
  ["Softmin", () => new nn.Softmin(-1)],
  ["PReLU", () => new nn.PReLU({ numParameters: 4, init: 0.1 })],
  ["PReLU of one", () => new nn.PReLU()],
  ["Dropout", () => new nn.Dropout(0.5)],
  ["Dropout2d", () => new nn.Dropout2d(0.5)],
  ["Flatten", () => new nn.Flatten()],
  ["Flatten some", () => new nn.Flatten(2)],
  ["Flatten the middle", () => new nn.Flatten(1, 2)],
  ["Unflatten", () => new nn.Unflatten(1, [2, 2])],
  ["Linear", () => new nn.Linear(11, 3)],
  ["Linear without bias", () => new nn.Linear(11, 3, { bias: false })],
];
const layers1d: [string, () => torch.nn.Module][] = [
  ["Conv1d", () => new nn.Conv1d(4, 6, 3, { stride: 2, padding: 1, dilation: 2 })],
  ["Conv1d same", () => new nn.Conv1d(4, 4, 4, { padding: "same", groups: 2 })],
  ["Conv1d circular", () => new nn.Conv1d(4, 6, 3, { padding: 2, paddingMode: "circular" })],
  [
    "ConvTranspose1d",
    () => new nn.ConvTranspose1d(4, 6, 3, { stride: 2, padding: 1, outputPadding: 1 }),
  ],
  ["MaxPool1d", () => new nn.MaxPool1d(3, { stride: 2, padding: 1, ceilMode: true })],
  ["AvgPool1d", () => new nn.AvgPool1d(3, { stride: 2, padding: 1 })],
  ["AvgPool1d ceil", () => new nn.AvgPool1d(3, { stride: 2, padding: 1, ceilMode: true })],
  ["AdaptiveAvgPool1d", () => new nn.AdaptiveAvgPool1d(4)],
  ["AdaptiveMaxPool1d", () => new nn.AdaptiveMaxPool1d(4)],
  ["BatchNorm1d", () => new nn.BatchNorm1d(4)],
  ["InstanceNorm1d", () => new nn.InstanceNorm1d(4, { affine: true })],
  ["Dropout1d", () => new nn.Dropout1d(0.5)],
];
const activations: [string, () => torch.nn.Module][] = [
  ["ReLU", () => new nn.ReLU()],
  ["ReLU6", () => new nn.ReLU6()],
  ["LeakyReLU", () => new nn.LeakyReLU(0.2)],
  ["ELU", () => new nn.ELU(0.7)],
  ["CELU", () => new nn.CELU(1.3)],
  ["SELU", () => new nn.SELU()],
  ["GELU", () => new nn.GELU()],
  ["GELU tanh", () => new nn.GELU({ approximate: "tanh" })],
  ["SiLU", () => new nn.SiLU()],
  ["Mish", () => new nn.Mish()],
  ["Hardsigmoid", () => new nn.Hardsigmoid()],
  ["Hardswish", () => new nn.Hardswish()],
  ["Hardtanh", () => new nn.Hardtanh({ minVal: -0.3, maxVal: 0.6 })],
  ["Sigmoid", () => new nn.Sigmoid()],
  ["Tanh", () => new nn.Tanh()],
  ["LogSigmoid", () => new nn.LogSigmoid()],
  ["Softsign", () => new nn.Softsign()],
  ["Softplus", () => new nn.Softplus({ beta: 2 })],
  ["Tanhshrink", () => new nn.Tanhshrink()],
];

const forwards: [string, () => torch.nn.Module, number[]][] = [
  ["arithmetic", own((x) => x.mul(2).add(1).sub(x.div(3)).neg().add(x, { alpha: 0.5 })), [2, 3]],
  [
    "functions",
    own((x) => x.abs().add(1).sqrt().log().exp().sin().tanh().sigmoid().pow(3)),
    [2, 3],
  ],
  [
    "more functions",
    own((x) => x.abs().add(0.1).rsqrt().log1p().expm1().clamp(0, 5).square().erf()),
    [2, 3],
  ],
  [
    "limits",
    own((x) => torch.cat([x.clamp(-0.5), x.clamp(null, 0.5), torch.maximum(x, x.neg())], 1)),
    [2, 3],
  ],
  [
    "sums",
    own((x) =>
      x
        .sum([2, 3], { keepdim: true })
        .add(x.mean(1, { keepdim: true }))
        .amax([3]),
    ),
    [2, 3, 4, 5],
  ],
  ["the mean of all pixels", own((x) => x.mean([2, 3])), [2, 3, 4, 5]],
  [
    "cat",
    own(
      (x, a, b) => torch.cat([a(x), x, b(x)], 1),
      () => new nn.Conv2d(3, 2, 1),
      () => new nn.Conv2d(3, 4, 1),
    ),
    [2, 3, 4, 5],
  ],
  [
    "stack and unbind",
    own((x) =>
      torch
        .stack([x, x.mul(2)], 1)
        .unbind(2)[1]
        .add(1),
    ),
    [2, 3, 4],
  ],
  ["views", own((x) => x.reshape([x.shape[0], -1]).unsqueeze(1).squeeze(1).flatten(1)), [2, 3, 4]],
  ["permute", own((x) => x.permute(0, 2, 3, 1).add(1).transpose(1, 3).contiguous()), [2, 3, 4, 5]],
  [
    "slices",
    own((x) => x.index("...", "1:4", "::2").add(x.index("...", "0:3", "1::2").mul(2))),
    [2, 3, 4, 6],
  ],
  ["select", own((x) => x.select(2, 1).mul(x.select(2, 3))), [2, 3, 4, 5]],
  ["narrow", own((x) => x.narrow(1, 1, 2).exp()), [2, 3, 4]],
  [
    "split and chunk",
    own((x) => {
      const [a, b] = x.chunk(2, 1);
      return a.mul(b.sigmoid());
    }),
    [2, 4, 5],
  ],
  ["expand", own((x) => x.mean(1, { keepdim: true }).expand(-1, 3, -1).mul(x)), [2, 3, 4]],
  ["broadcasting", own((x) => x.mul(x.mean([2, 3], { keepdim: true }))), [2, 3, 4, 5]],
  ["matmul", own((x) => x.matmul(x.transpose(-2, -1))), [2, 3, 4]],
  [
    "linear of four axes",
    own(
      (x, l) => l(x.unsqueeze(1)),
      () => new nn.Linear(4, 3),
    ),
    [2, 3, 4],
  ],
  ["nearest", own((x) => F.interpolate(x, { scaleFactor: 2 })), [2, 3, 4, 5]],
  ["nearest down", own((x) => F.interpolate(x, { size: [3, 2] })), [2, 3, 4, 5]],
  ["bilinear", own((x) => F.interpolate(x, { scaleFactor: 2, mode: "bilinear" })), [2, 3, 4, 5]],
  [
    "bilinear aligned",
    own((x) => F.interpolate(x, { size: [7, 9], mode: "bilinear", alignCorners: true })),
    [2, 3, 4, 5],
  ],
  ["pad", own((x) => F.pad(x, [1, 2, 0, 3], { value: 0.5 })), [2, 3, 4, 5]],
  ["pad less", own((x) => F.pad(x, [-1, 2])), [2, 3, 4, 5]],
  ["pad reflected", own((x) => F.pad(x, [1, 2, 3, 0], { mode: "reflect" })), [2, 3, 4, 5]],
  [
    "pools as functions",
    own((x) => F.maxPool2d(F.avgPool2d(x, 2, { stride: 1 }), 2).add(F.adaptiveAvgPool2d(x, 1))),
    [2, 3, 6, 7],
  ],
  ["softmax as a function", own((x) => F.softmax(x, 1).add(F.logSoftmax(x, -1))), [2, 3, 4]],
  [
    "activations as functions",
    own((x) =>
      F.leakyRelu(F.gelu(F.silu(x)))
        .add(F.elu(x))
        .add(F.hardtanh(x)),
    ),
    [2, 3, 4],
  ],
  ["dropout as a function", own((x) => F.dropout(x, 0.5, { training: false }).relu()), [2, 3, 4]],
  ["pixelShuffle", own((x) => F.pixelShuffle(x, 2)), [2, 8, 3, 4]],
  [
    "the same layer twice",
    own(
      (x, l) => l(l(x).relu()),
      () => new nn.Linear(4, 4),
    ),
    [2, 4],
  ],
  [
    "squeeze and excite",
    own(
      (x, a, b) =>
        x.mul(
          b(F.relu(a(x.mean([2, 3]))))
            .sigmoid()
            .reshape([-1, 4, 1, 1]),
        ),
      () => new nn.Linear(4, 2),
      () => new nn.Linear(2, 4),
    ),
    [2, 4, 5, 6],
  ],
  [
    "a U-Net",
    own(
      (x, down, mid, up, last) => {
        const a = down(x);
        const b = up(mid(F.maxPool2d(a, 2)));
        return last(torch.cat([a, b], 1));
      },
      two(() => new nn.Conv2d(3, 4, 3, { padding: 1 })),
      two(() => new nn.Conv2d(4, 8, 3, { padding: 1 })),
      () => new nn.ConvTranspose2d(8, 4, 2, { stride: 2 }),
      () => new nn.Conv2d(8, 2, 1),
    ),
    [2, 3, 8, 12],
  ],
  [
    "residual blocks",
    () =>
      new nn.Sequential(
        new Residual(3, 8, 1),
        new Residual(8, 8, 1),
        new Residual(8, 16, 2),
        new nn.AdaptiveAvgPool2d(1),
        new nn.Flatten(),
        new nn.Linear(16, 5),
      ),
    [2, 3, 12, 12],
  ],
  ["attention", () => new Attention(), [2, 4, 8]],
];

/** A small generator of its own for the random models. */
function dice(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 99;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

/** Some layers at random, as they may follow each other, on [N, C, H, W]. */
function random(seed: number): torch.nn.Module {
  const roll = dice(seed);
  let C = 3;
  const list: torch.nn.Module[] = [];
  const conv = (): torch.nn.Module => {
    const groups = C % 2 === 0 ? 1 + roll(2) : 1;
    const to = 2 * (1 + roll(4));
    const made = new nn.Conv2d(C, to, 1 + roll(3), {
      stride: roll(3) === 0 ? 2 : 1,
      padding: 1 + roll(2),
      dilation: 1 + roll(2),
      groups,
      bias: roll(2) === 1,
    });
    C = to;
    return made;
  };
  for (let k = 0; k < 3 + roll(3); k++) {
    list.push(conv());
    if (roll(2)) list.push(new nn.BatchNorm2d(C));
    else if (roll(2)) list.push(new nn.GroupNorm(2, C));
    list.push(activations[roll(activations.length)][1]());
    if (roll(3) === 0) list.push(new nn.ConvTranspose2d(C, C, 2 + roll(2), { stride: 2 }));
    if (roll(3) === 0) {
      const ceilMode = roll(2) === 1;
      list.push(
        roll(2)
          ? new nn.MaxPool2d(2, { stride: 1 + roll(2), ceilMode })
          : new nn.AvgPool2d(2, {
              stride: 2,
              padding: roll(2),
              ceilMode,
              countIncludePad: roll(2) === 1,
            }),
      );
    }
    if (roll(3) === 0) list.push(new Residual(C, C, 1));
  }
  list.push(new nn.AdaptiveAvgPool2d(1 + roll(3)), new nn.Flatten(), new nn.Dropout(0.5));
  const head = new nn.Sequential(...list);
  const features = torch.noGrad(() => (head.eval()(torch.zeros(1, 3, 40, 40)) as Tensor).shape[1]);
  return new nn.Sequential(head, new nn.Linear(features, 5), new nn.LogSoftmax(1));
}

export const cases: readonly Case[] = [
  ["the chapter's network, one picture", () => new Chapter(0), [3, 32, 32], false],
  ["the chapter's network", () => new Chapter(1), [2, 3, 32, 32]],
  ...layers2d.map(([name, make]): Case => [name, two(make), [2, 4, 9, 11]]),
  ...layers1d.map(([name, make]): Case => [name, two(make), [2, 4, 13], true]),
  ...activations.map(([name, make]): Case => [name, make, [3, 7]]),
  ...layers2d
    .filter(([name]) => /^(Conv|MaxPool|AvgPool|Adaptive)/.test(name))
    .map(([name, make]): Case => [`${name}, without a batch`, two(make), [4, 9, 11], false]),
  ["Linear, of a vector", () => new nn.Linear(5, 3), [5], false],
  [
    "Embedding",
    () => new nn.Sequential(new nn.Embedding(7, 4), new nn.Linear(4, 2)),
    torch.tensor([
      [1, 6, 0],
      [2, 2, 5],
    ]),
    true,
  ],
  [
    "eleven of everything",
    () =>
      new nn.Sequential(
        new nn.Linear(11, 22),
        new nn.ReLU(),
        new nn.Unflatten(1, [2, 11]),
        new nn.Softmax(1),
        new nn.Flatten(),
        new nn.Linear(22, 11),
      ),
    [3, 11],
  ],
  ...forwards.map(([name, make, shape]): Case => [name, make, shape, true]),
  ...Array.from({ length: 60 }, (_, seed): Case => [
    `random ${seed}`,
    () => random(seed),
    [2, 3, 24, 24],
  ]),
];
