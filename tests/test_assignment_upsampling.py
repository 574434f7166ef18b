"""The upsampling assignment: its form, its right and wrong answers, its oracles, and a round through nbgrader."""

import copy

import nbformat
import numpy as np
import pytest
import torch
from nbgrader.preprocessors import ClearSolutions

import assignment_tools as tools
from assignment_round import STUB, WRITTEN, Round
from convlab import reference
from convlab.grading.lint import problems
from convlab.grading.mutants import survivors
from convlab.grading.oracles import ORACLES, answer
from convlab.grading.points import failing, solution
from convlab.misconceptions.lessons import lesson_about

NAME = "upsampling"
PARTS = {
    "nearest": 14,
    "bilinear": 25,
    "interpolate": 3,
    "pool": 12,
    "unpool": 14,
    "shuffle": 9,
    "kernel": 15,
    "untouched": 2,
}
FUNCTIONS = ["interpolate", "max_pool2d", "max_unpool2d", "pixel_shuffle", "bilinear_kernel"]


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
    assert "max_unpool2d is not written yet." in messages["unpool_twice"]


def test_mistakes_of_the_catalogue_are_named():
    said = " ".join(words for mistakes in tools.wrong(NAME).values() for _, _, words in mistakes.values())
    for id in "M24a M24b M25 M26a M26b M26c M27a M27b M28 M32 M40".split():
        assert f"({id})" in said


# ------------------------------------------------------------------ mutants


@pytest.mark.slow
def test_every_mutant_loses_points():
    tried, alive = survivors(tools.notebook(NAME), tools.equivalent(NAME))
    assert tried > 250
    assert alive == []


def test_some_mutants_lose_points():
    tried, alive = survivors(tools.notebook(NAME), tools.equivalent(NAME), every=15)
    assert tried > 15
    assert alive == []


# ------------------------------------------------------------------ oracles


@pytest.mark.parametrize("f", range(1, 9))
def test_the_bilinear_kernel_enlarges_as_pytorch_does_inside(f):
    """The transposed convolution with it equals bilinear enlarging, but for the border."""
    kernel = answer("bilinear_kernel", {"f": f})
    assert kernel.shape == (2 * f - f % 2,) * 2
    assert kernel.sum() == pytest.approx(f**2)
    picture = torch.tensor(np.random.default_rng(f).integers(-9, 10, (2, 3, 5, 4)), dtype=torch.float64)
    weight = torch.tensor(kernel).expand(3, 1, -1, -1)
    stamped = torch.nn.functional.conv_transpose2d(picture, weight, stride=f, padding=f // 2, groups=3)
    enlarged = torch.nn.functional.interpolate(picture, scale_factor=f, mode="bilinear")
    assert stamped.shape == enlarged.shape
    border = slice(f // 2, -(f // 2) or None)
    torch.testing.assert_close(stamped[:, :, border, border], enlarged[:, :, border, border], rtol=0, atol=1e-12)
    if f > 1:
        assert not torch.allclose(stamped, enlarged)


def test_our_reference_agrees_with_the_oracles():
    picture = np.random.default_rng(0).integers(-9, 10, (2, 4, 6, 7)).astype(float)
    for options in [{"scale_factor": (2, 1.5)}, {"size": (5, 9), "mode": "bilinear", "align_corners": True}]:
        mine = answer("interpolate", {"input": picture, **options})
        np.testing.assert_allclose(mine, reference.interpolate(picture, **options), rtol=0, atol=1e-12)
    values, indices = answer("max_pool2d", {"input": picture, "kernel_size": (2, 3)})
    assert (
        answer("max_pool2d", {"input": picture, "kernel_size": (2, 3), "return_indices": False}).shape == values.shape
    )
    ours = reference.max_pool2d(picture, (2, 3), return_indices=True)
    assert np.array_equal(values, ours[0])
    assert np.array_equal(indices, ours[1])
    unpooled = {"input": values, "indices": indices, "kernel_size": (2, 3), "output_size": (6, 7)}
    assert np.array_equal(answer("max_unpool2d", unpooled), reference.max_unpool2d(**unpooled))
    assert np.array_equal(answer("pixel_shuffle", {"input": picture, "r": 2}), reference.pixel_shuffle(picture, 2))


REFUSED = {
    "interpolate": {"input": np.ones((1, 1, 2, 2)), "size": 2, "align_corners": True},
    "max_pool2d": {"input": np.ones((1, 1, 2, 2)), "kernel_size": 3},
    "max_unpool2d": {"input": np.ones((1, 1, 1, 1)), "indices": np.array([[[[4]]]]), "kernel_size": 2},
    "pixel_shuffle": {"input": np.ones((1, 3, 2, 2)), "r": 2},
    "bilinear_kernel": {"f": 0},
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_the_oracle_refuses_our_reference_refuses_in_words(function):
    assert answer(function, REFUSED[function]) is None
    with pytest.raises(ValueError, match=r"must|only"):
        ORACLES[function].ours(**REFUSED[function])


def test_wrong_kernels_have_lessons_and_are_wrong():
    wrong = {}
    for f in (2, 3, 4):
        right = answer("bilinear_kernel", {"f": f})
        for idea, id, kernel in ORACLES["bilinear_kernel"].mistakes(f=f):
            assert lesson_about(id) == "12_fixed_upsampling"
            wrong[idea] = wrong.get(idea, False) or not np.allclose(kernel, right)
    assert wrong
    assert all(wrong.values())


# ------------------------------------------------------------------ nbgrader


@pytest.mark.assignments
def test_the_round(tmp_path):
    course = Round(tmp_path / "course", NAME)
    release = course.release()
    assert problems(release, release=True) == []
    written = next(cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN)
    assert written.source == STUB
    assert "For the marker" not in nbformat.writes(release)

    function, mistake = "max_pool2d", "index_in_the_window"
    course.submit_three(function, mistake)
    course.grade("wrong")
    _, cells, words = tools.wrong(NAME)[function][mistake]
    assert course.lost("right") == (set(), {WRITTEN})
    assert course.lost("wrong") == (set(cells.split()), {WRITTEN})
    assert course.lost("blank") == ({*tools.points_of(NAME), WRITTEN}, set())

    points = sum(tools.points_of(NAME)[cell] for cell in cells.split())
    assert [course.score(student) for student in ("right", "wrong", "blank")] == [94, 94 - points, 0]
    course.give("right", 5)
    course.grade()
    assert course.score("right") == 99
    page = course.feedback("wrong")
    assert words in page
    assert "a remedy, and the numbers of the corner that show it" in page  # the rubric
    assert "For the marker" not in page
    assert "HIDDEN TESTS" not in page
