"""How quick is a kernel? Prints one table: kernelbook, tslab, Deno, ipykernel, measured in one run, one after the other.

    python bench/kernel/bench.py [kernelbook tslab deno ipykernel]
    needs jupyter_client, psutil, ipykernel; tslab and Deno come from npm into .cache/bench-kernel

Milliseconds from request to reply, medians; every text is distinct. Compare columns of one run only; on a quiet machine.
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
GOALS = {
    "start to kernel_info_reply": "<= 400", "first cell after it": "<= 450", "1+1": "<= 8", "typed class cell": "<= 11.5",
    "member completion": "<= 10", "1,000 printed lines": "1000", "20,000 printed lines": "20000",
    "top-level loop, ns per iteration": "<= 7", "memory after 1,000 cells, MB": "<= 300",
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


def measure(name):
    OneSpec.spec = spec_of(name)
    python = OneSpec.spec["language"] == "python"
    mark = "#" if python else "//"
    median = lambda values: round(statistics.median(values), 1)
    row = {}
    with tempfile.TemporaryDirectory() as folder:
        starts, firsts = [], []
        for turn in range(5):
            manager, client, seconds = start(name, folder)
            starts.append(seconds * 1e3)
            firsts.append(timed(client, lambda: client.execute("1+1")))
            if turn < 4:
                stop(manager, client)
        row["start to kernel_info_reply"] = round(statistics.median(starts))
        row["first cell after it"] = round(statistics.median(firsts))
        row["1+1"] = median([timed(client, lambda: client.execute(f"1+1 {mark}{i}")) for i in range(50)])
        typed = TYPED_PY if python else TYPED
        row["typed class cell"] = median([timed(client, lambda: client.execute(typed.replace("%d", str(i)))) for i in range(50)])
        texts = [f"c1.{mark}{i}" for i in range(20)]
        row["member completion"] = median([timed(client, lambda: client.complete(text, 3)) for text in texts])
        row["inspection"] = median([timed(client, lambda: client.inspect(f"c1 {mark}{i}", 2)) for i in range(20)])
        loop = "s = 0\nfor i in range(10**6): s += i % 7" if python else "for (let i = 0; i < LOOPS; i++) s += i % 7"
        loops = 1e6 if name in ("tslab", "deno") or python else 1e8
        if not python:
            ask(client, client.execute("let s = 0"))
        took = timed(client, lambda: client.execute(loop.replace("LOOPS", str(int(loops)))))
        row["top-level loop, ns per iteration"] = round(took * 1e6 / loops, 1)
        begun = time.perf_counter()
        for i in range(1000):
            ask(client, client.execute(f"v{i} = {i}" if python else f"const v{i} = {i}"))
        row["1,000 cells in a row, ms each"] = round(time.perf_counter() - begun, 1)
        row["memory after 1,000 cells, MB"] = memory(manager.provisioner.process.pid)
        row["50 queued cells, ms each"] = queued(client, mark)
        for count in (1000, 20000):
            code = f"for i in range({count}): print(i)" if python else f"for (let i = 0; i < {count}; i++) console.log(i)"
            row[f"{count:,} printed lines"] = lines_before_idle(client, code)
        stop(manager, client)
    return row


if __name__ == "__main__":
    names = sys.argv[1:] or ["kernelbook", "tslab", "deno", "ipykernel"]
    columns = {}
    for kernel in names:
        try:
            columns[kernel] = measure(kernel)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"{kernel} is not there: {error}", file=sys.stderr)
    names = list(columns)
    print("| | " + " | ".join(names) + " | goal |")
    print("|---" * (len(names) + 2) + "|")
    for key in columns[names[0]]:
        cells = [str(columns[one][key]) for one in names]
        print(f"| {key} | " + " | ".join(cells) + f" | {GOALS.get(key, '')} |")
