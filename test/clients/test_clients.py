"""Real clients run a real notebook on the installed kernelspec `kernelbook`: nbclient, nbconvert, papermill,
jupyter console. Run from anywhere, with JUPYTER_PATH at the kernelspec."""
import os
import subprocess
import sys
import tempfile
import unittest

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


def notebook():
    cells = [
        "const x: number = 20",
        "console.log('printed'); x + 1",
        "display.html('<b>x</b>')",
        "import * as torch from 'kernelbook'; torch.tensor([1, 2]).shape",
    ]
    spec = {"name": "kernelbook", "display_name": "TypeScript", "language": "typescript"}
    return new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": spec})


class Clients(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="kernel book é ")
        self.file = os.path.join(self.folder.name, "a.ipynb")
        nbformat.write(notebook(), self.file)

    def tearDown(self):
        self.folder.cleanup()

    def check(self, executed):
        outputs = [cell.outputs for cell in executed.cells]
        self.assertEqual([cell.execution_count for cell in executed.cells], [1, 2, 3, 4])
        self.assertEqual(outputs[1][0]["text"], "printed\n")
        self.assertEqual(outputs[1][1]["data"]["text/plain"], "21")
        self.assertEqual(outputs[2][0]["data"]["text/html"], "<b>x</b>")
        self.assertEqual(outputs[3][0]["data"]["text/plain"], "[ 2 ]")

    def run_module(self, *args, **options):
        return subprocess.run([sys.executable, "-m", *args], check=True, capture_output=True, text=True, **options)

    def test_nbclient(self):
        book = notebook()
        NotebookClient(book, timeout=60, resources={"metadata": {"path": self.folder.name}}).execute()
        self.check(book)

    def test_nbconvert(self):
        self.run_module("nbconvert", "--execute", "--to", "notebook", "--inplace", self.file)
        self.check(nbformat.read(self.file, 4))

    def test_papermill(self):
        out = os.path.join(self.folder.name, "out.ipynb")
        self.run_module("papermill", "--cwd", self.folder.name, self.file, out)
        self.check(nbformat.read(out, 4))

    def test_console(self):
        done = self.run_module("jupyter_console", "--kernel", "kernelbook", "--simple-prompt", input="6 * 7\nexit\n", timeout=60)
        self.assertIn("42", done.stdout)


if __name__ == "__main__":
    unittest.main()
