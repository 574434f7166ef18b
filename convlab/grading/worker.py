"""Runs inside the sandbox: executes a student's cells and calls the student's functions.

It never sees a test, a right answer or a grade: it gets source and arguments, and gives back values. So nothing that
a student's code does to this process can make a wrong answer right. Only the standard library, NumPy and IPython
are there. Requests and replies are lines of JSON; the two arguments are the descriptors of their pipes.
"""

import base64
import builtins
import contextlib
import importlib
import io
import json
import os
import pathlib
import signal
import sys
import traceback

TEXT = 10_000  # letters of output of one cell that are kept
PICTURES = 20  # of one cell
PICTURE = 500_000  # letters of one picture (base64)
ANSWER = 22_000_000  # letters of one reply


class TookTooLong(BaseException):
    """Raised in a student's code when its time is up; no ``except Exception`` stops it."""


@contextlib.contextmanager
def time_limit(seconds):
    """Stop the block after so many seconds. If a student's code defies it, the grader ends this process."""

    def stop(number, frame):
        raise TookTooLong(f"stopped after {seconds:g} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class Kept(io.TextIOBase):
    """Keeps the first letters that are printed and forgets the rest, so that endless output fills no memory."""

    def __init__(self):
        self.pieces, self.room = [], TEXT

    def writable(self):
        return True

    def write(self, text):
        if self.room > 0:
            self.pieces.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def text(self):
        return "".join(self.pieces) + ("\n... the rest is cut off ..." if self.room < 0 else "")


def limit(memory, processes, file_size, seconds):
    """Set what this process and its children may use; they cannot raise it again."""
    import resource

    for what, most in [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ]:
        resource.setrlimit(what, (most, most))


def new_shell():
    """An IPython shell as in a notebook, without history on disk, colours, a debugger or somebody to answer."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Results(DisplayHook):
        """The value of a cell's last line is shown like everything else that is displayed, without an Out[3]."""

        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            self.shell.display_pub.publish(data=format_dict)

        def finish_displayhook(self):
            pass

    class Shell(InteractiveShell):
        displayhook_class = Type(Results)

        def _showtraceback(self, kind, error, lines):
            self.last_traceback = lines

        def enable_gui(self, gui=None):  # `%matplotlib inline` asks for it
            pass

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.autocall = 0
    shell = Shell.instance(config=config)
    shell.system = shell.system_piped  # what `!ls` shows goes to sys.stdout
    builtins.input = lambda prompt="": print(prompt) or ""
    return shell


def run(shell, source, seconds):
    """Execute one cell; return what it showed, and its error, in the form of a notebook."""
    from IPython.utils.capture import capture_output

    printed, shell.last_traceback, late = Kept(), [], False
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), capture_output(False, False) as rich:
        try:
            with time_limit(seconds):
                result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except TookTooLong as stop:
            error = stop
    late = isinstance(error, TookTooLong)
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed.text()}] if printed.pieces else []
    outputs += [shown(each) for each in rich.outputs[:PICTURES]]
    if error is None:
        return {"outputs": outputs, "error": None}
    lines = [str(line) for line in shell.last_traceback][-100:]
    return {"outputs": outputs, "error": describe(error, shell) | {"traceback": lines}, "late": late}


def shown(rich):
    """What a cell displays, as words and perhaps a picture: no HTML, no scripts."""
    data = rich.data if isinstance(rich.data, dict) else {}
    kept = {"text/plain": str(data.get("text/plain", ""))[:TEXT]}
    picture = data.get("image/png")
    if isinstance(picture, bytes):
        picture = base64.b64encode(picture).decode()
    if isinstance(picture, str) and len(picture) <= PICTURE:
        kept["image/png"] = picture
    return {"output_type": "display_data", "data": kept}


def call(shell, name, arguments, options, seconds):
    """Call the student's function ``name``; say what it gave and what it did to its arguments."""
    import numpy as np

    if name not in shell.user_ns:
        return {"missing": name}
    function = shell.user_ns[name]
    arrays = [value for value in (*arguments, *options.values()) if isinstance(value, np.ndarray)]
    before = [(value.shape, value.dtype, value.tobytes()) for value in arrays]
    sink = Kept()
    try:
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), time_limit(seconds):
            answer = function(*arguments, **options)
            encoded = values.encode(answer)
            shares = isinstance(answer, np.ndarray) and any(np.may_share_memory(answer, value) for value in arrays)
    except TookTooLong:
        return {"late": True}
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: they end no sandbox
        return {"error": describe(error, shell)}
    after = [(value.shape, value.dtype, value.tobytes()) for value in arrays]
    return {"value": encoded, "changed": before != after, "shares": bool(shares)}


def describe(error, shell):
    """An exception in words: its built-in types, its message, and the line of the student's cell it came from."""
    types = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    cells = set(getattr(shell.compile, "_filename_map", {}))
    try:
        message = str(error)[:2000]
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in cells]
    except Exception:  # a learner's own __str__
        message, places = "", []
    where = [places[-1].lineno, (places[-1].line or "")[:200]] if places else None
    return {"name": type(error).__name__[:100], "types": types, "message": message, "where": where}


def write(files):
    """Put the submission's own files into the working folder; one that does not fit is left out."""
    for name, data in files.items():
        with contextlib.suppress(OSError):
            pathlib.Path(name).parent.mkdir(parents=True, exist_ok=True)
            pathlib.Path(name).write_bytes(base64.b64decode(data))
    return {}


def answer(shell, request):
    """What one request asks for."""
    if "files" in request:
        return write(request["files"])
    if "run" in request:
        return run(shell, request["run"], request["seconds"])
    arguments = [values.decode(value) for value in request["arguments"]]
    options = {name: values.decode(value) for name, value in request["options"].items()}
    return call(shell, request["call"], arguments, options, request["seconds"])


def serve(requests, replies):
    """Answer one request after the other until the grader closes the pipe."""
    shell = new_shell()
    replies.write('{"ready": true}\n')
    replies.flush()
    for line in requests:
        reply = json.dumps(answer(shell, json.loads(line)))
        if len(reply) > ANSWER:
            too_large = {"name": "MemoryError", "types": ["MemoryError"], "message": "the answer is too large"}
            reply = json.dumps({"error": too_large})
        replies.write(reply + "\n")
        replies.flush()


def settle(packages, user, limits):
    """Become somebody who owns nothing, find the allowed packages, and accept the budgets."""
    global values
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    here = str(pathlib.Path(__file__).parent)
    sys.path[:0] = [here, *([packages] if packages else [])]
    # Now, before a student's own numpy.py can take NumPy's place.
    values = importlib.import_module("values")
    importlib.import_module("stand_in").install()
    sys.path.remove(here)
    sys.path.insert(0, os.getcwd())
    if packages:  # a closed room; elsewhere the limits would count everything else that you run
        limit(**limits)


if __name__ == "__main__":
    settle(**json.loads(os.environ.pop("CONVLAB_WORKER")))
    channel = open(int(sys.argv[1]), encoding="utf-8"), open(int(sys.argv[2]), "w", encoding="utf-8")
    for number in (int(sys.argv[1]), int(sys.argv[2])):
        os.set_inheritable(number, False)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.argv = [""]
    serve(*channel)
