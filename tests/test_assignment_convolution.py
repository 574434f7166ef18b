"""The convolution assignment: its form, its right and wrong answers, and a round through nbgrader."""

import copy

import nbformat
import pytest
import torch
from nbgrader.preprocessors import ClearSolutions

import assignment_tools as tools
from assignment_round import STUB, WRITTEN, Round
from convlab.grading.lint import problems
from convlab.grading.points import failing, solution

NAME = "convolution"
PARTS = {"size": 15, "pad": 5, "conv1d": 25, "conv2d": 27, "groups": 15, "errors": 8}
FUNCTIONS = ["conv_output_size", "pad2d", "conv1d", "conv2d"]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small convolutions: threads would only wait for each other."""
    torch.set_num_threads(1)


def test_its_form_and_points():
    assert problems(tools.notebook(NAME)) == []
    assert tools.functions(NAME) == FUNCTIONS
    parts = dict.fromkeys(PARTS, 0)
    for cell, points in tools.points_of(NAME).items():
        parts[cell.partition("_")[0]] += points
    assert parts == PARTS
    assert sum(PARTS.values()) == 95  # and 5 by hand


def test_a_blank_release_gets_nothing():
    blank, _ = ClearSolutions().preprocess(copy.deepcopy(tools.notebook(NAME)), {})
    messages = failing(blank, solution(blank))
    assert list(messages) == list(tools.points_of(NAME))
    assert "conv1d is not written yet." in messages["conv1d_place"]


def test_mistakes_of_the_catalogue_are_named():
    """Every way of getting a convolution wrong that the catalogue knows is among the wrong answers, by its id."""
    said = " ".join(words for mistakes in tools.wrong(NAME).values() for _, _, words in mistakes.values())
    for (
        id
    ) in "M09a M09b M09c M10 M11 M12f M12g M12h M13b M15 M16c M18b M35 M38 M39 M51a M51b M51c M51d M52a M52b".split():
        assert f"({id})" in said


@pytest.mark.assignments
def test_the_round(tmp_path):
    course = Round(tmp_path / "course", NAME)
    release = course.release()
    assert problems(release, release=True) == []
    answer = next(cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN)
    assert answer.source == STUB
    assert "For the marker" not in nbformat.writes(release)

    function, mistake = "conv2d", "kernel_turned_round"
    course.submit_three(function, mistake)
    course.grade("wrong")
    _, cells, words = tools.wrong(NAME)[function][mistake]
    assert course.lost("right") == (set(), {WRITTEN})
    assert course.lost("wrong") == (set(cells.split()), {WRITTEN})
    assert course.lost("blank") == ({*tools.points_of(NAME), WRITTEN}, set())

    points = tools.points_of(NAME)
    lost = sum(points[cell] for cell in cells.split())
    assert [course.score(student) for student in ("right", "wrong", "blank")] == [95, 95 - lost, 0]
    course.give("right", 4)
    course.grade()
    assert course.score("right") == 99
    page = course.feedback("wrong")
    assert words in page
    assert "three different mistakes, each with the reason" in page  # the rubric
    assert "For the marker" not in page
    assert "HIDDEN TESTS" not in page
