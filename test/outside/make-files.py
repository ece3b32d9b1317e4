"""Files of every kind that a learner may bring, written by PyTorch, NumPy and safetensors; and what is in them.

    python make-files.py FOLDER

Writes the files and FOLDER/expected.json: for each file the reader, and what it must give, or a word of its refusal.
"""

import collections
import gzip
import json
import pickle
import sys
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from said import said

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
expected = {}
torch.manual_seed(0)

def good(name, reader, value):
    expected[name] = {"read": reader, "value": said(value)}


def refused(name, reader, word):
    expected[name] = {"read": reader, "refuse": word}


def pt(name, value, *, what=None, **options):
    torch.save(value, folder / f"{name}.pt", **options)
    good(f"{name}.pt", "load", value if what is None else what)
    if not options:
        torch.save(value, folder / f"{name}-old.pt", _use_new_zipfile_serialization=False)
        good(f"{name}-old.pt", "load", value if what is None else what)


def pt_refused(name, value, word, **options):
    torch.save(value, folder / f"{name}.pt", **options)
    refused(f"{name}.pt", "load", word)
    if not options:
        torch.save(value, folder / f"{name}-old.pt", _use_new_zipfile_serialization=False)
        refused(f"{name}-old.pt", "load", word)


# --- .pt: dtypes -----------------------------------------------------------------------------------------------------
floats = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
ints = [torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8]
special = torch.tensor([0.0, -0.0, 1.5, -2.75, 65504, 6e-8, float("inf"), float("-inf"), float("nan"), 3.14159])
pt("floats", {str(d): special.to(d) for d in floats})
pt("ints", {str(d): torch.tensor([0, 1, 100, torch.iinfo(d).min if d != torch.int64 else -(2**53) + 1,
                                  torch.iinfo(d).max if d != torch.int64 else 2**53 - 1]).to(d) for d in ints})
pt("bools", {"a": torch.tensor([True, False, True])})
half = torch.arange(65536, dtype=torch.int32).to(torch.int16)
pt("every-half", half.view(torch.float16))
pt("every-bfloat", half.view(torch.bfloat16))
pt("unsigned", {"a": torch.tensor([0, 65535], dtype=torch.uint16), "b": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
                "c": torch.tensor([0, 2**53 - 1], dtype=torch.uint64)})
pt_refused("int64-too-large", {"a": torch.tensor([2**60 + 1])}, "2^53")
pt_refused("complex", {"a": torch.tensor([1 + 2j])}, "complex")
pt_refused("complex32", {"a": torch.tensor([1 + 2j]).to(torch.complex32)}, "complex")
pt_refused("float8", {"a": torch.tensor([1.0]).to(torch.float8_e4m3fn)}, "float8")
pt_refused("quantized", {"a": torch.quantize_per_tensor(torch.randn(4), 0.1, 0, torch.qint8)}, "quantized")
pt_refused("sparse", {"a": torch.eye(3).to_sparse()}, "sparse")
pt_refused("sparse-csr", {"a": torch.eye(3).to_sparse_csr()}, "sparse")
pt_refused("meta", {"a": torch.empty(3, device="meta")}, "meta")

# --- .pt: views ------------------------------------------------------------------------------------------------------
base = torch.arange(24.0).reshape(2, 3, 4)
pt("views", {
    "base": base, "transposed": base.transpose(0, 2), "strided": base[:, ::2, 1::2], "row": base[1, 2],
    "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 5), "scalar": torch.tensor(3.5), "empty": torch.zeros(0),
    "empty2": torch.zeros(2, 0, 3), "channels_last": torch.arange(24.0).reshape(1, 2, 3, 4).contiguous(
        memory_format=torch.channels_last), "one": base[:1, 1:2, 2:3],
    "offset": torch.arange(100, dtype=torch.int16)[90:],
})
pt("deep-share", {"w": base, "tied": base, "views": [base[0], {"v": base[1]}]})
pt("storage", {"s": torch.arange(4.0).untyped_storage()}, what={"s": bytes(np.arange(4, dtype="<f4").tobytes())})

# --- .pt: checkpoints ------------------------------------------------------------------------------------------------
net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(),
                          torch.nn.LazyLinear(2))
net(torch.randn(2, 3, 6, 6)).sum().backward()
pt("state-dict", net.state_dict())
for make in (lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), lambda p: torch.optim.Adam(p, amsgrad=True),
             lambda p: torch.optim.AdamW(p, fused=True), lambda p: torch.optim.RMSprop(p, centered=True),
             lambda p: torch.optim.Adagrad(p)):
    optimizer = make(net.parameters())
    optimizer.step()
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
    pt(f"checkpoint-{type(optimizer).__name__}", {
        "epoch": 7, "model": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": schedule.state_dict(),
        "loss": 0.25, "best": None, "rng": torch.get_rng_state(), "args": {"lr": 1e-3, "name": "한글 é \U0001f600"},
    }, what={
        "epoch": 7, "model": net.state_dict(), "optimizer": optimizer.state_dict(),
        "scheduler": {**schedule.state_dict(), "milestones": dict(schedule.milestones)},
        "loss": 0.25, "best": None, "rng": torch.get_rng_state(), "args": {"lr": 1e-3, "name": "한글 é \U0001f600"},
    })
pt("parameters", torch.nn.ParameterList([torch.nn.Parameter(torch.ones(2))]).state_dict())
pt("parameter", {"p": torch.nn.Parameter(torch.ones(2)), "frozen": torch.nn.Parameter(torch.ones(1), False),
                 "buffer": torch.nn.Buffer(torch.zeros(2))})
pt("values", {
    "none": None, "true": True, "false": False, "ints": [0, 1, -1, 255, 256, 65535, 65536, -2**31, 2**31, -2**31 - 1,
    2**53 - 1, 2**53 + 1, -2**63, 2**64, 2**200, -2**2047], "floats": [0.0, -0.0, 1e308, 5e-324, float("inf"), float("nan")],
    "text": ["", "a" * 300, "é한\U0001f600", "\0\n", "\\u0041"], "bytes": [b"", b"\0\xff", bytes(range(256)), bytearray(b"abc")],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((),))], "size": torch.Size([1, 2]),
    "device": torch.device("cpu"), "device1": torch.device("cuda:1"), "dtype": torch.float32, "dtypes": [torch.int8, torch.bool],
    "set": {1, 2}, "frozen": frozenset("a"), "ordered": collections.OrderedDict(a=1, b=2),
    "counter": collections.Counter("aab"), "default": collections.defaultdict(dict, {1: {2: 3}}),
    "keys": {1: "a", -5: "b", 2**40: "c"}, "named": {"__proto__": 1, "constructor": 2, "toString": 3, "length": 4},
})
pt("top-list", [torch.zeros(2), 1])
pt("top-text", "hello")
pt("top-none", None)
pt("top-number", 3)
pt("same-twice", [base.shape, base.shape, {"a": [1]}] * 2)
for protocol in (2, 3, 4, 5):
    pt(f"protocol{protocol}", {"w": base, "t": [1, (2.5, "é")], "b": b"\1\2", "big": 2**100, "s": {3},
                               "a" * 300: "b" * 70000, "n": list(range(3000))}, pickle_protocol=protocol)
large = {f"layer{i}.weight": torch.full((3,), float(i)) for i in range(2000)}
pt("many", large)

# --- .pt: NumPy inside -----------------------------------------------------------------------------------------------
pt("numpy-scalars", {"f64": np.float64(0.5), "f32": np.float32(0.25), "i64": np.int64(-7), "u8": np.uint8(200),
                     "b": np.bool_(True)}, what={"f64": 0.5, "f32": 0.25, "i64": -7, "u8": 200, "b": True})
pt("numpy-arrays", {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "f": np.asfortranarray(np.arange(6.).reshape(2, 3)),
                    "i": np.arange(3), "big": np.arange(3, dtype=">i4").astype("<i4"), "e": np.zeros((0, 2), np.int16),
                    "b": np.array([True, False]), "s": np.array(2.5)})

# --- .pt: code, refused ----------------------------------------------------------------------------------------------
class Hostile:
    def __reduce__(self):
        import os
        return os.system, ("touch PWNED",)


class Builtin:
    def __init__(self, function, *args):
        self.call = (function, args)

    def __reduce__(self):
        return self.call


pt_refused("hostile", {"a": 1, "b": Hostile()}, "system")
for name, (function, *args) in {
    "eval": (eval, "1"), "exec": (exec, "1"), "getattr": (getattr, "a", "upper"), "import": (__import__, "os"),
    "compile": (compile, "1", "f", "eval"), "print": (print, "x"), "open": (open, "/dev/null"),
}.items():
    pt_refused(f"hostile-{name}", [Builtin(function, *args)], name)
pt_refused("module", net, "state_dict")
pt_refused("module-in-dict", {"model": torch.nn.Linear(2, 2), "epoch": 1}, "state_dict")


class Mine(torch.nn.Module):
    pass


pt_refused("own-module", Mine(), "state_dict")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), folder / "script.pt")
refused("script.pt", "load", "TorchScript")
exported = torch.export.export(torch.nn.Linear(2, 2), (torch.zeros(1, 2),))
torch.export.save(exported, folder / "exported.pt2")
refused("exported.pt2", "load", "torch.export")
with open(folder / "plain.pkl", "wb") as file:
    pickle.dump({"a": 1}, file)
good("plain.pkl", "load", {"a": 1})
(folder / "html.pt").write_text("<!DOCTYPE html><html>Not found</html>")
refused("html.pt", "load", "HTML")
(folder / "lfs.pt").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123\n")
refused("lfs.pt", "load", "LFS")
(folder / "empty.pt").write_bytes(b"")
refused("empty.pt", "load", "empty")
safetensors.torch.save_file({"a": torch.zeros(1)}, folder / "wrong-name.pt")
refused("wrong-name.pt", "load", "safetensors")

# --- big-endian, as a big-endian machine writes ----------------------------------------------------------------------
with torch.serialization.set_default_load_endianness(None) if False else __import__("contextlib").nullcontext():
    import zipfile
    torch.save({"a": torch.tensor([1.5, -2.0]), "i": torch.tensor([1, -2**40]), "h": torch.tensor([0.5]).half()},
               folder / "little.pt")
    with zipfile.ZipFile(folder / "little.pt") as old, zipfile.ZipFile(folder / "big-endian.pt", "w") as new:
        for item in old.namelist():
            data = old.read(item)
            if item.endswith("byteorder"):
                data = b"big"
            elif "/data/" in item:
                size = {8: 4, 16: 8, 2: 2}[len(data)]
                data = np.frombuffer(data, f"<u{size}").astype(f">u{size}").tobytes()
            new.writestr(item, data)
    good("big-endian.pt", "load", torch.load(folder / "big-endian.pt"))
    with zipfile.ZipFile(folder / "little.pt") as old, zipfile.ZipFile(folder / "deflated.pt", "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, old.read(item))
    good("deflated.pt", "load", torch.load(folder / "little.pt"))

# --- .npy and .npz ---------------------------------------------------------------------------------------------------
def npy(name, array, what=None, version=None):
    with open(folder / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    good(f"{name}.npy", "readNpy", array if what is None else what)


for code in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8".split():
    for order in "<>":
        a = np.array([[0, 1, 2], [3, 4, 5]]).astype(order + code)
        what = torch.from_numpy(a.astype("=" + code).copy()) if code != "f2" else a.astype("f4")
        npy(f"{'big' if order == '>' else 'little'}-{code}", a, what)
for version in ((1, 0), (2, 0), (3, 0)):
    npy(f"version{version[0]}", np.arange(4.0), version=version)
npy("fortran", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
npy("zero-dim", np.array(2.5))
npy("empty", np.zeros((2, 0, 3), np.float32))
npy("many-axes", np.zeros((1,) * 20, np.float32))
np.save(folder / "objects.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
refused("objects.npy", "readNpy", "objects")
for name, array, word in (
    ("structured", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]), "structured"), ("text", np.array(["ab"]), "text"),
    ("byte-text", np.array([b"ab"]), "text"), ("complex", np.zeros(2, np.complex64), "complex"),
    ("dates", np.array(["2020-01-01"], "datetime64[D]"), "dates"), ("long-double", np.zeros(1, np.longdouble), "f16"),
):
    np.save(folder / f"{name}.npy", array)
    refused(f"{name}.npy", "readNpy", word)
two = {"a": np.arange(5), "b/c": np.eye(3, dtype=np.float32), "__proto__": np.zeros(1), "file": np.ones((2, 2), bool)}
np.savez(folder / "stored.npz", **{k: v for k, v in two.items() if k != "file"}, positional=np.ones(1))
good("stored.npz", "readNpz", dict(np.load(folder / "stored.npz")))
np.savez_compressed(folder / "compressed.npz", np.arange(3), **{"한글": np.arange(10000) % 7})
good("compressed.npz", "readNpz", dict(np.load(folder / "compressed.npz")))

# --- IDX: a type, the axes, big-endian sizes and numbers ------------------------------------------------------------
for code, kind in {8: "u1", 9: "i1", 11: "i2", 12: "i4", 13: "f4", 14: "f8"}.items():
    a = (np.arange(24).reshape(2, 3, 4) * 5 - 20).astype(kind)
    raw = bytes([0, 0, code, 3]) + np.array(a.shape, ">u4").tobytes() + a.astype(f">{kind}").tobytes()
    (folder / f"{kind}.idx").write_bytes(raw)
    (folder / f"{kind}.idx.gz").write_bytes(gzip.compress(raw))
    good(f"{kind}.idx", "readIdx", a)
    good(f"{kind}.idx.gz", "readIdx", a)
(folder / "cut.idx.gz").write_bytes(gzip.compress(raw)[:-12])
refused("cut.idx.gz", "readIdx", "decompressed")
(folder / "short.idx").write_bytes(raw[:-1])
refused("short.idx", "readIdx", "follow")

# --- safetensors -----------------------------------------------------------------------------------------------------
tensors = {str(d).removeprefix("torch."): special.to(d) for d in floats}
tensors |= {str(d).removeprefix("torch."): torch.tensor([0, 1, 100]).to(d) for d in
            [*ints, torch.uint16, torch.uint32, torch.uint64]}
tensors |= {"bool": torch.tensor([True, False]), "scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3),
            "한글.weight": torch.ones(2, 2), "__proto__": torch.ones(1)}
safetensors.torch.save_file(tensors, folder / "all.safetensors", metadata={"format": "pt", "__proto__": "x", "note": "é"})
good("all.safetensors", "loadSafetensors", dict(sorted(safetensors.torch.load_file(folder / "all.safetensors").items())))
safetensors.torch.save_file({}, folder / "none.safetensors")
good("none.safetensors", "loadSafetensors", {})
safetensors.torch.save_file({"a": torch.zeros(2).to(torch.float8_e4m3fn)}, folder / "float8.safetensors")
refused("float8.safetensors", "loadSafetensors", "F8_E4M3")
safetensors.torch.save_file({"a": torch.zeros(2, dtype=torch.complex64)}, folder / "complex.safetensors")
refused("complex.safetensors", "loadSafetensors", "C64")

(folder / "expected.json").write_text(json.dumps(expected))
print(f"{len(expected)} files")
