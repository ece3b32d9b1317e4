"""A value in a way that JSON holds and that the tests compare: `said` of python-files.outside.ts says the same."""

import numpy as np
import torch

OURS = {  # dtypes that become others here
    torch.float16: "float32", torch.bfloat16: "float32", torch.uint16: "int32", torch.uint32: "int64",
    torch.uint64: "int64",
}


def said(value):
    """A value in a way that JSON holds and the test can compare."""
    if isinstance(value, torch.nn.Parameter):
        return {"parameter": said(value.data), "requiresGrad": value.requires_grad}
    if isinstance(value, torch.Tensor):
        x = value.detach().cpu()
        dtype = OURS.get(x.dtype, str(x.dtype).removeprefix("torch."))
        numbers = x.double() if x.is_floating_point() else x.to(torch.int64)
        flat = [number(v) for v in numbers.flatten().tolist()]
        return {"tensor": flat, "shape": list(x.shape), "dtype": dtype}
    if isinstance(value, np.ndarray):
        return said(torch.from_numpy(value.copy()))
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"big": str(value)}
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": list(value)}
    if isinstance(value, dict):
        return {"dict": [[str(key).lower() if isinstance(key, bool) else str(key), said(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [said(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(map(repr, value))}
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, torch.device):
        return str(value)
    raise TypeError(type(value))


def number(v):
    odd = isinstance(v, float) and (v != v or abs(v) == float("inf") or str(v) == "-0.0")
    return {"number": str(v)} if odd else v
