"""How quick is a kernel? Prints one table: kernelbook, tslab, Deno, ipykernel, measured one after the other.

    python bench/kernel/bench.py [kernelbook tslab deno ipykernel]   measures these (all), and prints them
    python bench/kernel/bench.py --kept [--write]                    prints what was measured last of each; into README.md
    needs jupyter_client, psutil, ipykernel; tslab and Deno come from npm into .cache/bench-kernel

Milliseconds from request to reply, median / 95th percentile of 50; every text is distinct. On a quiet machine only.
"""
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bench-kernel"
TYPED = """interface P%d { x: number; y?: string }
class C%d<T extends P%d> { constructor(public items: T[]) {} sum(): number { return this.items.reduce((a, p) => a + p.x, 0) } }
const c%d = new C%d([{x: 1}, {x: 2, y: 'q'}]);
c%d.sum()"""
TYPED_PY = "class C%d:\n    def __init__(self, items: list[int]): self.items = items\nc%d = C%d([1, 2])\nsum(c%d.items)"
#: Ten lines of a notebook, from one cell to the next.
LONG = """interface Row%d { name: string; values: number[] }
const rows%d: Row%d[] = []
for (let i = 0; i < 5; i++) {
  rows%d.push({ name: `row ${i}`, values: [i, i * 2, i * 3] })
}
function total%d(rows: Row%d[]): number {
  return rows.flatMap((row) => row.values).reduce((a, b) => a + b, 0)
}
const before%d = %p
total%d(rows%d) + before%d"""
LONG_PY = """rows%d = []
for i in range(5):
    rows%d.append(dict(name=f"row {i}", values=[i, i * 2, i * 3]))
def total%d(rows):
    return sum(v for row in rows for v in row["values"])



before%d = %p
total%d(rows%d) + before%d"""
ALL = ["kernelbook", "tslab", "deno", "ipykernel"]
#: By the beginning of the row's name.
GOALS = {
    "start to kernel_info_reply": "<= 400", "first cell after it": "<= 450", "1+1": "<= 8", "typed class cell": "<= 11.5",
    "member completion": "<= 10", "1,000 printed lines": "1000", "20,000 printed lines": "20000",
    "top-level loop, ns per iteration": "<= 7", "memory after them, MB": "<= 300",
}


def npm(*packages):
    CACHE.mkdir(parents=True, exist_ok=True)
    missing = [one for one in packages if not (CACHE / "node_modules" / one.split("@")[0]).exists()]
    if missing:
        (CACHE / "package.json").write_text("{}")
        command = ["npm", "install", "--no-audit", "--no-fund", *missing]
        subprocess.run(command, cwd=CACHE, check=True, stdout=subprocess.DEVNULL)


def spec_of(name):
    """The command line of each kernel, as its own installation would write it."""
    if name == "kernelbook":
        with tempfile.TemporaryDirectory() as prefix:
            subprocess.run(["node", ROOT / "bin/kernelbook.js", "install", "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
            return json.loads(next(Path(prefix).rglob("kernel.json")).read_text())
    if name == "tslab":
        npm("tslab@1.0.22", "@types/node@20")
        binary = str(CACHE / "node_modules/tslab/bin/tslab")
        return {"argv": ["node", binary, "kernel", "--config-path", "{connection_file}"], "language": "typescript"}
    if name == "deno":
        npm("deno")
        binary = str(CACHE / "node_modules/.bin/deno")
        argv = [binary, "jupyter", "--kernel", "--conn", "{connection_file}"]
        return {"argv": argv, "language": "typescript", "interrupt_mode": "message"}
    if name == "ipykernel":
        return {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    raise SystemExit(f"bench: there is no kernel {name}; there are kernelbook, tslab, deno, ipykernel")


class OneSpec(KernelSpecManager):
    spec: dict = {}

    def get_kernel_spec(self, kernel_name):
        return KernelSpec(**{**OneSpec.spec, "display_name": kernel_name})


def start(name, folder):
    manager = KernelManager(kernel_name=name, kernel_spec_manager=OneSpec())
    begun = time.perf_counter()
    manager.start_kernel(cwd=folder, stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))
    client = manager.client()
    client.shell_channel.start()
    client.iopub_channel.start()
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    return manager, client, time.perf_counter() - begun


def stop(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def ask(client, msg_id, timeout=60):
    while True:
        reply = client.get_shell_msg(timeout=timeout)
        if reply["parent_header"].get("msg_id") == msg_id:
            return reply["content"]


def timed(client, send):
    begun = time.perf_counter()
    ask(client, send())
    return (time.perf_counter() - begun) * 1e3


def spread(values):
    """Median / 95th percentile."""
    ordered = sorted(values)
    return f"{statistics.median(ordered):.1f} / {ordered[int(len(ordered) * 0.95)]:.1f}"


def until_idle(client, code, timeout=30):
    """Seconds until a cell's last message is here, and how many bytes and messages it sent. Of one that fails: why."""
    begun = time.perf_counter()
    msg_id = client.execute(code)
    kinds = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            return None, kinds
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        kinds.append(message["msg_type"])
        if message["content"].get("execution_state") == "idle":
            ask(client, msg_id)
            return time.perf_counter() - begun, kinds


def lines_before_idle(client, code):
    msg_id = client.execute(code)
    text = ""
    while True:
        try:
            message = client.get_iopub_msg(timeout=8)
        except queue.Empty:
            return f"{text.count(chr(10))}, idle lost"
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        if message["msg_type"] == "stream":
            text += message["content"]["text"]
        if message["content"].get("execution_state") == "idle":
            return text.count("\n")


def memory(pid):
    process = psutil.Process(pid)
    return round(sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 2**20)


def queued(client, mark):
    """50 cells at once: milliseconds for each, or how many were never answered."""
    begun = time.perf_counter()
    waiting = {client.execute(f"1+1 {mark}q{i}") for i in range(50)}
    while waiting:
        try:
            waiting.discard(client.get_shell_msg(timeout=5)["parent_header"].get("msg_id"))
        except queue.Empty:
            return f"{len(waiting)} of 50 lost"
    return round((time.perf_counter() - begun) * 1e3 / 50, 1)


DISPLAYS = {
    "kernelbook": ("display.mime({ 'text/plain': 'x'.repeat(5e7) })", "const d = display.mime({ 'text/plain': '0' }, { id: 'd' }); for (let i = 0; i < 1000; i++) display.mime({ 'text/plain': `${i}` }, { id: 'd', update: true })"),
    "tslab": ("import * as tslab from 'tslab'; tslab.display.text('x'.repeat(5e7))", "const d = tslab.newDisplay(); for (let i = 0; i < 1000; i++) d.text(`${i}`)"),
    "deno": ("await Deno.jupyter.broadcast('display_data', { data: { 'text/plain': 'x'.repeat(5e7) }, metadata: {}, transient: {} })", "for (let i = 0; i < 1000; i++) await Deno.jupyter.broadcast('update_display_data', { data: { 'text/plain': `${i}` }, metadata: {}, transient: { display_id: 'd' } })"),
    "ipykernel": ("display({'text/plain': 'x' * 50_000_000}, raw=True)", "d = display({'text/plain': '0'}, raw=True, display_id='d')\nfor i in range(1000): d.update({'text/plain': str(i)}, raw=True)"),
}  # fmt: skip


def shown(client, code, kind, count):
    """Milliseconds until `count` messages of a kind and the idle are here."""
    seconds, kinds = until_idle(client, code)
    found = kinds.count(kind)
    if seconds is None or found < count:
        return f"{found} of {count}" + (", idle lost" if seconds is None else "")
    return round(seconds * 1e3)


def notebook(client, name):
    """200 cells of ten lines: milliseconds of the first 20 and of the last 20."""
    text = LONG_PY if name == "ipykernel" else LONG
    took = []
    for i in range(200):
        before = f"before{i - 1} * 0" if i > 0 else "1"
        code = text.replace("%p", before).replace("%d", str(i))
        took.append(timed(client, lambda: client.execute(code)))
    return f"{statistics.median(took[:20]):.1f} → {statistics.median(took[-20:]):.1f}"


def local_file(client, name, folder):
    """A file beside the notebook: the first import of the session; the import after an edit, which must see it."""
    file = Path(folder) / ("near.py" if name == "ipykernel" else "near.ts")
    write = lambda n: file.write_text(f"n = {n}\n" if name == "ipykernel" else f"export const n: number = {n};\n")
    code = {
        "ipykernel": "import importlib, near; importlib.reload(near); assert near.n == %d",
        "tslab": "import { n as n%d } from './near'; if (n%d !== %d) throw new Error('old')",
        "kernelbook": "import { n } from './near'; if (n !== %d) throw new Error('old')",
        "deno": "{ const { n } = await import('./near.ts'); if (n !== %d) throw new Error('old') }",
    }[name]
    took = []
    for n in (1, 2):
        write(n)
        time.sleep(1.1)  # Python compares whole seconds
        begun = time.perf_counter()
        reply = ask(client, client.execute(code.replace("%d", str(n))))
        took.append(f"{(time.perf_counter() - begun) * 1e3:.0f}" if reply["status"] == "ok" else "no")
    return " / ".join(took)


def thousand(client, python):
    """1,000 cells one after the other: milliseconds for each, or where the answers end."""
    begun = time.perf_counter()
    for i in range(1000):
        try:
            ask(client, client.execute(f"v{i} = {i}" if python else f"const v{i} = {i}"), timeout=20)
        except queue.Empty:
            return f"no answer after {i}"
    return round(time.perf_counter() - begun, 1)


def measure(name):
    OneSpec.spec = spec_of(name)
    python = OneSpec.spec["language"] == "python"
    mark = "#" if python else "//"
    row = {}
    with tempfile.TemporaryDirectory() as folder:
        starts, firsts = [], []
        for turn in range(5):
            manager, client, seconds = start(name, folder)
            starts.append(seconds * 1e3)
            firsts.append(timed(client, lambda: client.execute("1+1")))
            if turn < 4:
                stop(manager, client)
        row["start to kernel_info_reply (median of 5)"] = round(statistics.median(starts))
        row["first cell after it (median of 5)"] = round(statistics.median(firsts))
        row["1+1"] = spread([timed(client, lambda: client.execute(f"1+1 {mark}{i}")) for i in range(50)])
        typed = TYPED_PY if python else TYPED
        row["typed class cell"] = spread([timed(client, lambda: client.execute(typed.replace("%d", str(i)))) for i in range(50)])
        texts = [f"c1.{mark}{i}" for i in range(50)]
        row["member completion"] = spread([timed(client, lambda: client.complete(text, 3)) for text in texts])
        row["inspection"] = spread([timed(client, lambda: client.inspect(f"c1 {mark}{i}", 2)) for i in range(50)])
        loop = "s = 0\nfor i in range(10**6): s += i % 7" if python else "for (let i = 0; i < LOOPS; i++) s += i % 7"
        loops = 1e6 if name in ("tslab", "deno") or python else 1e8
        if not python:
            ask(client, client.execute("let s = 0"))
        took = timed(client, lambda: client.execute(loop.replace("LOOPS", str(int(loops)))))
        row["top-level loop, ns per iteration"] = round(took * 1e6 / loops, 1)
        row["1,000 cells in a row, each"] = thousand(client, python)
        row["memory after them, MB"] = memory(manager.provisioner.process.pid)
        if isinstance(row["1,000 cells in a row, each"], str):  # what follows gets a kernel that lives
            stop(manager, client)
            manager, client, _ = start(name, folder)
            ask(client, client.execute("1+1"))
        row["50 queued cells, each"] = queued(client, mark)
        for count in (1000, 20000):
            code = f"for i in range({count}): print(i)" if python else f"for (let i = 0; i < {count}; i++) console.log(i)"
            row[f"{count:,} printed lines arrive"] = lines_before_idle(client, code)
        stop(manager, client)

        manager, client, _ = start(name, folder)
        ask(client, client.execute("1+1"))
        row["200 cells of ten lines: first 20 → last 20"] = notebook(client, name)
        row["local file: first import / after an edit"] = local_file(client, name, folder)
        large, updates = DISPLAYS[name]
        row["display of 50 MB"] = shown(client, large, "display_data", 1)
        row["1,000 display updates"] = shown(client, updates, "update_display_data", 1000)
        row["memory with these, MB"] = memory(manager.provisioner.process.pid)
        if name == "kernelbook":
            stop(manager, client)
            manager, client, _ = start(name, folder)
            code = 'import * as torch from "kernelbook"; import { featureMaps } from "kernelbook/widgets"; torch.ones([2, 2])'
            row["chapter's first cell (imports the library and its views)"] = round(timed(client, lambda: client.execute(code)))
            ask(client, client.execute("1"))
            row["completion of torch.nn."] = spread([timed(client, lambda: client.complete(f"torch.nn.//{i}", 9)) for i in range(50)])
        stop(manager, client)
    return row


def table(columns):
    names = list(columns)
    keys = dict.fromkeys(key for name in names for key in columns[name]["row"])
    lines = ["| | " + " | ".join(names) + " | goal |", "|---" * (len(names) + 2) + "|"]
    for key in keys:
        cells = [str(columns[name]["row"].get(key, "–")) for name in names]
        goal = next((goal for start, goal in GOALS.items() if key.startswith(start)), "")
        lines.append(f"| {key.strip()} | " + " | ".join(cells) + f" | {goal} |")
    measured = "; ".join(f"{name} {columns[name]['when']}, load before it {columns[name]['load']:.1f}" for name in names)
    return "\n".join([*lines, "", f"Measured (UTC): {measured}."])


def kept():
    files = [CACHE / f"{name}.json" for name in ALL]
    return {file.stem: json.loads(file.read_text()) for file in files if file.exists()}


if __name__ == "__main__":
    flags = {one for one in sys.argv[1:] if one.startswith("--")}
    columns = kept() if "--kept" in flags else {}
    for kernel in [] if columns else [one for one in sys.argv[1:] if one not in flags] or ALL:
        when, load = time.strftime("%Y-%m-%d %H:%M", time.gmtime()), os.getloadavg()[0]
        try:
            columns[kernel] = {"when": when, "load": load, "row": measure(kernel)}
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"{kernel} is not there: {error}", file=sys.stderr)
            continue
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / f"{kernel}.json").write_text(json.dumps(columns[kernel]))
    print(table(columns))
    if "--write" in flags:
        readme = Path(__file__).with_name("README.md")
        begin, rest = readme.read_text().split("<!-- table -->\n")
        readme.write_text(f"{begin}<!-- table -->\n\n{table(columns)}\n\n<!-- end -->{rest.split('<!-- end -->')[1]}")
