"""The cases: inputs, weights and the results that PyTorch computes from them in float64, as raw little-endian files that
every peer reads; ONNX models for onnxruntime. usage: data.py FOLDER"""
import copy, json, os, sys
import torch, torch.nn as nn, torch.nn.functional as F

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
torch.manual_seed(1234)
torch.set_num_threads(1)
tensors, cases = {}, {}


def save(name, tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.int64:
        tensor = tensor.int()
    tensor.numpy().tofile(name + ".bin")
    tensors[name] = {"shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch.")}


def onnx(name, module, *inputs):
    names = "xyz"[: len(inputs)]
    torch.onnx.export(module.eval(), inputs, name + ".onnx", opset_version=17, input_names=list(names),
                      output_names=["out"], dynamo=False)


class Chapter(nn.Module):
    """The chapter's CNN, W in the tables."""
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.MaxPool2d(2, 2))
        self.conv2 = nn.Sequential(nn.Conv2d(16, 32, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2, 2))
        self.fc = nn.Linear(32 * 32 * 32, 10)

    def forward(self, x):
        return self.fc(self.conv2(self.conv1(x)).flatten(1))


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
                                        nn.Linear(84, 10))

    def forward(self, x):
        return self.classifier(self.features(x))


def exact(module):
    return copy.deepcopy(module).double()


def training(name, model, x, labels, lr):
    model = exact(model)
    save(name + "_x", x), save(name + "_labels", labels)
    x = x.double()
    losses = []
    for _ in range(3):
        model.zero_grad()
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.item())
    save(name + "_out", torch.tensor(losses))
    cases[name] = {"kind": "train", "model": "chapter" if "W" in name else "lenet", "lr": lr}


chapter, lenet = Chapter(), LeNet()
for model, name in ((chapter, "chapter"), (lenet, "lenet")):
    for key, value in model.state_dict().items():
        save(f"{name}.{key}", value)
for n in (1, 8):
    x = torch.randn(n, 3, 256, 256)
    save(f"W_forward_{n}_x", x), save(f"W_forward_{n}_out", exact(chapter)(x.double()))
    cases[f"W_forward_{n}"] = {"kind": "forward"}
    onnx(f"W_forward_{n}", chapter, x)
    training(f"W_train_{n}", chapter, x, torch.randint(0, 10, (n,)), 1e-4)
training("lenet_train_64", lenet, torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,)), 1e-2)
# an epoch: 10,000 images in batches of 64; its images are the batch above, again and again
cases["lenet_epoch"] = {"kind": "epoch", "model": "lenet", "lr": 1e-2, "images": 10000}
save("lenet_epoch_out", torch.zeros(1))


def conv(name, inputs, outputs, kernel, size=56, **options):
    module, x = nn.Conv2d(inputs, outputs, kernel, **options), torch.randn(1, inputs, size, size)
    save(name + "_x", x), save(name + "_weight", module.weight), save(name + "_bias", module.bias)
    save(name + "_out", exact(module)(x.double()))
    cases[name] = {"kind": "conv", "options": options}
    onnx(name, module, x)
    return module, x


module, x = conv("conv3x3", 64, 64, 3, padding=1)
gy = torch.randn(1, 64, 56, 56)
save("conv3x3_gy", gy)
module, x = exact(module), x.double().requires_grad_(True)
module(x).backward(gy.double())
save("conv3x3_train_out", torch.cat([x.grad.flatten(), module.weight.grad.flatten(), module.bias.grad.flatten()]))
cases["conv3x3_train"] = {"kind": "conv_train"}
conv("conv1x1", 256, 64, 1)
conv("conv_dilated", 64, 64, 3, padding=2, dilation=2)
conv("conv_strided", 64, 64, 3, padding=1, stride=2)
conv("depthwise", 64, 64, 3, padding=1, groups=64)


def function(name, fn, *inputs):
    class Case(nn.Module):
        def forward(self, *args):
            return fn(*args)
    for letter, value in zip("xyz", inputs):
        save(f"{name}_{letter}", value)
    save(name + "_out", fn(*(value.double() for value in inputs)))
    cases[name] = {"kind": "function"}
    onnx(name, Case(), *inputs)


image, square = torch.randn(1, 64, 112, 112), torch.randn(1024, 1024)
function("max_pool", lambda x: F.max_pool2d(x, 2), image)
function("average_pool", lambda x: F.avg_pool2d(x, 2), image)
function("linear", lambda x, y, z: F.linear(x, y, z), torch.randn(64, 1024), torch.randn(1024, 1024), torch.randn(1024))
for n in (512, 1024):
    function(f"matmul_{n}", lambda x, y: x @ y, torch.randn(n, n), torch.randn(n, n))
function("relu", F.relu, square)
function("add", lambda x, y: x + y, square, torch.randn(1024, 1024))
function("softmax", lambda x: F.softmax(x, 1), square)
function("small_add", lambda x, y: x + y, torch.randn(16), torch.randn(16))
json.dump({"tensors": tensors, "cases": cases}, open("manifest.json", "w"))
