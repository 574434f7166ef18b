"""The dilation project: its form, its right and wrong answers, its oracles, and a round through nbgrader."""

import copy
from itertools import product

import nbformat
import numpy as np
import pytest
from nbgrader.preprocessors import ClearSolutions

import assignment_tools as tools
from assignment_round import STUB, WRITTEN, Round
from convlab import views
from convlab.arithmetic import conv_transpose_output_size
from convlab.frameworks.strided import conv_padding
from convlab.grading import check_design
from convlab.grading.checks import CheckFailed
from convlab.grading.lint import problems
from convlab.grading.oracles import answer
from convlab.grading.oracles.decoders import LAYERS, find_design
from convlab.grading.points import failing, solution
from convlab.misconceptions import questions

NAME = "dilation_project"
PARTS = {"rf": 18, "pads": 19, "coverage": 17, "phases": 14, "design": 22, "errors": 4}
FUNCTIONS = ["receptive_field", "fixed_padding", "same_pads", "coverage", "checkerboard_phases", "design_decoder"]


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
    assert messages["design_doubles"] == "design_decoder is not written yet."


def test_mistakes_of_the_catalogue_are_named():
    said = " ".join(words for mistakes in tools.wrong(NAME).values() for _, _, words in mistakes.values())
    for id in "M09a M09b M09c M10 M11 M12a M19 M20 M21 M23a M23b M29 M33a M33b M33c M34 M35 M36 M39 M44".split():
        assert f"({id})" in said, id


# ------------------------------------------------------------------ oracles: measured, and by convlab's own formulas


def test_the_measured_field_is_that_of_the_recursion():
    sizes = (1, 2, 3)
    for first, second in product(product(sizes, (1, 2, 3), sizes), product(sizes, (1, 2), sizes)):
        layers = [first, second, (2, 1, 1)]
        assert answer("receptive_field", {"layers": layers}) == questions.receptive_field(layers)
    wavenet = [(2, 1, 2**n) for n in range(10)]
    assert answer("receptive_field", {"layers": wavenet}) == 1024


@pytest.mark.parametrize("layer", [(0, 1, 1), (-1, 1, 1), (2, 0, 1), (2, -1, 1), (2, 1, 0), (2, 1, -2)])
def test_layers_that_pytorch_refuses(layer):
    assert answer("receptive_field", {"layers": [(3, 1, 1), layer]}) is None


def test_the_measured_zeros_are_those_of_slim():
    for k, d in product(range(1, 8), range(1, 6)):
        begin, end, _ = conv_padding("slim", 20, k, 1, d)
        assert answer("fixed_padding", {"kernel_size": k, "dilation": d}) == (begin, end, begin, end)
    assert answer("fixed_padding", {"kernel_size": (4, 3), "dilation": (1, 2)}) == (2, 2, 1, 2)


def test_the_measured_cells_and_phases_are_those_of_the_views():
    for rates, k in product([[1], [2, 2], [1, 2, 5], [3, 1, 4]], (1, 2, 3, 4)):
        offsets = views.coverage(rates, k)
        assert answer("coverage", {"rates": rates, "k": k}) == [offset - offsets[0] for offset in offsets]
    w = np.arange(1.0, 21).reshape(4, 5)
    for steps in product(range(1, 6), repeat=2):
        assert np.array_equal(
            answer("checkerboard_phases", {"w": w, "s": steps}), views.polyphase_sums(w[None, None], steps)[0, 0]
        )
    assert answer("checkerboard_phases", {"w": w, "s": (2, 0)}) is None


def test_a_design_is_found_exactly_where_there_is_one():
    """By brute force: every stack of two layers, from small sizes."""
    steps = {(s, conv_transpose_output_size(20, k, s, p, op) - 20 * s) for k, s, p, op in LAYERS}
    for i in range(1, 8):
        once = {s * i + more for s, more in steps} - set(range(-50, 1))
        twice = {s * size + more for size in once for s, more in steps}
        assert all(len(find_design(i, target)) <= 2 for target in twice if target > 0)
    for i, most in [(1, 1296), (2, 2592)]:
        assert len(find_design(i, most)) == 4
        with pytest.raises(ValueError, match="target cannot be reached"):
            find_design(i, most + 1)


# ------------------------------------------------------------------ the check of a design

DOUBLE = {"i": 7, "target": 14}


@pytest.mark.parametrize(
    "design",
    [
        [(4, 2, 1, 0)],
        [(2, 2, 0, 0)],
        ((6, 2, 2, 0),),
        [[6, 2, 3, 1], [2, 1, 0, 0]],
        [tuple(np.array([2, 2, 0, 0]))],
        [(2, 2, 0, 0), (3, 1, 1, 0), (5, 1, 2, 0), (1, 1, 0, 0)],
        [(3, 3, 0, 0), (4, 1, 3, 0), (5, 1, 4, 0)],
    ],
)
def test_many_designs_are_right(design):
    sizes = [7]
    for k, s, p, op in design:
        sizes.append(conv_transpose_output_size(sizes[-1], int(k), int(s), int(p), int(op)))
    assert check_design(lambda i, target: design, "design_decoder", [{"i": 7, "target": sizes[-1]}]) is None


@pytest.mark.parametrize(
    ("design", "says"),
    [
        (None, "the answer must be a list of layers"),
        (14, "the answer must be a list of layers"),
        ([14], "layer 1 is 14"),
        ([(4, 2, 1)], "layer 1 is (4, 2, 1)"),
        ([(4.0, 2, 1, 0)], "layer 1 must be four whole numbers"),
        ([(True, True, 0, 0)], "layer 1 must be four whole numbers"),
        ([(1, 1, 0, 0)] * 5, "4 layers are allowed, these are 5"),
        ([(8, 2, 3, 0)], "kernel_size must be from 1 to 6"),
        ([(10**30, 2, 3, 0)], "kernel_size must be from 1 to 6"),
        ([(4, 0, 1, 0)], "stride must be at least 1"),
        ([(4, 2, 4, 0)], "padding must be from 0 to kernel_size - 1"),
        ([(4, 2, -1, 0)], "padding must be from 0 to kernel_size - 1"),
        ([(4, 2, 1, -1)], "output_padding must be at least 0"),
        ([(4, 2, 1, 2)], "any output_padding is taken to be allowed (M19)"),
        ([(3, 2, 1, 1)], "layer 1 overlaps unevenly: inside, neighbouring cells get 2, 1, 2, 1 stamps"),
        ([(1, 1, 0, 0), (5, 2, 2, 1)], "layer 2 overlaps unevenly"),
        ([(1, 2, 0, 1)], "neighbouring cells get 1, 0, 1, 0 stamps"),
        ([(2, 2, 0, 1), (2, 1, 1, 0)], "layer 1 leaves cell 14 of 15 without a stamp"),
        ([(6, 1, 5, 0), (6, 1, 5, 0)], "layer 2 crops everything away: 7 -> 2 -> nothing"),
        ([(4, 2, 0, 0)], "the sizes are 7 -> 16, and not 14 at the end"),
        ([(4, 2, 0, 0)], "the output is taken to be stride times the input (M12c)"),
        ([], "the sizes are 7, and not 14 at the end"),
    ],
)
def test_designs_that_break_a_rule(design, says):
    with pytest.raises(CheckFailed) as caught:
        check_design(lambda i, target: design, "design_decoder", [DOUBLE])
    assert says in str(caught.value)
    assert "14" not in caught.value.outline


def test_a_test_of_designs_that_is_wrong_itself_says_so():
    with pytest.raises(ValueError, match="has no cases"):
        check_design(find_design, "design_decoder", [])
    with pytest.raises(ValueError, match="there is no such design"):
        check_design(find_design, "design_decoder", [{"i": 1, "target": 1297}])


@pytest.mark.slow
def test_right_decoders_are_right_on_a_wide_grid():
    """Five ways to search agree on what can be reached, and all that they find keeps the rules."""
    searches = [tools.right_functions(NAME, method)["design_decoder"] for method in tools.right_files(NAME)]
    for i, target in product(range(1, 25, 3), range(1, 60, 2)):
        there_is_one = answer("design_decoder", {"i": i, "target": target}) is not None
        for search in searches:
            if there_is_one:
                check_design(search, "design_decoder", [{"i": i, "target": target}])
            else:
                with pytest.raises(ValueError, match=r"\w"):
                    search(i, target)


# ------------------------------------------------------------------ a round


@pytest.mark.assignments
def test_the_round(tmp_path):
    course = Round(tmp_path / "course", NAME)
    release = course.release()
    assert problems(release, release=True) == []
    text = nbformat.writes(release)
    assert "For the marker" not in text
    assert '"target": 3887' not in text  # a hidden test
    answered = next(cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN)
    assert answered.source == STUB

    function, mistake = "design_decoder", "any_overlap"
    course.submit_three(function, mistake)
    course.grade("wrong")
    points, (_, cells, words) = tools.points_of(NAME), tools.wrong(NAME)[function][mistake]
    assert course.lost("right") == (set(), {WRITTEN})
    assert course.lost("wrong") == (set(cells.split()), {WRITTEN})
    assert course.lost("blank") == ({*points, WRITTEN}, set())
    lost = sum(points[cell] for cell in cells.split())
    assert [course.score(student) for student in ("right", "wrong", "blank")] == [94, 94 - lost, 0]
    page = course.feedback("wrong")
    assert words in page
    assert "HIDDEN TESTS" not in page
