"""The transposed-convolution assignment: its form, its right and wrong answers. test_assignments has its round."""

import copy

from nbgrader.preprocessors import ClearSolutions

import assignment_tools as tools
from convlab.grading.lint import problems
from convlab.grading.points import failing, solution

NAME = "transposed_convolution"
PARTS = {"size": 10, "scatter": 25, "padding": 14, "output_padding": 14, "dilation": 9, "groups": 13, "errors": 9}
FUNCTIONS = ["conv_transpose_output_size", "conv_transpose1d", "conv_transpose2d"]


def test_its_form_and_points():
    assert problems(tools.notebook(NAME)) == []
    assert tools.functions(NAME) == FUNCTIONS
    parts = dict.fromkeys(PARTS, 0)
    for cell, points in tools.points_of(NAME).items():
        parts[max((part for part in PARTS if cell.startswith(part)), key=len)] += points
    assert parts == PARTS
    assert sum(PARTS.values()) == 94  # and 6 by hand


def test_a_blank_release_gets_nothing():
    blank, _ = ClearSolutions().preprocess(copy.deepcopy(tools.notebook(NAME)), {})
    messages = failing(blank, solution(blank))
    assert list(messages) == list(tools.points_of(NAME))
    assert "conv_transpose1d is not written yet." in messages["scatter_1d_one_stamp"]


def test_mistakes_of_the_catalogue_are_named():
    said = " ".join(words for mistakes in tools.wrong(NAME).values() for _, _, words in mistakes.values())
    ids = "M01a M02a M02b M03a M04a M04d M04e M05a M05b M06e M09a M09b M09c M10b M11 M12a M12c M12d M14a M15 M16b"
    for id in [*ids.split(), "M16c", "M18b", "M41"]:
        assert f"({id})" in said, id


def test_a_size_that_is_wrong_costs_the_operators_as_well_where_they_call_it():
    """In the reference both operators ask for the size: that is the student's choice."""
    sources = {"conv_transpose_output_size": tools.edited(NAME, "conv_transpose_output_size", "dilation_left_out")}
    lost = set(failing(tools.notebook(NAME), solution(tools.notebook(NAME), sources)))
    assert {cell.partition("_")[0] for cell in lost} == {"size", "dilation", "groups"}
