"""Runs inside the sandbox: executes a student's cells and calls the student's functions.

It never sees a test, a right answer or a grade: it gets source and arguments, and gives back values. So nothing that
a student's code does to this process can make a wrong answer right. Only the standard library, NumPy and IPython
are there. Requests and replies are lines of JSON; the two arguments are the descriptors of their pipes.
"""

import importlib
import json
import os
import resource
import sys
import traceback

TEXT = 10_000  # letters of output of one cell that are kept
PICTURE = 500_000  # letters of one picture (base64)


def limit(memory, processes, file_size, seconds):
    """Set what this process and its children may use; they cannot raise it again."""
    for what, most in [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ]:
        resource.setrlimit(what, (most, most))


def new_shell():
    """An IPython shell as in a notebook, without history on disk, colours or a debugger."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.autocall = 0
    return InteractiveShell.instance(config=config)


def run(shell, source):
    """Execute one cell; return ``(outputs, error)`` in the form of a notebook."""
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    shown = captured.stdout + captured.stderr
    outputs = [{"output_type": "stream", "name": "stdout", "text": shown[:TEXT]}] if shown else []
    for rich in captured.outputs[:20]:
        data = rich.data if isinstance(rich.data, dict) else {}
        kept = {"text/plain": str(data.get("text/plain", ""))[:TEXT]}
        picture = data.get("image/png")
        if isinstance(picture, (str, bytes)) and len(picture) <= PICTURE:
            kept["image/png"] = picture.decode() if isinstance(picture, bytes) else picture
        outputs.append({"output_type": "display_data", "data": kept})
    return outputs, None if error is None else describe(error, shell)


def call(shell, name, arguments, options):
    """Call the student's function ``name``; say what it gave and what it did to its arguments."""
    import numpy as np

    function = shell.user_ns.get(name)
    if function is None and name not in shell.user_ns:
        return {"missing": name}
    arrays = [value for value in (*arguments, *options.values()) if isinstance(value, np.ndarray)]
    before = [(value.shape, value.dtype, value.tobytes()) for value in arrays]
    try:
        answer = function(*arguments, **options)
        encoded = values.encode(answer)
        shares = isinstance(answer, np.ndarray) and any(np.may_share_memory(answer, value) for value in arrays)
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
        frames = traceback.extract_tb(error.__traceback__)
        places = [frame for frame in frames if frame.filename in cells or "ipykernel" in frame.filename]
    except Exception:  # a learner's own __str__
        message, places = "", []
    where = [places[-1].lineno, (places[-1].line or "")[:200]] if places else None
    return {"name": type(error).__name__[:100], "types": types, "message": message, "where": where}


def serve(requests, replies):
    """Answer one request after the other until the grader closes the pipe."""
    shell = new_shell()
    for line in requests:
        request = json.loads(line)
        if "run" in request:
            outputs, error = run(shell, request["run"])
            reply = {"outputs": outputs, "error": error}
        elif "call" in request:
            arguments = [values.decode(value) for value in request["arguments"]]
            options = {name: values.decode(value) for name, value in request["options"].items()}
            reply = call(shell, request["call"], arguments, options)
        else:
            reply = {"names": [name for name in request["names"] if name in shell.user_ns]}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


if __name__ == "__main__":
    home, packages, stand_in = json.loads(os.environ.pop("CONVLAB_SANDBOX_PATH"))
    limits = json.loads(os.environ.pop("CONVLAB_SANDBOX_LIMITS"))
    sys.path[:0] = ["/worker", packages]
    # Beside this file; with NumPy, before a student's own numpy.py can take its place.
    values = importlib.import_module("values")

    sys.path[:2] = [home, packages, stand_in]
    channel = open(int(sys.argv[1]), encoding="utf-8"), open(int(sys.argv[2]), "w", encoding="utf-8")
    sys.argv = [""]
    limit(**limits)
    serve(*channel)
