"""JupyterLab in a headless browser, for tests: a private server, a page that runs lessons, what the page shows.

The server uses none of the user's settings: all of Jupyter's folders are temporary, news and update checks are off.
The browser is the system's Chromium; Playwright brings none of its own. The fixtures ``browser``, ``lab``, ``context``
and ``page`` are known to every test, by ``conftest.py``.
"""

import contextlib
import copy
import dataclasses
import html.parser
import itertools
import json
import operator
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

__all__ = [
    "Lab",
    "LessonPage",
    "browser_fixture",
    "check_lesson",
    "context_fixture",
    "is_described",
    "jupyter_environment",
    "lab_fixture",
    "page_fixture",
    "require_chromium",
    "running_lab",
    "stored_results",
    "window_fixture",
]

REPOSITORY = pathlib.Path(__file__).parents[1]
CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 1000  # Playwright counts in milliseconds.
STARTED = 60 * SECONDS
EXECUTED = 300 * SECONDS


def require_chromium():
    """Return the path of Chromium. Without it skip the test, but fail in CI, where nothing may be skipped unseen."""
    named = os.environ.get("CONVLAB_CHROMIUM")
    path = named if named is not None else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is not None and os.access(path, os.X_OK):
        return path
    sentence = (
        f"The browser tests need Chromium, found none at {named!r}. " if named else "The browser tests need Chromium. "
    ) + "Install it (Debian, Ubuntu: apt-get install chromium), or name the program in CONVLAB_CHROMIUM."
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)


# --- the server --------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Lab:
    """A running JupyterLab server that serves ``folder``."""

    url: str
    token: str
    folder: pathlib.Path

    def request(self, path, method="GET"):
        """Return status and decoded answer of one request to the server."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            body = response.read()
            is_json = response.headers.get_content_type() == "application/json"
            return response.status, json.loads(body) if is_json and body else body.decode()

    def put(self, notebook, name):
        """Write ``notebook`` into the served folder and return ``name``."""
        nbformat.write(notebook, self.folder / name)
        return name

    def stop_kernels(self):
        for session in self.request("api/sessions")[1]:
            self.request(f"api/sessions/{session['id']}", "DELETE")


def jupyter_environment(folder, token):
    """Return an environment in which Jupyter keeps everything below ``folder``, and write its settings there."""
    names = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    lab_names = {"SETTINGS": "settings", "WORKSPACES": "workspaces"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "MAKE", "MFLAGS"))}
    kept |= {f"JUPYTER_{name}_DIR": str(folder / below) for name, below in names.items()}
    kept |= {f"JUPYTERLAB_{name}_DIR": str(folder / below) for name, below in lab_names.items()}
    kept |= {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1"}
    files = {
        # Port 0: the system picks a free one, and jpserver-*.json says which.
        "config/jupyter_server_config.json": {
            "ServerApp": {"port": 0, "allow_root": True},
            "IdentityProvider": {"token": token},
        },
        "config/jupyter_lab_config.json": {"LabApp": {"extension_manager": "readonly", "news_url": None}},
        "config/nbgrader_config.json": {"Exchange": {"root": str(folder / "exchange")}},
        "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
            "checkForUpdates": False,
            "fetchNews": "false",
        },
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    (folder / "exchange").mkdir()
    (folder / "exchange").chmod(0o777)  # nbgrader asks for write access by all
    return kept


@contextlib.contextmanager
def running_lab(private, serves, command=None, seconds=60):
    """Start JupyterLab on the folder ``serves``, yield it as a ``Lab``, stop it. Its own files go to ``private``.

    ``command`` starts the server in another way, for example ``["make", "lab"]``, in the repository.
    """
    token = secrets.token_hex(16)
    environment = jupyter_environment(private, token)
    command = command or [sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.root_dir={serves}"]
    with open(private / "server.log", "w") as log:
        # A session of its own, so that all it starts can be stopped together.
        server = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Lab(wait_for_url(private, server, seconds), token, pathlib.Path(serves))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for_url(private, server, seconds):
    """Return the address of the server once it answers; say what its log holds when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        for found in (private / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, OSError):
                url = json.loads(found.read_text())["url"]
                urllib.request.urlopen(url + "api", timeout=5).close()
                return url
        time.sleep(0.05)
    log = (private / "server.log").read_text()[-3000:]
    raise AssertionError(f"JupyterLab did not start ({server.poll()=}):\n{log}")


# --- the page ----------------------------------------------------------------------------------------------------

# What the page shows of each code cell, as plain data.
READ_CELLS = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map(cell => ({
    prompt: cell.querySelector('.jp-InputPrompt').textContent,
    outputs: [...cell.querySelectorAll('.jp-OutputArea-output')].map(output => ({
        kind: output.dataset.mimeType ?? '',
        text: output.textContent,
        pictures: [...output.querySelectorAll('img')].map(img => ({alt: img.alt, loaded: img.naturalWidth > 0})),
    })),
}))"""

# JupyterLab shows tracebacks and warnings as the same kind of output.
ERROR_KIND = "application/vnd.jupyter.stderr"
# A live widget is the one kind of output that is not marked with its kind.
WIDGET_KIND = ""

# True when nothing runs any more: all cells have a number, or one has failed and the others are given up.
ALL_RAN = """() => {
    const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')].map(e => e.textContent);
    const failed = document.querySelector('.jp-Notebook [data-mime-type="application/vnd.jupyter.stderr"]');
    const idle = document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]');
    return idle && !prompts.some(p => p.includes('*')) && (failed || prompts.every(p => /\\d/.test(p)));
}"""

# True when every live widget shows something.
WIDGETS_SHOWN = """() => [...document.querySelectorAll('.jp-OutputArea-output:not([data-mime-type])')]
    .every(e => !e.textContent.includes('Loading widget') && e.querySelector('*') || e.textContent.includes('Error'))"""


class LessonPage:
    """One browser page with JupyterLab, and what went wrong in it."""

    def __init__(self, page, lab):
        self.page = page
        self.lab = lab
        self.problems = []
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("response", self._note_response)
        page.on("request", self._note_request)

    def _note_response(self, response):
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.url}")

    def _note_request(self, request):
        if not request.url.startswith((self.lab.url, "data:", "blob:")):
            self.problems.append(f"asked another host: {request.url}")

    def open(self, path):
        """Open a notebook of the served folder and wait until its kernel is ready."""
        self.page.goto(f"{self.lab.url}lab/tree/{path}?reset&token={self.lab.token}", timeout=STARTED)
        # A run that is asked for before the kernel is connected is dropped without a word.
        with self._waiting("the kernel is not ready"):
            self.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=STARTED)
            self.page.wait_for_selector("#jp-main-statusbar >> text=/[|] Idle/", timeout=STARTED)

    def run_all(self):
        """Choose Run > Restart Kernel and Run All Cells in the menu, and wait for the end."""
        self.page.click(".lm-MenuBar-item >> text=/^Run$/")
        self.page.click('li[data-command="runmenu:restart-and-run-all"]')
        self.page.click(".jp-Dialog button.jp-mod-accept")
        with self._waiting("the cells do not end"):
            self.page.wait_for_function(ALL_RAN, timeout=EXECUTED)
            self.page.wait_for_function(WIDGETS_SHOWN, timeout=STARTED)

    @contextlib.contextmanager
    def _waiting(self, problem):
        """Turn Playwright's time-out into a failure that tells what the page shows."""
        from playwright.sync_api import TimeoutError as TooLate

        try:
            yield
        except TooLate:
            prompts = [cell["prompt"] for cell in self.cells()]
            raise AssertionError(f"{problem}: cells {prompts}, messages {self.messages()}, {self.problems}") from None

    def cells(self):
        return self.page.evaluate(READ_CELLS)

    def messages(self):
        """The texts of dialogs and notifications on the screen."""
        return self.page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()

    def screenshot(self, name, folder):
        """Save a picture of the page, in the folder that CONVLAB_SCREENSHOTS names, else in ``folder``."""
        folder = pathlib.Path(os.environ.get("CONVLAB_SCREENSHOTS") or folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")
        return folder / f"{name}.png"


# --- what a lesson must show -------------------------------------------------------------------------------------


class Shown(html.parser.HTMLParser):
    """The text of a piece of HTML and the alternative texts of its pictures, as a page shows them."""

    def __init__(self, markup):
        super().__init__()
        self.text, self.alts = "", []
        self.feed(markup)
        self.close()

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


def squeezed(text):
    return " ".join(text.split())


def stored_results(cell):
    """What the outputs of a stored code cell show: pairs of text and alternative texts."""
    results = []
    for output in cell.outputs:
        if output.output_type == "stream":
            results.append((squeezed(output.text), []))
        elif "text/html" in output.data:
            shown = Shown(output.data["text/html"])
            results.append((squeezed(shown.text), shown.alts))
        else:
            results.append((squeezed(output.data["text/plain"]), []))
    return results


def shown_results(cell):
    """What the page shows of a code cell (an entry of ``LessonPage.cells``), in the form of ``stored_results``."""
    return [
        (squeezed(output["text"]), [picture["alt"] for picture in output["pictures"]]) for output in cell["outputs"]
    ]


def without_results(notebook):
    """A copy that was never run: what the page shows of it later comes from this run."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(execution_count=None, outputs=[])
    return notebook


def is_described(picture):
    """Whether a picture on the page has an alternative text of its own: JupyterLab puts "Image" where there is none."""
    return picture["alt"].strip() not in ("", "Image")


def check_lesson(page, notebook, name, screenshots):
    """Run ``notebook`` in JupyterLab from an empty state; assert that it shows what it holds, and nothing bad."""
    page.open(page.lab.put(without_results(notebook), name))
    page.run_all()
    shown = page.cells()
    stored = [cell for cell in notebook.cells if cell.cell_type == "code"]
    page.screenshot(pathlib.Path(name).stem, screenshots)

    errors = [output["text"] for cell in shown for output in cell["outputs"] if output["kind"] == ERROR_KIND]
    assert not errors, f"an error or a warning is shown: {errors}"
    assert [cell["prompt"] for cell in shown] == [f"[{n}]:" for n in range(1, len(stored) + 1)], "not all cells ran"
    pictures = [picture for cell in shown for output in cell["outputs"] for picture in output["pictures"]]
    assert all(is_described(picture) for picture in pictures), "a picture has no alternative text"
    assert all(picture["loaded"] for picture in pictures), "a picture is not shown"
    for number, (cell, expected) in enumerate(zip(shown, stored, strict=True), 1):
        found, wanted = shown_results(cell), stored_results(expected)
        assert len(found) == len(wanted), f"cell {number} shows {len(found)} results, not {len(wanted)}"
        # A live widget takes the place of its stored still form: that it works is for a test of its own.
        live = [output["kind"] == WIDGET_KIND for output in cell["outputs"]]
        assert not any("Error" in text for (text, _), widget in zip(found, live) if widget), f"a widget failed: {found}"
        found, wanted = (list(itertools.compress(results, map(operator.not_, live))) for results in (found, wanted))
        assert found == wanted, f"cell {number} does not show the stored result {wanted}, but {found}"
    assert page.messages() == [], f"a dialog or a notification is shown: {page.messages()}"
    assert page.problems == [], f"the page had problems: {page.problems}"
    return shown


# --- fixtures ----------------------------------------------------------------------------------------------------


# One for a module, not for the whole run: while Playwright is open, its event loop is in the way of others.
@pytest.fixture(name="browser", scope="module")
def browser_fixture():
    """Headless Chromium."""
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    from convlab.explorers import javascript

    javascript.ask("num", 0)  # an engine made while Playwright's loop runs would end with that loop
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


# One server for all tests, on a folder that they share: who writes into it takes a name of his own.
@pytest.fixture(name="lab", scope="session")
def lab_fixture(tmp_path_factory):
    """JupyterLab on a learner's copy of the lessons, as ``convlab lab`` opens it."""
    served = tmp_path_factory.mktemp("course") / "lessons"
    command = [sys.executable, "-m", "convlab", "lab", "--folder", str(served), "--no-browser"]
    with running_lab(tmp_path_factory.mktemp("jupyter"), served, command) as running:
        yield running


@pytest.fixture(name="window")
def window_fixture(browser):
    """A new browser window of 1280 x 900 pixels."""
    with contextlib.closing(browser.new_context(viewport={"width": 1280, "height": 900})) as made:
        yield made


@pytest.fixture(name="context")
def context_fixture(window, lab):
    """The window, for JupyterLab: kernels that its pages started are stopped."""
    yield window
    window.close()
    lab.stop_kernels()


@pytest.fixture(name="page")
def page_fixture(context, lab):
    """A new page."""
    return LessonPage(context.new_page(), lab)
