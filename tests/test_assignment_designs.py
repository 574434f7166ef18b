"""The check of a decoder that a student designs, and the search for one that is right."""

from itertools import product

import numpy as np
import pytest

from convlab.arithmetic import conv_transpose_output_size
from convlab.grading import check_design
from convlab.grading.messages import CheckFailed
from convlab.grading.oracles import answer
from convlab.grading.oracles.dilation_project_oracles import LAYERS, find_design
from tools import submissions

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
        ([(4, 2, 1, 2)], "any output_padding is taken to be allowed"),
        ([(3, 2, 1, 1)], "layer 1 overlaps unevenly: inside, neighbouring cells get 2, 1, 2, 1 stamps"),
        ([(1, 1, 0, 0), (5, 2, 2, 1)], "layer 2 overlaps unevenly"),
        ([(1, 2, 0, 1)], "neighbouring cells get 1, 0, 1, 0 stamps"),
        ([(2, 2, 0, 1), (2, 1, 1, 0)], "layer 1 leaves cell 14 of 15 without a stamp"),
        ([(6, 1, 5, 0), (6, 1, 5, 0)], "layer 2 crops everything away: 7 -> 2 -> nothing"),
        ([(4, 2, 0, 0)], "the sizes are 7 -> 16, and not 14 at the end"),
        ([(4, 2, 0, 0)], "the output is taken to be stride times the input"),
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
    name = "dilation_project"
    searches = [submissions.right_functions(name, m)["design_decoder"] for m in submissions.right_methods(name)]
    for i, target in product(range(1, 25, 3), range(1, 60, 2)):
        there_is_one = answer("design_decoder", {"i": i, "target": target}) is not None
        for search in searches:
            if there_is_one:
                check_design(search, "design_decoder", [{"i": i, "target": target}])
            else:
                with pytest.raises(ValueError, match=r"\w"):
                    search(i, target)


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
