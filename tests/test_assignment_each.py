"""Every assignment: its form, its points, what a blank release gets, and a round through nbgrader.

The longest round is in test_assignments.py, right and wrong answers are in test_assignment_answers.py.
"""

import contextlib
import copy
from typing import NamedTuple

import nbformat
import numpy as np
import pytest
from nbgrader.preprocessors import ClearSolutions

from assignment_round import STUB, WRITTEN, Round
from convlab.grading.messages import CheckFailed
from convlab.grading.sandbox.ways import sealed_names
from tools import submissions
from tools.lint_assignments import problems
from tools.points import check_cells, failing, solution


class Assignment(NamedTuple):
    """What is particular about one assignment.

    ``parts`` are the points of the check cells by the begin of their names, ``blank`` is a check cell and what it says
    of a blank release, ``named`` the misconceptions that its wrong answers must show. ``wrong`` is the answer that goes
    through nbgrader, ``others`` are check cells that it costs in the functions of the reference that call it; the page
    of feedback shows ``rubric``.
    """

    parts: dict
    functions: str
    blank: tuple
    named: str
    wrong: tuple | None = None
    rubric: str = ""
    others: str = ""


EACH = {
    "convolution": Assignment(
        {"size": 15, "pad": 5, "conv1d": 25, "conv2d": 27, "groups": 15, "errors": 8},
        "conv_output_size pad2d conv1d conv2d",
        ("conv1d_place", "conv1d is not written yet."),
        "M09a M09b M09c M10 M11 M12f M12g M12h M13b M15 M16c M18b M35 M38 M39 M51a M51b M51c M51d M52a M52b",
        ("conv2d", "kernel_turned_round"),
        "three different mistakes, each with the reason",
    ),
    "dilation_project": Assignment(
        {"rf": 18, "pads": 19, "coverage": 17, "phases": 14, "design": 22, "errors": 4},
        "receptive_field fixed_padding same_pads coverage checkerboard_phases design_decoder",
        ("design_doubles", "design_decoder is not written yet."),
        "M09a M09b M09c M10 M11 M12a M19 M20 M21 M23a M23b M29 M33a M33b M33c M34 M35 M36 M39 M44",
        ("design_decoder", "any_overlap"),
    ),
    "framework_translator": Assignment(
        {"torch": 10, "values": 15, "tf": 16, "keras": 12, "jax": 16, "onnx": 13, "args": 12},
        "torch_window conv_transpose_like tf_window keras_window jax_window onnx_window to_torch_args",
        ("jax_pair", "jax_window is not written yet."),
        "M01 M02a M02b M04b M04d M04e M05a M05b M09a M09b M10 M12a M12b M12c M19 M20 M21 M22 M50",
        ("jax_window", "never_turned"),
        "both windows, the same size, and the shift by one cell",
        others="jax_values",
    ),
    "three_views": Assignment(
        {"zeros": 6, "gather": 29, "matrix": 25, "gradient": 25, "adjoint": 9},
        "zero_insert conv_transpose2d_gather conv_matrix conv2d_input",
        ("adjoint_gradient", "conv2d_input is not written yet."),
        "M01a M01b M01c M02a M02b M04a M04d M04e M05a M05b M06a M06b M06c M06d M10 M14b M15 M16b M16c M18a M18b M38 "
        "M49a M49b M49c",
        ("conv_matrix", "kernel_turned_round"),
        "a kernel that hides the mistake",
    ),
    "transposed_convolution": Assignment(
        {"size": 10, "scatter": 25, "padding": 14, "output_padding": 14, "dilation": 9, "groups": 13, "errors": 9},
        "conv_transpose_output_size conv_transpose1d conv_transpose2d",
        ("scatter_1d_one_stamp", "conv_transpose1d is not written yet."),
        "M01a M02a M02b M03a M04a M04d M04e M05a M05b M06e M09a M09b M09c M10b M11 M12a M12c M12d M14a M15 M16b M16c "
        "M18b M41",
    ),
    "upsampling": Assignment(
        {
            "nearest": 14,
            "bilinear": 25,
            "interpolate": 3,
            "pool": 12,
            "unpool": 14,
            "shuffle": 9,
            "kernel": 15,
            "untouched": 2,
        },
        "interpolate max_pool2d max_unpool2d pixel_shuffle bilinear_kernel",
        ("unpool_twice", "max_unpool2d is not written yet."),
        "M24a M24b M25 M26a M26b M26c M27a M27b M28 M32 M40",
        ("max_pool2d", "index_in_the_window"),
        "a remedy, and the numbers of the corner that show it",
    ),
}


def test_no_assignment_is_left_out():
    assert list(EACH) == submissions.assignments()
    assert list(EACH) == sorted(path.stem for path in submissions.SOURCE.glob("*/*.ipynb"))


@pytest.mark.parametrize("name", EACH)
def test_its_form_and_points(name):
    assignment, parts = EACH[name], dict.fromkeys(EACH[name].parts, 0)
    nbformat.validate(submissions.notebook(name))
    assert problems(submissions.notebook(name)) == []
    assert submissions.functions(name) == assignment.functions.split()
    for cell, points in submissions.points_of(name).items():
        parts[max((part for part in parts if cell.startswith(part)), key=len)] += points
    assert parts == assignment.parts
    assert sum(parts.values()) == (95 if name == "convolution" else 94)  # and the rest by hand


@pytest.mark.parametrize("name", EACH)
def test_a_blank_release_gets_nothing(name):
    blank, _ = ClearSolutions().preprocess(copy.deepcopy(submissions.notebook(name)), {})
    messages = failing(blank, solution(blank))
    assert list(messages) == list(submissions.points_of(name))
    cell, says = EACH[name].blank
    assert messages[cell] == says


@pytest.mark.parametrize("name", EACH)
def test_mistakes_of_the_catalogue_are_named(name):
    """The ways of getting it wrong that the catalogue knows are among the wrong answers, by their ids."""
    everything = [submissions.expected(name, function) for function in submissions.functions(name)]
    said = " ".join(words for mistakes in everything for _, words in mistakes.values())
    assert [id for id in EACH[name].named.split() if f"({id})" not in said] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", EACH)
def test_every_test_is_sealed_and_diagnoses_any_answer(name):
    for cell, (_, text) in check_cells(submissions.notebook(name)).items():
        functions = sealed_names(text, {"convlab.grading"})
        assert functions, cell
        for answer in (np.ones((1, 1, 3)), -1, None):
            with contextlib.suppress(CheckFailed):
                exec(text, dict.fromkeys(functions, lambda *a, answer=answer, **k: answer))


@pytest.mark.assignments
@pytest.mark.parametrize("name", [name for name, assignment in EACH.items() if assignment.wrong])
def test_the_round(tmp_path, name):
    function, mistake = EACH[name].wrong
    points, (_, cells, words) = submissions.points_of(name), submissions.wrong(name)[function][mistake]
    course = Round(tmp_path / "course", name)
    release = course.release()
    assert problems(release, release=True) == []
    written = next(cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN)
    assert written.source == STUB
    assert "For the marker" not in nbformat.writes(release)
    assert '"target": 3887' not in nbformat.writes(release)  # a hidden test of the dilation project

    course.submit_three(function, mistake)
    course.grade("wrong")
    lost = {*cells.split(), *EACH[name].others.split()}
    assert course.lost("right") == (set(), {WRITTEN})
    assert course.lost("wrong") == (lost, {WRITTEN})
    assert course.lost("blank") == ({*points, WRITTEN}, set())
    full = sum(points.values())
    assert course.score("right") == full
    assert course.score("wrong") == full - sum(points[cell] for cell in lost)
    assert course.score("blank") == 0
    page = course.feedback("wrong")
    assert submissions.without_ids(words) in page
    assert EACH[name].rubric in page
    assert "For the marker" not in page
    assert "HIDDEN TESTS" not in page
