"""The adjoint test of the three-views assignment."""

import numpy as np
import pytest

from convlab import reference, views
from convlab.grading import check_adjoint
from convlab.grading.messages import CheckFailed

LAYER = {"input": (2, 3, 6, 5), "weight": (2, 3, 2, 3), "stride": (2, 1), "padding": (1, 0), "dilation": (1, 2)}
SMALL = {"input": (1, 1, 3, 4), "weight": (1, 1, 2, 3)}


def matrix(input_shape, weight, **options):
    return views.conv_matrix(input_shape[1:], weight, **options)


RIGHT = {
    "conv_transpose2d_gather": reference.conv_transpose2d,
    "conv_matrix": matrix,
    "conv2d_input": views.conv_input_gradient,
}


def message(*arguments, **options):
    with pytest.raises(CheckFailed) as caught:
        check_adjoint(*arguments, **options)
    return caught.value


@pytest.mark.parametrize("oracle", RIGHT)
def test_every_right_way_back_passes(oracle):
    for seed in range(20):
        assert check_adjoint(RIGHT[oracle], oracle, [SMALL, LAYER], seed=seed) is None


@pytest.mark.parametrize("oracle", RIGHT)
def test_a_turned_kernel_never_passes(oracle):
    def turned(first, weight, *more, **options):
        return RIGHT[oracle](first, weight[:, :, ::-1, ::-1], *more, **options)

    for seed in range(20):
        failed = message(turned, oracle, [LAYER], seed=seed)
        assert "the adjoint test fails: sum(conv(x) * g) is " in str(failed)
        assert ", but sum(x * back(g)) is " in str(failed)


def test_the_likely_mistake_is_named_and_a_hidden_check_tells_no_numbers():
    def turned(input_size, weight, grad_output):
        return views.conv_input_gradient(input_size, weight[:, :, ::-1, ::-1], grad_output)

    failed = message(turned, "conv2d_input", [SMALL])
    assert "(M01a)" in failed.cited
    assert failed.outline.splitlines()[:2] == [
        "conv2d_input gives a wrong answer in a check that is not shown.",
        "Problem:  the adjoint test fails",
    ]
    assert "array" not in failed.outline


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (None, "is a return missing?"),
        ([1.0], "must be a NumPy array"),
        (np.zeros((1, 1, 3, 3)), "the shape differs: expected (1, 1, 3, 4), got (1, 1, 3, 3)"),
        (np.zeros((1, 1, 3, 1)), "the shape differs"),
        (np.zeros((1, 1, 3, 4), str), "the dtype differs"),
        (np.full((1, 1, 3, 4), np.nan), "is nan"),
        (np.zeros((1, 1, 3, 4)), "but sum(x * back(g)) is 0"),
    ],
)
def test_answers_that_are_no_way_back(answers, says):
    assert says in str(message(lambda *a, **k: answers, "conv2d_input", [SMALL]))


def test_an_exception_is_told():
    def broken(*arguments):
        raise KeyError("lost")

    assert "conv_matrix raises KeyError: 'lost'" in str(message(broken, "conv_matrix", [SMALL]))


def test_what_it_is_given_is_only_lent():
    def greedy(input_size, weight, grad_output, **options):
        gradient = views.conv_input_gradient(input_size, weight, grad_output, **options)
        weight[:] = grad_output[:] = 0
        return gradient

    assert check_adjoint(greedy, "conv2d_input", [LAYER, LAYER]) is None


def test_a_test_that_is_wrong_itself_says_so():
    with pytest.raises(ValueError, match="has no cases"):
        check_adjoint(matrix, "conv_matrix", [])
    with pytest.raises(ValueError, match="PyTorch refuses"):
        check_adjoint(matrix, "conv_matrix", [{"input": (1, 1, 2, 2), "weight": (1, 1, 3, 3)}])
