// Every case is one expression, written in our words; peer.py gets it in PyTorch's. A case is timed forward, and with
// `leaf` also backward: from a gradient of ones (drawn before the clock starts) to the tensors that `leaf` names.
// The operands are made in peer.mjs and peer.py: x, y are [1000, 1000]; small [8, 8]; odd [333, 777]; t is transposed;
// step every second column of a matrix; row, column and wide are [1000], [1000, 1] and one row stretched to [1000, 1000];
// image is [8, 64, 56, 56], channel [64, 1, 1].

const layouts = ["x", "small", "odd", "t", "step", "wide"];

/** `expression` with x replaced by each layout; backward for those in `backward`. */
function everywhere(expression, { over = layouts, backward = ["x", "small", "t"] } = {}) {
  return over.flatMap((name) => {
    const text = expression.replace(/\bx\b/g, name);
    return [{ text }, ...(backward.includes(name) ? [{ text, leaf: name }] : [])];
  });
}
const withoutGradient = (expression) => everywhere(expression, { backward: [] });
const plain = (...texts) => texts.map((text) => ({ text }));
const withGradient = (leaf, ...texts) => texts.flatMap((text) => [{ text }, { text, leaf }]);

const pointwise = [
  ...["x.neg()", "x.abs()", "x.exp()", "x.sin()", "x.cos()", "x.tanh()", "x.sigmoid()", "x.erf()"],
  ...["x.sign()", "x.square()", "x.relu()", "x.mul(2)", "x.add(1)", "x.sub(1)", "x.div(3)"],
  ...["x.reciprocal()", "x.expm1()", "x.atan()", "x.clamp(-1, 1)", "x.clamp({ min: 0 })"],
  ...["x.pow(2)", "x.pow(3)", "F.gelu(x)", "F.silu(x)", "F.elu(x)", "F.selu(x)", "F.mish(x)"],
  ...["F.leakyRelu(x)", "F.relu6(x)", "F.hardtanh(x)", "F.hardswish(x)", "F.hardsigmoid(x)"],
  ...["F.softplus(x)", "F.logsigmoid(x)", "F.softsign(x)", "F.hardshrink(x)", "x.clone()"],
];
const ofPositive = [
  "x.log()",
  "x.log1p()",
  "x.log2()",
  "x.sqrt()",
  "x.rsqrt()",
  "x.pow(0.5)",
  "x.pow(1.7)",
];
const tests = [
  ...["x.gt(0)", "x.eq(0)", "x.ne(0)", "x.le(0)", "x.isnan()", "x.isfinite()", "x.logicalNot()"],
  ...["x.floor()", "x.round()", "x.trunc()", "x.double()", "x.long()", "x.int()"],
];
const pairs = [
  ...["x.add(y)", "x.sub(y)", "x.mul(y)", "x.div(y)", "torch.maximum(x, y)", "torch.minimum(x, y)"],
  ...["x.add(y, { alpha: 2 })", "torch.where(mask, x, y)", "x.lerp(y, 0.3)", "torch.atan2(x, y)"],
  ...["torch.addcmul(x, y, y)", "F.mseLoss(x, y)", "F.l1Loss(x, y)", "F.smoothL1Loss(x, y)"],
  ...["F.binaryCrossEntropyWithLogits(x, share)", "F.huberLoss(x, y)"],
];
const stretched = ["row", "column", "y.t()"].flatMap((other) =>
  ["add", "mul", "sub", "div"].map((name) => `x.${name}(${other})`),
);
const overAxes = ["sum", "mean", "var", "std", "amax", "amin", "prod", "norm"];
const alongAxis = ["softmax", "logSoftmax", "cumsum", "logsumexp"];
const chosen = ["max", "min", "median", "sort"];
const dim = (name, axis) => (name === "norm" ? `x.norm(2, ${axis})` : `x.${name}(${axis})`);

export const cases = [
  ...pointwise.flatMap((text) => everywhere(text)),
  ...ofPositive.flatMap((text) =>
    everywhere(text.replace("x", "positive"), { over: ["positive"], backward: ["positive"] }),
  ),
  ...tests.flatMap((text) => withoutGradient(text)),
  ...pairs.flatMap((text) => everywhere(text, { over: ["x", "t"], backward: ["x", "t"] })),
  ...stretched.flatMap((text) => withGradient("x", text)),
  ...["x.add(row)", "x.mul(row)"].flatMap((text) => [{ text, leaf: "row" }]),
  ...withGradient("channel", "image.add(channel)", "image.mul(channel)"),
  ...plain(
    "x.gt(y)",
    "x.eq(y)",
    "x.gt(row)",
    "mask.logicalAnd(mask)",
    "x.isclose(y)",
    "x.equal(y)",
  ),
  ...[
    "x.sum()",
    "x.mean()",
    "x.var()",
    "x.std()",
    "x.amax()",
    "x.max()",
    "x.min()",
    "x.norm()",
    "x.norm(1)",
    "x.prod()",
  ].flatMap((text) => everywhere(text, { backward: ["x"] })),
  ...overAxes.flatMap((name) =>
    [0, 1].flatMap((axis) =>
      everywhere(dim(name, axis), { over: ["x", "small", "t"], backward: ["x"] }),
    ),
  ),
  ...alongAxis.flatMap((name) =>
    [0, 1].flatMap((axis) =>
      everywhere(dim(name, axis), { over: ["x", "small", "odd", "t"], backward: ["x"] }),
    ),
  ),
  ...chosen.flatMap((name) =>
    [0, 1].flatMap((axis) =>
      everywhere(`${dim(name, axis)}.values`, { over: ["x", "small", "t"], backward: ["x"] }),
    ),
  ),
  ...plain(
    "x.argmax()",
    "x.argmax(0)",
    "x.argmax(1)",
    "x.argmin(1)",
    "x.argsort(1)",
    "x.argsort(0)",
    "flat.sort().values",
    "flat.sort(0, { descending: true }).values",
  ),
  ...plain(
    "x.any()",
    "x.all()",
    "mask.any(1)",
    "mask.all(0)",
    "mask.sum()",
    "x.countNonzero()",
    "x.median()",
    "x.unique()",
    "whole.unique()",
    "whole.bincount()",
  ),
  ...withGradient("x", "x.topk(5, 1).values", "x.topk(5, 0).values", "x.topk(500, 1).values"),
  ...plain("flat.topk(10).values"),
  ...withGradient(
    "image",
    ...["sum", "mean"].flatMap((name) =>
      ["[2, 3]", "[0, 2, 3]", "1"].map((axes) => `image.${name}(${axes})`),
    ),
    "image.var([0, 2, 3])",
    "image.std([2, 3])",
    "image.max(1).values",
    "image.amax([2, 3])",
    "image.softmax(1)",
    "image.logSoftmax(1)",
  ),
  // order and places
  ...withGradient(
    "x",
    "x.t().contiguous()",
    "x.flip(0)",
    "x.flip(1)",
    "x.roll(1, 0)",
    "x.roll(3, 1)",
    "x.tril()",
    "x.triu()",
    "x.repeat(2, 2)",
    "x.repeatInterleave(2, 1)",
    "torch.cat([x, y])",
    "torch.cat([x, y], 1)",
    "torch.stack([x, y])",
    "torch.stack([x, y], 2)",
    "x.diag()",
    "x.expand(2, 1000, 1000).contiguous()",
    "x.rot90()",
    "x.indexSelect(0, places)",
    "x.indexSelect(1, places)",
    "x.gather(1, index)",
    "x.gather(0, index)",
    "x.take(index)",
    "x.scatter(1, index, y)",
    "x.scatterAdd(1, index, y)",
    "x.scatterAdd(0, index, y)",
    "x.maskedFill(mask, 0)",
    "x.maskedSelect(mask)",
    "x.unfold(1, 3, 1).contiguous()",
  ),
  ...withGradient(
    "image",
    "image.permute(0, 2, 3, 1).contiguous()",
    "image.transpose(1, 2).contiguous()",
    "image.flip(3)",
    "F.pad(image, [1, 1, 1, 1])",
    'F.pad(image, [1, 1, 1, 1], { mode: "reflect" })',
    'F.pad(image, [1, 1, 1, 1], { mode: "replicate" })',
    'F.pad(image, [1, 1, 1, 1], { mode: "circular" })',
    "F.pad(image, [2, 1], { value: 3 })",
    "F.interpolate(image, { scaleFactor: 2 })",
    'F.interpolate(image, { scaleFactor: 2, mode: "bilinear" })',
    'F.interpolate(image, { size: [28, 28], mode: "bilinear" })',
    'F.interpolate(image, { scaleFactor: 2, mode: "bicubic" })',
    'F.interpolate(image, { size: [28, 28], mode: "area" })',
    "F.pixelShuffle(image, 2)",
    "F.unfold(image, 3, { padding: 1 })",
    "F.gridSample(image, grid, { alignCorners: false })",
  ),
  ...plain(
    "x.nonzero()",
    "mask.nonzero()",
    "F.oneHot(places, 1000)",
    "whole.gt(3)",
    "whole.add(whole)",
    "whole.mul(2)",
    "whole.sum()",
    "whole.float()",
    "whole.max()",
    "whole.sort().values",
    "whole.eq(2)",
    "bytes.float()",
    "bytes.add(bytes)",
    "bytes.sum()",
    "bytes.float().div(255)",
    "mask.float()",
    "mask.long()",
    "mask.logicalNot()",
  ),
  ...[
    "add(y)",
    "mul(y)",
    "relu()",
    "exp()",
    "sum()",
    "sum(1)",
    "max(1).values",
    "softmax(1)",
    "sqrt()",
    "clone()",
    "float()",
  ].flatMap((text) => plain(`double.${text.replaceAll("y", "double")}`)),
  // made, and changed in place
  ...plain(
    "torch.zeros([1000, 1000])",
    "torch.ones([1000, 1000])",
    "torch.full([1000, 1000], 0.5)",
    "torch.zerosLike(x)",
    "torch.arange(0, 1000000)",
    "torch.linspace(0, 1, 1000000)",
    "torch.eye(1000)",
    "torch.randn([1000, 1000])",
    "torch.rand([1000, 1000])",
    "torch.randint(0, 10, [1000, 1000])",
    "torch.randperm(1000000)",
    "torch.bernoulli(share)",
    "torch.randn([8, 8])",
    "torch.zeros([8, 8])",
    "target.normal_()",
    "target.uniform_()",
    "target.exponential_()",
    "target.fill_(1)",
    "target.zero_()",
    "target.copy_(x)",
    "target.add_(x)",
    "target.mul_(1)",
    "target.clamp_(-1, 1)",
    "target.sub_(x, { alpha: 0.1 })",
    "target.addcmul_(x, y)",
    "target.relu_()",
    "target.maskedFill_(mask, 0)",
    "tiny.add_(small)",
    "tiny.zero_()",
  ),
  // layers and losses
  ...withGradient(
    "x",
    "F.crossEntropy(x, places)",
    "F.crossEntropy(x, places, { labelSmoothing: 0.1 })",
    "F.nllLoss(x, places)",
    "F.crossEntropy(x, share)",
    "F.klDiv(x, share)",
    "F.dropout(x, 0.5, { training: true })",
    "F.layerNorm(x, [1000], { weight: row, bias: row })".replace(
      "{ weight: row, bias: row }",
      "row, row",
    ),
    "F.normalize(x)",
    "F.cosineSimilarity(x, y)",
    "F.embedding(places, x)",
    "F.glu(x)",
    "F.prelu(x, quarter)",
  ),
  ...withGradient(
    "image",
    "F.groupNorm(image, 8, weights, weights)",
    "F.batchNorm(image, means, ones, weights, weights)",
    "F.batchNorm(image, means, ones, weights, weights, { training: true })",
    "F.instanceNorm(image)",
    "F.adaptiveAvgPool2d(image, 7)",
    "F.adaptiveMaxPool2d(image, 7)",
    "F.dropout2d(image, 0.5, { training: true })",
  ),
  ...withGradient(
    "x",
    "x.matmul(y)",
    "x.t().matmul(y)",
    "x.matmul(y.t())",
    "x.matmul(row)",
    "x.t().mv(row)",
    'torch.einsum("ij,jk->ik", x, y)',
    'torch.einsum("ij,ij->i", x, y)',
    'torch.einsum("ij->ji", x)',
  ),
  ...withGradient(
    "batch",
    "batch.bmm(batch)",
    "batch.matmul(batch.transpose(1, 2))",
    'torch.einsum("bij,bkj->bik", batch, batch)',
    "heads.bmm(heads)",
  ).filter(({ text, leaf }) => !(leaf && text.startsWith("heads"))),
  ...plain("row.dot(row)", "row.outer(row)", "small.matmul(small)", "F.linear(small, small)"),
  // optimizers step a parameter of 1M numbers
  ...["sgd", "momentum", "adam", "adamw", "rmsprop", "adagrad", "nadam", "adadelta"].map(
    (name) => ({ text: `optimizers.${name}.step()` }),
  ),
  ...plain("nn.utils.clipGradNorm_(parameters, 1)"),
];
