"""Runs the PyTorch lines that stand in the study notebooks and compares what they print with the TypeScript cell before.

    python test/notebooks/pytorch.py [notebooks/NN-name.ipynb ...]

Every markdown cell tagged "pytorch" holds one Python block; it must print exactly what the code cell above it shows.
"""
import contextlib
import io
import json
import os
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "notebooks"


def shown(cell):
    """What a reader sees of a code cell: streams and plain texts, joined."""
    parts = []
    for output in cell["outputs"]:
        text = output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
        parts.append("".join(text).rstrip("\n"))
    return "\n".join(parts)


def check(path):
    notebook = json.loads(path.read_text())
    names, passed, failed, last = {}, 0, 0, None
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            last = cell
        elif "pytorch" in cell["metadata"].get("tags", []):
            source = re.search(r"```python\n(.*?)```", "".join(cell["source"]), re.S).group(1)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(source, f"{path.stem}#{cell['id']}", "exec"), names)
            want, got = printed.getvalue().rstrip("\n"), shown(last)
            if want == got:
                passed += 1
            else:
                failed += 1
                print(f"{path.stem}, cell {last['id']}:\n--- PyTorch prints\n{want}\n--- the notebook shows\n{got}\n")
    return passed, failed


def main():
    os.chdir(FOLDER)
    chosen = [pathlib.Path(a).resolve() for a in sys.argv[1:]]
    paths = chosen or sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))
    totals = [check(path) for path in paths]
    passed, failed = sum(p for p, _ in totals), sum(f for _, f in totals)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    sys.argv[1:] = [os.path.abspath(a) for a in sys.argv[1:]]
    main()
