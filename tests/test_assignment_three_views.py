"""The three-views assignment: its form, its right and wrong answers, its oracles, and a round through nbgrader."""

import copy

import nbformat
import numpy as np
import pytest
import torch
from nbgrader.preprocessors import ClearSolutions

import assignment_tools as tools
from assignment_round import STUB, WRITTEN, Round
from convlab import views
from convlab.grading.lint import problems
from convlab.grading.oracles import answer
from convlab.grading.oracles.views import output_padding_back
from convlab.grading.points import failing, solution

NAME = "three_views"
PARTS = {"zeros": 6, "gather": 29, "matrix": 25, "gradient": 25, "adjoint": 9}
FUNCTIONS = ["zero_insert", "conv_transpose2d_gather", "conv_matrix", "conv2d_input"]


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
    assert sum(PARTS.values()) == 94  # and 6 by hand


def test_a_blank_release_gets_nothing():
    blank, _ = ClearSolutions().preprocess(copy.deepcopy(tools.notebook(NAME)), {})
    messages = failing(blank, solution(blank))
    assert list(messages) == list(tools.points_of(NAME))
    assert "conv2d_input is not written yet." in messages["adjoint_gradient"]


def test_mistakes_of_the_catalogue_are_named():
    said = " ".join(words for mistakes in tools.wrong(NAME).values() for _, _, words in mistakes.values())
    for id in (
        "M01a M01b M01c M02a M02b M04a M04d M04e M05a M05b M06a M06b M06c M06d M10 M14b M15 M16b M16c M18a M18b M38 "
        "M49a M49b M49c"
    ).split():
        assert f"({id})" in said


# ------------------------------------------------------------------ oracles

LAYERS = [
    {"stride": 1, "padding": 0, "dilation": 1},
    {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1)},
    {"stride": (3, 1), "padding": (0, 1), "dilation": (1, 3)},
]


@pytest.mark.parametrize("layer", LAYERS)
def test_pytorch_and_our_own_views_agree(layer):
    random = np.random.default_rng(5)
    x, weight = (random.integers(-9, 10, size).astype(float) for size in ((2, 3, 7, 8), (4, 3, 2, 3)))
    stretched = answer("zero_insert", {"input": x, "stride": layer["stride"]})
    assert np.array_equal(stretched, views.stretch(x, layer["stride"]))
    matrix = answer("conv_matrix", {"input_shape": x.shape[1:], "weight": weight, **layer})
    assert np.array_equal(matrix, views.conv_matrix(x.shape[2:], weight, **layer))

    forward = answer("conv2d", {"input": x, "weight": weight, **layer})
    assert np.array_equal(matrix @ x[1].reshape(-1), forward[1].reshape(-1))
    back = {"input_size": x.shape, "weight": weight, "grad_output": forward, **layer}
    gradient = answer("conv2d_input", back)
    assert np.array_equal(gradient, views.conv_input_gradient(x.shape, weight, forward, **layer))
    extra = output_padding_back(x.shape[2:], weight.shape[2:], **layer)
    transposed = {"input": forward, "weight": weight, "output_padding": extra, **layer}
    assert np.array_equal(gradient, answer("conv_transpose2d_gather", transposed))
    assert answer("conv2d_input", {**back, "input_size": (2, 3, 7, 80)}) is None


@pytest.mark.assignments
def test_the_round(tmp_path):
    course = Round(tmp_path / "course", NAME)
    release = course.release()
    assert problems(release, release=True) == []
    written = next(cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN)
    assert written.source == STUB
    assert "For the marker" not in nbformat.writes(release)

    function, mistake = "conv_matrix", "kernel_turned_round"
    course.submit_three(function, mistake)
    course.grade("wrong")
    _, cells, words = tools.wrong(NAME)[function][mistake]
    assert course.lost("right") == (set(), {WRITTEN})
    assert course.lost("wrong") == (set(cells.split()), {WRITTEN})
    assert course.lost("blank") == ({*tools.points_of(NAME), WRITTEN}, set())

    points = tools.points_of(NAME)
    lost = sum(points[cell] for cell in cells.split())
    assert [course.score(student) for student in ("right", "wrong", "blank")] == [94, 94 - lost, 0]
    page = course.feedback("wrong")
    assert words in page
    assert "a kernel that hides the mistake" in page  # the rubric
    assert "For the marker" not in page
    assert "HIDDEN TESTS" not in page
