"""The command that prints the tables of the assignments: what it says, and that it goes red on planted faults."""

import subprocess
import sys

import pytest

from tools import submissions, tables
from tools.mutants import survivors

NAME = "dilation_project"
HALVES = [("return total // 2, total - total // 2", "return total / 2, total - total / 2")]
LOST = "pads_same_size pads_same_stride pads_same_none pads_same_together"


@pytest.fixture
def one_mistake(monkeypatch):
    """A table with one wrong answer, to be spoilt."""

    def plant(cells=LOST, words="must be an int"):
        table = {"same_pads": {"floats": (HALVES, cells, words)}}
        monkeypatch.setattr(submissions, "wrong", lambda assignment: table)
        monkeypatch.setattr(submissions, "ideas", lambda assignment: {})

    plant()
    return plant


def test_a_wrong_answer_in_a_row(one_mistake):
    text, faults = tables.wrong_table([NAME], each=True)
    assert faults == []
    assert text.splitlines()[-1] == f"| `same_pads` | floats | 10 | {LOST.replace(' ', ', ')} | must be an int |"
    text, _ = tables.wrong_table([NAME])
    assert text.splitlines()[-1] == f"| {NAME} | `same_pads` | 1 | 10 to 10 | 0 |"


@pytest.mark.parametrize("spoilt", [{"cells": "pads_same_size"}, {"cells": f"{LOST} rf_stack"}, {"words": "(M20)"}])
def test_a_wrong_answer_that_loses_other_points_is_a_fault(one_mistake, spoilt):
    one_mistake(**spoilt)
    _, faults = tables.wrong_table([NAME])
    assert len(faults) == 1
    assert f"{NAME}, same_pads: floats loses pads_same_size" in faults[0]


def test_an_edit_that_finds_nothing_stops_the_run(one_mistake, monkeypatch):
    monkeypatch.setattr(
        submissions, "wrong", lambda assignment: {"same_pads": {"gone": ([("no such text", "")], "", "")}}
    )
    with pytest.raises(ValueError, match="there is no 'no such text' in the reference"):
        tables.wrong_table([NAME])


def test_a_right_answer_that_loses_points_is_a_fault(monkeypatch):
    said, good = submissions.right_methods(NAME)["formulas"]
    bad = good.replace("return math.floor(total / 2), math.ceil(total / 2)", "return total, 0")
    monkeypatch.setattr(submissions, "right_methods", lambda assignment: {"bad": (said, bad), "formulas": (said, good)})
    text, faults = tables.right_table([NAME])
    assert f"| {NAME} | `same_pads` | 2 | bad, formulas |" in text
    assert faults == [f"{NAME}: bad loses {cell}" for cell in LOST.split()]


def test_a_mutant_that_lives_is_a_fault_unless_it_is_known(monkeypatch):
    few = {
        "cells": [
            cell for cell in submissions.notebook(NAME).cells if cell.id in ("tools", "same-pads", "pads-same-size")
        ]
    }
    monkeypatch.setattr(submissions, "notebook", lambda assignment: few)
    _, faults = tables.mutant_table([NAME])
    assert f"{NAME}, same_pads: this mutant lives: FloorDiv to Mult: places = -(-n // s)  # rounded up" in faults
    _, alive = survivors(few)
    monkeypatch.setattr(submissions, "equivalent", lambda assignment: dict.fromkeys(alive, "planted"))
    text, faults = tables.mutant_table([NAME])
    assert faults == []
    assert text.endswith(f"| {len(alive)} | 0 |")


@pytest.mark.slow
def test_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "tools.tables", NAME, "--every", "30"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("All as it should be.\n")
    assert "| dilation_project | `coverage` | 5 | arrays, formulas, loops, recursion, sets |" in done.stdout
