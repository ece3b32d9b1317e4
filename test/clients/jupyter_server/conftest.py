"""Runs jupyter_server's own REST tests against our server: takes the place of their tests/conftest.py.

Their tests speak HTTP through `jp_fetch` and `jp_ws_fetch`, which here go to a `kernelbook` process in the same
temporary folder. A test that reaches into the Python server itself is skipped, and says what it reached for.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import urllib.parse

import pytest
import tornado.httpclient
import tornado.websocket
from jupyter_server.pytest_plugin import jp_kernelspecs, sample_kernel_json  # noqa: F401
from jupyter_server.utils import url_path_join
from nbformat import writes
from nbformat.v4 import new_notebook
from pytest_jupyter.jupyter_core import *  # noqa: F403
from tornado.escape import url_escape

KERNELBOOK = os.environ["KERNELBOOK"]  # bin/kernelbook.js

# What their configuration may ask and our server is anyway, or does by itself.
HARMLESS = {"kernel_manager_class", "contents_manager_class", "files_handler_class", "jpserver_extensions",
            "kernel_spec_manager_class", "delete_to_trash", "cull_interval"}
# Theirs, and ours that does the same.
OPTIONS = {"base_url": "--base-url", "allow_origin": "--allow-origin", "cull_idle_timeout": "--cull-idle"}


class Inside:
    """Stands for the Python server. Whoever looks inside is not a client: the test is skipped."""

    class KernelManager:
        use_pending_kernels = False

        def __getattr__(self, name):
            pytest.skip(f"looks inside jupyter_server: kernel_manager.{name}")

        def __setattr__(self, name, value):
            pytest.skip(f"changes the inside of jupyter_server: kernel_manager.{name}")

    kernel_manager = KernelManager()

    def __init__(self, root_dir, base_url, token, port):
        self.root_dir = str(root_dir)
        self.base_url = base_url
        self.token = token
        self.port = port

    def __getattr__(self, name):
        pytest.skip(f"looks inside jupyter_server: serverapp.{name}")


def _flat(config):
    for name, value in dict(config).items():
        yield from _flat(value) if isinstance(value, dict) else [(name, value)]


# These change HOME of the process, which is not the server's here; test/app/api.test.ts does the same.
_OTHER_PROCESS = re.compile("test_resolve_path_server_expands_user(_normalizes_path)?[[]")


def pytest_collection_modifyitems(items):
    for item in items:
        if _OTHER_PROCESS.match(item.name):
            item.add_marker(pytest.mark.skip(reason="changes HOME of the testing process"))


@pytest.fixture
def jp_server_config():
    return {}


@pytest.fixture
def jp_argv():
    return []


@pytest.fixture
def jp_base_url():
    return "/a%40b/"


@pytest.fixture
def jp_root_dir(tmp_path):
    folder = tmp_path / "root_dir"
    folder.mkdir()
    return folder


@pytest.fixture
def jp_serverapp(jp_environ, jp_root_dir, jp_base_url, jp_server_config, jp_argv, jp_data_dir, tmp_path):
    asked = dict(_flat(jp_server_config))
    for argument in jp_argv:
        name, _, value = argument.partition("=")
        asked[name.split(".")[-1]] = value
    arguments = []
    for name, value in asked.items():
        if name in OPTIONS:
            arguments += [OPTIONS[name], str(value)]
        elif name == "cull_connected" and value:
            arguments += ["--cull-connected"]
        elif name == "use_pending_kernels" or re.search(r"\.(Async|NewPorts|Authenticated)\w+$", str(value)):
            pytest.skip("the same again with another class of jupyter_server's")
        elif name not in HARMLESS:
            pytest.skip(f"configures jupyter_server: {name}")
    native = jp_data_dir / "kernels" / "python3"
    native.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (native / "kernel.json").write_text(json.dumps(spec))

    token = secrets.token_hex(8)
    environment = {**os.environ, "KERNELBOOK_DATA_DIR": str(tmp_path / "state"), "KERNELBOOK_TOKEN": token}
    environment.pop("VIRTUAL_ENV", None)
    process = subprocess.Popen(
        ["node", KERNELBOOK, str(jp_root_dir), "--no-browser", "--port", "0", "--base-url", jp_base_url,
         "--default-kernel", "python3", *arguments],
        env=environment, stdout=subprocess.PIPE, text=True,
    )
    for line in process.stdout:
        if found := re.search(r"http://[^:]+:(\d+)/", line):
            break
    else:
        pytest.fail("the server did not start")
    yield Inside(jp_root_dir, jp_base_url, token, int(found[1]))
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def jp_http_port(jp_serverapp):
    return jp_serverapp.port


@pytest.fixture
def jp_auth_header(jp_serverapp):
    return {"Authorization": f"token {jp_serverapp.token}"}


@pytest.fixture
def http_server_client(jp_serverapp, jp_asyncio_loop):
    async def make():
        return tornado.httpclient.AsyncHTTPClient(force_instance=True)

    client = jp_asyncio_loop.run_until_complete(make())

    class Client:
        def fetch(self, path, **options):
            return client.fetch(f"http://127.0.0.1:{jp_serverapp.port}{path}", **options)

    yield Client()
    client.close()


@pytest.fixture
def jp_fetch(http_server_client, jp_auth_header, jp_base_url):
    def fetch(*parts, headers=None, params=None, request_timeout=20, **options):
        path = url_path_join(jp_base_url, url_escape(url_path_join(*parts), plus=False))
        address = path + "?" + urllib.parse.urlencode(params or {})
        headers = {**jp_auth_header, **(headers or {})}
        return http_server_client.fetch(address, headers=headers, request_timeout=request_timeout, **options)

    return fetch


@pytest.fixture
def jp_ws_fetch(jp_serverapp, jp_auth_header, jp_base_url):
    def connect(*parts, headers=None, params=None, **options):
        path = url_path_join(jp_base_url, url_escape(url_path_join(*parts), plus=False))
        address = f"ws://localhost:{jp_serverapp.port}{path}?{urllib.parse.urlencode(params or {})}"
        headers = {**jp_auth_header, **(headers or {})}
        request = tornado.httpclient.HTTPRequest(address, headers=headers, connect_timeout=120)
        return tornado.websocket.websocket_connect(request, **options)

    return connect


@pytest.fixture
def send_request(jp_fetch, jp_ws_fetch):
    async def send(url, **options):
        fetch = jp_ws_fetch if url.endswith("channels") else jp_fetch
        try:
            answer = await fetch(url, **options, allow_nonstandard_methods=True)
        except tornado.httpclient.HTTPClientError as error:
            return error.code
        if fetch is jp_ws_fetch:
            answer.close()
            return 101
        return answer.code

    return send


@pytest.fixture
def jp_create_notebook(jp_root_dir):
    def create(name):
        notebook = new_notebook()
        place = jp_root_dir / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(writes(notebook, version=4))
        return notebook

    return create


# Their tests/conftest.py keeps the sample files here; only the Python server in it is replaced.

_theirs = os.path.join(os.path.dirname(__file__), "conftest_theirs.py")
_source = open(_theirs, encoding="utf-8").read()
exec(_source[_source.index("@pytest.fixture\ndef contents_dir"):], globals())  # contents_dir, dirs, contents, folders


def _fixture_of_inside(name):
    def fixture():
        pytest.skip(f"uses a fixture of jupyter_server's inside: {name}")

    return pytest.fixture(name=name)(fixture)


for _name in ["jp_configurable_serverapp", "jp_web_app", "jp_server_authorizer", "jp_server_auth_resources",
              "jp_logging_stream", "jp_template_dir", "jp_extension_environ", "jp_nbconvert_templates", "mock_template",
              "extension_manager", "config_file", "http_server", "http_server_port", "io_loop"]:
    globals()[f"_{_name}"] = _fixture_of_inside(_name)
