"""Runs the cells given as JSON on the installed kernelspec `kernelbook` and writes the notebook: execute.py CELLS OUT [--state].
With --state the widgets' state goes into the notebook, as nbclient and JupyterLab save it."""

import json
import sys

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

cells, out, *flags = sys.argv[1:]
spec = {"name": "kernelbook", "display_name": "TypeScript", "language": "typescript"}
notebook = new_notebook(
    cells=[new_code_cell(source) for source in json.load(open(cells))],
    metadata={"kernelspec": spec},
)
NotebookClient(notebook, timeout=60, store_widget_state="--state" in flags).execute()
nbformat.validate(notebook)
nbformat.write(notebook, out)
