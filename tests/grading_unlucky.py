"""Honest submissions with bad luck for :mod:`test_grading_unlucky`, each with the tests that its code passes."""

import copy
import functools
import json

import nbformat
from nbformat.v4 import new_code_cell

import grading_course as tiny

ALL = set(tiny.POINTS)
CASES = {}


def case(deserves=ALL):
    """A right solution to which something happens; the function changes the notebook, or gives another one."""

    def keep(change):
        CASES[change.__name__] = change, set(deserves)
        return change

    return keep


def place(notebook, name):
    return next(n for n, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def split(notebook, name, *pieces):
    """What JupyterLab's Split Cell does: every piece keeps the metadata."""
    at = place(notebook, name)
    cells = []
    for number, piece in enumerate(pieces):
        cells.append(copy.deepcopy(notebook.cells[at]))
        cells[-1].update(source=piece.strip("\n"), id=f"{cells[-1].id}-{number}")
    notebook.cells[at : at + 1] = cells


def split_before(notebook, cell, before):
    """Split before a line that begins so."""
    source = tiny.cell_of(notebook, cell).source
    at = source.index(before)
    split(notebook, cell, source[:at], source[at:])


def again(notebook, name):
    """What copying and pasting a cell gives."""
    cell = copy.deepcopy(tiny.cell_of(notebook, name))
    cell.id = f"again-{name}"
    return cell


def scratch(notebook, source, after="size_code"):
    notebook.cells.insert(place(notebook, after) + 1, new_code_cell(source))


def with_line(notebook, name, line):
    """A line at the beginning of a function's body."""
    cell = tiny.cell_of(notebook, name)
    cell.source = cell.source.replace("    ### BEGIN SOLUTION\n", f"{line}\n", 1)


def retyped(notebook, kinds):
    """Cells turned into markdown or raw text."""
    for name, kind in kinds.items():
        cell = tiny.cell_of(notebook, name)
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]


def scratch_cells(deserves=ALL, after=("size_code",), **cases):
    """A family: cells of one's own below others, ``name=sources``."""
    for name, sources in cases.items():

        def change(notebook, sources=sources):
            for source in [sources] if isinstance(sources, str) else sources:
                for other in after:
                    scratch(notebook, source, other)

        CASES[name] = change, set(deserves)


def lines(deserves, name, cell, line):
    """A family: a line in a function."""
    CASES[name] = lambda notebook: with_line(notebook, cell, f"    {line}"), set(deserves)


# ------------------------------------------------------------------ cells of one's own

scratch_cells(
    warnings_as_errors_in_a_scratch_cell="import warnings\nwarnings.simplefilter('error')\nwarnings.warn('an error')",
    scratch_cell_never_ends="x = 1\nwhile True:\n    x += 1",
    scratch_cell_dies="import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    exits_in_a_scratch_cell=["exit()", "import sys\nsys.exit(1)"],
    figures="import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.imshow([[1, 2]])",
    return_and_await_outside_functions=[
        "return 3",
        "import asyncio\nawait asyncio.sleep(0)\nvalue = await asyncio.sleep(0, 3)",
    ],
    syntax_error_in_a_scratch_cell="for x in:\n  print(",
    convlab_in_a_scratch_cell="from convlab import checks, reference\nfrom convlab.explorers import matrix_explorer\n"
    "checks.predict(3)",
)
scratch_cells(
    after=("stamp_code",),
    torch_in_a_scratch_cell="import torch\nimport torch.nn.functional as F\nx = torch.ones(1, 1, 2)\n"
    "print(F.conv_transpose1d(x, x))",
)
scratch_cells(deserves={"size", "refuse"}, after=("stamp_code",), name_used_again_above="np = 3")
scratch_cells(
    after=("size", "stamp"),
    scratch_names_like_ours="F = convlab_grading = check_call = torch = wire = json = sys = shell = call = run = 3",
)
scratch_cells(
    after=(tiny.WRITTEN,),
    name_used_again_further_down="np = 3\nconv_transpose_output_size = 5\nlen = print = None",
)

# ------------------------------------------------------------------ lines in a function

for family in (
    (ALL, "print_in_every_call", "size_code", "print('called with', input_size, kernel_size)"),
    ({"refuse", "stamp", "alone"}, "never_ends_for_some_sizes", "size_code", "while kernel_size == 5: pass"),
    (
        {"size", "refuse", "stamp"},
        "dies_in_the_last_check",
        "stamp_code",
        "if weight.shape[2] == 1:\n        __import__('os')._exit(1)",
    ),
):
    lines(*family)


@case()
def warning_and_stderr_in_the_solution(notebook):
    noise = "    import sys, warnings\n    warnings.warn('careful')\n    print('debugging', file=sys.stderr)"
    with_line(notebook, "stamp_code", noise)
    with_line(notebook, "size_code", noise)


@case()
def very_long_prints(notebook):
    with_line(notebook, "size_code", "    print('x' * 10**6)")
    scratch(notebook, "for n in range(3000): print('row', n, 'y' * 1000)")


# ------------------------------------------------------------------ cells split, copied, moved, deleted, retyped

SPLIT = {
    "checks_split": ("stamp", "convlab_grading."),
    "solution_cell_split_in_a_function": ("stamp_code", "    for t in"),
}
for name, (cell, before) in SPLIT.items():
    CASES[name] = functools.partial(split_before, cell=cell, before=before), ALL


@case()
def solution_cell_split_between_functions(notebook):
    cell = tiny.cell_of(notebook, "stamp_code")
    cell.source = f"def own_helper():\n    return 0\n\n\n{cell.source}"
    split_before(notebook, "stamp_code", "def conv")


@case()
def solution_cell_split_in_a_line(notebook):
    first, second = tiny.cell_of(notebook, "size_code").source.split("- 2 * padding")
    split(notebook, "size_code", f"{first}- 2", f" * padding{second}")


@case()
def solution_cell_split_with_a_scratch_cell_between(notebook):
    split_before(notebook, "stamp_code", "    for t in")
    notebook.cells.insert(place(notebook, "stamp_code") + 1, new_code_cell("1 + 1"))


@case()
def solution_cell_copied(notebook):
    copied = again(notebook, "stamp_code")
    tiny.cell_of(notebook, "stamp_code").source = "def conv_transpose1d(*a, **k):\n    return 'a first try'"
    notebook.cells.insert(place(notebook, "stamp") + 1, copied)


@case()
def checks_copied(notebook):
    for name in tiny.POINTS:
        notebook.cells.append(again(notebook, name))


@case()
def needed_code_in_a_copy_of_a_test_cell(notebook):
    copied = again(notebook, "size")
    copied.source = "def add(output, new):\n    return output + new"
    with_line(notebook, "stamp_code", "    assert add(1, 2) == 3")
    notebook.cells.append(copied)


@case()
def checks_deleted(notebook):
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in ALL]


@case()
def given_cell_deleted(notebook):
    del notebook.cells[place(notebook, "tools")]


@case({"size", "refuse"})
def solution_cell_deleted(notebook):
    del notebook.cells[place(notebook, "stamp_code")]


@case()
def solution_in_a_cell_of_its_own(notebook):
    source = tiny.cell_of(notebook, "stamp_code").source
    del notebook.cells[place(notebook, "stamp_code")]
    notebook.cells.append(new_code_cell(source))


for name, kinds in {
    "checks_turned_into_markdown": {"size": "markdown", "stamp": "raw"},
    "solution_cell_turned_into_markdown": {"size_code": "markdown"},
}.items():
    CASES[name] = functools.partial(retyped, kinds=kinds), ALL


@case()
def all_metadata_lost(notebook):
    for cell in notebook.cells:
        cell.metadata.clear()
    notebook.metadata.clear()


@case()
def helper_defined_below(notebook):
    with_line(notebook, "stamp_code", "    defined_below()")
    notebook.cells.append(new_code_cell("def defined_below():\n    pass"))


@case()
def cells_in_another_order(notebook):
    notebook.cells.reverse()


@case()
def run_out_of_order_and_saved(notebook):
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count = 99 - number
        cell.outputs = [nbformat.v4.new_output("error", ename="E", evalue="old", traceback=["old"])]


# ------------------------------------------------------------------ names


@case()
def redefined_right_further_down(notebook):
    right = tiny.cell_of(notebook, "stamp_code").source
    tiny.cell_of(notebook, "stamp_code").source = "def conv_transpose1d(*a, **k):\n    return None"
    notebook.cells.append(new_code_cell(right))


# ------------------------------------------------------------------ Python dies, or does not end


@case()
def endless_line_below_the_function(notebook):
    tiny.cell_of(notebook, "size_code").source += "\n\nwhile True: pass"


# ------------------------------------------------------------------ what notebooks can do


@case()
def magics(notebook):
    scratch(notebook, "%matplotlib inline\n%time 1 + 1\n!ls -la\nfiles = !ls\n%load_ext autoreload")
    scratch(notebook, "%%time\nx = 3")
    scratch(notebook, "%%bash\nls")
    cell = tiny.cell_of(notebook, "stamp_code")
    cell.source = f"%matplotlib inline\n{cell.source}\n%time conv_transpose1d(np.ones((1, 1, 2)), np.ones((1, 1, 2)))"


@case()
def asks_somebody(notebook):
    cell = tiny.cell_of(notebook, "size_code")
    cell.source = f"name = input('Your name? ')\n{cell.source}"


@case({"size", "refuse"})
def syntax_error_in_one_cell(notebook):
    tiny.cell_of(notebook, "stamp_code").source += "\nif"


# ------------------------------------------------------------------ libraries and files


@case()
def torch_imported_in_the_solution(notebook):
    cell = tiny.cell_of(notebook, "stamp_code")
    imports = "import torch\nfrom torch import nn, Tensor\nfrom scipy import signal\n\n\n@torch.no_grad()\n"
    cell.source = imports + cell.source
    with_line(notebook, "stamp_code", "    if isinstance(input, torch.Tensor):\n        input = input.numpy()")


@case({"size", "refuse"})
def torch_used_in_the_solution(notebook):
    cell = tiny.cell_of(notebook, "stamp_code")
    cell.source = "import torch\n\n\ndef conv_transpose1d(input, weight, *more, **options):\n"
    cell.source += "    return torch.nn.functional.conv_transpose1d(torch.tensor(input), torch.tensor(weight)).numpy()"


@case()
def own_module_and_data(notebook):
    cell = tiny.cell_of(notebook, "size_code")
    cell.source = f"from my_code import twice\nlines = open('data/numbers.csv').read().split()\n{cell.source}"
    with_line(notebook, "size_code", "    assert twice(int(lines[0])) == 14")


def add_own_files(folder):
    (folder / "my_code.py").write_text("def twice(x):\n    return 2 * x\n")
    (folder / "data").mkdir()
    (folder / "data" / "numbers.csv").write_text("7\n8\n")
    (folder / "Icon\r").write_text("")  # macOS makes such files
    (folder / ".DS_Store").write_bytes(b"\x00\xff")
    (folder / "__MACOSX").mkdir()


# ------------------------------------------------------------------ formats


@case()
def other_kernel(notebook):
    notebook.metadata = {"kernelspec": {"name": "my-env", "display_name": "My environment", "language": "python"}}


@case()
def ids_missing(notebook):
    for cell in notebook.cells:
        cell.pop("id")


@case()
def byte_order_mark(notebook):
    return "\ufeff" + json.dumps(notebook)


@case()
def old_minor_format(notebook):
    for cell in notebook.cells:
        cell.pop("id")
    notebook.nbformat_minor = 0


@case()
def format_version_3(notebook):
    cells = []
    for cell in notebook.cells:
        old = {"cell_type": cell.cell_type, "metadata": cell.metadata}
        if cell.cell_type == "code":
            old |= {"input": cell.source.splitlines(keepends=True), "outputs": [], "language": "python"}
        else:
            old |= {"source": cell.source.splitlines(keepends=True)}
        cells.append(old)
    cells.insert(0, {"cell_type": "heading", "level": 2, "source": ["Title"], "metadata": {}})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"}, "worksheets": [{"cells": cells}]}


@case()
def newlines_of_windows(notebook):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


# ------------------------------------------------------------------ who cannot be graded: file, its content, the reason

REASONS = {
    "no_notebook": ("essay.txt", b"I have lost it", "there is no notebook in the folder"),
    "renamed": (
        "my_tiny (1).ipynb",
        b"{}",
        "the notebook is named my_tiny (1).ipynb; give it back its name, tiny.ipynb",
    ),
    "empty_file": ("tiny.ipynb", b"", "the file is empty"),
    "half_of_a_file": (
        "tiny.ipynb",
        b'{"cells": [{"cell_type": "code", "source": "x',
        "cannot be read as JSON (line 1)",
    ),
    "no_text": ("tiny.ipynb", b"PK\x03\x04\xff\xfe\x00", "the file is no text"),
    "other_json": ("tiny.ipynb", b'{"a": 1}', "the file holds no cells"),
    "a_script_with_the_name_of_a_notebook": ("tiny.ipynb", b"import numpy as np\n", "cannot be read as JSON"),
}
