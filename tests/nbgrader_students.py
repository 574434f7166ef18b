"""Students of one course on this machine: each with a home folder, nbgrader's settings in it, and nothing else.

All students are one Unix user here, so ``submit`` is told their name by ``--student``, nbgrader's own option. Each
command runs in a process of its own, but nbgrader is imported once for all of them: that takes 2 seconds each.

Run as a program it reads commands, a line of JSON each, and answers each with a line.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["Nbgrader", "Student"]


class Student:
    """A student who uses the exchange in ``exchange``; everything of theirs lies below ``home``."""

    def __init__(self, name, home, exchange):
        self.name, self.home = name, Path(home) / name
        self.work = self.home / "work"
        self.work.mkdir(parents=True)
        settings = self.home / ".jupyter" / "nbgrader_config.py"
        settings.parent.mkdir()
        lines = ["c = get_config()", f"c.Exchange.root = {str(exchange)!r}", 'c.CourseDirectory.course_id = "convlab"']
        settings.write_text("\n".join(lines))

    @property
    def environment(self):
        """Jupyter's folders."""
        own = {"HOME": "", "JUPYTER_CONFIG_DIR": ".jupyter", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run"}
        return {name: str(self.home / below) for name, below in own.items()}


class Nbgrader:
    """Runs nbgrader's commands, one after the other."""

    def __init__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([sys.executable, "-W", "ignore", __file__], stdin=pipe, stdout=pipe, text=True)

    def __call__(self, words, folder, environment):
        """The exit code of ``nbgrader WORDS`` in a folder, and what it writes."""
        command = {"words": words, "folder": str(folder), "environment": environment}
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.communicate()


def run(words, folder, environment):
    """``nbgrader WORDS`` in a process of its own."""
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            _become_nbgrader(words, folder, environment, output)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        return os.waitstatus_to_exitcode(status), output.read()


def _become_nbgrader(words, folder, environment, output):
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    os.chdir(folder)
    os.environ.update(environment)
    sys.argv = ["nbgrader", *words]
    sys.exit(main())


if __name__ == "__main__":
    from nbgrader.apps.nbgraderapp import main

    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)
