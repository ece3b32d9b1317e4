// What is measured: shapes as in real networks. Options are PyTorch's words; `goal` is the ratio to reach.

const conv = (x, weight, options = {}, more = {}) => ({
  ...{ fn: x.length === 3 ? "conv1d" : "conv2d", x, weight, options },
  ...more,
});
const transposed = (x, weight, options, more = {}) => ({
  ...{ fn: "conv_transpose2d", x, weight, options },
  ...more,
});
const pool = (fn, x, size, options = {}, more = {}) => ({ fn, x, size, options, ...more });
const network = (model, x, more = {}) => ({ model, x, ...more });
const linear = (rows, inputs, outputs, more = {}) => ({
  ...{ fn: "linear", x: [rows, inputs], weight: [outputs, inputs], options: {} },
  ...more,
});

const image = [1, 64, 56, 56];
const kernel = [64, 64, 3, 3];
const large = [1, 64, 112, 112];

/** The same work, forward and backward. */
const trained = (spec, more = {}) => ({ ...spec, goal: undefined, ...more, train: true });

export const cases = {
  "W forward, N = 1": network("chapter", [1, 3, 256, 256], { goal: 0.35 }),
  "W forward, N = 8": network("chapter", [8, 3, 256, 256], { goal: 0.3 }),
  "W training, N = 1": network("chapter", [1, 3, 256, 256], { train: true, goal: 0.55 }),
  "W training, N = 8": network("chapter", [8, 3, 256, 256], { train: true, goal: 0.6 }),
  "LeNet training, N = 64": network("lenet", [64, 1, 28, 28], { train: true }),

  "3×3": conv(image, kernel, { padding: 1 }, { goal: 0.7 }),
  "3×3, training": trained(conv(image, kernel, { padding: 1 }), { goal: 0.75 }),
  "3×3, 512 channels, 7×7": conv([1, 512, 7, 7], [512, 512, 3, 3], { padding: 1 }),
  "3×3, 3 → 16, 128×128": conv([1, 3, 128, 128], [16, 3, 3, 3], { padding: 1 }),
  "5×5 (AlexNet)": conv([1, 64, 27, 27], [192, 64, 5, 5], { padding: 2 }),
  dilated: conv(image, kernel, { padding: 2, dilation: 2 }, { goal: 1.9 }),
  "1×1": conv([1, 256, 56, 56], [64, 256, 1, 1], {}, { goal: 1.9 }),
  "1×1, stride 2": conv([1, 256, 56, 56], [512, 256, 1, 1], { stride: 2 }),

  strided: conv(image, kernel, { padding: 1, stride: 2 }, { goal: 1.9 }),
  "strided, training": trained(conv(image, kernel, { padding: 1, stride: 2 })),
  "strided, N = 8, 64 → 128": conv([8, 64, 28, 28], [128, 64, 3, 3], { padding: 1, stride: 2 }),
  "strided, 256 → 512, 14×14": conv([1, 256, 14, 14], [512, 256, 3, 3], { padding: 1, stride: 2 }),
  "7×7, stride 2 (ResNet)": conv([1, 3, 224, 224], [64, 3, 7, 7], { padding: 3, stride: 2 }),
  "11×11, stride 4 (AlexNet)": conv([1, 3, 224, 224], [64, 3, 11, 11], { padding: 2, stride: 4 }),
  "11×11, stride 4, training": trained(
    conv([1, 3, 112, 112], [64, 3, 11, 11], { padding: 2, stride: 4 }),
  ),

  depthwise: conv(image, [64, 1, 3, 3], { padding: 1, groups: 64 }, { goal: 0.8 }),
  "depthwise, training": trained(conv(image, [64, 1, 3, 3], { padding: 1, groups: 64 })),
  "depthwise, stride 2": conv([1, 96, 56, 56], [96, 1, 3, 3], {
    ...{ padding: 1, stride: 2, groups: 96 },
  }),
  "depthwise, stride 2, training": trained(
    conv([1, 96, 56, 56], [96, 1, 3, 3], { padding: 1, stride: 2, groups: 96 }),
  ),
  "depthwise 5×5": conv([1, 240, 14, 14], [240, 1, 5, 5], { padding: 2, groups: 240 }),
  "depthwise 7×7, N = 8": conv([8, 64, 28, 28], [64, 1, 7, 7], { padding: 3, groups: 64 }),
  "32 groups": conv([1, 128, 28, 28], [128, 4, 3, 3], { padding: 1, groups: 32 }),
  "32 groups, training": trained(
    conv([1, 128, 28, 28], [128, 4, 3, 3], { padding: 1, groups: 32 }),
  ),
  "2 groups, 5×5": conv([1, 96, 27, 27], [256, 48, 5, 5], { padding: 2, groups: 2 }),
  "1-D, kernel 3": conv([8, 64, 256], [64, 64, 3], { padding: 1 }),
  "1-D, kernel 3, training": trained(conv([8, 64, 256], [64, 64, 3], { padding: 1 })),
  "1-D, kernel 9, stride 2": conv([4, 16, 1000], [32, 16, 9], { padding: 4, stride: 2 }),
  "transposed 2×2, stride 2": transposed([1, 128, 28, 28], [128, 64, 2, 2], { stride: 2 }),
  "transposed 2×2, stride 2, training": trained(
    transposed([1, 128, 28, 28], [128, 64, 2, 2], { stride: 2 }),
  ),
  "transposed 4×4, stride 2": transposed([1, 64, 28, 28], [64, 32, 4, 4], {
    ...{ padding: 1, stride: 2 },
  }),

  "max pool 2×2": pool("max_pool2d", large, 2, {}, { goal: 0.015 }),
  "average pool 2×2": pool("avg_pool2d", large, 2, {}, { goal: 0.04 }),
  "max pool 3×3, stride 2": pool("max_pool2d", large, 3, { stride: 2, padding: 1 }),
  "max pool 2×2, training": pool("max_pool2d", large, 2, {}, { train: true }),
  "linear, 1 row": linear(1, 1024, 1024),
  "linear, 4 rows": linear(4, 1024, 1024),
  "linear, 4 rows, training": trained(linear(4, 1024, 1024)),
  "linear, 16 rows": linear(16, 1024, 1024),
};
