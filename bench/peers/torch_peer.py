"""PyTorch as a peer. usage: torch_peer.py DATA THREADS [tuned]; then a line of JSON for each question, as peers/serve.mjs.
"tuned" is what an expert does with the chapter's network: channels-last memory, and torch.compile where it works."""
import json, os, sys, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

folder, threads, tuned = sys.argv[1], int(sys.argv[2]), "tuned" in sys.argv
torch.set_num_threads(threads)
manifest = json.load(open(f"{folder}/manifest.json"))


def load(name):
    meta = manifest["tensors"][name]
    array = np.fromfile(f"{folder}/{name}.bin", dtype=meta["dtype"]).reshape(meta["shape"])
    tensor = torch.from_numpy(array)
    return tensor.long() if meta["dtype"] == "int32" else tensor


def model_of(name):
    if name == "chapter":
        block = lambda i, o, s: nn.Sequential(nn.Conv2d(i, o, 3, s, 1), nn.ReLU(), nn.MaxPool2d(2, 2))
        model = nn.Sequential()
        model.conv1, model.conv2, model.flat, model.fc = block(3, 16, 2), block(16, 32, 1), nn.Flatten(), nn.Linear(32768, 10)
    else:
        model = nn.Sequential()
        model.features = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                       nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2))
        model.classifier = nn.Sequential(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
                                         nn.Linear(84, 10))
    model.load_state_dict({key: load(f"{name}.{key}") for key in model.state_dict()})
    return model


def inputs(name):
    return [load(f"{name}_{letter}") for letter in "xyz" if f"{name}_{letter}" in manifest["tensors"]]


FUNCTIONS = {
    "max_pool": lambda x: F.max_pool2d(x, 2), "average_pool": lambda x: F.avg_pool2d(x, 2), "linear": F.linear,
    "matmul_512": torch.matmul, "matmul_1024": torch.matmul, "relu": F.relu, "add": torch.add, "small_add": torch.add,
    "softmax": lambda x: F.softmax(x, 1),
}


def tune(model, x):
    if not tuned:
        return model, x
    model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    try:
        compiled = torch.compile(model)
        compiled(x).sum().backward()
        model.zero_grad()
        return compiled, x
    except Exception as error:
        print(f"torch.compile does not work here ({type(error).__name__}): channels-last only", file=sys.stderr)
        return model, x


def case(name):
    """What is timed, and what its result is compared by."""
    spec = manifest["cases"][name]
    if tuned and not name.startswith("W_"):
        return None, None
    if spec["kind"] == "forward":
        model, x = tune(model_of("chapter"), load(name + "_x"))
        return without_grad(lambda: model(x))
    if spec["kind"] in ("train", "epoch"):
        batch = "lenet_train_64" if spec["kind"] == "epoch" else name
        labels = load(batch + "_labels")
        model, x = tune(model_of(spec["model"]), load(batch + "_x"))
        optimizer = torch.optim.SGD(model.parameters(), lr=spec["lr"])
        def step():
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            optimizer.step()
            return loss.item()
        if spec["kind"] == "epoch":
            return lambda: [step() for _ in range(0, spec["images"], 64)], None
        return step, lambda: torch.tensor([step() for _ in range(3)])
    if spec["kind"] == "conv_train":
        x, w, b = [load("conv3x3_" + part).requires_grad_(True) for part in ("x", "weight", "bias")]
        gy = load("conv3x3_gy")
        def both():
            x.grad = w.grad = b.grad = None
            F.conv2d(x, w, b, padding=1).backward(gy)
            return torch.cat([t.grad.flatten() for t in (x, w, b)])
        return both, both
    if spec["kind"] == "conv":
        x, w, b = [load(f"{name}_{part}") for part in ("x", "weight", "bias")]
        return without_grad(lambda: F.conv2d(x, w, b, **spec["options"]))
    args = inputs(name)
    return without_grad(lambda: FUNCTIONS[name](*args))


def without_grad(fn):
    @torch.no_grad()
    def run():
        return fn()
    return run, run


ready = {}
for line in sys.stdin:
    question = json.loads(line)
    name = question["case"]
    if name not in ready:
        run, result = case(name)
        error = None
        if result:
            wanted = load(name + "_out")
            error = ((result() - wanted).abs().max() / wanted.abs().max()).item()
            for _ in range(3):
                run()
        ready[name] = run, error
    run, error = ready[name]
    if run is None:
        print(json.dumps({"skip": "cannot"}), flush=True)
        continue
    repeat = 100 if name == "small_add" else 1
    times, end = [], time.perf_counter() + question["ms"] / 1e3
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        for _ in range(repeat):
            run()
        times.append((time.perf_counter() - start) * 1e3 / repeat)
    times.sort()
    print(json.dumps({"best": times[0], "median": times[len(times) // 2], "error": error}), flush=True)
