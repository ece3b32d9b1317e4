"""The debugger as a second client of the Debug Adapter Protocol sees it: Python's jupyter_client, asking what
ipykernel's debugger is asked. Run from anywhere, with JUPYTER_PATH at the kernelspec `kernelbook`."""
import time
import unittest
from queue import Empty

from ipykernel.compiler import murmur2_x86
from jupyter_client.manager import start_new_kernel

TIMEOUT = 15

CODE = """function f(a: number, b: number): number {
  const c = a + b
  return c
}

f(2, 3)
"""


class Debugger(unittest.TestCase):
    def setUp(self):
        self.manager, self.client = start_new_kernel(kernel_name="kernelbook")
        self.seq = 0

    def tearDown(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)
        self.assertFalse(self.manager.is_alive())

    def ask(self, command, arguments=None):
        """The whole response to one request."""
        self.seq += 1
        request = {"type": "request", "seq": self.seq, "command": command, "arguments": arguments or {}}
        message = self.client.session.msg("debug_request", request)
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                break
        self.assertEqual(reply["msg_type"], "debug_reply")
        content = reply["content"]
        self.assertEqual((content["type"], content["command"], content["request_seq"]), ("response", command, self.seq))
        return content

    def body(self, command, arguments=None):
        response = self.ask(command, arguments)
        self.assertTrue(response["success"], response)
        return response.get("body")

    def event(self, name):
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            if message["msg_type"] == "debug_event" and message["content"]["event"] == name:
                self.assertEqual(message["content"]["type"], "event")
                return message["content"].get("body", {})
        self.fail(f"no event {name}")

    def attach(self):
        capabilities = self.body(
            "initialize",
            {
                "clientID": "test-client",
                "clientName": "testClient",
                "adapterID": "",
                "pathFormat": "path",
                "linesStartAt1": True,
                "columnsStartAt1": True,
                "supportsVariableType": True,
                "supportsVariablePaging": True,
                "supportsRunInTerminalRequest": True,
                "locale": "en",
            },
        )
        self.assertTrue(capabilities["supportsConfigurationDoneRequest"])
        self.event("initialized")
        self.body("attach")
        return capabilities

    def break_at(self, code, *lines):
        path = self.body("dumpCell", {"code": code})["sourcePath"]
        breakpoints = [{"line": line} for line in lines]
        answer = self.body("setBreakpoints", {"breakpoints": breakpoints, "source": {"path": path}, "sourceModified": False})
        self.assertEqual([(one["line"], one["verified"]) for one in answer["breakpoints"]], [(line, True) for line in lines])
        self.body("configurationDone")
        return path

    def frames(self):
        return self.body("stackTrace", {"threadId": 1})["stackFrames"]

    def variables(self, reference):
        return {one["name"]: one for one in self.body("variables", {"variablesReference": reference})["variables"]}

    def finish(self, msg_id):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == msg_id:
                return reply["content"]

    def test_supported_by_kernel_info(self):
        msg_id = self.client.kernel_info()
        info = self.finish(msg_id)
        self.assertTrue(info["debugger"])
        self.assertIn("debugger", info["supported_features"])

    def test_before_and_after(self):
        info = self.body("debugInfo")
        self.assertFalse(info["isStarted"])
        self.assertEqual((info["breakpoints"], info["stoppedThreads"]), ([], []))
        self.attach()
        self.assertTrue(self.body("debugInfo")["isStarted"])
        self.body("disconnect", {"restart": False, "terminateDebuggee": True})
        self.assertFalse(self.body("debugInfo")["isStarted"])
        self.attach()
        self.assertTrue(self.body("debugInfo")["isStarted"])

    def test_path_of_a_cell(self):
        info = self.body("debugInfo")
        path = self.body("dumpCell", {"code": CODE})["sourcePath"]
        self.assertTrue(path.startswith(info["tmpFilePrefix"]) and path.endswith(info["tmpFileSuffix"]))
        hashed = murmur2_x86(CODE, info["hashSeed"])
        self.assertEqual(path, f"{info['tmpFilePrefix']}{hashed}{info['tmpFileSuffix']}")
        self.assertEqual(self.body("source", {"source": {"path": path}})["content"], CODE)
        self.assertFalse(self.ask("source", {"source": {"path": "/no/such.ts"}})["success"])

    def test_breakpoints_are_listed(self):
        self.attach()
        path = self.break_at(CODE, 2, 3)
        listed = self.body("debugInfo")["breakpoints"]
        self.assertEqual(listed, [{"source": path, "breakpoints": [{"line": 2}, {"line": 3}]}])
        self.body("setBreakpoints", {"breakpoints": [], "source": {"path": path}})
        self.assertEqual(self.body("debugInfo")["breakpoints"], [])

    def test_stop_on_breakpoint_step_and_continue(self):
        self.attach()
        path = self.break_at(CODE, 2)
        msg_id = self.client.execute(CODE)
        stopped = self.event("stopped")
        self.assertEqual((stopped["reason"], stopped["threadId"], stopped["allThreadsStopped"]), ("breakpoint", 1, True))
        self.assertEqual(self.body("debugInfo")["stoppedThreads"], [1])
        self.assertEqual([thread["id"] for thread in self.body("threads")["threads"]], [1])

        frames = self.frames()
        self.assertEqual([(one["name"], one["line"]) for one in frames], [("f", 2), ("<cell>", 6)])
        self.assertEqual(frames[0]["source"]["path"], path)
        scopes = self.body("scopes", {"frameId": frames[0]["id"]})["scopes"]
        self.assertEqual([scope["name"] for scope in scopes], ["Locals", "Globals"])
        local = self.variables(scopes[0]["variablesReference"])
        self.assertEqual((local["a"]["value"], local["b"]["value"]), ("2", "3"))

        self.body("next", {"threadId": 1})
        self.assertEqual(self.event("stopped")["reason"], "step")
        frame = self.frames()[0]
        self.assertEqual(frame["line"], 3)
        local = self.variables(self.body("scopes", {"frameId": frame["id"]})["scopes"][0]["variablesReference"])
        self.assertEqual(local["c"]["value"], "5")
        self.assertEqual(self.body("evaluate", {"expression": "a * c", "frameId": frame["id"], "context": "repl"})["result"], "10")
        rich = self.body("richInspectVariables", {"variableName": "c", "frameId": frame["id"]})
        self.assertEqual((rich["data"]["text/plain"], rich["metadata"]), ("5", {}))

        self.assertTrue(self.body("continue", {"threadId": 1})["allThreadsContinued"])
        self.assertTrue(self.event("continued")["allThreadsContinued"])
        self.assertEqual(self.finish(msg_id)["status"], "ok")
        self.assertEqual(self.body("debugInfo")["stoppedThreads"], [])

    def test_variables_without_a_start(self):
        self.client.execute_interactive("const list = [1, 'two', { three: 3 }]; const text = 'x'", timeout=TIMEOUT)
        found = {one["name"]: one for one in self.body("inspectVariables")["variables"]}
        self.assertEqual(found["text"]["value"], '"x"')
        members = self.variables(found["list"]["variablesReference"])
        self.assertEqual((members["0"]["value"], members["1"]["value"]), ("1", '"two"'))
        inside = self.variables(members["2"]["variablesReference"])
        self.assertEqual(inside["three"]["value"], "3")
        rich = self.body("richInspectVariables", {"variableName": "list"})
        self.assertEqual(rich["data"]["text/plain"], "[ 1, 'two', { three: 3 } ]")
        self.assertFalse(self.ask("richInspectVariables", {"variableName": "not_there"})["success"])

    def test_exceptions(self):
        filters = [one["filter"] for one in self.attach()["exceptionBreakpointFilters"]]
        self.assertEqual(filters, ["raised", "uncaught"])
        self.body("setExceptionBreakpoints", {"filters": ["uncaught"]})
        msg_id = self.client.execute("try { throw new Error('caught') } catch {}\nthrow new Error('free')")
        self.assertEqual(self.event("stopped")["reason"], "exception")
        self.assertEqual(self.frames()[0]["line"], 2)
        self.body("continue", {"threadId": 1})
        self.assertEqual(self.finish(msg_id)["evalue"], "free")

    def test_unknown_and_untimely(self):
        self.assertFalse(self.ask("noSuchCommand")["success"])
        self.attach()
        for command in ["next", "stepIn", "stepOut", "continue"]:
            self.assertFalse(self.ask(command, {"threadId": 1})["success"])
        self.assertFalse(self.ask("scopes", {"frameId": 99})["success"])
        self.assertFalse(self.ask("variables", {"variablesReference": 99})["success"])

    def test_interrupt_while_stopped(self):
        self.attach()
        code = "let i = 0\nfor (;;) {\n  i += 1\n}"
        self.break_at(code, 3)
        msg_id = self.client.execute(code)
        self.event("stopped")
        self.manager.interrupt_kernel()
        self.assertEqual(self.finish(msg_id)["ename"], "KeyboardInterrupt")
        self.assertEqual(self.finish(self.client.execute("i + 1"))["status"], "ok")

    def test_restart_while_stopped(self):
        self.attach()
        code = "let i = 0\ni += 1"
        self.break_at(code, 2)
        self.client.execute(code)
        self.event("stopped")
        started = time.monotonic()
        self.manager.restart_kernel(now=False)
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.assertLess(time.monotonic() - started, 10)
        self.assertFalse(self.body("debugInfo")["isStarted"])
        self.assertEqual(self.finish(self.client.execute("1 + 1"))["status"], "ok")


if __name__ == "__main__":
    unittest.main()
