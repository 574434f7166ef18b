"""Lessons, run as a learner runs them: back and forth, without PyTorch, with wrong answers."""

import ast
import os
import re

import nbformat
import pytest
from nbclient import NotebookClient

from convlab.feedback import checks
from lesson_answers import NUMBERS, answers
from test_course_coverage import coverage
from test_notebooks import FOLDER

STEMS = sorted(path.stem for path in FOLDER.glob("*.ipynb") if path.stem[:2] in NUMBERS)
SHOWN = coverage.shown_by


def read(stem):
    return nbformat.read(FOLDER / f"{stem}.ipynb", 4)


def pytorch(cell):
    return "pytorch" in cell.metadata.get("tags", [])


def client_of(notebook):
    """A client that joins what one stream prints: in how many pieces it comes changes from run to run."""
    resources = {"metadata": {"path": str(FOLDER)}}
    return NotebookClient(notebook, timeout=120, kernel_name="python3", coalesce_streams=True, resources=resources)


def differences_backwards(notebook):
    """Cells that show something else when they are run once more, from the last to the first."""
    stored = [SHOWN(cell) for cell in notebook.cells]
    found = []
    client = client_of(notebook)
    with client.setup_kernel(env={**os.environ, "CONVLAB_STATIC": "1"}):
        numbers = [number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        for number in numbers:
            client.execute_cell(notebook.cells[number], number)
        for number in reversed(numbers):
            try:
                client.execute_cell(notebook.cells[number], number)
            except Exception as error:  # whatever the cell raises is a complaint
                found.append(f"{notebook.cells[number].id}: {type(error).__name__}")
                continue
            if SHOWN(notebook.cells[number]) != stored[number]:
                found.append(notebook.cells[number].id)
    return found


def differences_without_pytorch(notebook):
    """Cells that show something else where the cells of PyTorch are not run and torch cannot be imported."""
    stored = {cell.id: SHOWN(cell) for cell in notebook.cells}
    notebook.cells = [cell for cell in notebook.cells if not pytorch(cell)]
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import sys\nsys.modules['torch'] = None"))
    found = []
    client = client_of(notebook)
    with client.setup_kernel(env={**os.environ, "CONVLAB_STATIC": "1"}):
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                client.execute_cell(cell, number)
                if number and SHOWN(cell) != stored[cell.id]:
                    found.append(cell.id)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_each_cell_run_again_backwards_shows_the_same(stem):
    assert differences_backwards(read(stem)) == []


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_the_lesson_can_be_followed_without_pytorch(stem):
    assert differences_without_pytorch(read(stem)) == []


def small(*sources):
    cells = []
    for number, (source, shown) in enumerate(sources):
        cell = nbformat.v4.new_code_cell(source)
        cell.outputs = [nbformat.v4.new_output("stream", text=shown)] if shown else []
        cell.id = f"cell-{number}"
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.slow
def test_a_name_that_is_used_again_is_found():
    assert differences_backwards(small(("x = 1", ""), ("print(x)", "1\n"), ("x = 2", ""))) == ["cell-1"]


@pytest.mark.slow
def test_a_cell_that_fails_again_is_found():
    assert differences_backwards(small(("x = [1]", ""), ("y = x.pop()", ""))) == ["cell-1: CellExecutionError"]


@pytest.mark.slow
def test_a_cell_whose_output_hangs_on_pytorch_is_found():
    source = "import sys\nprint(sys.modules.get('torch', 'absent'))"
    assert differences_without_pytorch(small((source, "absent\n"))) == ["cell-0"]


# --- exercises, answered -----------------------------------------------------------------------------------------


def outcomes(stem):
    """``{cell id: what each of its answers gets}``: a lesson's cells are run in order, in this process."""
    namespace, found = {}, {}
    wanted = answers(stem[:2])
    for cell in read(stem).cells:
        if cell.cell_type != "code" or pytorch(cell):
            continue
        if cell.id in wanted:
            checks.forget()
            found[cell.id] = [answered(cell.source, answer, namespace) for answer in wanted[cell.id]]
        else:
            exec(cell.source, namespace)
    return found


def answered(source, answer, namespace):
    """What a check's cell shows when its first ``...`` is replaced; its last expression is the feedback."""
    whole = (
        re.sub(r"return \.\.\.", lambda _: answer, source, count=1)
        if "return ..." in source
        else source.replace("...", answer, 1)
    )
    tree = ast.parse(whole)
    last = tree.body.pop()
    exec(compile(tree, "<answer>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<check>", "eval"), namespace)


def exercise_complaints(found):
    complaints = []
    for name, (right, *wrong) in found.items():
        if not right.passed:
            complaints.append(f"{name}: the right answer is not accepted: {right}")
        if len(wrong) < 3:
            complaints.append(f"{name}: {len(wrong)} wrong answers are tried, at least 3 are wanted")
        complaints += [
            f"{name}: wrong answer {n} is accepted" for n, feedback in enumerate(wrong, 1) if feedback.passed
        ]
        if any(len(str(feedback)) < 20 for feedback in wrong):
            complaints.append(f"{name}: a wrong answer gets no hint")
        if (
            len(wrong) >= 3
            and len(str(wrong[2]).splitlines()) < 2
            and not re.search("large|small|Right for", str(wrong[2]))
        ):
            complaints.append(f"{name}: the third wrong answer gets no more than the first: {wrong[2]}")
    return complaints


@pytest.mark.parametrize("stem", STEMS)
def test_every_exercise_knows_right_from_wrong(stem):
    names = [
        cell.id
        for cell in read(stem).cells
        if cell.cell_type == "code" and re.search(r"^check\.", cell.source, re.MULTILINE)
    ]
    found = outcomes(stem)
    assert sorted(found) == sorted(names)
    assert exercise_complaints(found) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["[1]", "[2]", "[3]", "[4]"], "not accepted"),
        (["[2, 3]", "[3, 2]", "[1, 1]"], "2 wrong answers"),
        (["[2, 3]", "[3, 2]", "[2, 3]", "[1, 1]"], "wrong answer 2 is accepted"),
    ],
)
def test_a_weak_exercise_is_found(answers, words):
    checks.forget()
    source, namespace = "answer = ...\ncheck.equal(answer, 'conv1d', [2, 3], [1])", {"check": checks}
    found = {"exercise": [answered(source, answer, namespace) for answer in answers]}
    assert any(words in complaint for complaint in exercise_complaints(found))
