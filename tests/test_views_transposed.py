"""Zero insertion and pixel shuffle against the reference and torch, on integers, exactly."""

import sys
from itertools import product
from subprocess import run

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_array_equal

from convlab import views
from convlab.arithmetic import conv_transpose_output_size
from convlab.reference import conv_transpose1d, conv_transpose2d, pixel_shuffle


def by_zero_insertion(input, weight, *options, **named):
    output = views.zero_insertion_steps(input, weight, *options, **named).output
    return output if input.ndim == weight.ndim else output[0]


VIEWS = [by_zero_insertion, views.conv_transpose_by_pixel_shuffle]
TORCH = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def legal(i, k, s, p, op, d):
    try:
        return conv_transpose_output_size(i, k, s, p, op, d) > 0
    except ValueError:
        return False


def random_layer(random, ndim):
    """Arrays and options of a legal layer, different on every axis, with groups and sometimes a bias."""
    axes = []
    while len(axes) < ndim:
        axis = tuple(random.integers([1, 1, 1, 0, 0, 1], [6, 5, 5, 5, 4, 4]).tolist())
        if legal(*axis):
            axes.append(axis)
    size, kernel, *options = zip(*axes)
    groups, group_in, group_out = random.integers(1, 4, 3).tolist()
    x = random.integers(-9, 10, (random.integers(1, 3), groups * group_in, *size))
    w = random.integers(-9, 10, (groups * group_in, group_out, *kernel))
    bias = random.integers(-9, 10, groups * group_out) if random.integers(2) else None
    stride, padding, output_padding, dilation = options
    return x, w, bias, (stride, padding, output_padding, groups, dilation)


def in_torch(x, w, bias, options):
    tensors = [None if a is None else torch.from_numpy(a.astype(float)) for a in (x, w, bias)]
    return TORCH[w.ndim - 2](*tensors, *options).numpy()


@pytest.mark.parametrize("view", VIEWS)
def test_every_small_1d_layer(view):
    random = np.random.default_rng(1)
    cases = 0
    for i, k, s, p, op, d in product(range(1, 6), range(1, 6), range(1, 5), range(5), range(4), range(1, 4)):
        if not legal(i, k, s, p, op, d):
            continue
        x, w = random.integers(1, 10, (1, 2, i)), random.integers(1, 10, (2, 1, k))
        answer = conv_transpose1d(x, w, None, s, p, op, 1, d)
        assert_array_equal(view(x, w, None, s, p, op, 1, d), answer, err_msg=f"{(i, k, s, p, op, d)}")
        cases += 1
    assert cases == 3657  # the grid is not empty


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("ndim", "cases"), [(1, 150), (2, 250), (3, 40)])
def test_random_layers_against_torch(view, ndim, cases):
    random = np.random.default_rng(ndim)
    for _ in range(cases):
        x, w, bias, options = random_layer(random, ndim)
        output = view(x, w, bias, *options)
        assert_array_equal(output, in_torch(x, w, bias, options), err_msg=f"{x.shape, w.shape, options}")
        assert output.dtype == np.int64
        assert_array_equal(view(x[0], w, bias, *options), output[0])


@pytest.mark.parametrize("view", VIEWS)
def test_narrow_integers_do_not_overflow_and_floats_keep_their_type(view):
    x, w = np.full((1, 1, 2), 200, np.uint8), np.full((1, 1, 3), 200, np.uint8)
    assert view(x, w, np.array([7], np.uint8), stride=2).tolist() == [[[40007, 40007, 80007, 40007, 40007]]]
    assert view(x.astype(np.float32), w.astype(np.float32), stride=2).dtype == np.float32


@pytest.mark.parametrize("view", VIEWS)
def test_bad_input_is_refused_as_the_reference_refuses_it(view):
    x, w = np.ones((1, 2, 4), int), np.ones((2, 3, 3), int)
    arrays = [(x, w.astype(float)), (x, w[:1]), (x[0, 0], w), (x, w[0]), ([[1, 2]], w), (x, [1, 2])]
    options = [(0,), (2.0,), ((1, 2),), (1, -1), (1, 9), (2, 0, 2), (1, 0, 0, 3)]
    for arguments in [*arrays, (x, w, np.ones(2, int)), *((x, w, None, *option) for option in options)]:
        with pytest.raises((TypeError, ValueError)):
            view(*arguments)


def test_the_four_steps_of_the_seed_example():
    x, w = np.array([[[[1, 2], [3, 4]]]]), np.arange(1, 10).reshape(1, 1, 3, 3)
    steps = views.zero_insertion_steps(x, w, stride=2, padding=1, output_padding=1)
    assert steps.stretched[0, 0].tolist() == [[1, 0, 2], [0, 0, 0], [3, 0, 4]]
    assert steps.padded.shape == (1, 1, 6, 6)
    assert_array_equal(steps.padded[0, 0, 1:4, 1:4], steps.stretched[0, 0])
    assert steps.padded.sum() == x.sum()
    assert steps.flipped[0, 0].tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    assert_array_equal(steps.output, views.convolve(steps.padded, steps.flipped))


def test_without_the_flip_the_answer_is_another():
    """M01: the fingerprint that the step is there for."""
    stretched = views.stretch(np.array([[[2, 3]]]), 2)
    padded = views.pad_or_crop(stretched, [(2, 2)])
    weight = np.array([[[1, 2, 3]]])
    assert views.convolve(padded, weight).tolist() == [[[6, 4, 11, 6, 3]]]
    assert views.convolve(padded, views.flip(weight)).tolist() == [[[2, 4, 9, 6, 9]]]


def test_flip_of_groups_is_group_by_group():
    weight = np.arange(24).reshape(4, 3, 2)
    flipped = views.flip(weight, groups=2)
    assert flipped.shape == (6, 2, 2)
    for group, out, inside in product(range(2), range(3), range(2)):
        assert_array_equal(flipped[group * 3 + out, inside], weight[group * 2 + inside, out, ::-1])


def test_negative_padding_crops_as_torch_does():
    x = np.arange(1, 13).reshape(1, 1, 3, 4)
    for top, bottom, left, right in product((-1, 0, 2), repeat=4):
        expected = F.pad(torch.from_numpy(x), (left, right, top, bottom)).numpy()
        assert_array_equal(views.pad_or_crop(x, [(top, bottom), (left, right)]), expected)
    assert views.pad_or_crop(x[:, :, 0], [(-5, 2)]).tolist() == [[[0]]]  # a crop may reach the zeros
    with pytest.raises(ValueError, match="leaves nothing"):
        views.pad_or_crop(x, [(-2, -1), 0])
    with pytest.raises(ValueError, match="one entry an axis, 2"):
        views.pad_or_crop(x, [0])


def test_stretch_is_the_transposed_convolution_with_one():
    x = np.arange(1, 7).reshape(1, 1, 2, 3)
    expected = conv_transpose2d(x, np.array([[[[1]]]]), stride=(2, 3))
    assert_array_equal(views.stretch(x, (2, 3)), expected)


@pytest.mark.parametrize("shape", [(8, 3, 2), (1, 4, 5, 6)])
def test_interleave_is_pixel_shuffle_in_2d(shape):
    if len(shape) == 3:
        x = np.arange(48).reshape(shape)
        expected = x.reshape(8, 1, 3, 2).transpose(0, 1, 3, 2).reshape(8, 1, 6)
        assert_array_equal(views.interleave(x, 3), expected)
    else:
        x = np.arange(120).reshape(shape)
        assert_array_equal(views.interleave(x, 2), pixel_shuffle(x, 2))
    with pytest.raises(ValueError, match="multiple of"):
        views.interleave(x, 7)


def test_torchs_conv_and_pixel_shuffle_equal_torchs_transposed_convolution():
    """No code of ours between the two sides: only the weight and the padding returned."""
    random = np.random.default_rng(5)
    uncropped = 0
    for k, s, p, d, groups in product(range(1, 6), range(1, 4), range(3), (1, 2), (1, 2)):
        for op in range(max(s, d)):
            if not legal(4, k, s, p, op, d):
                continue
            x = random.integers(-9, 10, (2, 2 * groups, 4, 5)).astype(float)
            w = random.integers(-9, 10, (2 * groups, 3, k, k)).astype(float)
            bias = torch.from_numpy(random.integers(-9, 10, 3 * groups).astype(float))
            conv = views.sub_pixel_convolution(w, s, p, op, groups, d)
            channels = F.conv2d(
                torch.from_numpy(x),
                torch.from_numpy(conv.weight),
                bias.repeat_interleave(s * s),
                padding=conv.padding,
                groups=groups,
            )
            shuffled = F.pixel_shuffle(channels, s)
            height, width = (size - crop for size, crop in zip(shuffled.shape[2:], conv.crop))
            answer = F.conv_transpose2d(torch.from_numpy(x), torch.from_numpy(w), bias, s, p, op, groups, d)
            assert torch.equal(shuffled[..., :height, :width], answer), (k, s, p, op, d, groups)
            uncropped += conv.crop == (0, 0)
    assert uncropped > 100


@pytest.mark.parametrize(
    ("k", "s", "p", "kernel_size", "padding"), [(4, 2, 1, 3, 1), (2, 2, 0, 1, 0), (8, 4, 2, 3, 1), (6, 3, 0, 2, 1)]
)
def test_known_sub_pixel_kernels(k, s, p, kernel_size, padding):
    conv = views.sub_pixel_convolution(np.ones((1, 1, k), int), s, p)
    assert (conv.weight.shape, conv.padding) == ((s, 1, kernel_size), (padding,))
    assert conv.weight.sum() == k


def test_views_need_neither_torch_nor_matplotlib():
    code = "import sys, convlab.views; print([m for m in ('torch', 'matplotlib', 'ipywidgets') if m in sys.modules])"
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
