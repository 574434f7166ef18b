"""Lesson 09: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.explorers import ShapeExplorer
from convlab.frameworks import depth_to_space
from convlab.reference import conv1d, conv_transpose1d


def stamped(weight="w[c, o]", adds="+=", channels="len(x)", size="stride * (x.shape[1] - 1) + w.shape[2]"):
    lines = [f"y = np.zeros((w.shape[1], {size}), dtype=int)", f"for c in range({channels}):"]
    lines += ["    for o in range(w.shape[1]):", "        for j in range(x.shape[1]):"]
    lines += [f"            y[o, stride * j : stride * j + w.shape[2]] {adds} x[c, j] * {weight}", "return y"]
    return "\n    ".join(lines)


CALL = "return conv_transpose1d(x, w, None, 1, 0, 0, {})"
ANSWERS = {
    "check-shape": ("(6, 2, 3, 5)", "(4, 3, 3, 5)", "(3, 4, 3, 5)", "(6, 4, 3, 5)", "(2, 6, 3, 5)"),
    "check-bias": (
        "[[6, 6, 5, 7, 7], [17, 17, 7, 27, 27]]",
        "[[6, 6, 0, 7, 7], [17, 17, 0, 27, 27]]",  # no bias where there is no stamp
        "[[1, 1, 0, 2, 2], [10, 10, 0, 20, 20]]",  # no bias
        "[[6, 8, 7], [17, 37, 27]]",  # stride 1
        "[[8, 8, 7, 9, 9], [15, 15, 5, 25, 25]]",  # the biases exchanged
    ),
    "check-mobile": ("8768", "73728", "45056", "8192", "12288"),
    "check-write": (
        stamped(),
        stamped(adds="="),
        stamped(weight="w[o, c]"),
        stamped(channels="1"),
        stamped(weight="w[c, o, ::-1]"),
    ),
    "check-bug": (
        CALL.format("groups, dilation"),
        CALL.format("dilation, groups"),
        CALL.format("groups"),
        CALL.format("1, dilation"),
        "return conv_transpose1d(x, w, None, dilation, 0, 0, groups)",
    ),
}


LAYERS = list(itertools.product((1, 2, 3), (1, 2, 3), (1, 2, 3), (1, 2), (1, 2, 4)))


@pytest.mark.parametrize(("c_in", "c_out", "k", "s", "g"), LAYERS)
def test_it_says_what_is_true_of_every_layer(c_in, c_out, k, s, g):
    """A kernel for every pair, added up; the axes of a weight; groups are layers side by side; the bias."""
    random = np.random.default_rng(0)
    ins, outs, i = c_in * g, c_out * g, k + s
    x, bias = random.integers(-9, 10, (1, ins, i)), random.integers(-9, 10, outs)
    weight, turned = random.integers(-9, 10, (outs, c_in, k)), random.integers(-9, 10, (ins, c_out, k))
    y = conv1d(x, weight, bias, stride=s, groups=g)
    z = conv_transpose1d(x, turned, bias, stride=s, groups=g)
    for o in range(outs):
        n, within = divmod(o, c_out)
        group = range(n * c_in, (n + 1) * c_in)  # neighbouring channels
        one = sum(conv1d(x[:, [c]], weight[o][None, [c - n * c_in]], stride=s) for c in group)
        assert (y[0, o] == one[0, 0] + bias[o]).all()
        one = sum(conv_transpose1d(x[:, [c]], turned[[c]][:, [within]], stride=s) for c in group)
        assert (z[0, o] == one[0, 0] + bias[o]).all()
    explorer = ShapeExplorer("conv_transpose2d", in_channels=ins, out_channels=outs, kernel_size=k, groups=g)
    assert explorer.weight_shape == (ins, outs // g, k, k)
    assert explorer.parameters == ins * outs // g * k**2 + outs
    explorer.operator = "conv2d"
    assert explorer.weight_shape == (outs, ins // g, k, k)
    assert explorer.parameters == ins * outs // g * k**2 + outs


@pytest.mark.parametrize("shape", list(itertools.product((1, 2, 3), (1, 2, 4), (1, 2, 3))))
def test_moving_an_axis_is_reshaping_only_where_there_is_nothing_to_move(shape):
    x = np.arange(np.prod(shape)).reshape(shape)
    height, width, channels = shape
    moved = np.moveaxis(x, -1, 0)
    same = (moved == x.reshape(channels, height, width)).all()
    assert same == (channels == 1 or height * width == 1)
    assert x.T.shape == (channels, width, height)
    if len(set(shape)) == 3:  # "an exchange of axes shows in the shape"
        others = [axes for axes in itertools.permutations(range(3)) if axes != (2, 0, 1)]
        assert all(x.transpose(axes).shape != moved.shape for axes in others)


@pytest.mark.parametrize(("c", "r"), list(itertools.product((1, 2, 3), (1, 2, 3))))
def test_where_the_channels_of_a_pixel_shuffle_come_from(c, r):
    x = np.arange(c * r * r * 6).reshape(1, c * r * r, 2, 3)
    torch, onnx = (depth_to_space(name, x, r) for name in ("torch", "onnx"))
    for o, a, b in np.ndindex(c, r, r):
        assert (torch[0, o, a::r, b::r] == x[0, o * r**2 + a * r + b]).all()
        assert (onnx[0, o, a::r, b::r] == x[0, (a * r + b) * c + o]).all()
    assert (torch == onnx).all() == (c == 1 or r == 1)


def test_what_try_it_says_can_be_set():
    explorer = ShapeExplorer("conv_transpose2d", in_channels=8, out_channels=4, kernel_size=3, groups=2)
    assert (explorer.weight_shape, explorer.parameters) == ((8, 2, 3, 3), 8 * 2 * 9 + 4)
    explorer.groups = 4
    assert explorer.weight_shape == (8, 1, 3, 3)
    with pytest.raises(ValueError, match="groups must divide in_channels and out_channels, got 8 for 8 and 4"):
        explorer.groups = 8
    explorer.groups = 2
    explorer.operator = "conv2d"
    assert explorer.weight_shape == (4, 4, 3, 3)
