"""The sandbox is a package that could be released alone: it works where there is no convlab."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from convlab.grading import sandbox

pytestmark = pytest.mark.skipif(sandbox.why_unavailable() is not None, reason=str(sandbox.why_unavailable()))

GRADES = """
import importlib, pathlib, sys
sys.modules["convlab"] = None  # whoever imports it fails
import alone
for path in pathlib.Path(alone.__file__).parent.glob("[a-z]*.py"):
    importlib.import_module(f"alone.{path.stem}")
missing = [name for name in alone.__all__ if not hasattr(alone, name)]
from nbformat.v4 import new_code_cell, new_notebook
test = new_code_cell("assert double(2) == 4", metadata={"nbgrader": {"grade": True, "grade_id": "one", "points": 1}})
notebook = new_notebook(cells=[new_code_cell("def double(x): return 2 * x"), test])
with alone.Sandbox() as box:
    print(missing, [check.passed for check in alone.grade(notebook, box)], "nbgrader" in sys.modules)
"""


def grades(folder):
    command = [sys.executable, "-W", "ignore", "-c", GRADES]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(Path(sandbox.__file__).parent, tmp_path / "alone")
    return tmp_path


def test_it_grades_without_convlab(copied):
    done = grades(copied)
    assert done.stdout == "[] [True] True\n", done.stderr


def test_red_where_it_imports_convlab(copied):
    with (copied / "alone" / "wire.py").open("a") as file:
        file.write("from convlab import arithmetic\n")
    assert "import of convlab halted" in grades(copied).stderr


def test_a_learners_notebook_does_not_load_nbgrader():
    source = "import sys, convlab.grading\nprint({'nbgrader', 'nbconvert', 'psutil'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120)
    assert done.stdout == "set()\n", done.stderr
