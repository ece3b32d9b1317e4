// The models of the fixtures, as their scripts in test/fixtures write them in Python.

import * as torch from "kernelbook";
import { nn, type Tensor } from "kernelbook";
import { AlexNet, ResNet, VGG } from "./known-models.js";

/** The chapter's CNN: input [3, 256, 256], without a batch axis. */
export class Textbook extends nn.Module {
  conv1 = new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
  );
  conv2 = new nn.Sequential(
    new nn.Conv2d(16, 32, 3, { stride: 1, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
  );
  fc = new nn.Linear(32 * 32 * 32, 10);

  forward(x: Tensor): Tensor {
    return this.fc(this.conv2(this.conv1(x)).flatten());
  }
}

/** Containers that are not called, a layer that is called twice, a parameter of its own. */
export class Listed extends nn.Module {
  scale = new nn.Parameter(torch.ones(5));
  blocks = new nn.ModuleList([
    new nn.Linear(5, 5),
    new nn.Sequential(new nn.Linear(5, 7), new nn.ReLU(), new nn.Linear(7, 5)),
  ]);
  named = new nn.ModuleDict({ out: new nn.Linear(5, 3) });
  again = this.blocks.at(0);

  forward(x: Tensor): Tensor {
    let y = x;
    for (const block of this.blocks) y = block(y);
    return this.named.get("out")(this.again(y.mul(this.scale)));
  }
}

export class TwoInputs extends nn.Module {
  image = new nn.Conv2d(1, 4, 3);
  number = new nn.Linear(6, 4);

  forward(x: Tensor, y: Tensor): Tensor {
    return this.image(x).mean([2, 3]).add(this.number(y));
  }
}

export function frozen(): Textbook {
  const model = new Textbook();
  model.conv1.requiresGrad_(false);
  model.fc.bias!.requiresGrad = false;
  return model;
}

export function sequential(): nn.Sequential {
  return new nn.Sequential(
    new nn.Conv2d(1, 4, 3),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(4 * 36, 10),
  );
}

export const models: Readonly<Record<string, () => nn.Module>> = {
  textbook: () => new Textbook(),
  alexnet: () => new AlexNet(),
  alexnet8: () => new AlexNet(8),
  vgg: () => new VGG(),
  vgg8: () => new VGG(8),
  resnet: () => new ResNet(),
  listed: () => new Listed(),
  twoInputs: () => new TwoInputs(),
  frozen,
  sequential,
};
