"""Reads what this library wrote, with PyTorch, safetensors and NumPy.

    python read-back.py FOLDER

FOLDER/ours.json says what was written into which file: here it is read and compared.
"""

import json
import sys
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from said import said

folder = Path(sys.argv[1])
readers = {
    ".pt": lambda file: torch.load(file, weights_only=True),
    ".npy": np.load,
    ".npz": lambda file: dict(np.load(file)),
    ".safetensors": safetensors.torch.load_file,
}
ours = json.loads((folder / "ours.json").read_text())
for name, wanted in ours.items():
    got = said(readers[Path(name).suffix](folder / name))
    if name.endswith(".safetensors"):
        got["dict"].sort(), wanted["dict"].sort()
    assert got == wanted, f"{name}\n{json.dumps(got)}\n{json.dumps(wanted)}"

views = torch.load(folder / "views.pt", weights_only=True)
assert views["row"].untyped_storage().data_ptr() == views["base"].untyped_storage().data_ptr()
assert views["turned"].stride() == (1, 3) and views["wide"].stride() == (1, 0)
assert isinstance(torch.load(folder / "net.pt", weights_only=True), __import__("collections").OrderedDict)

# trained on in PyTorch: the weights and the optimizer's state fit
saved = torch.load(folder / "training.pt", weights_only=True)
model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3, bias=False), torch.nn.BatchNorm2d(2), torch.nn.ReLU())
model.load_state_dict(saved["model"])
optimizer = torch.optim.Adam(model.parameters())
optimizer.load_state_dict(saved["optimizer"])
x = torch.arange(50.0).reshape(2, 1, 5, 5).sin()
optimizer.zero_grad()
model(x).square().sum().backward()
optimizer.step()
for name, value in torch.load(folder / "trained.pt", weights_only=True).items():
    torch.testing.assert_close(model.state_dict()[name], value, rtol=1e-5, atol=1e-6)

with safetensors.safe_open(folder / "all.safetensors", "pt") as file:
    assert file.metadata() == {"format": "pt", "note": "é"}, file.metadata()
print(f"{len(ours)} files")
