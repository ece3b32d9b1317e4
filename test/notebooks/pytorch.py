"""Asks PyTorch for every number of the study notebooks.

    python test/notebooks/pytorch.py [notebooks/NN-name.ipynb ...]

A markdown cell tagged "pytorch" holds one Python block; it must print exactly what the code cell above it shows. For the
other cells that show numbers the Python stands in more/NN-name.py, below "# cell: ID": beside a picture what it prints must
be part of the picture's text, and `same(tensor, …)` compares the least, largest and mean values that the text names. A cell
that shows an error must be an error in PyTorch, too. Of notebooks 1 to 11 no number may be left out.
"""
import contextlib
import io
import json
import math
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "notebooks"
COVERED = [f"{n:02d}" for n in range(1, 12)]
VALUES = re.compile(r"min ([^\s,;]+), max ([^\s,;]+), mean ([^\s,;]+)")


def shown(cell):
    """What a reader sees of a code cell: streams and plain texts, joined."""
    parts = []
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            parts.append(output["evalue"])
            continue
        text = output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
        parts.append("".join(text).rstrip("\n"))
    return "\n".join(parts)


def has_picture(cell):
    """Also an explorable, whose text describes it."""
    return any(len(output.get("data", {})) > 1 for output in cell["outputs"])


def is_error(cell):
    return any(output["output_type"] == "error" for output in cell["outputs"])


def agrees(text, value):
    """Is `text` how `value` is written in at most four digits? One unit of the last of them may be rounding."""
    plain = text.replace("−", "-")
    mantissa, _, exponent = plain.partition("e")
    digits = 1 if exponent else max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
    unit = 10.0 ** (int(exponent) - digits if exponent else -digits)
    return abs(float(plain) - float(value)) <= 0.6 * unit + 1e-7


class Checker:
    def __init__(self, path):
        self.path = path
        self.names = {"same": self.same}
        self.text, self.at = "", 0
        self.passed = self.failed = 0
        file = HERE / "more" / f"{path.stem}.py"
        blocks = re.split(r"^# cell: (\S+)\n", file.read_text(), flags=re.M) if file.exists() else [""]
        self.more = dict(zip(blocks[1::2], blocks[2::2]))

    def same(self, *tensors):
        found = list(VALUES.finditer(self.text, self.at))
        for tensor in tensors:
            if not found:
                raise AssertionError("the text names no further values")
            match = found.pop(0)
            self.at = match.end()
            exact = tensor.detach().double()
            for text, value in zip(match.groups(), [exact.min(), exact.max(), exact.mean()]):
                if not agrees(text, value.item()):
                    raise AssertionError(f"{match.group()}: PyTorch has {exact.min():.6g}, {exact.max():.6g}, {exact.mean():.6g}")

    def run(self, source, cell):
        self.text, self.at = shown(cell), 0
        printed, error = io.StringIO(), None
        with contextlib.redirect_stdout(printed):
            try:
                exec(compile(source, f"{self.path.stem}#{cell['id']}", "exec"), self.names)
            except Exception as caught:
                error = caught
        want = printed.getvalue().rstrip("\n")
        if is_error(cell):
            fine = error is not None and not isinstance(error, AssertionError)
        else:
            fine = error is None and (want in self.text if has_picture(cell) else want == self.text)
        self.note(cell, fine, f"--- PyTorch prints\n{want}{'' if error is None else repr(error)}\n--- the notebook shows\n{self.text}")

    def note(self, cell, fine, why):
        if fine:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{self.path.stem}, cell {cell['id']}:\n{why}\n")

    def check(self):
        cells = json.loads(self.path.read_text())["cells"]
        for cell, following in zip(cells, [*cells[1:], None]):
            if cell["cell_type"] != "code":
                continue
            extra = self.more.pop(cell["id"], None)
            inline = following and "pytorch" in following["metadata"].get("tags", [])
            if inline:
                self.run(re.search(r"```python\n(.*?)```", "".join(following["source"]), re.S).group(1), cell)
            elif extra:
                self.run(extra, cell)
            elif self.path.stem[:2] in COVERED and re.search(r"\d", shown(cell)) and not re.match("(check|exercise)-", cell["id"]):
                self.note(cell, False, f"shows numbers that PyTorch is not asked for:\n{shown(cell)}")
        for left in self.more:
            self.note({"id": left}, False, "more/ has Python for a cell that is not there")
        return self.passed, self.failed


def main():
    os.chdir(FOLDER)
    chosen = [pathlib.Path(a) for a in sys.argv[1:]]
    paths = chosen or sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))
    totals = [Checker(path).check() for path in paths]
    passed, failed = sum(p for p, _ in totals), sum(f for _, f in totals)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    sys.argv[1:] = [os.path.abspath(a) for a in sys.argv[1:]]
    main()
