"""Checks and runs our ONNX files: for FOLDER/NAME.onnx the inputs and results of NAME.npz (and of NAME.more.npz, another
batch size).

    python run-onnx.py FOLDER

Prints JSON: for each name the greatest difference, relative to 1 or the value, or what went wrong.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

options = onnxruntime.SessionOptions()
options.log_severity_level = 3
options.intra_op_num_threads = 1


def worst(file):
    onnx.checker.check_model(str(file), full_check=True)
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    found = 0.0
    for data in (file.with_suffix(".npz"), file.with_suffix(".more.npz")):
        if data.exists():
            z = np.load(data)
            y = session.run(None, {"input": z["x"]})[0]
            assert y.shape == z["y"].shape, (y.shape, z["y"].shape)
            assert y.dtype == z["y"].dtype, (y.dtype, z["y"].dtype)
            found = max(found, float((np.abs(y - z["y"]) / np.maximum(np.abs(z["y"]), 1)).max()))
    return found


results = {}
for file in sorted(Path(sys.argv[1]).glob("*.onnx")):
    try:
        results[file.stem] = worst(file)
    except Exception as error:
        results[file.stem] = f"{type(error).__name__}: {error}"[:600]
print(json.dumps(results))
