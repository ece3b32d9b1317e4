"""PyTorch, safetensors and NumPy as peers of checkpoint.mjs.

    peer.py FOLDER make MB     writes the files
    peer.py FOLDER             answers each line "CASE" with the milliseconds of two loads and of a save
"""
import sys
import time
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

folder = Path(sys.argv[1])


def large(mb, dtype):
    size = torch.empty(0, dtype=dtype).element_size()
    return {f"layer{i}.weight": torch.randn(mb * 100_000 // size).to(dtype) for i in range(10)}


def make(mb):
    torch.save(large(mb, torch.float32), folder / "large.pt")
    torch.save(large(mb, torch.float16), folder / "half.pt")
    torch.save(large(mb, torch.bfloat16), folder / "bfloat.pt")
    torch.save(large(mb, torch.float32), folder / "old.pt", _use_new_zipfile_serialization=False)
    torch.save({f"layer{i}.weight": torch.randn(32, 32) for i in range(mb * 244)}, folder / "small.pt")
    model = torch.nn.Sequential(*[torch.nn.Conv2d(128, 128, 3) for _ in range(mb * 1_000_000 // (3 * 4 * 128 * 128 * 9))])
    optimizer = torch.optim.Adam(model.parameters())
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    optimizer.step()
    torch.save({"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict()}, folder / "training.pt")
    safetensors.torch.save_file(large(mb, torch.float32), folder / "large.safetensors")
    np.savez(folder / "large.npz", **{name: x.numpy() for name, x in large(mb, torch.float32).items()})


def load(name):
    if name.endswith(".safetensors"):
        return safetensors.torch.load_file(folder / name)
    if name.endswith(".npz"):
        return dict(np.load(folder / name))
    value = torch.load(folder / name.removesuffix(":float"), weights_only=True)
    return {key: x.float() for key, x in value.items()} if name.endswith(":float") else value


def save(name, value):
    if name.endswith(".safetensors"):
        safetensors.torch.save_file(value, folder / "saved")
    elif name.endswith(".npz"):
        np.savez(folder / "saved.npz", **value)
    else:
        torch.save(value, folder / "saved", _use_new_zipfile_serialization=name != "old.pt")


def timed(run):
    start = time.perf_counter()
    value = run()
    return value, 1000 * (time.perf_counter() - start)


if len(sys.argv) > 2:
    make(int(sys.argv[3]))
else:
    for line in sys.stdin:
        name = line.strip()
        value, first = timed(lambda: load(name))
        value, second = timed(lambda: load(name))
        print(first, second, timed(lambda: save(name, value))[1], flush=True)
