// To every exercise a right and a wrong answer: what a learner writes into the cell.
export const answers = {
  "01-start": {
    "exercise-1": {
      right: "const wide = new nn.Conv2d(3, 32, 5, { stride: 2, padding: 2 });",
      wrong: "const wide = new nn.Conv2d(3, 32, 5, { stride: 2 });",
    },
    "exercise-2": {
      right: "const strongest = maps.amax([1, 2]).argmax().item();",
      wrong: "const strongest = 3;",
    },
  },
  "02-by-hand": {
    "exercise-1": {
      right: "const horizontal = [[1, 1, 1], [0, 0, 0], [-1, -1, -1]];",
      wrong: "const horizontal = [[1, 0, -1], [1, 0, -1], [1, 0, -1]];",
    },
    "exercise-2": { right: "const meanValue = 2;", wrong: "const meanValue = 3;" },
    "exercise-3": {
      right: "const multiplications = 144;",
      wrong: "const multiplications = 36 * 9;",
    },
  },
  "03-layer": {
    "exercise-1": { right: "const height = 16;", wrong: "const height = 17;" },
    "exercise-2": { right: "const samePadding = 3;", wrong: "const samePadding = 7;" },
    "exercise-3": {
      right: "const parameters = 32 * (16 * 9 + 1);",
      wrong: "const parameters = 32 * 16 * 9;",
    },
  },
  "04-filters": {
    "exercise-1": {
      right: "const shift = [[0, 0, 0], [0, 0, 1], [0, 0, 0]];",
      wrong: "const shift = [[0, 0, 0], [1, 0, 0], [0, 0, 0]];",
    },
    "exercise-2": { right: "const onFlat = 0;", wrong: "const onFlat = 0.5;" },
    "exercise-3": { right: "const keepsFlat = 4;", wrong: "const keepsFlat = 2;" },
  },
  "05-padding-stride": {
    "exercise-1": { right: "const padding = 2;", wrong: "const padding = 5;" },
    "exercise-2": { right: "const largest = 9;", wrong: "const largest = 10;" },
    "exercise-3": {
      right: 'const mirrored = () => F.pad(row, [1, 1], { mode: "reflect" });\nmirrored()',
      wrong: 'const mirrored = () => F.pad(row, [1, 1], { mode: "replicate" });\nmirrored()',
    },
  },
  "06-channels": {
    "exercise-1": { right: "const weights = 32 * 4 * 9;", wrong: "const weights = 32 * 16 * 9;" },
    "exercise-2": {
      right: "const swap = [[0, 0, 1], [0, 1, 0], [1, 0, 0]];",
      wrong: "const swap = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];",
    },
    "exercise-3": {
      right: "const grouped = () => new nn.Conv2d(6, 8, 3, { groups: 2 });\ngrouped()",
      wrong: "const grouped = () => new nn.Conv2d(6, 8, 3, { groups: 1 });\ngrouped()",
    },
  },
  "07-dilation": {
    "exercise-1": { right: "const dilation = 5;", wrong: "const dilation = 4;" },
    "exercise-2": { right: "const chapterField = 17;", wrong: "const chapterField = 13;" },
    "exercise-3": { right: "const mapHeight = 14;", wrong: "const mapHeight = 18;" },
  },
  "08-activation": {
    "exercise-1": {
      right: "const twice: [number, number] = [0, 5];",
      wrong: "const twice: [number, number] = [-3, 5];",
    },
    "exercise-2": {
      right: "const leaky = (v: torch.Tensor) => torch.where(v.gt(0), v, v.mul(0.1));",
      wrong: "const leaky = (v: torch.Tensor) => v.mul(0.1);",
    },
    "exercise-3": {
      right: "const passed = [0, 0, 30, 40];",
      wrong: "const passed = [0, 20, 30, 40];",
    },
  },
  "09-pooling": {
    "exercise-1": { right: "const height = 27;", wrong: "const height = 28;" },
    "exercise-2": {
      right: "const global = new nn.AdaptiveAvgPool2d(1);",
      wrong: "const global = new nn.AdaptiveMaxPool2d(1);",
    },
    "exercise-3": {
      right: "const pooled = () => F.maxPool2d(x, 2, { padding: 1 });\npooled()",
      wrong: "const pooled = () => F.maxPool2d(x, 2);\npooled()",
    },
  },
  "10-linear": {
    "exercise-1": {
      right: "const repaired = last(torch.flatten(batch, 1));",
      wrong: "const repaired = last(torch.flatten(batch, 1)).t();",
    },
    "exercise-2": {
      right: "const parameters = 32768 * 10 + 10;",
      wrong: "const parameters = 32768 * 10;",
    },
    "exercise-3": {
      right: "const equal = [1 / 3, 1 / 3, 1 / 3];",
      wrong: "const equal = [0.5, 0.25, 0.25];",
    },
  },
  "11-cnn": {
    "exercise-1": { right: "const inputHeight = 128;", wrong: "const inputHeight = 64;" },
    "exercise-2": {
      right: `class BatchCNN extends CNN {
  override forward(x: torch.Tensor) {
    const maps = this.conv2(this.conv1(x));
    return this.fc(torch.flatten(maps, -3));
  }
}`,
      wrong: `class BatchCNN extends CNN {
  override forward(x: torch.Tensor) {
    const maps = this.conv2(this.conv1(x));
    return this.fc(torch.flatten(maps, 2));
  }
}`,
    },
    "exercise-3": {
      right: "const multiplications = 16 * 128 * 128 * 27;",
      wrong: "const multiplications = 16 * 256 * 256 * 27;",
    },
  },
  "12-training": {
    "exercise-1": { right: "const steps = 80;", wrong: "const steps = 4000;" },
    "exercise-2": { right: "const startLoss = Math.log(10);", wrong: "const startLoss = 0.1;" },
    "exercise-3": { right: "const afterStep = -2;", wrong: "const afterStep = -0.5;" },
  },
  "13-grad-cam": {
    "exercise-1": {
      right: "const sides: [number, number] = [16, 2];",
      wrong: "const sides: [number, number] = [32, 1];",
    },
    "exercise-2": {
      right: 'const negativeShare = maps.mul(alpha).sum(1).lt(0).to("float32").mean().item();',
      wrong: "const negativeShare = 0;",
    },
  },
  "14-one-dimension": {
    "exercise-1": { right: "const length = 196;", wrong: "const length = 195;" },
    "exercise-2": {
      right: "const bend = [0, 1, -2, 1, 0];",
      wrong: "const bend = [0, -1, 0, 1, 0];",
    },
  },
  "15-your-data": {
    "exercise-1": { right: "const shape = [3, 48, 60];", wrong: "const shape = [3, 60, 48];" },
    "exercise-2": {
      right: "const numbers = 8 * 27 + 8 + 8 * 62 * 62 * 10 + 10;",
      wrong: "const numbers = 8 * 62 * 62 * 10;",
    },
  },
};
