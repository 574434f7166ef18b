"""Small changes of the reference solutions must lose points. A sample here; ``make tables`` tries all."""

import pytest

from tools import submissions
from tools.mutants import mutants, survivors

EVERY = {"framework_translator": 1, "upsampling": 1}  # try one mutant in so many, 3 where nothing is said

# What the last test needs of the transposed-convolution assignment.
KEPT = ["tools", "conv-transpose-output-size", "conv-transpose2d", "padding-2d"]
ROOM = "full = np.zeros((batch, groups * group_out, height + 2 * padding[0], width + 2 * padding[1]))"


@pytest.mark.slow
@pytest.mark.parametrize("assignment", submissions.assignments())
def test_mutants_lose_points(assignment):
    tried, alive = survivors(submissions.notebook(assignment), every=EVERY.get(assignment, 3))
    assert tried >= 50
    assert [mutant for mutant in alive if mutant not in submissions.equivalent(assignment)] == []


@pytest.mark.parametrize("assignment", submissions.assignments())
def test_what_counts_as_equivalent_is_a_mutant_and_has_a_reason(assignment):
    known = set()
    for function in submissions.functions(assignment):
        cell, text = submissions.solution_cell(assignment, function)
        lines = ["a slice", *(line.strip() for line in text.splitlines())]
        known |= {(cell, lines[number], change) for number, change, _ in mutants(text)}
    assert set(submissions.equivalent(assignment)) <= known
    assert all(submissions.equivalent(assignment).values())


def test_an_exchange_that_changes_nothing_is_no_mutant():
    text = "f(g(a, b), h(a, b)), f(max(a, b), a), f(np.minimum(a, b), a, 0), f(a, a), (0, 0)"
    exchanged = [code for _, change, code in mutants(text) if "exchanged" in change]
    assert len(exchanged) == 4  # those of g and h, and both with two arguments of f that differ


def test_a_solution_that_loses_points_stops_the_run():
    notebook = submissions.notebook("transposed_convolution")
    broken = {**notebook, "cells": [cell for cell in notebook.cells if cell.id != "conv-transpose1d"]}
    with pytest.raises(ValueError, match="the solution itself loses points: scatter_1d_one_stamp"):
        survivors(broken)


def test_a_check_that_was_lost_shows():
    """Without its hidden case for rows of much padding, a change of the 2-D solution costs nothing."""
    notebook = submissions.notebook("transposed_convolution").copy()
    notebook["cells"] = [cell.copy() for cell in notebook.cells if cell.id in KEPT]
    for cell in notebook.cells:
        cell.source = "\n".join(line for line in cell.source.splitlines() if '"padding": (4, 1)' not in line)
    _, alive = survivors(notebook)
    assert ("conv_transpose2d", ROOM, "Mult to Add") in alive
