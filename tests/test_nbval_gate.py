"""The comparison of notebooks with their stored results (``make nbval``) goes red when it should.

The runs here use the Makefile's own command, so what is proved is the gate that ``make test`` uses.
"""

import copy
import os
import pathlib
import re
import subprocess

import nbformat
import pytest

import test_notebooks
from tools import execute_notebooks

pytestmark = pytest.mark.slow

REPOSITORY = pathlib.Path(__file__).parents[1]

CELLS = [
    "import numpy as np",
    'print("sizes:", [2 * (i - 1) + 3 for i in range(1, 4)])',
    "np.arange(6).reshape(2, 3)",
    'import os\n\nos.environ["CONVLAB_STATIC"]',
    'from IPython.display import HTML\n\nHTML(\'<img alt="a dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">\')',
]


def make(*arguments):
    """Run make in the repository, as from a user's shell; ``-o``: do not set .venv up anew in the middle of a test."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTEST"))
    }
    environment["PYTEST_ADDOPTS"] = "-rA --color=no"
    command = ["make", "--no-print-directory", "-o", ".venv/.convlab-ready", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=300)


def cells_by_result(run, word):
    """The ``(notebook, cell)`` pairs that pytest lists as PASSED or FAILED, cells counted from 0."""
    lines = re.findall(rf"^{word} \S*?(\w+)\.ipynb::Cell (\d+)", run.stdout, re.MULTILINE)
    return {(name, int(cell)) for name, cell in lines}


def notebook_of(*sources):
    new = nbformat.v4
    return execute_notebooks.clean(new.new_notebook(cells=[new.new_code_cell(source) for source in sources]))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A small notebook, executed as ``make notebooks`` does it."""
    return execute_notebooks.execute(notebook_of(*CELLS), tmp_path_factory.mktemp("executed"))


def test_unchanged_notebook_is_green(executed, tmp_path):
    nbformat.write(executed, tmp_path / "same.ipynb")
    run = make("nbval", f"NOTEBOOKS={tmp_path}")
    assert run.returncode == 0, run.stdout
    assert cells_by_result(run, "PASSED") == {("same", cell) for cell in range(len(CELLS))}


def stored_text(notebook):
    notebook.cells[1].outputs[0].text = "sizes: [3, 5, 8]\n"


def stored_array(notebook):
    notebook.cells[2].outputs[0].data["text/plain"] = "array([[0, 1, 2],\n       [3, 4, 6]])"


def stored_picture(notebook):
    html = notebook.cells[4].outputs[0].data["text/html"]
    notebook.cells[4].outputs[0].data["text/html"] = html.replace("a dot", "two dots")


def output_gone(notebook):
    notebook.cells[1].outputs = []


def code_changed(notebook):
    notebook.cells[1].source = notebook.cells[1].source.replace("+ 3", "+ 2")


def code_raises(notebook):
    notebook.cells[2].source = "np.arange(6).reshape(4, 3)"


def code_warns(notebook):
    notebook.cells[1].source = 'import warnings\n\nwarnings.warn("old")\n' + notebook.cells[1].source


PLANTED = {
    stored_text: 1,
    stored_array: 2,
    stored_picture: 4,
    output_gone: 1,
    code_changed: 1,
    code_raises: 2,
    code_warns: 1,
}


def test_each_planted_fault_is_red_and_only_that(executed, tmp_path):
    """All files of the folder are taken up without a list; in each, the one wrong cell fails and the others pass."""
    for plant in PLANTED:
        notebook = copy.deepcopy(executed)
        plant(notebook)
        nbformat.write(notebook, tmp_path / f"{plant.__name__}.ipynb")
    run = make("nbval", f"NOTEBOOKS={tmp_path}")
    assert run.returncode != 0
    wrong = {(plant.__name__, cell) for plant, cell in PLANTED.items()}
    everything = {(plant.__name__, cell) for plant in PLANTED for cell in range(len(CELLS))}
    assert cells_by_result(run, "FAILED") == wrong, run.stdout
    assert cells_by_result(run, "PASSED") == everything - wrong


def test_a_cell_without_count_is_caught_by_the_rules_because_nbval_does_not_compare_it(executed, tmp_path):
    notebook = copy.deepcopy(executed)
    stored_text(notebook)
    notebook.cells[1].execution_count = None
    notebook.cells[1].outputs = []
    nbformat.write(notebook, tmp_path / "uncounted.ipynb")
    lesson = test_notebooks.read(tmp_path / "uncounted.ipynb")
    assert test_notebooks.run_in_order(lesson)
    run = make("nbval", f"NOTEBOOKS={tmp_path}")
    assert run.returncode == 0, "nbval now compares cells without a count: the rule may be relaxed"


def test_empty_folder_is_red(tmp_path):
    assert make("nbval", f"NOTEBOOKS={tmp_path}").returncode != 0


def test_executing_again_changes_nothing(tmp_path):
    path = tmp_path / "01_a_title.ipynb"
    notebook = notebook_of(*CELLS)
    notebook.cells[0].metadata = nbformat.from_dict({"tags": ["kept"], "collapsed": True})
    nbformat.write(notebook, path)
    run = make("notebooks", f"NOTEBOOKS={tmp_path}")
    assert run.returncode == 0, run.stderr
    first = path.read_bytes()
    execute_notebooks.main([str(path)])
    assert path.read_bytes() == first
    lesson = test_notebooks.read(path)
    for rule in (test_notebooks.valid_format, test_notebooks.run_in_order, test_notebooks.kernel):
        assert rule(lesson) == []
    assert test_notebooks.no_leftovers(lesson) == []
    assert lesson.notebook.cells[0].metadata == {"tags": ["kept"]}


def test_widget_cells_run_and_their_state_is_not_kept(tmp_path):
    """With nbclient's own option to store no state, a cell with an Output widget would fail."""
    widget = "import ipywidgets\n\nout = ipywidgets.Output()\nwith out:\n    print(6)\nout"
    notebook = execute_notebooks.execute(notebook_of(widget), tmp_path)
    assert "widgets" not in notebook.metadata
    assert "Output" in notebook.cells[0].outputs[0].data["text/plain"]


def test_failing_notebook_is_left_as_it_was(tmp_path):
    path = tmp_path / "fails.ipynb"
    nbformat.write(notebook_of("1 + 1", "1 / 0"), path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match="ZeroDivisionError"):
        execute_notebooks.main([str(path)])
    assert path.read_bytes() == before


def test_nothing_to_execute_is_an_error(tmp_path):
    with pytest.raises(SystemExit, match="no notebook"):
        execute_notebooks.main([str(tmp_path)])
