"""The walls and what happens behind them, piece by piece; whole attacks are in test_grading_attacks.py."""

import dataclasses
import functools
import itertools
import os
import socket
import time

import numpy as np
import psutil
import pytest

from convlab.grading.sandbox import (
    CodeStopped,
    Sandbox,
    SandboxMissing,
    StudentError,
    StudentFunction,
    bubblewrap,
    own_files,
    pool,
    session,
    wire,
)
from convlab.grading.sandbox.bubblewrap import Policy
from convlab.grading.sandbox.pool import Pool, WorkerProcess

pytestmark = [
    pytest.mark.assignments,
    pytest.mark.skipif(bubblewrap.why_unavailable() is not None, reason=str(bubblewrap.why_unavailable())),
]

SMALL = Policy(seconds=3, total_seconds=30, memory=1000, disk=10, files=500, processes=16)
REPOSITORY = os.path.dirname(os.path.dirname(__file__))
PATIENT = dataclasses.replace(SMALL, seconds=30, total_seconds=300)  # walking through all folders takes its time


@pytest.fixture(scope="module", params=["as whoever grades", "as root, like a stranger"])
def inside(request):
    """A sandbox in both of its forms; the second is for graders who are root."""
    stranger = request.param.startswith("as root")
    if stranger and not bubblewrap.changes_user():
        pytest.skip("only root can do this")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bubblewrap, "changes_user", functools.cache(lambda: stranger))
        patch.setenv("CONVLAB_TEST_SECRET", "s3cr3t-of-the-grader")
        bubblewrap._trial.cache_clear()
        with Sandbox({"data.csv": b"1,2", "sub/own.py": b"x = 5"}, PATIENT) as box:
            yield box
        bubblewrap._trial.cache_clear()


def printed(box, source):
    """What a cell prints; it must not fail."""
    outputs, error = box.run(source)
    assert error is None, error
    return "".join(output.get("text", "") for output in outputs)


# ------------------------------------------------------------------ walls


def test_own_files_are_there_and_can_be_written(inside):
    assert printed(inside, "print(open('data.csv').read(), __import__('sub.own').own.x)") == "1,2 5\n"
    assert printed(inside, "open('data.csv', 'w').write('new'); print(open('data.csv').read())") == "new\n"


@pytest.mark.parametrize("path", ["/", "/dev", "/worker", "/packages", "/usr/lib", "/etc", "/proc", "/home"])
def test_nothing_else_can_be_written(inside, path):
    source = f"try:\n    open('{path}/x', 'w')\n    print('written')\nexcept OSError as error:\n    print('refused')"
    assert printed(inside, source) == "refused\n"


WRITABLE = """
import os
own = ("/proc", "/home/student", "/tmp", "/dev/shm", "/dev/pts")
found = []
for folder, names, files in os.walk("/"):
    names[:] = [name for name in names if os.path.join(folder, name) not in own]
    paths = [folder, *(os.path.join(folder, name) for name in files if not folder.startswith("/dev"))]
    found += [path for path in paths if os.access(path, os.W_OK) and not os.path.islink(path)]
print(*found)
"""


def test_no_folder_and_no_file_can_be_written_but_its_own(inside):
    assert printed(inside, WRITABLE) == "\n"


def test_nothing_of_the_machine_is_visible(inside):
    assert set(printed(inside, "import os\nprint(*os.listdir('/'))").split()) <= set(
        "bin dev etc home lib lib32 lib64 packages proc root sbin tmp usr worker opt work".split()
    )
    assert printed(inside, "print(os.listdir('/etc'), os.listdir('/home'))") == "['ld.so.cache'] ['student']\n"
    assert "local" not in printed(inside, "print(os.listdir('/usr'))")
    assert printed(inside, f"print(os.path.exists({REPOSITORY!r} + '/tests'))") == "False\n"


MOUNTS = """
for path in ("/proc/self/mountinfo", "/proc/1/mountinfo", "/proc/self/mountstats", "/proc/mounts", "/etc/mtab"):
    try: print(open(path).read())
    except OSError: pass
"""


def test_where_things_lie_outside_is_not_told(inside):
    assert printed(inside, "import os\nprint(os.listdir('/proc'))") == "['cpuinfo']\n"
    assert printed(inside, MOUNTS) == ""


def test_red_with_a_proc(monkeypatch):
    walls = bubblewrap._walls(SMALL)
    monkeypatch.setattr(bubblewrap, "_walls", lambda policy: [*walls, "--proc", "/proc"])
    with Sandbox(policy=SMALL) as box:
        assert "site-packages/numpy" in printed(box, MOUNTS)  # where it lies outside


def test_no_other_library_is_there(inside):
    source = "import importlib.util\nfor name in ('torch', 'convlab', 'scipy', 'nbgrader', 'nbformat'):\n"
    source += "    found = importlib.util.find_spec(name)\n    print(name, found and found.origin)"
    assert "/" not in printed(inside, source)


def test_environment_of_the_grader_is_hidden(inside):
    text = printed(inside, "import os, sys\nprint(dict(os.environ), sys.argv, sys.orig_argv)")
    assert "worker.py" in text
    assert "s3cr3t" not in text
    assert "pytest" not in text
    assert REPOSITORY not in text


def worker(box):
    """The student's Python, as the grader sees it."""
    return psutil.Process(box.worker.process.pid).children(recursive=True)[-1]


def test_only_its_own_descriptors_are_open(inside):
    printed(inside, "pass")  # it runs
    folder = f"/proc/{worker(inside).pid}/fd"
    paths = [os.readlink(f"{folder}/{number}") for number in os.listdir(folder)]
    own = [path for path in paths if path != "/dev/null" and not path.startswith(("socket:", "anon_inode:"))]
    assert [path.partition(":")[0] for path in own] == ["pipe", "pipe"]  # the others are those of its event loop


def test_it_is_nobody_without_rights(inside):
    assert printed(inside, "import os\nprint(0 in (os.getuid(), os.geteuid(), os.getgid()))") == "False\n"
    with open(f"/proc/{worker(inside).pid}/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_there_is_no_network(inside):
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 1)\n"
        assert printed(inside, source + "    print('open')\nexcept OSError:\n    print('closed')") == "closed\n"


CALLS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def refused(name, *arguments):
    return getattr(libc, name)(*arguments) < 0 and ctypes.get_errno() == 1
print(refused("memfd_create", b"x", 0), refused("shmget", 0, 4096, 0o1600), refused("unshare", 0x10000000),
      refused("mount", b"none", b"/tmp", b"tmpfs", 0, None), refused("ptrace", 0, 0, 0, 0),
      refused("setns", 0, 0), libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) < 0,
      refused("flock", 0, 1), refused("fcntl", 0, 1024, 0), refused("socket", 40, 1, 0), refused("socket", 16, 3, 0),
      refused("fcntl", 0, 1026, 0), refused("socket", 2, 1, 0), refused("socket", 10, 2, 0),
      refused("socketpair", 30, 1, 0, None), refused("setsockopt", 0, 1, 7, None, 0),
      refused("setsockopt", 0, 1, 32, None, 0), refused("setsockopt", 0, 1, 2, None, 0), refused("socket", 1, 1, 0),
      refused("socketpair", 1, 1, 0, None), refused("fcntl", 0, 3, 0))
"""


def test_calls_that_no_homework_needs_are_refused(inside):
    assert printed(inside, CALLS).split() == 17 * ["True"] + 4 * ["False"]


def test_red_without_the_filter(monkeypatch):
    monkeypatch.setattr(pool, "program", lambda: b"")
    with Sandbox(policy=SMALL) as box:
        assert printed(box, CALLS).startswith("False False")


FORKS = """
import os, signal, time
pids = []
try:
    while True:
        pid = os.fork()
        if not pid:
            time.sleep(30)
            os._exit(0)
        pids.append(pid)
except OSError:
    print(len(pids))
for pid in pids:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
"""
FILL = """
import os
total = 0
try:
    for n in range(99):
        total += open(f"/tmp/{n}", "wb").write(bytes(10**6))
except OSError:
    print(total)
for n in range(99):
    if os.path.exists(f"/tmp/{n}"):
        os.remove(f"/tmp/{n}")
"""


def test_budgets_bind_root_too(inside):
    names = ("AS", "NPROC", "FSIZE", "NOFILE", "CORE")
    source = f"import resource\nprint(*(resource.getrlimit(getattr(resource, 'RLIMIT_' + n)) for n in {names}))"
    text = printed(inside, source)
    assert text.split(") (")[0] == f"({1000 * 2**20}, {1000 * 2**20}"
    assert "(16, 16)" in text
    outputs, _ = inside.run(FORKS)
    stopped = not outputs  # where the kernel does not bind root, the grader's own look at it has ended it
    assert stopped or int(outputs[0]["text"]) <= 16


def test_files_are_limited(inside):
    assert 5_000_000 < int(printed(inside, FILL)) <= 10 * 2**20


# ------------------------------------------------------------------ cells and calls


@pytest.fixture(scope="module")
def box():
    with Sandbox(policy=PATIENT) as box:
        yield box


def function(box, source, name="f"):
    box.run(source)
    return StudentFunction(name, box)


def test_values_go_in_and_come_out(box):
    f = function(box, "def f(*a, **k): return a, k")
    answer = f(1, 2.5, np.arange(3), stride=(1, 2), bias=None)
    assert answer[0][:2] == (1, 2.5)
    assert answer[0][2].tolist() == [0, 1, 2]
    assert answer[1] == {"stride": (1, 2), "bias": None}


def test_what_is_no_plain_value_does_not_go_in(box):
    with pytest.raises(TypeError, match="only plain values"):
        function(box, "def f(x): return x")(print)


def test_changed_and_shared_arguments_are_told(box):
    f = function(box, "def f(x):\n    x[0] = 9\n    return x[1:]")
    f(np.zeros(3))
    assert (f.changed, f.shares) == (True, True)
    g = function(box, "def g(x): return x + 1", "g")
    g(np.zeros(3))
    assert (g.changed, g.shares) == (False, False)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("ValueError('bad')", ValueError),
        ("type('Mine', (ValueError,), {})('bad')", ValueError),
        ("type('Mine', (Exception,), {})('bad')", StudentError),
        ("NotImplementedError('bad')", NotImplementedError),
        ("UnicodeDecodeError('utf-8', b'', 0, 1, 'bad')", UnicodeError),
        ("SystemExit('bad')", StudentError),
        ("KeyboardInterrupt('bad')", StudentError),
        ("GeneratorExit('bad')", StudentError),
        ("ExceptionGroup('bad', [ValueError()])", StudentError),
    ],
)
def test_exceptions_become_pythons_own(box, raised, kind):
    f = function(box, f"def f(x):\n    y = x\n    raise {raised}")
    with pytest.raises(kind, match="bad") as caught:
        f(1)
    assert type(caught.value) is kind
    assert caught.value.by_student
    if kind is not StudentError:
        assert caught.value.where == [3, f"raise {raised}"]


def test_a_missing_function_is_named(box):
    with pytest.raises(NameError, match="there is no nowhere in the notebook"):
        StudentFunction("nowhere", box)(1)


def test_a_cell_gives_words_pictures_and_its_error(box):
    outputs, error = box.run("print('hello')\n5\n")
    assert [output["output_type"] for output in outputs] == ["stream", "execute_result"]
    assert outputs[1]["data"] == {"text/plain": "5"}
    outputs, error = box.run("1 / 0")
    assert (outputs, error["name"], error["where"]) == ([], "ZeroDivisionError", [1, "1 / 0"])
    assert error["traceback"][-1] == "ZeroDivisionError: division by zero"


def test_long_output_is_cut_off(box):
    text = printed(box, "for n in range(10**5): print('x' * 100)")
    assert len(text) < 11_000
    assert text.endswith("... the rest is cut off ...")


# ------------------------------------------------------------------ time, death, flood


def test_too_slow_code_is_interrupted_and_what_it_knew_is_kept():
    with Sandbox(policy=Policy(seconds=1, total_seconds=30)) as box:
        _, error = box.run("x = 5\nwhile True: pass")
        assert "longer than 1 seconds" in error["message"]
        f = function(box, "def f(n):\n    while n: pass\n    return x")
        with pytest.raises(TimeoutError, match="longer than 1 seconds"):
            f(1)
        assert f(0) == 5
        assert box.starts == 1


def test_a_function_that_was_too_slow_gets_less_time(monkeypatch):
    monkeypatch.setattr(session, "SHORTEST", 0.25)
    with Sandbox(policy=Policy(seconds=2, total_seconds=60)) as box:
        f = function(box, "def f():\n    while True: pass")
        for seconds in ("2", "0.5", "0.25", "0.25"):
            with pytest.raises(TimeoutError, match=f"longer than {seconds} seconds"):
                f()


def test_code_that_defies_interrupts_is_ended_and_the_cells_run_again(monkeypatch):
    monkeypatch.setattr(session, "GRACE", 0.5)
    with Sandbox(policy=Policy(seconds=1, total_seconds=30)) as box:
        box.run("x = 5")
        f = function(
            box,
            "import signal\ndef f(n):\n    if n: signal.signal(14, signal.SIG_IGN), signal.pause()\n    return x",
        )
        with pytest.raises(TimeoutError):
            f(1)
        assert f(0) == 5
        assert box.starts == 2


def test_the_time_of_a_notebook_is_limited():
    with Sandbox(policy=Policy(seconds=1, total_seconds=2)) as box:
        for _ in range(4):
            _, error = box.run("while True: pass")
        assert "used up its 2 seconds" in error["message"]


def test_death_is_survived_but_not_for_ever():
    with Sandbox(policy=Policy(starts=3)) as box:
        box.run("x = 5")
        f = function(box, "def f(n):\n    if n: __import__('os')._exit(0)\n    return x")
        for _ in range(2):
            with pytest.raises(TimeoutError, match="Python stopped"):
                f(1)
            assert f(0) == 5
        with pytest.raises(TimeoutError, match="Python stopped"):
            f(1)
        with pytest.raises(TimeoutError, match="died 3 times"):
            f(0)


MUCH_MEMORY = """
import os, time
for n in range(8):
    if not os.fork():
        kept = bytearray(b"x") * 3 * 10**8
        time.sleep(60)
time.sleep(60)
"""
FULL_SOCKETS = """
import os, socket, time
kept = []
for n in range(10):
    if not os.fork():
        while True:
            try: pair = socket.socketpair()
            except OSError: time.sleep(60)
            kept += pair
            for each in pair:
                each.setblocking(False)
                try:
                    while True: each.send(bytes(60_000))
                except OSError: pass
time.sleep(60)
"""
MANY_FILES = "for n in range(10**6): open(f'/tmp/{n}', 'w').close()"
LONG_REPLY = """
import os
while True:
    for n in range(3, 300):
        try: os.write(n, b"[" * 9999)
        except OSError: pass
"""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (MUCH_MEMORY, "too much memory"),
        (FULL_SOCKETS, "too many descriptors"),
        (MANY_FILES, "too many files"),
        (LONG_REPLY, "the reply is too long"),
    ],
    ids=["memory", "sockets", "files", "reply"],
)
def test_what_the_kernel_does_not_limit_is_watched(source, words):
    with Sandbox(policy=Policy(seconds=50, memory=1000, files=500)) as box:
        _, error = box.run(source)
        assert words in error["message"]


LEFT_BEHIND = """
import os, time
for n in range(8):
    if not os.fork():
        time.sleep(0.5)
        kept = bytearray(b"x") * 3 * 10**8
        time.sleep(60)
"""


def memory(box):
    return sum(process.memory_info().rss for process in inside_of([box.worker]))


def test_what_is_left_behind_is_watched_while_the_grader_thinks():
    with Sandbox(policy=Policy(seconds=50, memory=1000)) as box:
        assert box.run(LEFT_BEHIND)[1] is None
        assert memory(box)
        deadline = time.monotonic() + 20
        while inside_of([box.worker]) and time.monotonic() < deadline:
            time.sleep(0.1)  # nobody waits for a reply
        assert not inside_of([box.worker])
        assert "Python stopped" in box.run("1")[1]["message"]


def test_red_without_a_guard(monkeypatch):
    monkeypatch.setattr(session, "_guard", lambda sandbox, worker: None)
    with Sandbox(policy=Policy(seconds=50, memory=500)) as box:
        box.run(LEFT_BEHIND.replace("range(8)", "range(3)"))
        deadline = time.monotonic() + 20
        while memory(box) < 800e6 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert memory(box) >= 800e6


TWO_REPLIES = """
import os
def f():
    for n in range(3, 300):
        try: os.write(n, b'{"value": {"int": "5"}}\\n' * 2)
        except OSError: pass
"""


def test_two_replies_to_one_request_are_none():
    with Sandbox(policy=SMALL) as box, pytest.raises(TimeoutError, match="Python stopped"):
        function(box, TWO_REPLIES)()


# ------------------------------------------------------------------ workers


def test_a_worker_is_ready_before_it_is_needed():
    workers = Pool(SMALL)
    workers.ahead = True
    workers.prepare()
    first = workers._ready[0]
    with Sandbox(pool=workers) as box:
        box.run("x = 1")
        assert box.worker is first
        assert len(workers._ready) == 1
        assert workers._ready[0] is not first
    workers.close()
    assert workers._ready == []


def test_no_two_workers_have_the_same_user(monkeypatch):
    monkeypatch.setattr(pool, "STRANGERS", range(61_000, 61_003))
    monkeypatch.setattr(pool, "COUNT", itertools.repeat(1))
    with socket.socket(socket.AF_UNIX) as other:
        other.bind("\0sandbox-user-61001")
        with pytest.raises(SandboxMissing, match="taken"):
            pool._stranger()
        monkeypatch.setattr(pool, "COUNT", itertools.count(1))
        user, claim = pool._stranger()
        assert user == 61_002
        claim.close()
        monkeypatch.setattr(pool, "_users", lambda: {61_001, 61_002})
        user, claim = pool._stranger()
        assert user == 61_000
        claim.close()


def inside_of(workers):
    return [child for each in workers for child in psutil.Process(each.process.pid).children(recursive=True)]


def test_nothing_is_left_when_a_worker_is_closed_or_forgotten():
    workers = [WorkerProcess(SMALL), WorkerProcess(SMALL)]
    deadline = time.monotonic() + 10
    while len(inside_of(workers)) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    inside = inside_of(workers)
    assert len(inside) >= 4
    workers[0].close()
    workers.clear()
    assert psutil.wait_procs(inside, timeout=10)[1] == []


def test_a_worker_that_does_not_start_says_why(monkeypatch):
    monkeypatch.setattr(bubblewrap, "packages", lambda libraries: {})
    with pytest.raises(SandboxMissing, match=r"did not open: .*No module named 'numpy'"):
        Sandbox(policy=SMALL).run("1")


def test_without_a_wall_it_is_a_plain_process_in_a_temporary_folder():
    with Sandbox({"data.csv": b"1,2"}, dataclasses.replace(SMALL, locked=False)) as box:
        folder = printed(box, "import os\nprint(os.getcwd())").strip()
        assert os.listdir(folder) == ["data.csv"]
        assert function(box, "def f(x): return 2 * x")(np.array([3])).tolist() == [6]
    assert not os.path.exists(folder)


# ------------------------------------------------------------------ a submission's own files


def test_own_files_are_plain_and_visible(tmp_path):
    for name in ("a.csv", "sub/b.txt", ".hidden", "sub/.git/config", "x.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    assert own_files(tmp_path) == {"a.csv": b"a.csv", os.path.join("sub", "b.txt"): b"sub/b.txt"}


def test_what_a_reply_says_is_not_believed(monkeypatch):
    """A worker that lies about everything but values: only plain values and words come of it."""

    class Lying:
        cells = (("x = 1\nraise ValueError", 1),)

        def __init__(self, reply):
            self.reply = reply

        def call(self, *arguments):
            return self.reply

    for reply in ({}, {"value": None}, {"value": {"array": [1]}}, {"value": [1], "changed": "yes"}):
        with pytest.raises(StudentError, match="could not be read"):
            StudentFunction("f", Lying(reply))()
    f = StudentFunction("f", Lying({"value": wire.encode(5), "changed": "yes", "shares": [1]}))
    assert (f(), f.changed, f.shares) == (5, False, False)
    for where, kept in (
        ([2, "raise ValueError"], [2, "raise ValueError"]),
        ([1, "secret"], None),
        (["<b>", "x"], None),
        ([9, "x"], None),
        ([-1, ""], None),
        (3, None),
    ):
        with pytest.raises(ValueError, match="bad") as caught:
            StudentFunction("f", Lying({"error": {"types": ["ValueError"], "message": "bad", "where": where}}))()
        assert caught.value.where == kept
    for types in (["BaseException"], ["SystemExit"], ["print"], ["__import__"], 5, [[]], None):
        with pytest.raises(StudentError):
            StudentFunction("f", Lying({"error": {"types": types, "message": "bad"}}))()
    with pytest.raises(StudentError):
        StudentFunction("f", Lying({"error": "words"}))()


def test_stopped_code_is_a_time_out_for_the_tests():
    class Stopped:
        def call(self, *arguments):
            raise CodeStopped("too long")

    with pytest.raises(TimeoutError, match="too long"):
        StudentFunction("f", Stopped())()
