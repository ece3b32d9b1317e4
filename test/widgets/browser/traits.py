"""The stock widgets' states as ipywidgets itself has them, as JSON: { model name: state }. Widgets inside a state are "widget"."""

import json

import ipywidgets
from ipywidgets import Widget


def plain(value):
    if isinstance(value, Widget) or (isinstance(value, str) and value.startswith("IPY_MODEL_")):
        return "widget"
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (bytes, memoryview)):
        return "bytes"
    return value


states = {}
for _, cls in ipywidgets.widgets.widget._registry.items():
    try:
        one = cls(options=["a"]) if hasattr(cls, "options") and cls.__name__ != "Combobox" else cls()
    except Exception:  # links need ends
        continue
    states[one._model_name] = {key: plain(value) for key, value in one.get_state().items()}
print(json.dumps(states, default=str))
