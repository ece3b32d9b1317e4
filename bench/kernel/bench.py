"""How quick is a kernel? Starts each named kernelspec (default: kernelbook python3) and prints one row each.

    python bench/kernel/bench.py [spec ...]        needs jupyter_client, psutil; finds specs by JUPYTER_PATH

Milliseconds from request to reply, medians; every text is distinct. Compare rows of one run only.
"""
import os
import queue
import statistics
import sys
import tempfile
import time

import psutil
from jupyter_client.manager import KernelManager

TYPED = """interface P%d { x: number; y?: string }
class C%d<T extends P%d> { constructor(public items: T[]) {} sum(): number { return this.items.reduce((a, p) => a + p.x, 0) } }
const c%d = new C%d([{x: 1}, {x: 2, y: 'q'}]);
c%d.sum()"""
TYPED_PY = "class C%d:\n    def __init__(self, items: list[int]): self.items = items\nc%d = C%d([1, 2])\nsum(c%d.items)"


def start(name, folder):
    manager = KernelManager(kernel_name=name)
    begun = time.perf_counter()
    manager.start_kernel(cwd=folder, stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))
    client = manager.client()
    client.shell_channel.start()
    client.iopub_channel.start()
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    return manager, client, time.perf_counter() - begun


def ask(client, msg_id):
    while True:
        reply = client.get_shell_msg(timeout=60)
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
            message = client.get_iopub_msg(timeout=20)
        except queue.Empty:
            return text.count("\n"), "idle lost"
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        if message["msg_type"] == "stream":
            text += message["content"]["text"]
        if message["content"].get("execution_state") == "idle":
            return text.count("\n"), ""


def memory(pid):
    process = psutil.Process(pid)
    total = 0
    for one in [process, *process.children(recursive=True)]:
        total += one.memory_info().rss
    return round(total / 2**20)


def measure(name):
    python = name.startswith("python")
    mark = "#" if python else "//"
    row = {"kernel": name}
    with tempfile.TemporaryDirectory() as folder:
        starts, firsts = [], []
        for turn in range(3):
            manager, client, seconds = start(name, folder)
            starts.append(seconds)
            firsts.append(timed(client, lambda: client.execute("1+1")))
            if turn < 2:
                client.stop_channels()
                manager.shutdown_kernel(now=True)
        row["start ms"] = round(statistics.median(starts) * 1e3)
        row["first cell ms"] = round(statistics.median(firsts))
        pid = manager.provisioner.process.pid
        median = lambda values: round(statistics.median(values), 1)
        row["1+1 ms"] = median([timed(client, lambda: client.execute(f"1+1 {mark}{i}")) for i in range(50)])
        typed = TYPED_PY if python else TYPED
        row["typed class ms"] = median([timed(client, lambda: client.execute(typed.replace("%d", str(i)))) for i in range(50)])
        row["complete ms"] = median([timed(client, lambda: client.complete("c1.", 3)) for _ in range(20)])
        row["inspect ms"] = median([timed(client, lambda: client.inspect("c1", 2)) for _ in range(20)])
        for count in (1000, 20000):
            code = f"for i in range({count}): print(i)" if python else f"for (let i = 0; i < {count}; i++) console.log(i)"
            row[f"{count} lines"] = lines_before_idle(client, code)
        loop = "s = 0\nfor i in range(10**6): s += i" if python else "let s = 0; for (let i = 0; i < 1e8; i++) s += i % 7;"
        took = timed(client, lambda: client.execute(loop))
        row["loop ns"] = round(took * 1e6 / (1e6 if python else 1e8), 1)
        begun = time.perf_counter()
        for i in range(1000):
            ask(client, client.execute(f"v{i} = {i}" if python else f"const v{i} = {i}"))
        row["1000 cells ms each"] = round((time.perf_counter() - begun), 1)
        row["memory MB"] = memory(pid)
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return row


if __name__ == "__main__":
    for spec in sys.argv[1:] or ["kernelbook", "python3"]:
        for key, value in measure(spec).items():
            print(f"{key:>20}  {value}")
        print()
