// Well-known networks, as torchvision writes them.

import { nn, type Tensor } from "kernelbook";

/** torchvision's AlexNet, all widths divided by d. */
export class AlexNet extends nn.Module {
  features: nn.Sequential;
  avgpool = new nn.AdaptiveAvgPool2d([6, 6]);
  classifier: nn.Sequential;

  constructor(d = 1) {
    super();
    const [a, b, c, e] = [64 / d, 192 / d, 384 / d, 256 / d];
    const conv = (i: number, o: number, k: number, options: object) =>
      new nn.Conv2d(i, o, k, options);
    const pool = () => new nn.MaxPool2d(3, { stride: 2 });
    this.features = new nn.Sequential(
      ...[conv(3, a, 11, { stride: 4, padding: 2 }), new nn.ReLU(), pool()],
      ...[conv(a, b, 5, { padding: 2 }), new nn.ReLU(), pool()],
      ...[
        conv(b, c, 3, { padding: 1 }),
        new nn.ReLU(),
        conv(c, e, 3, { padding: 1 }),
        new nn.ReLU(),
      ],
      ...[conv(e, e, 3, { padding: 1 }), new nn.ReLU(), pool()],
    );
    this.classifier = new nn.Sequential(
      ...[new nn.Dropout(), new nn.Linear(e * 36, 4096 / d), new nn.ReLU(), new nn.Dropout()],
      ...[new nn.Linear(4096 / d, 4096 / d), new nn.ReLU(), new nn.Linear(4096 / d, 1000)],
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)).flatten(1));
  }
}

/** torchvision's VGG16, all widths divided by d. */
export class VGG extends nn.Module {
  features: nn.Sequential;
  avgpool = new nn.AdaptiveAvgPool2d([7, 7]);
  classifier: nn.Sequential;

  constructor(d = 1) {
    super();
    const layers: nn.Module[] = [];
    let c = 3;
    for (const widths of [
      [64, 64],
      [128, 128],
      [256, 256, 256],
      [512, 512, 512],
      [512, 512, 512],
    ]) {
      for (const width of widths) {
        layers.push(new nn.Conv2d(c, width / d, 3, { padding: 1 }), new nn.ReLU());
        c = width / d;
      }
      layers.push(new nn.MaxPool2d(2, { stride: 2 }));
    }
    this.features = new nn.Sequential(...layers);
    this.classifier = new nn.Sequential(
      ...[new nn.Linear(c * 49, 4096 / d), new nn.ReLU(), new nn.Dropout()],
      ...[new nn.Linear(4096 / d, 4096 / d), new nn.ReLU(), new nn.Dropout()],
      new nn.Linear(4096 / d, 1000),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)).flatten(1));
  }
}

class Block extends nn.Module {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  relu = new nn.ReLU();
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Sequential | null;

  constructor(a: number, b: number, stride = 1) {
    super();
    this.conv1 = new nn.Conv2d(a, b, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(b);
    this.conv2 = new nn.Conv2d(b, b, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(b);
    this.downsample =
      stride === 1
        ? null
        : new nn.Sequential(new nn.Conv2d(a, b, 1, { stride, bias: false }), new nn.BatchNorm2d(b));
  }

  forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(this.relu(this.bn1(this.conv1(x)))));
    return this.relu(y.add(this.downsample ? this.downsample(x) : x));
  }
}

/** A small residual network. */
export class ResNet extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, 7, { stride: 2, padding: 3, bias: false });
  bn1 = new nn.BatchNorm2d(16);
  layer1 = new nn.Sequential(new Block(16, 16), new Block(16, 16));
  layer2 = new nn.Sequential(new Block(16, 32, 2), new Block(32, 32));
  fc = new nn.Linear(32, 10);

  forward(x: Tensor): Tensor {
    const y = this.layer2(this.layer1(this.bn1(this.conv1(x)).relu()));
    return this.fc(y.mean([2, 3]));
  }
}
