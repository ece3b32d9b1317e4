// Every differentiable function of ops/ and nn.functional against differences, in float64: the table below must have a row
// for each export, or the export must stand in the list of those without a gradient.
import { expect } from "chai";
import * as torch from "kernelbook";
import * as ops from "../../lib/ops/index.js";

const F = torch.nn.functional;
type T = torch.Tensor;
type Call = (...xs: T[]) => T;
/** A function and the leaves it is checked at. */
type Row = readonly [Call, ...T[]];

/** A float64 leaf with numbers that no kink or tie of the functions below hits. */
function leaf(shape: number[], phase = 1): T {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from(
    { length: count },
    (_, i) => Math.sin(i * 2.3 + phase) * 1.3 + 0.05,
  );
  return torch.tensor(values).reshape(shape).clone().detach().requiresGrad_();
}

const matrix = () => leaf([3, 4]);
const other = () => leaf([3, 4], 2.2);
const positive = () => leaf([3, 4]).detach().abs().add(0.2).requiresGrad_();
const small = () => leaf([3, 4]).detach().mul(0.4).requiresGrad_();
const square = () =>
  leaf([3, 3])
    .detach()
    .add(torch.eye(3, { dtype: "float64" }).mul(2))
    .requiresGrad_();
const image = () => leaf([2, 2, 4, 5]);
const volume = () => leaf([1, 2, 3, 4, 3]);
const mask = leaf([3, 4], 4).detach().gt(0);
const places = torch.tensor([
  [0, 1],
  [2, 2],
  [3, 0],
]);
const signs = torch.tensor([1, -1, 1], { dtype: "float64" });
const classes = torch.tensor([0, 3, 1]);
const chances = () => leaf([3, 4]).detach().sigmoid().requiresGrad_();
const targets = leaf([3, 4], 5).detach().sigmoid();
/** In place, on a copy: a leaf itself may not be changed. */
const onCopy =
  (f: (y: T) => T): Call =>
  (x) =>
    f(x.mul(1)).mul(x);
const one = (name: string, x: () => T = matrix, ...rest: unknown[]): Row[] => [
  [(v) => (ops as unknown as Record<string, (...a: unknown[]) => T>)[name](v, ...rest), x()],
];
const two = (name: string, a: () => T = matrix, b: () => T = other): Row[] => [
  [(v, w) => (ops as unknown as Record<string, (...a: unknown[]) => T>)[name](v, w), a(), b()],
];
const reductions = ["mean", "sum", "none"] as const;
const losses = (
  f: (x: T, options: { reduction: "mean" | "sum" | "none" }) => T,
  x: () => T = matrix,
): Row[] => reductions.map((reduction) => [(v) => f(v, { reduction }), x()]);

const rows: Record<string, readonly Row[]> = {
  // one number each
  ...Object.fromEntries(
    (
      "abs absolute asinh atan ceil cos cosh erf erfc exp exp2 expm1 fix floor frac neg negative reciprocal round sgn " +
      "sigmoid sign sin sinh square tan tanh trunc relu relu6 hardswish hardsigmoid selu silu mish softsign logsigmoid " +
      "tanhshrink nanToNum clone contiguous double flatten ravel t trace tril triu cumsum0 fliplr flipud"
    )
      .split(" ")
      .filter((name) => name !== "cumsum0")
      .map((name) => [name, one(name)]),
  ),
  ...Object.fromEntries(
    "log log2 log10 log1p rsqrt sqrt".split(" ").map((name) => [name, one(name, positive)]),
  ),
  ...Object.fromEntries(
    "acos asin atanh erfinv".split(" ").map((name) => [name, one(name, small)]),
  ),
  acosh: [[(x) => x.abs().add(1.2).acosh(), matrix()]],
  logit: [
    [(x) => x.logit(), chances()],
    [(x) => x.logit(0.3), chances()],
  ],
  // two
  ...Object.fromEntries(
    "add sub subtract mul multiply div divide trueDivide maximum minimum fmax fmin hypot atan2 logaddexp rsub"
      .split(" ")
      .map((name) => [name, two(name)]),
  ),
  pow: [
    [(x) => x.pow(3), matrix()],
    [(x) => x.pow(-0.5), positive()],
    [(x, y) => x.pow(y), positive(), other()],
  ],
  xlogy: two("xlogy", matrix, positive),
  fmod: [[(x) => x.fmod(0.7), matrix()]],
  remainder: [
    [(x) => x.remainder(0.7), matrix()],
    [(x, y) => x.remainder(y), matrix(), positive()],
  ],
  floorDivide: [[(x) => x.floorDivide(0.7), matrix()]],
  truncDivide: [[(x) => x.truncDivide(0.7), matrix()]],
  rdiv: [[(x) => x.rdiv(2), positive()]],
  lerp: [[(a, b, w) => a.lerp(b, w), matrix(), other(), leaf([3, 4], 3)]],
  addcmul: [[(a, b, c) => a.addcmul(b, c, { value: 0.5 }), matrix(), other(), leaf([4], 3)]],
  addcdiv: [[(a, b, c) => a.addcdiv(b, c, { value: 0.5 }), matrix(), other(), positive()]],
  where: [[(a, b) => torch.where(mask, a, b), matrix(), leaf([4], 2)]],
  // bounds
  clamp: [
    [(x) => x.clamp(-0.5, 0.7), matrix()],
    [
      (x, a, b) => x.clamp(a, b),
      matrix(),
      leaf([4], 3).detach().sub(2).requiresGrad_(),
      leaf([4], 3).detach().add(1.5).requiresGrad_(),
    ],
  ],
  clip: [[(x) => x.clip(-0.5, 0.7), matrix()]],
  clampMin: [[(x) => x.clampMin(0.3), matrix()]],
  clampMax: [[(x) => x.clampMax(0.3), matrix()]],
  // activations with options
  leakyRelu: [[(x) => F.leakyRelu(x, 0.2), matrix()]],
  hardtanh: [[(x) => F.hardtanh(x, { minVal: -0.5, maxVal: 0.8 }), matrix()]],
  elu: [[(x) => F.elu(x, 0.7), matrix()]],
  celu: [[(x) => F.celu(x, 0.7), matrix()]],
  gelu: [
    [(x) => F.gelu(x), matrix()],
    [(x) => F.gelu(x, { approximate: "tanh" }), matrix()],
  ],
  softplus: [[(x) => F.softplus(x, { beta: 1.7, threshold: 1 }), matrix()]],
  softshrink: [[(x) => F.softshrink(x, 0.3), matrix()]],
  hardshrink: [[(x) => F.hardshrink(x, 0.3), matrix()]],
  threshold: [[(x) => F.threshold(x, 0.2, 5), matrix()]],
  prelu: [
    [(x, w) => F.prelu(x, w), matrix(), leaf([4], 3)],
    [(x, w) => F.prelu(x, w), matrix(), leaf([1], 3)],
  ],
  glu: [[(x) => F.glu(x, 1), matrix()]],
  softmax: [
    [(x) => x.softmax(1), matrix()],
    [(x) => x.softmax(0), matrix()],
  ],
  logSoftmax: [
    [(x) => x.logSoftmax(1), matrix()],
    [(x) => x.logSoftmax(0), matrix()],
  ],
  softmin: [[(x) => x.softmin(0), matrix()]],
  // reductions
  sum: [
    [(x) => x.sum(), matrix()],
    [(x) => x.sum(0, { keepdim: true }), matrix()],
  ],
  mean: [
    [(x) => x.mean(), matrix()],
    [(x) => x.mean([0, 1]), matrix()],
  ],
  prod: [
    [(x) => x.prod(), matrix()],
    [(x) => x.prod(1, { keepdim: true }), matrix()],
  ],
  var: [
    [(x) => x.var(), matrix()],
    [(x) => x.var(0, { correction: 0 }), matrix()],
  ],
  std: [
    [(x) => x.std(), matrix()],
    [(x) => x.std(1, { keepdim: true }), matrix()],
  ],
  amax: [[(x) => x.amax(1), matrix()]],
  amin: [[(x) => x.amin([0, 1]), matrix()]],
  aminmax: [
    [
      (x) => {
        const { min, max } = x.aminmax({ dim: 1 });
        return min.mul(max);
      },
      matrix(),
    ],
  ],
  max: [
    [(x) => x.max(), matrix()],
    [(x) => x.max(1).values, matrix()],
  ],
  min: [
    [(x) => x.min(), matrix()],
    [(x) => x.min(0).values, matrix()],
  ],
  median: [
    [(x) => x.median(), matrix()],
    [(x) => x.median(1).values, matrix()],
  ],
  norm: [1, 2, 3.5, Infinity, -Infinity].flatMap((p): Row[] => [
    [(x) => x.norm(p), matrix()],
    [(x) => x.norm(p, 1, { keepdim: true }), matrix()],
  ]),
  logsumexp: [
    [(x) => x.logsumexp(1), matrix()],
    [(x) => x.logsumexp([0, 1]), matrix()],
  ],
  cumsum: [[(x) => x.cumsum(1), matrix()]],
  cumprod: [[(x) => x.cumprod(0), matrix()]],
  cummax: [[(x) => x.cummax(1).values, matrix()]],
  cummin: [[(x) => x.cummin(0).values, matrix()]],
  diff: [
    [(x) => x.diff(), matrix()],
    [(x, y) => x.diff(2, 0, { prepend: y }), matrix(), other()],
  ],
  nansum: [[(x) => x.nansum(1), matrix()]],
  nanmean: [[(x) => x.nanmean(0), matrix()]],
  quantile: [
    [(x) => x.quantile(0.3, 1), matrix()],
    [(x) => x.quantile(torch.tensor([0.1, 0.8], { dtype: "float64" })), matrix()],
  ],
  kron: [[(x, y) => x.kron(y), leaf([2, 2]), leaf([3], 2)]],
  bilinear: [
    [
      (a, b, w, c) => F.bilinear(a, b, w, c),
      matrix(),
      leaf([3, 2], 2),
      leaf([2, 4, 2], 3),
      leaf([2]),
    ],
  ],
  sort: [[(x) => x.sort(1, { descending: true }).values, matrix()]],
  topk: [[(x) => x.topk(2, 1).values, matrix()]],
  // products
  matmul: [
    [(a, b) => a.matmul(b), matrix(), leaf([4, 2], 2)],
    [(a, b) => a.matmul(b), leaf([2, 3, 4]), leaf([4], 2)],
  ],
  mm: [[(a, b) => a.mm(b), matrix(), leaf([4, 2], 2)]],
  mv: [[(a, b) => a.mv(b), matrix(), leaf([4], 2)]],
  dot: [[(a, b) => a.dot(b), leaf([4]), leaf([4], 2)]],
  vdot: [[(a, b) => a.vdot(b), leaf([4]), leaf([4], 2)]],
  inner: [[(a, b) => a.inner(b), matrix(), leaf([2, 4], 2)]],
  outer: [[(a, b) => a.outer(b), leaf([3]), leaf([4], 2)]],
  bmm: [[(a, b) => a.bmm(b), leaf([2, 3, 4]), leaf([2, 4, 2], 2)]],
  addmm: [
    [(c, a, b) => c.addmm(a, b, { beta: 0.5, alpha: 2 }), leaf([2]), matrix(), leaf([4, 2], 2)],
  ],
  addmv: [[(c, a, b) => c.addmv(a, b, { beta: 0.5 }), leaf([3]), matrix(), leaf([4], 2)]],
  baddbmm: [[(c, a, b) => c.baddbmm(a, b), leaf([3, 2]), leaf([2, 3, 4]), leaf([2, 4, 2], 2)]],
  // shapes
  reshape: [[(x) => x.reshape(2, 6), matrix()]],
  reshapeAs: [[(x) => x.reshapeAs(torch.zeros(6, 2)), matrix()]],
  view: [[(x) => x.view(2, 6), matrix()]],
  viewAs: [[(x) => x.viewAs(torch.zeros(6, 2)), matrix()]],
  expand: [[(x) => x.expand(2, 3, 4), matrix()]],
  expandAs: [[(x) => x.expandAs(torch.zeros(2, 3, 4)), matrix()]],
  broadcastTo: [[(x) => x.broadcastTo([2, 3, 4]), matrix()]],
  select: [[(x) => x.select(1, 2), matrix()]],
  slice: [[(x) => x.slice(1, 0, 4, 2), matrix()]],
  narrow: [[(x) => x.narrow(1, 1, 2), matrix()]],
  transpose: [[(x) => x.transpose(0, 1), matrix()]],
  swapaxes: [[(x) => x.swapaxes(0, 1), matrix()]],
  swapdims: [[(x) => x.swapdims(0, 1), matrix()]],
  permute: [[(x) => x.permute(1, 0), matrix()]],
  movedim: [[(x) => x.movedim(0, 1), matrix()]],
  squeeze: [[(x) => x.squeeze(), leaf([3, 1, 2])]],
  unsqueeze: [[(x) => x.unsqueeze(1), matrix()]],
  unflatten: [[(x) => x.unflatten(1, [2, 2]), matrix()]],
  unfold: [
    [(x) => x.unfold(1, 2, 1), matrix()],
    [(x) => F.unfold(x, [2, 3], { padding: 1, stride: 2 }), image()],
  ],
  diagonal: [[(x) => x.diagonal(1), matrix()]],
  diag: [
    [(x) => x.diag(), matrix()],
    [(x) => x.diag(1), leaf([3])],
  ],
  flip: [[(x) => x.flip(0, 1), matrix()]],
  rot90: [[(x) => x.rot90(), matrix()]],
  roll: [[(x) => x.roll([1], [1]), matrix()]],
  repeat: [[(x) => x.repeat(2, 1, 2), matrix()]],
  tile: [[(x) => x.tile(2), matrix()]],
  repeatInterleave: [[(x) => x.repeatInterleave(2, 1), matrix()]],
  split: [[(x) => x.split([1, 3], 1)[1], matrix()]],
  chunk: [[(x) => x.chunk(2, 1)[1], matrix()]],
  unbind: [[(x) => x.unbind(1)[2], matrix()]],
  to: [[(x) => x.to("float64"), matrix()]],
  typeAs: [[(x) => x.typeAs(torch.zeros([1], { dtype: "float64" })), matrix()]],
  cpu: one("cpu"),
  // picking
  gather: [[(x) => x.gather(1, places), matrix()]],
  scatter: [
    [
      (x, s) =>
        x.scatter(
          1,
          torch.tensor([
            [0, 1],
            [2, 1],
            [3, 0],
          ]),
          s,
        ),
      matrix(),
      leaf([3, 2], 3),
    ],
    [(x, s) => x.scatter(1, places, s, { reduce: "add" }), matrix(), leaf([3, 2], 3)],
  ],
  scatterAdd: [[(x, s) => x.scatterAdd(1, places, s), matrix(), leaf([3, 2], 3)]],
  indexSelect: [[(x) => x.indexSelect(1, torch.tensor([3, 3, 0])), matrix()]],
  index: [[(x) => x.index([0, 2, 0], "1:"), matrix()]],
  at: [[(x) => x.at([0, 2], [1, 3]), matrix()]],
  take: [[(x) => x.take(torch.tensor([0, 5, 5])), matrix()]],
  maskedSelect: [[(x) => x.maskedSelect(mask), matrix()]],
  maskedFill: [[(x) => x.maskedFill(mask, 2), matrix()]],
  // images
  ...Object.fromEntries(
    [1, 2, 3].flatMap((rank) => {
      const shape = [2, 4, 4, 5, 3].slice(0, 2 + rank);
      const f = F as unknown as Record<string, (...a: unknown[]) => T>;
      const inner = [2, 2, 2].slice(0, rank);
      return [
        [
          `conv${rank}d`,
          [1, 2].map((groups): Row => [
            (x, w, b) => f[`conv${rank}d`](x, w, b, { padding: 1, stride: 2, dilation: 1, groups }),
            leaf(shape),
            leaf([4, 4 / groups, ...inner], 2),
            leaf([4], 3),
          ]),
        ],
        [
          `convTranspose${rank}d`,
          [1, 2].map((groups): Row => [
            (x, w, b) =>
              f[`convTranspose${rank}d`](x, w, b, {
                padding: 1,
                stride: 2,
                outputPadding: 1,
                groups,
              }),
            leaf(shape),
            leaf([4, 2, ...inner], 2),
            leaf([2 * groups], 3),
          ]),
        ],
        [
          `maxPool${rank}d`,
          [
            [
              (x: T) => f[`maxPool${rank}d`](x, 2, { stride: 1, padding: 1, ceilMode: true }),
              leaf(shape),
            ],
          ],
        ],
        [
          `avgPool${rank}d`,
          [
            [
              (x: T) =>
                f[`avgPool${rank}d`](x, 2, { stride: 1, padding: 1, countIncludePad: false }),
              leaf(shape),
            ],
          ],
        ],
        [`adaptiveAvgPool${rank}d`, [[(x: T) => f[`adaptiveAvgPool${rank}d`](x, 2), leaf(shape)]]],
        [`adaptiveMaxPool${rank}d`, [[(x: T) => f[`adaptiveMaxPool${rank}d`](x, 2), leaf(shape)]]],
        [`lpPool${rank}d`, [[(x: T) => f[`lpPool${rank}d`](x.abs().add(0.1), 3, 2), leaf(shape)]]],
        [
          `maxUnpool${rank}d`,
          [
            [
              (x: T) => {
                const [y, indices] = f[`maxPool${rank}d`](x, 2, {
                  returnIndices: true,
                }) as unknown as [T, T];
                return f[`maxUnpool${rank}d`](y, indices, 2, { outputSize: shape.slice(2) });
              },
              leaf(shape),
            ],
          ],
        ],
      ];
    }),
  ),
  fold: [[(x) => F.fold(x, [4, 5], 2, { padding: 1, stride: 2 }), leaf([1, 8, 9])]],
  pad: (["constant", "reflect", "replicate", "circular"] as const).map((mode): Row => [
    (x) => F.pad(x, [2, 1], { mode }),
    matrix(),
  ]),
  interpolate: (["nearest", "bilinear", "bicubic", "area", "nearest-exact"] as const)
    .map((mode): Row => [(x) => F.interpolate(x, { size: [3, 7], mode }), image()])
    .concat([
      [
        (x) => F.interpolate(x, { scaleFactor: 1.5, mode: "trilinear", alignCorners: true }),
        volume(),
      ],
    ]),
  pixelShuffle: [[(x) => F.pixelShuffle(x, 2), leaf([1, 4, 2, 3])]],
  pixelUnshuffle: [[(x) => F.pixelUnshuffle(x, 2), leaf([1, 1, 4, 6])]],
  channelShuffle: [[(x) => F.channelShuffle(x, 2), leaf([1, 4, 2, 3])]],
  gridSample: (["bilinear", "bicubic", "nearest"] as const).flatMap((mode) =>
    (["zeros", "border", "reflection"] as const).map((paddingMode): Row => [
      (x, g) => F.gridSample(x, mode === "nearest" ? g.detach() : g, { mode, paddingMode }),
      image(),
      leaf([2, 2, 3, 2], 3).detach().mul(0.8).add(0.03).requiresGrad_(),
    ]),
  ),
  affineGrid: [[(t) => F.affineGrid(t, [2, 1, 3, 4], { alignCorners: true }), leaf([2, 2, 3])]],
  localResponseNorm: [[(x) => F.localResponseNorm(x, 2, { alpha: 0.5 }), image()]],
  normalize: [
    [(x) => F.normalize(x), matrix()],
    [(x) => F.normalize(x, { p: 3, dim: 0 }), matrix()],
  ],
  cosineSimilarity: [[(a, b) => F.cosineSimilarity(a, b), matrix(), other()]],
  pairwiseDistance: [[(a, b) => F.pairwiseDistance(a, b, { p: 3 }), matrix(), other()]],
  // norms
  batchNorm: [
    [
      (x, w, b) => F.batchNorm(x, null, null, w, b, { training: true }),
      image(),
      leaf([2], 2),
      leaf([2], 3),
    ],
    [
      (x, w, b) =>
        F.batchNorm(
          x,
          torch.zeros([2], { dtype: "float64" }),
          torch.ones([2], { dtype: "float64" }),
          w,
          b,
        ),
      image(),
      leaf([2], 2),
      leaf([2], 3),
    ],
  ],
  instanceNorm: [
    [(x, w, b) => F.instanceNorm(x, null, null, w, b), image(), leaf([2], 2), leaf([2], 3)],
  ],
  layerNorm: [[(x, w, b) => F.layerNorm(x, [4], w, b), matrix(), leaf([4], 2), leaf([4], 3)]],
  groupNorm: [[(x, w, b) => F.groupNorm(x, 2, w, b), leaf([2, 4, 3]), leaf([4], 2), leaf([4], 3)]],
  rmsNorm: [[(x, weight) => F.rmsNorm(x, [4], { weight, eps: 0.01 }), matrix(), leaf([4], 2)]],
  // layers
  linear: [[(x, w, b) => F.linear(x, w, b), matrix(), leaf([2, 4], 2), leaf([2], 3)]],
  embedding: [
    [
      (w) =>
        F.embedding(
          torch.tensor([
            [0, 2],
            [2, 1],
          ]),
          w,
        ),
      matrix(),
    ],
  ],
  ...Object.fromEntries(
    ["dropout", "alphaDropout"].map((name) => [
      name,
      [
        [
          (x: T) => {
            torch.manualSeed(1);
            return (F as unknown as Record<string, (x: T, p: number) => T>)[name](x, 0.4);
          },
          matrix(),
        ],
      ],
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ["dropout1d", [2, 3, 4]],
        ["dropout2d", [2, 3, 2, 2]],
        ["dropout3d", [1, 3, 2, 2, 2]],
      ] as const
    ).map(([name, shape]) => [
      name,
      [
        [
          (x: T) => {
            torch.manualSeed(1);
            return F[name](x, 0.4);
          },
          leaf([...shape]),
        ],
      ],
    ]),
  ),
  // losses
  crossEntropy: [
    ...losses((x, o) => F.crossEntropy(x, classes, { ...o, labelSmoothing: 0.1 })),
    ...losses((x, o) => F.crossEntropy(x, targets, o)),
  ],
  nllLoss: losses((x, o) => F.nllLoss(x, classes, o)),
  mseLoss: losses((x, o) => F.mseLoss(x, targets, o)),
  l1Loss: losses((x, o) => F.l1Loss(x, targets, o)),
  smoothL1Loss: losses((x, o) => F.smoothL1Loss(x, targets, { ...o, beta: 0.6 })),
  huberLoss: losses((x, o) => F.huberLoss(x, targets, { ...o, delta: 0.6 })),
  binaryCrossEntropy: losses((x, o) => F.binaryCrossEntropy(x, targets, o), chances),
  binaryCrossEntropyWithLogits: [
    ...losses((x, o) => F.binaryCrossEntropyWithLogits(x, targets, o)),
    ...losses((x, o) =>
      F.binaryCrossEntropyWithLogits(x, targets, { ...o, posWeight: targets.select(0, 0) }),
    ),
  ],
  klDiv: [
    ...losses((x, o) => F.klDiv(x, targets, o)),
    ...losses((x, o) => F.klDiv(x, targets, { ...o, logTarget: true })),
  ],
  poissonNllLoss: losses((x, o) => F.poissonNllLoss(x, targets, { ...o, full: true })),
  gaussianNllLoss: reductions.map((reduction): Row => [
    (x, t, v) => F.gaussianNllLoss(x, t, v, { reduction }),
    matrix(),
    other(),
    positive(),
  ]),
  softMarginLoss: losses(
    (x, o) => F.softMarginLoss(x, signs, o),
    () => leaf([3]),
  ),
  hingeEmbeddingLoss: losses(
    (x, o) => F.hingeEmbeddingLoss(x, signs, o),
    () => leaf([3]),
  ),
  marginRankingLoss: reductions.map((reduction): Row => [
    (a, b) => F.marginRankingLoss(a, b, signs, { margin: 0.3, reduction }),
    leaf([3]),
    leaf([3], 2),
  ]),
  cosineEmbeddingLoss: reductions.map((reduction): Row => [
    (a, b) => F.cosineEmbeddingLoss(a, b, signs, { reduction }),
    matrix(),
    other(),
  ]),
  tripletMarginLoss: reductions.map((reduction): Row => [
    (a, b, c) => F.tripletMarginLoss(a, b, c, { margin: 3, swap: true, reduction }),
    matrix(),
    other(),
    leaf([3, 4], 3),
  ]),
  multiMarginLoss: losses((x, o) => F.multiMarginLoss(x, classes, { ...o, p: 2 })),
  multilabelSoftMarginLoss: losses((x, o) => F.multilabelSoftMarginLoss(x, targets, o)),
  // in place
  ...Object.fromEntries(
    "abs_ ceil_ exp_ floor_ neg_ reciprocal_ relu_ round_ sigmoid_ tanh_ zero_"
      .split(" ")
      .map((name) => [
        name,
        [[onCopy((y) => (y as unknown as Record<string, () => T>)[name]()), matrix()]],
      ]),
  ),
  log_: [[onCopy((y) => y.abs().add(0.5).log_()), matrix()]],
  sqrt_: [[onCopy((y) => y.abs().add(0.5).sqrt_()), matrix()]],
  ...Object.fromEntries(
    "add_ sub_ mul_ div_"
      .split(" ")
      .map((name) => [
        name,
        [
          [
            (x: T, b: T) => (x.mul(1) as unknown as Record<string, (b: T) => T>)[name](b).mul(x),
            matrix(),
            other(),
          ],
        ],
      ]),
  ),
  pow_: [[onCopy((y) => y.pow_(2)), matrix()]],
  lerp_: [[(x, b) => x.mul(1).lerp_(b, 0.3), matrix(), other()]],
  addcmul_: [[(x, a, b) => x.mul(1).addcmul_(a, b), matrix(), other(), leaf([3, 4], 3)]],
  addcdiv_: [[(x, a, b) => x.mul(1).addcdiv_(a, b), matrix(), other(), positive()]],
  clamp_: [[onCopy((y) => y.clamp_(-0.5, 0.7)), matrix()]],
  fill_: [[onCopy((y) => y.fill_(2)), matrix()]],
  copy_: [[(x, b) => x.mul(1).copy_(b).mul(x), matrix(), other()]],
  maskedFill_: [[onCopy((y) => y.maskedFill_(mask, 2)), matrix()]],
  scatter_: [
    [
      (x, s) =>
        x.mul(1).scatter_(
          1,
          torch.tensor([
            [0, 1],
            [2, 1],
            [3, 0],
          ]),
          s,
        ),
      matrix(),
      leaf([3, 2], 3),
    ],
  ],
  scatterAdd_: [[(x, s) => x.mul(1).scatterAdd_(1, places, s), matrix(), leaf([3, 2], 3)]],
  indexPut_: [[(x, s) => x.mul(1).indexPut_([0], s), matrix(), leaf([4], 3)]],
  // linalg
  det: [
    [(x) => torch.linalg.det(x), square()],
    [(x) => torch.linalg.det(x), leaf([2, 3, 3])],
  ],
  inv: [[(x) => torch.linalg.inv(x), square()]],
  solve: [[(a, b) => torch.linalg.solve(a, b), square(), leaf([3, 2])]],
  slogdet: [[(x) => torch.linalg.slogdet(x)[1], square()]],
  matrixPower: [[(x) => torch.linalg.matrixPower(x, 3), square()]],
  vectorNorm: [[(x) => torch.linalg.vectorNorm(x, 3, 1), matrix()]],
  matrixNorm: [[(x) => torch.linalg.matrixNorm(x), matrix()]],
};

/** Answers that are whole numbers, bools or plain JavaScript; draws; what only looks at a tensor or changes its flags. */
const withoutGradient = new Set(
  (
    "all allclose any argmax argmin argsort bincount bucketize bitwiseAnd bitwiseNot bitwiseOr bitwiseXor bool byte countNonzero histc searchsorted " +
    "dim elementSize eq equal ge greater greaterEqual gt int isFloatingPoint isclose isfinite isinf isnan item le less " +
    "lessEqual logicalAnd logicalNot logicalOr logicalXor long lt ndarray ne nelement nonzero notEqual numpy oneHot size " +
    "storageOffset stride tolist unique multinomial bernoulli bernoulli_ cauchy_ exponential_ geometric_ logNormal_ normal_ " +
    "random_ uniform_ detach detach_ registerHook requiresGrad_ retainGrad float"
  ).split(" "),
);

describe("gradcheck of every differentiable function", () => {
  const names = new Set(
    [ops, F, torch.linalg].flatMap((all) =>
      Object.entries(all).flatMap(([name, f]) => (typeof f === "function" ? [name] : [])),
    ),
  );

  it("has a row for each export, and none twice", () => {
    const missing = [...names].filter((name) => !(name in rows) && !withoutGradient.has(name));
    expect(missing, "differentiable functions without a gradcheck").to.deep.equal([]);
    const both = Object.keys(rows).filter((name) => withoutGradient.has(name));
    expect(both).to.deep.equal([]);
    const unknown = [...withoutGradient].filter((name) => !names.has(name));
    expect(unknown, "in the list, but not exported").to.deep.equal([]);
  });

  for (const [name, list] of Object.entries(rows)) {
    it(`${name}: ${list.length}`, () => {
      for (const [f, ...xs] of list) expect(torch.autograd.gradcheck(f, xs)).to.equal(true);
    });
  }
});

describe("gradgradcheck of every differentiable function", () => {
  for (const [name, list] of Object.entries(rows)) {
    it(name, () => {
      for (const [f, ...xs] of list) {
        if (xs.reduce((count, x) => count + x.numel(), 0) > 130) continue; // the same code as for the smaller ones
        const bent: Call = (...given) =>
          torch.enableGrad(() => {
            const y = f(...given);
            const total = y.mul(y).sum();
            const options = { createGraph: true, allowUnused: true };
            const found = torch.autograd.grad(total, given, options);
            return torch.cat(found.flatMap((g) => (g ? [g.reshape(-1)] : [])));
          });
        if (!f(...xs).requiresGrad || !bent(...xs).requiresGrad) continue; // steps
        expect(torch.autograd.gradcheck(bent, xs, { atol: 1e-4 })).to.equal(true);
      }
    });
  }
});
