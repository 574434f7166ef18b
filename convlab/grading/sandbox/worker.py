"""Runs inside the sandbox: executes a student's cells and calls the student's functions.

It never sees a test, a right answer or a grade: it gets source and arguments, and gives back values. So nothing that
a student's code does to this process can make a wrong answer right. Only the standard library, NumPy, IPython and
the files :mod:`.alarm`, :mod:`.stubs` and :mod:`.wire` are there, as ``settle`` finds them. Requests and replies are
lines of JSON; the two arguments are the descriptors of their pipes.
"""

import asyncio
import base64
import builtins
import contextlib
import importlib
import io
import json
import os
import pathlib
import sys
import traceback
from typing import Any

alarm: Any
wire: Any

TEXT = 10_000  # letters of output of one cell that are kept
PICTURES = 20  # of one cell
PICTURE = 500_000  # letters of one picture (base64)
ANSWER = 22_000_000  # letters of one reply


class Kept(io.TextIOBase):
    """Keeps the first letters that are printed and forgets the rest, so that endless output fills no memory."""

    encoding = "utf-8"

    def __init__(self):
        self.begin()

    def begin(self):
        self.pieces, self.left = [], TEXT

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.left > 0:
            self.pieces.append(text[: self.left])
            self.left -= len(text)
        return len(text)

    def close(self):  # a cell may close sys.stdout; the next one prints as before
        pass

    def text(self):
        return "".join(self.pieces) + ("\n... the rest is cut off ..." if self.left < 0 else "")


PRINTED = {"stdout": Kept(), "stderr": Kept()}
LOOP = asyncio.new_event_loop()


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
        """The value of a cell's last line is kept beside what else is displayed, without an Out[3]."""

        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            self.shell.results.append(format_dict)

        def finish_displayhook(self):
            pass

    class Shell(InteractiveShell):
        displayhook_class = Type(Results)

        def _showtraceback(self, kind, error, lines):
            self.last_traceback, self.last_error = lines, error

        def enable_gui(self, gui=None):  # `%matplotlib inline` asks for it
            pass

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.autocall = 0
    shell = Shell.instance(config=config)
    shell.results = []  # the values of a cell's last lines
    shell.system = shell.system_piped  # what `!ls` shows goes to sys.stdout
    builtins.input = lambda prompt="": print(prompt) or ""
    return shell


def run(shell, source, seconds):
    """Execute one cell; return what it showed, and its error, in the form of a notebook."""
    from IPython.utils.capture import capture_output

    shell.last_traceback, shell.last_error, shell.results = [], None, []
    for words in PRINTED.values():
        words.begin()
    with capture_output(False, False) as rich:
        error = execute(shell, source, seconds) or shell.last_error  # %%capture shows an error and returns none
    streams = [(name, words.text()) for name, words in PRINTED.items() if words.pieces]
    outputs = [{"output_type": "stream", "name": name, "text": text} for name, text in streams]
    outputs += [shown(each.data, "display_data") for each in rich.outputs[:PICTURES]]
    outputs += [shown(each, "execute_result") for each in shell.results[:1]]
    if error is None:
        return {"outputs": outputs, "error": None}
    lines = [str(line) for line in shell.last_traceback][-100:]
    late = isinstance(error, alarm.TimeIsUp)
    return {"outputs": outputs, "error": describe(error, shell) | {"traceback": lines}, "late": late}


def execute(shell, source, seconds):
    """Execute one cell in a running event loop, as a notebook's kernel does; return its error or None."""

    transformed, failure = source, None
    try:
        transformed = shell.transform_cell(source)
    except Exception:
        failure = sys.exc_info()

    async def executed():
        how = {"transformed_cell": transformed, "preprocessing_exc_tuple": failure}
        result = None
        try:
            result = await shell.run_cell_async(source, store_history=True, **how)
        finally:  # figures are shown then
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    task = LOOP.create_task(executed())
    try:
        with alarm.time_limit(seconds):
            result = LOOP.run_until_complete(task)
        return result.error_before_exec or result.error_in_exec
    except BaseException as stop:  # a cell may do anything to the loop
        task.cancel()
        return stop


def shown(data, kind):
    """What a cell displays, as words and perhaps a picture: no HTML, no scripts."""
    data = data if isinstance(data, dict) else {}
    kept = {"text/plain": str(data.get("text/plain", ""))[:TEXT]}
    picture = data.get("image/png")
    if isinstance(picture, bytes):
        picture = base64.b64encode(picture).decode()
    if isinstance(picture, str) and len(picture) <= PICTURE:
        kept["image/png"] = picture
    return {"output_type": kind, "data": kept}


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
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), alarm.time_limit(seconds):
            answer = function(*arguments, **options)
            encoded = wire.encode(answer)
            shares = isinstance(answer, np.ndarray) and any(np.may_share_memory(answer, value) for value in arrays)
    except alarm.TimeIsUp:
        return {"late": True}
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: they end no sandbox
        return {"error": describe(error, shell)}
    after = [(value.shape, value.dtype, value.tobytes()) for value in arrays]
    return {"value": encoded, "changed": before != after, "shares": bool(shares)}


def describe(error, shell):
    """An exception in words: its built-in types, its message, and the line of the student's cell it came from.

    ``line`` is where it was in the cell that ran.
    """
    types = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    cells = set(getattr(shell.compile, "_filename_map", {}))
    try:
        message = str(error)[:2000]
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in cells]
    except Exception:  # a learner's own __str__
        message, places = "", []
    where = [places[-1].lineno, (places[-1].line or "")[:200]] if places else None
    line = places[0].lineno if places else None
    return {"name": type(error).__name__[:100], "types": types, "message": message, "where": where, "line": line}


def write(name, piece):
    """Put a piece at the end of a file in the working folder, if it fits."""
    try:
        pathlib.Path(name).parent.mkdir(parents=True, exist_ok=True)
        with open(name, "ab") as file:
            file.write(base64.b64decode(piece))
    except OSError:
        return {"written": False}
    return {"written": True}


def answer(shell, request):
    """What one request asks for."""
    if "file" in request:
        return write(request["file"], request["piece"])
    if "run" in request:
        return run(shell, request["run"], request["seconds"])
    arguments = [wire.decode(value) for value in request["arguments"]]
    options = {name: wire.decode(value) for name, value in request["options"].items()}
    return call(shell, request["call"], arguments, options, request["seconds"])


def serve(requests, replies):
    """Answer one request after the other until the grader closes the pipe."""
    shell = new_shell()
    sys.stdout, sys.stderr = PRINTED.values()
    replies.write('{"ready": true}\n')
    replies.flush()
    for line in requests:
        reply = json.dumps(answer(shell, json.loads(line)))
        if len(reply) > ANSWER:
            too_large = {"name": "MemoryError", "types": ["MemoryError"], "message": "the answer is too large"}
            reply = json.dumps({"error": too_large})
        replies.write(reply + "\n")
        replies.flush()


def settle(packages, user, limits, absent):
    """Become somebody who owns nothing, find the allowed packages, and accept the budgets."""
    global alarm, wire
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    here = str(pathlib.Path(__file__).parent)
    sys.path[:0] = [here, *([packages] if packages else [])]
    # Now, before a student's own numpy.py can take NumPy's place.
    alarm, wire, stubs = map(importlib.import_module, ("alarm", "wire", "stubs"))
    stubs.install(absent)
    sys.path.remove(here)
    sys.path.insert(0, os.getcwd())
    if packages:  # behind walls; elsewhere the limits would count everything else that you run
        limit(**limits)


if __name__ == "__main__":
    settle(**json.loads(os.environ.pop("SANDBOX_WORKER")))
    channel = open(int(sys.argv[1]), encoding="utf-8"), open(int(sys.argv[2]), "w", encoding="utf-8")
    for number in (int(sys.argv[1]), int(sys.argv[2])):
        os.set_inheritable(number, False)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.argv = [""]
    serve(*channel)
