"""A real Chromium, and a real JupyterLab in it.

Without Chromium these tests are skipped, and say so; where SYNDISCO_NB_REQUIRE_ALL is set, they fail instead.
SYNDISCO_NB_KERNEL=6.31 has the notebooks run on that ipykernel instead of the installed one.
"""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = bool(os.environ.get("SYNDISCO_NB_REQUIRE_ALL"))
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves; routing would switch off the cache
]
LIMIT_MS = 120_000  # on a machine however busy; whoever waits that long waits for nothing
KERNEL = os.environ.get("SYNDISCO_NB_KERNEL")
REPOSITORY = Path(__file__).parents[2]

os.sched_setaffinity(0, range(os.cpu_count()))  # a browser, a server and a kernel are more than a core's work


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        reason = "there is no Chromium: install it (Debian: apt-get install chromium), or name it in CHROMIUM"
        (pytest.fail if REQUIRED else pytest.skip)(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LIMIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Opened:
    """A page, and all that it asked of the network."""

    def __init__(self, browser, allowed=(), **settings):
        self.context = browser.new_context(viewport={"width": 1000, "height": 900}, **settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(LIMIT_MS)
        self.allowed = ("file:", "data:", "blob:", "about:", *allowed)
        self.left, self.dialogs, self.errors = [], [], []
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, request):
        if not request.url.startswith(self.allowed):
            self.left.append(request.url)

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def opened(browser):
    """Open a page in a theme; everything closes at the end."""
    all_opened = []

    def open_page(allowed=(), **settings):
        all_opened.append(Opened(browser, allowed, **settings))
        return all_opened[-1]

    yield open_page
    for one in all_opened:
        one.context.close()


class Lab:
    """A JupyterLab server of its own, with nothing of the user's."""

    def __init__(self, root):
        self.root, state = root / "root", root / "state"
        self.root.mkdir()
        places = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        for folder in places.values():
            (state / folder).mkdir(parents=True)
        self.settings = state / "settings" / "@jupyterlab" / "apputils-extension"
        self.settings.mkdir(parents=True)
        self._set("notification", {"fetchNews": "false", "checkForUpdates": False})
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
            *(f"--port={self.port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=test"),
            *(f"--ServerApp.root_dir={self.root}", "--LabApp.expose_app_in_browser=True"),
            *("--LabApp.extension_manager=readonly", "--LabApp.news_url=None"),
        ]
        environment = {**os.environ, **{name: str(state / folder) for name, folder in places.items()}}
        environment["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
        if KERNEL:
            environment["JUPYTER_PREFER_ENV_PATH"] = "0"  # or a virtual environment's own kernel would come first
            _register(KERNEL, state / "data" / "kernels" / "python3", environment["PYTHONPATH"])
        self.wanted = "JupyterLab Light"
        self.pages = []
        self.log = (state / "lab.log").open("wb")
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent,
        )
        self._wait(state / "lab.log")

    def theme(self, name):
        """Have the notebooks opened from now on shown in a theme."""
        self.wanted = name

    def url(self, notebook):
        return f"{self.address}doc/tree/{notebook}?token=test"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def _set(self, plugin, value):
        (self.settings / f"{plugin}.jupyterlab-settings").write_text(json.dumps(value))

    def _wait(self, log):
        deadline = time.monotonic() + LIMIT_MS / 1000
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.address}api/status?token=test", timeout=1).read()  # noqa: S310
            except OSError:
                time.sleep(0.1)
            else:
                return
        self.process.kill()
        raise RuntimeError(log.read_text())


def _register(version, folder, path):
    """Have "python3" be a kernel of this ipykernel, with all else as it is installed."""
    place = Path(sys.prefix) / "kernels" / version
    if not place.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place)]
        subprocess.run([*pip, f"ipykernel=={version}.*"], check=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"Python 3 (ipykernel {version})",
        "language": "python",
        "env": {"PYTHONPATH": os.pathsep.join([str(place), path])},
    }
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))


def _end_with_parent():
    """Have the server end even if these tests are killed, when no fixture cleans up."""
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6").prctl(1, signal.SIGTERM)


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def notebook(browser, lab, request):
    """Open a notebook of these cells; its kernel ends with the test.

    JupyterLab is loaded once: its page goes on to the next test, unless this one failed.
    """
    from lab_notebook import Notebook

    all_opened, failed = [], request.session.testsfailed

    def open_notebook(*cells, **settings):
        opened = lab.pages.pop() if lab.pages else Opened(browser, allowed=(lab.address,))
        all_opened.append(Notebook(lab, opened, *cells, **settings))
        return all_opened[-1]

    yield open_notebook
    for one in all_opened:
        one.close()
    if request.session.testsfailed == failed:
        lab.pages += [one.opened for one in all_opened]
