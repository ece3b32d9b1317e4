"""PyTorch as operations.mjs asks it: as peer.mjs, with the case's expression in Python's words."""
import json
import re
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)


def stepping(make):
    parameter = torch.randn(1000, 1000, requires_grad=True)
    parameter.grad = torch.randn(1000, 1000)
    return make([parameter])


class Optimizers:
    sgd = stepping(lambda p: torch.optim.SGD(p, lr=1e-3))
    momentum = stepping(lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9))
    adam = stepping(torch.optim.Adam)
    adamw = stepping(torch.optim.AdamW)
    rmsprop = stepping(torch.optim.RMSprop)
    adagrad = stepping(torch.optim.Adagrad)
    nadam = stepping(torch.optim.NAdam)
    adadelta = stepping(torch.optim.Adadelta)


parameters = [torch.randn(1000, 1000, requires_grad=True)]
parameters[0].grad = torch.randn(1000, 1000)
names = dict(
    torch=torch, nn=nn, F=F, parameters=parameters, optimizers=Optimizers,
    x=torch.randn(1000, 1000), y=torch.randn(1000, 1000), small=torch.randn(8, 8), odd=torch.randn(333, 777),
    t=torch.randn(1000, 1000).t(), step=torch.randn(1000, 2000)[:, ::2], wide=torch.randn(1000).expand(1000, 1000),
    flat=torch.randn(1000000), positive=torch.rand(1000, 1000).add(0.1), share=torch.rand(1000, 1000),
    mask=torch.randn(1000, 1000).gt(0), row=torch.randn(1000), column=torch.randn(1000, 1),
    image=torch.randn(8, 64, 56, 56), channel=torch.randn(64, 1, 1),
    weights=torch.randn(64), means=torch.zeros(64), ones=torch.ones(64), quarter=torch.full([1], 0.25),
    grid=torch.rand(8, 56, 56, 2).mul(2).sub(1),
    places=torch.randint(0, 1000, [1000]), index=torch.randint(0, 1000, [1000, 1000]),
    whole=torch.randint(0, 10, [1000000]), bytes=torch.randint(0, 255, [1000000]).to(torch.uint8),
    double=torch.randn(1000, 1000).double(), target=torch.randn(1000, 1000), tiny=torch.randn(8, 8),
    batch=torch.randn(32, 64, 64), heads=torch.randn(256, 16, 16),
)


def in_python(text):
    """`F.logSoftmax(x, { dim: 1 })` -> `F.log_softmax(x, dim=1)`"""
    pieces = re.split(r'("[^"]*")', text)
    for i in range(0, len(pieces), 2):
        piece = re.sub(r"([a-z0-9])([A-Z])", lambda m: f"{m[1]}_{m[2].lower()}", pieces[i])
        piece = re.sub(r"[{}]", "", re.sub(r"(\w+): ", r"\1=", piece))
        pieces[i] = re.sub(r"\btrue\b", "True", re.sub(r"\bfalse\b", "False", piece))
    return "".join(pieces)


def call(text, leaf):
    code = compile(in_python(text), text, "eval")
    if not leaf:
        return lambda: eval(code, names)
    parameter = names[leaf].detach()
    parameter.requires_grad_()
    leaves = {**names, leaf: parameter}
    ones = torch.ones_like(eval(code, leaves).detach())

    def both():
        parameter.grad = None
        eval(code, leaves).backward(ones)

    return both


def best(f, ms):
    for _ in range(3):
        f()
    least, end, n = float("inf"), time.perf_counter() + ms / 1000, 0
    while n < 4 or time.perf_counter() < end:
        repeats = max(1, min(1000, int(2e-5 / least)))
        start = time.perf_counter()
        for _ in range(repeats):
            f()
        least = min(least, (time.perf_counter() - start) / repeats)
        n += 1
    return least * 1000


for line in sys.stdin:
    case = json.loads(line)
    try:
        answer = {"best": best(call(case["text"], case.get("leaf")), case["ms"])}
    except Exception as error:  # told in the table
        answer = {"skip": str(error).split("\n")[0]}
    print(json.dumps(answer), flush=True)
