"""Small changes of the reference solutions must lose points. A sample here; tests/grading_tables.py tries all."""

import pytest

import assignment_tools as tools
from convlab.grading.mutants import mutants, survivors

EVERY = 3  # try one mutant in so many

# What the last test needs of the transposed-convolution assignment.
KEPT = ["tools", "conv-transpose-output-size", "conv-transpose2d", "padding-2d"]
ROOM = "full = np.zeros((batch, groups * group_out, height + 2 * padding[0], width + 2 * padding[1]))"


@pytest.mark.slow
@pytest.mark.parametrize("assignment", tools.assignments())
def test_mutants_lose_points(assignment):
    tried, alive = survivors(tools.notebook(assignment), every=EVERY)
    assert tried >= 10
    assert [mutant for mutant in alive if mutant not in tools.equivalent(assignment)] == []


@pytest.mark.parametrize("assignment", tools.assignments())
def test_what_counts_as_equivalent_is_a_mutant_and_has_a_reason(assignment):
    known = set()
    for function in tools.functions(assignment):
        cell, text = tools.solution_cell(assignment, function)
        lines = ["a slice", *(line.strip() for line in text.splitlines())]
        known |= {(cell, lines[number], change) for number, change, _ in mutants(text)}
    assert set(tools.equivalent(assignment)) <= known
    assert all(tools.equivalent(assignment).values())


def test_a_solution_that_loses_points_stops_the_run():
    notebook = tools.notebook("transposed_convolution")
    broken = {**notebook, "cells": [cell for cell in notebook.cells if cell.id != "conv-transpose1d"]}
    with pytest.raises(ValueError, match="the solution itself loses points: scatter_1d_one_stamp"):
        survivors(broken)


def test_a_check_that_was_lost_shows():
    """Without its hidden case for rows of much padding, a change of the 2-D solution costs nothing."""
    notebook = tools.notebook("transposed_convolution").copy()
    notebook["cells"] = [cell.copy() for cell in notebook.cells if cell.id in KEPT]
    for cell in notebook.cells:
        cell.source = "\n".join(line for line in cell.source.splitlines() if '"padding": (4, 1)' not in line)
    _, alive = survivors(notebook)
    assert ("conv_transpose2d", ROOM, "Mult to Add") in alive
