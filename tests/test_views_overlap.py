"""Overlap counts and the exact checkerboard rule, against stamps counted by running the layer."""

from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_array_equal

from convlab import views
from convlab.reference import conv_transpose1d, conv_transpose2d


@pytest.mark.parametrize(
    ("layer", "counts"),
    [
        ((4, 3, 2), [1, 1, 2, 1, 2, 1, 2, 1, 1]),
        ((4, 4, 2), [1, 1, 2, 2, 2, 2, 2, 2, 1, 1]),
        ((4, 4, 2, 1), [1, 2, 2, 2, 2, 2, 2, 1]),
        ((4, 2, 2), [1] * 8),
        ((4, 5, 2, 2, 1), [2, 2, 3, 2, 3, 2, 2, 1]),
        ((3, 6, 3), [1, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1]),
    ],
)
def test_published_overlaps(layer, counts):
    """``(input_size, kernel_size, stride, padding, output_padding)``."""
    assert views.overlap_counts(*layer).tolist() == counts


def test_2d_counts_are_those_of_torch():
    for stride, padding, dilation in [((2, 3), (1, 0), (1, 1)), ((2, 1), (0, 2), (3, 2)), ((3, 3), (1, 1), (1, 2))]:
        counts = views.overlap_counts((4, 3), (3, 5), stride, padding, 0, dilation)
        ones = torch.ones(1, 1, 4, 3), torch.ones(1, 1, 3, 5)
        expected = F.conv_transpose2d(*ones, stride=stride, padding=padding, dilation=dilation)
        assert_array_equal(counts, expected[0, 0].numpy())
    assert set(views.overlap_counts((4, 4), 3, 2)[2:-2, 2:-2].ravel().tolist()) == {1, 2, 4}


def test_common_divisor_of_stride_and_dilation_leaves_holes():
    counts = views.overlap_counts(5, kernel_size=4, stride=4, dilation=6)
    assert not counts[1::2].any()
    assert counts[::2].any()
    assert not views.overlap_counts(3, 3, stride=2, dilation=2)[1::2].any()


def test_gradient_of_a_strided_convolution_has_the_same_pattern():
    """M30."""
    x = torch.zeros(1, 1, 9, requires_grad=True)
    F.conv1d(x, torch.ones(1, 1, 3), stride=2).sum().backward()
    assert x.grad.flatten().tolist() == views.overlap_counts(4, 3, stride=2).tolist() == [1, 1, 2, 1, 2, 1, 2, 1, 1]


def interior_is_constant(weight, stride, dilation):
    """Run the layer on ones; cells that every tap can reach, long enough for all phases."""
    span = dilation * (weight.shape[-1] - 1) + 1
    inputs = -(-(2 * span + 2 * stride) // stride)
    full = conv_transpose1d(np.ones((1, weight.shape[0], inputs), int), weight, stride=stride, dilation=dilation)
    interior = full[0, :, span - 1 : stride * (inputs - 1) + 1]
    assert interior.shape[1] >= stride
    return bool((interior == interior[:, :1]).all())


def test_the_rule_is_exact_in_1d():
    """Constant interior if and only if all phase sums are equal: both answers, many kernels."""
    random = np.random.default_rng(8)
    verdicts = {True: 0, False: 0}
    for k, s, d in product(range(1, 7), range(1, 5), range(1, 4)):
        for _ in range(12):
            weight = random.integers(-1, 2, (1, 1, k))
            verdict = views.is_checkerboard_free(weight, s, d)
            assert verdict == interior_is_constant(weight, s, d), (weight.tolist(), s, d)
            verdicts[verdict] += 1
    assert min(verdicts.values()) > 200


def test_divisibility_is_neither_necessary_nor_sufficient():
    """M29."""
    assert views.is_checkerboard_free(np.array([[[0.5, 1.0, 0.5]]]), 2)
    assert not views.is_checkerboard_free(np.array([[[1, 3]]]), 2)
    assert conv_transpose1d(np.ones((1, 1, 3), int), np.array([[[1, 3]]]), stride=2).tolist() == [[[1, 3] * 3]]
    assert views.polyphase_sums(np.array([[[1, 3]]]), 2).tolist() == [[[1, 3]]]


def test_the_rule_in_2d_asks_all_phases_of_all_channels():
    column = np.array([1, 2, 1])
    pyramid = np.outer(column, column).reshape(1, 1, 3, 3)
    assert views.polyphase_sums(pyramid, 2)[0, 0].tolist() == [[4, 4], [4, 4]]
    assert views.is_checkerboard_free(pyramid, 2)
    interior = conv_transpose2d(np.ones((1, 1, 5, 5), int), pyramid, stride=2)[0, 0, 2:-2, 2:-2]
    assert (interior == 4).all()
    stripes = np.array([[[[1, 3], [1, 3]]]])  # even down each column, not along the rows
    assert not views.is_checkerboard_free(stripes, 2)
    assert not views.is_checkerboard_free(stripes.swapaxes(2, 3), 2)
    weight = np.concatenate([pyramid, pyramid + np.eye(3, dtype=int)])
    assert not views.is_checkerboard_free(weight, 2)
    assert views.polyphase_sums(weight, (2, 1)).shape == (2, 1, 2, 1)


def test_phase_sums_are_the_response_to_ones_inside():
    weight = np.random.default_rng(2).integers(-9, 10, (3, 2, 5, 4))
    stride, dilation = (3, 2), (2, 1)
    sums = views.polyphase_sums(weight, stride, dilation)
    for channel in range(3):
        full = conv_transpose2d(
            np.ones((1, 9, 9), int), weight[channel : channel + 1], stride=stride, dilation=dilation
        )
        assert_array_equal(full[:, 12:15, 6:8], sums[channel])


@pytest.mark.parametrize("factor", [2, 3, 4, 8])
def test_bilinear_kernels_are_checkerboard_free_and_sum_to_one_in_each_phase(factor):
    """D.4; the kernel times 2 * factor, so that all numbers are integers. M32: it does not sum to 1."""
    k = 2 * factor - factor % 2
    kernel = 2 * factor - np.abs(2 * np.arange(k) - (k - 1))
    sums = views.polyphase_sums(kernel.reshape(1, 1, k), factor)
    assert sums.ravel().tolist() == [2 * factor] * factor
    assert views.is_checkerboard_free((kernel / (2 * factor)).reshape(1, 1, k), factor, tolerance=1e-12)


def test_tolerance_and_bad_input():
    weight = np.array([[[1.0, 1.0 + 1e-9]]])
    assert not views.is_checkerboard_free(weight, 2)
    assert views.is_checkerboard_free(weight, 2, tolerance=1e-6)
    for tolerance, error in [(-1, ValueError), ("0", TypeError), (float("nan"), ValueError), (True, TypeError)]:
        with pytest.raises(error, match="tolerance"):
            views.is_checkerboard_free(weight, 2, tolerance=tolerance)
    with pytest.raises(ValueError, match="stride"):
        views.polyphase_sums(weight, 0)
    with pytest.raises(ValueError, match="kernel_size must be one integer or 1 of them"):
        views.overlap_counts(4, (3, 3))
    with pytest.raises(ValueError, match="output of size"):
        views.overlap_counts(1, 1, padding=1)
