"""jupyter_kernel_test, in full, against the installed kernelspec `kernelbook` (JUPYTER_PATH)."""
import unittest

import jupyter_kernel_test


class KernelbookTests(jupyter_kernel_test.KernelTests):
    kernel_name = "kernelbook"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh no')"
    completion_samples = [
        {"text": "Math.flo", "matches": {"floor"}},
        {"text": "conso", "matches": {"console"}},
    ]
    complete_code_samples = ["1 + 1", "function f() { return 1 }", "const s = `a\nb`"]
    incomplete_code_samples = ["function f() {", "const s = `a", "[1, 2,", "/* a"]
    invalid_code_samples = ["const = 1", "a b c )", "if (1) } {"]
    code_page_something = "?Math.max"
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
    ]
    code_display_data = [
        {"code": "display.html('<b>x</b>')", "mime": "text/html"},
        {"code": "display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1 +*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput()"


if __name__ == "__main__":
    unittest.main()
