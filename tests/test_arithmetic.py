"""convlab.arithmetic against the shapes that PyTorch really returns, over full small grids.

A size formula can be wrong in two ways: it gives another size than PyTorch, or it accepts what
PyTorch refuses (or the reverse). Both are compared: ``None`` stands for "refused" on both sides.
"""

import re
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab import arithmetic
from convlab.arithmetic import (
    LayerParameters,
    conv_output_size,
    conv_transpose_output_size,
    effective_kernel_size,
    equivalent_convolution,
    find_parameters,
    full_padding,
    interpolate_output_size,
    merged_input_sizes,
    pool_output_size,
    required_output_padding,
    returning_sizes,
    round_trip,
    same_padding,
    unread_cells,
    valid_padding,
)

INPUTS, KERNELS, STRIDES, PADDINGS, DILATIONS = range(1, 10), range(1, 6), range(1, 5), range(6), range(1, 4)
GRID = list(product(INPUTS, KERNELS, STRIDES, PADDINGS, DILATIONS))


def torch_size(operator, input_size, *arguments, width=()):
    """The length that PyTorch returns for ``input_size`` zeros in a row (``width=(1,)``: a column), None if refused."""
    try:
        return operator(torch.zeros(1, 1, input_size, *width), *arguments).shape[2]
    except RuntimeError:
        return None


def torch_conv(i, k, s=1, p=0, d=1):
    return torch_size(F.conv1d, i, torch.zeros(1, 1, k), None, s, p, d)


def torch_conv_transpose(i, k, s=1, p=0, op=0, d=1):
    return torch_size(F.conv_transpose1d, i, torch.zeros(1, 1, k), None, s, p, op, 1, d)


def size(formula, *arguments):
    """What a formula of ours gives, None if it refuses."""
    try:
        return formula(*arguments)
    except ValueError:
        return None


@pytest.fixture(scope="module")
def conv_sizes():
    """{(i, k, s, p, d): size or None} of the whole grid, from PyTorch."""
    return {layer: torch_conv(*layer) for layer in GRID}


@pytest.fixture(scope="module")
def transposed_sizes():
    """{(i, k, s, p, op, d): size or None} of the whole grid, from PyTorch; op goes one beyond its limit."""
    layers = [(i, k, s, p, op, d) for i, k, s, p, d in GRID for op in range(max(s, d) + 1)]
    return {layer: torch_conv_transpose(*layer) for layer in layers}


# Sizes against PyTorch


def test_effective_kernel_size_is_what_a_dilated_kernel_spans():
    for k, d in product(range(1, 8), range(1, 6)):
        dilated = torch.zeros(1, 1, d * k)
        dilated[..., ::d] = 1
        assert effective_kernel_size(k, d) == int(dilated[0, 0].nonzero()[-1, 0]) + 1 == k + (k - 1) * (d - 1)


def test_output_sizes_equal_torch(conv_sizes, transposed_sizes):
    for formula, sizes in ((conv_output_size, conv_sizes), (conv_transpose_output_size, transposed_sizes)):
        assert None in sizes.values()
        assert not {layer: theirs for layer, theirs in sizes.items() if size(formula, *layer) != theirs}


def test_conv_output_size_with_unequal_padding():
    for i, k, s, begin, end in product(range(1, 7), range(1, 5), range(1, 4), range(4), range(4)):
        padded = F.pad(torch.zeros(1, 1, i), (begin, end))
        theirs = torch_size(F.conv1d, padded.shape[2], torch.zeros(1, 1, k), None, s)
        assert size(conv_output_size, i, k, s, (begin, end)) == theirs


def test_conv_transpose_output_size_with_unequal_padding():
    for i, k, s, begin, end in product(range(1, 6), range(1, 5), range(1, 4), range(4), range(4)):
        whole = torch_conv_transpose(i, k, s)
        left = len(range(whole)[begin : whole - end]) if begin + end < whole else None
        assert size(conv_transpose_output_size, i, k, s, [begin, end]) == left


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_pool_output_size_equals_torch(ceil_mode):
    refused = 0
    for i, k, s, p, d in GRID:
        ours = size(pool_output_size, i, k, s, p, d, ceil_mode)
        refused += ours is None
        column = (i, (k, 1), (s, 1), (p, 0))
        assert ours == torch_size(F.max_pool1d, i, k, s, p, d, ceil_mode), (i, k, s, p, d)
        assert ours == torch_size(F.max_pool2d, *column, (d, 1), ceil_mode, width=(1,)), (i, k, s, p, d)
        if d == 1:
            assert ours == torch_size(F.avg_pool2d, *column, ceil_mode, width=(1,)), (i, k, s, p)
    assert refused


def test_pool_stride_defaults_to_kernel_size():
    for i, k in product(range(1, 12), range(1, 5)):
        assert size(pool_output_size, i, k) == torch_size(F.max_pool1d, i, k)


def test_interpolate_output_size_equals_torch():
    factors = [j / 10 for j in range(1, 41)] + [1 / 3, 2 / 3, 4 / 3, np.pi, 7]
    refused = 0
    for i, factor in product(range(1, 60), factors):
        ours = size(interpolate_output_size, i, factor)
        refused += ours is None
        assert ours == torch_size(lambda row, f: F.interpolate(row, scale_factor=f), i, factor), (i, factor)
    assert refused


def test_interpolate_output_size_takes_every_real_number_that_gives_a_size():
    for factor in (2, 2.0, np.float32(2), np.int16(2), Fraction(2)):
        assert interpolate_output_size(3, factor) == 6
    for factor in (float("nan"), float("inf"), -1, 0):
        with pytest.raises(ValueError, match="scale_factor"):
            interpolate_output_size(3, factor)
    for factor in (True, np.True_, 2j, np.complex128(2), "2", None, np.array(2.0), [2]):
        with pytest.raises(TypeError, match="scale_factor must be a number, got"):
            interpolate_output_size(3, factor)


# Relationships 1 to 15 of arXiv:1603.07285, written out as they stand there

R_INPUTS, R_KERNELS, R_STRIDES = range(1, 14), range(1, 7), range(1, 5)


def fitting(strides=(1,), paddings=lambda k: [0], dilations=(1,)):
    """All (i, k, s, p, d) where the kernel fits at least once."""
    return [
        (i, k, s, p, d)
        for i, k, s, d in product(R_INPUTS, R_KERNELS, strides, dilations)
        for p in paddings(k)
        if k + (k - 1) * (d - 1) <= i + 2 * p
    ]


def half(k):
    """Half padding exists for odd kernels only."""
    return [k // 2] if k % 2 else []


def full(k):
    return [k - 1]


DIRECT = {
    1: (fitting(), lambda i, k, s, p, d: (i - k) + 1),
    2: (fitting(paddings=range), lambda i, k, s, p, d: (i - k) + 2 * p + 1),
    3: (fitting(paddings=half), lambda i, k, s, p, d: i),
    4: (fitting(paddings=full), lambda i, k, s, p, d: i + (k - 1)),
    5: (fitting(R_STRIDES), lambda i, k, s, p, d: (i - k) // s + 1),
    6: (fitting(R_STRIDES, lambda k: range(5)), lambda i, k, s, p, d: (i + 2 * p - k) // s + 1),
    15: (
        fitting(R_STRIDES, lambda k: range(4), range(1, 4)),
        lambda i, k, s, p, d: (i + 2 * p - k - (k - 1) * (d - 1)) // s + 1,
    ),
}


@pytest.mark.parametrize("number", DIRECT)
def test_relationships_of_direct_convolutions(number):
    layers, relationship = DIRECT[number]
    assert len(layers) > 30
    for layer in layers:
        assert relationship(*layer) == torch_conv(*layer) == conv_output_size(*layer), layer


def test_relationship_7_pooling():
    for i, k, s, _, _ in fitting(R_STRIDES):
        assert (i - k) // s + 1 == torch_size(F.max_pool1d, i, k, s) == pool_output_size(i, k, s)


@pytest.mark.parametrize(("number", "padding"), [(3, half), (4, full)])
def test_named_paddings_are_those_of_relationships_3_and_4(number, padding):
    named = {3: same_padding, 4: full_padding}[number]
    for k in R_KERNELS:
        for p in padding(k):
            assert named(k) == (p, p)


def divides(i, k, s, p):
    return (i + 2 * p - k) % s == 0


# number: (which direct layers, i' of the transpose -> o', padding of the equivalent convolution, zeros inserted)
TRANSPOSED = {
    8: (fitting(), lambda i_, k, s, p, a: i_ + (k - 1), lambda k, p: k - 1),
    9: (fitting(paddings=range), lambda i_, k, s, p, a: i_ + (k - 1) - 2 * p, lambda k, p: k - p - 1),
    10: (fitting(paddings=half), lambda i_, k, s, p, a: i_, lambda k, p: p),
    11: (fitting(paddings=full), lambda i_, k, s, p, a: i_ - (k - 1), lambda k, p: 0),
    12: (
        [layer for layer in fitting(R_STRIDES) if divides(*layer[:4])],
        lambda i_, k, s, p, a: s * (i_ - 1) + k,
        lambda k, p: k - 1,
    ),
    13: (
        [layer for layer in fitting(R_STRIDES, range) if divides(*layer[:4])],
        lambda i_, k, s, p, a: s * (i_ - 1) + k - 2 * p,
        lambda k, p: k - p - 1,
    ),
    14: (
        fitting(R_STRIDES, lambda k: range(k + 2)),
        lambda i_, k, s, p, a: s * (i_ - 1) + a + k - 2 * p,
        lambda k, p: k - p - 1,
    ),
}


@pytest.mark.parametrize("number", TRANSPOSED)
def test_relationships_of_transposed_convolutions(number):
    layers, relationship, equivalent_padding = TRANSPOSED[number]
    assert len(layers) > 30
    for i, k, s, p, d in layers:
        a = (i + 2 * p - k) % s
        i_ = torch_conv(i, k, s, p, d)
        assert a == unread_cells(i, k, s, p)
        assert i == relationship(i_, k, s, p, a) == torch_conv_transpose(i_, k, s, p, a), (i, k, s, p)
        assert i == conv_transpose_output_size(i_, k, s, p, a)
        equivalent = equivalent_convolution(k, s, p, a)
        assert equivalent.zeros_between == s - 1
        assert equivalent.padding_begin == equivalent_padding(k, p) == equivalent.padding_end - a


# What a stride forgets


def test_unread_cells_are_the_cells_that_get_no_gradient():
    for i, k, s, p, d in product(range(1, 9), range(1, 4), range(1, 4), range(3), range(1, 3)):
        if torch_conv(i, k, s, p, d) is None:
            continue
        padded = torch.zeros(1, 1, i + 2 * p, requires_grad=True)
        F.conv1d(padded, torch.ones(1, 1, k), None, s, 0, d).sum().backward()
        last_read = int(padded.grad[0, 0].nonzero()[-1, 0])
        assert unread_cells(i, k, s, p, d) == i + 2 * p - 1 - last_read < s


def test_merged_input_sizes_are_all_sizes_with_one_output(conv_sizes):
    for k, s, p, d in product(KERNELS, STRIDES, PADDINGS, DILATIONS):
        for o in range(1, 4):
            # The largest input that still gives o is below s * o + K: look further than that.
            found = [i for i in range(1, s * o + d * k + 1) if torch_conv(i, k, s, p, d) == o]
            if found:
                assert list(merged_input_sizes(o, k, s, p, d)) == found
            else:
                with pytest.raises(ValueError, match="output_size"):
                    merged_input_sizes(o, k, s, p, d)


def test_merged_unread_and_required_agree_with_torch(conv_sizes):
    for (i, k, s, p, d), o in conv_sizes.items():
        if o is None:
            continue
        assert i in merged_input_sizes(o, k, s, p, d)
        assert len(merged_input_sizes(o, k, s, p, d)) <= s
        a = unread_cells(i, k, s, p, d)
        assert a == required_output_padding(o, i, k, s, p, d)
        assert torch_conv_transpose(o, k, s, p, a, d) == i


def test_unequal_padding_in_unread_merged_and_required():
    for i, k, s, begin, end in product(range(1, 9), range(1, 4), range(1, 4), range(3), range(3)):
        o = size(conv_output_size, i, k, s, (begin, end))
        if o is not None:
            sizes = [j for j in range(1, 30) if size(conv_output_size, j, k, s, (begin, end)) == o]
            assert list(merged_input_sizes(o, k, s, (begin, end))) == sizes
            assert unread_cells(i, k, s, (begin, end)) == sizes.index(i) + s - len(sizes)
            assert required_output_padding(o, i, k, s, (begin, end)) == unread_cells(i, k, s, (begin, end))


def test_required_output_padding_is_complete_and_sound(transposed_sizes):
    possible = {(*layer[:4], layer[5], o): layer[4] for layer, o in transposed_sizes.items() if o is not None}
    for i, k, s, p, d in product(range(1, 6), KERNELS, STRIDES, PADDINGS, DILATIONS):
        for o in range(1, 30):
            assert size(required_output_padding, i, o, k, s, p, d) == possible.get((i, k, s, p, d, o))


@pytest.mark.parametrize(("k", "s", "p", "d"), list(product((1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2))))
def test_round_trips_are_torchs_and_one_size_of_each_group_returns(k, s, p, d):
    for i in range(9, 16):
        smaller = torch_conv(i, k, s, p, d)
        back = torch_conv_transpose(smaller, k, s, p, 0, d)
        assert round_trip(i, k, s, p, d) == (i, smaller, back, i - back)
    group = merged_input_sizes(6, k, s, p, d)
    assert returning_sizes(group, k, s, p, d) == [group[0]]


def test_an_impossible_round_trip_is_refused():
    with pytest.raises(ValueError, match="kernel_size=5"):
        round_trip(4, kernel_size=5)
    with pytest.raises(TypeError, match="input_size"):
        returning_sizes([4.0], kernel_size=3)


# Named paddings


def test_valid_padding_is_torch_valid():
    for i, k in product(range(3, 8), range(1, 4)):
        theirs = torch_size(F.conv1d, i, torch.zeros(1, 1, k), None, 1, "valid")
        assert conv_output_size(i, k, padding=valid_padding()) == theirs


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
def test_same_padding_puts_the_zeros_where_torch_does():
    row = torch.arange(1.0, 8.0).reshape(1, 1, -1)
    for k, d in product(range(1, 7), range(1, 4)):
        kernel = 10.0 ** torch.arange(k).reshape(1, 1, -1)
        padded = F.pad(row, same_padding(k, d))
        assert torch.equal(F.conv1d(padded, kernel, dilation=d), F.conv1d(row, kernel, padding="same", dilation=d))


def test_same_padding_with_stride_is_tensorflows_rule():
    # TensorFlow writes it with the remainder: if i % s == 0, max(K - s, 0), else max(K - i % s, 0).
    for i, k, s, d in product(range(1, 12), range(1, 6), range(1, 5), range(1, 4)):
        span = (k - 1) * d + 1
        total = max(span - s, 0) if i % s == 0 else max(span - i % s, 0)
        assert same_padding(k, d, stride=s, input_size=i) == (total // 2, total - total // 2)
        padded = i + total
        assert torch_conv(padded, k, s, 0, d) == (i + s - 1) // s
        if s == 1:
            assert same_padding(k, d) == same_padding(k, d, stride=1, input_size=i)


def test_same_padding_with_stride_needs_the_input_size():
    with pytest.raises(ValueError, match=r"input_size must be given for stride=2"):
        same_padding(3, stride=2)


# The four steps, really done


def four_steps(row, kernel, equivalent):
    """Stretch, pad or crop, flip, convolve: with torch, by the numbers of an EquivalentConvolution."""
    gap = equivalent.zeros_between + 1
    stretched = torch.zeros(1, 1, gap * (row.shape[2] - 1) + 1, dtype=row.dtype)
    stretched[..., ::gap] = row
    begin, end = equivalent.padding_begin, equivalent.padding_end
    padded = F.pad(stretched, (max(begin, 0), max(end, 0)))
    cropped = padded[..., max(-begin, 0) : padded.shape[2] - max(-end, 0)]
    kernel = kernel.flip(2) if equivalent.flip else kernel
    return F.conv1d(cropped, kernel, stride=equivalent.stride, dilation=equivalent.dilation)


def test_equivalent_convolution_gives_the_values_of_conv_transpose():
    generator = torch.Generator().manual_seed(0)
    done = 0
    for i, k, s, p, d in product(range(1, 5), range(1, 5), range(1, 4), range(5), range(1, 4)):
        for op in range(max(s, d)):
            if torch_conv_transpose(i, k, s, p, op, d) is None:
                continue
            row = torch.randint(-9, 10, (1, 1, i), generator=generator, dtype=torch.float64)
            kernel = torch.randint(-9, 10, (1, 1, k), generator=generator, dtype=torch.float64)
            ours = four_steps(row, kernel, equivalent_convolution(k, s, p, op, d))
            theirs = F.conv_transpose1d(row, kernel, None, s, p, op, 1, d)
            assert torch.equal(ours, theirs), (i, k, s, p, op, d)
            done += 1
    assert done > 1000


def test_equivalent_convolution_with_unequal_padding():
    row, kernel = torch.tensor([[[1.0, 2, 3]]]), torch.tensor([[[1.0, 10, 100]]])
    whole = F.conv_transpose1d(row, kernel, stride=2)
    for begin, end in product(range(4), range(3)):
        ours = four_steps(row, kernel, equivalent_convolution(3, 2, (begin, end)))
        assert torch.equal(ours, whole[..., begin : whole.shape[2] - end])


def test_the_four_steps_go_red_without_the_flip():
    row, kernel = torch.tensor([[[1.0, 2, 3]]]), torch.tensor([[[1.0, 10, 100]]])
    unflipped = equivalent_convolution(3)._replace(flip=False)
    assert not torch.equal(four_steps(row, kernel, unflipped), F.conv_transpose1d(row, kernel))


def test_equivalent_convolution_refuses_what_conv_transpose_refuses():
    for s, d, op in product(range(1, 5), range(1, 5), range(5)):
        refused = size(equivalent_convolution, 3, s, 0, op, d) is None
        assert refused == (torch_conv_transpose(3, 3, s, 0, op, d) is None)


# The solver

BOUNDS = {"max_kernel_size": 4, "max_stride": 3, "max_padding": 2, "max_output_padding": 2, "max_dilation": 3}


def bounded(layer):
    return all(0 <= n <= bound for n, bound in zip(layer, BOUNDS.values(), strict=True))


@pytest.mark.parametrize("transposed", [False, True])
def test_find_parameters_is_complete_and_sound(transposed, conv_sizes, transposed_sizes):
    layers = {}
    if transposed:
        for (i, *layer, d), o in transposed_sizes.items():
            layers.setdefault((i, o), []).append(LayerParameters(*layer, d))
    else:
        for (i, *layer, d), o in conv_sizes.items():
            layers.setdefault((i, o), []).append(LayerParameters(*layer, 0, d))
    found_some = 0
    for i, o in product(range(1, 7), range(1, 20)):
        expected = sorted(layer for layer in layers.get((i, o), []) if bounded(layer))
        found = find_parameters(i, o, transposed, **BOUNDS)
        assert found == expected, (i, o)
        found_some += len(found)
    assert found_some > 400


def test_find_parameters_finds_nothing_where_there_is_nothing():
    assert find_parameters(3, 50) == []
    assert find_parameters(50, 3, transposed=True) == []


@pytest.mark.parametrize("bound", BOUNDS)
def test_find_parameters_keeps_to_each_bound(bound):
    field = bound.removeprefix("max_")
    for limit in (1, 2):
        found = find_parameters(4, 6, transposed=True, **{**BOUNDS, bound: limit})
        assert max(getattr(layer, field) for layer in found) == limit


# Errors and number types

# Every function with all its integer arguments, in a call that works.
CALLS = {
    "effective_kernel_size": {"kernel_size": 3, "dilation": 2},
    "conv_output_size": {"input_size": 9, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2},
    "unread_cells": {"input_size": 10, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1},
    "merged_input_sizes": {"output_size": 3, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1},
    "conv_transpose_output_size": {
        "input_size": 4, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1, "dilation": 1,
    },
    "required_output_padding": {
        "input_size": 4, "output_size": 8, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1,
    },
    "full_padding": {"kernel_size": 3, "dilation": 2},
    "causal_padding": {"kernel_size": 3, "dilation": 2},
    "causal_trim": {"kernel_size": 4, "stride": 2, "dilation": 1},
    "same_padding": {"kernel_size": 3, "dilation": 2, "stride": 2, "input_size": 7},
    "equivalent_convolution": {"kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1, "dilation": 1},
    "pool_output_size": {"input_size": 9, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2},
    "interpolate_output_size": {"input_size": 5, "scale_factor": 2},
    "find_parameters": {
        "input_size": 4, "output_size": 8, "max_kernel_size": 4, "max_stride": 2, "max_padding": 1,
        "max_output_padding": 1, "max_dilation": 2,
    },
}  # fmt: skip
ARGUMENTS = [(name, argument) for name, call in CALLS.items() for argument in call if argument != "scale_factor"]
MAY_BE_ZERO = ("padding", "output_padding", "max_padding", "max_output_padding")


def test_every_public_function_is_in_the_table():
    functions = {name for name in arithmetic.__all__ if name[0].islower()}
    assert functions == {*CALLS, "valid_padding", "round_trip", "returning_sizes"}


@pytest.mark.parametrize("name", CALLS)
def test_the_calls_of_the_table_work(name):
    getattr(arithmetic, name)(**CALLS[name])


WRONG_TYPES = [1.0, True, np.True_, "2", None, np.float64(2), 2j, np.array([2]), np.array([1, 1])]
NONE_IS_THE_DEFAULT = [("same_padding", "input_size"), ("pool_output_size", "stride")]


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        (*row, value)
        for row, value in product(ARGUMENTS, WRONG_TYPES)
        if value is not None or row not in NONE_IS_THE_DEFAULT
    ],
)
def test_wrong_types_are_named(name, argument, value):
    with pytest.raises(TypeError) as caught:
        getattr(arithmetic, name)(**{**CALLS[name], argument: value})
    assert f"{argument} must be an integer" in str(caught.value)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_too_small_values_are_named(name, argument):
    value = -1 if argument in MAY_BE_ZERO else 0
    with pytest.raises(ValueError, match=rf"^{argument} must be at least {value + 1}, got {value}$"):
        getattr(arithmetic, name)(**{**CALLS[name], argument: value})


@pytest.mark.parametrize("kind", [np.int64, np.uint8])
@pytest.mark.parametrize("name", CALLS)
def test_numpy_integers_are_integers_and_come_out_as_plain_ones(name, kind):
    plain = getattr(arithmetic, name)(**CALLS[name])
    numpy = getattr(arithmetic, name)(**{argument: kind(value) for argument, value in CALLS[name].items()})
    assert repr(numpy) == repr(plain)


def test_small_numpy_integers_do_not_overflow():
    assert unread_cells(np.uint8(250), np.uint8(3), np.uint8(4), np.uint8(5)) == unread_cells(250, 3, 4, 5)
    assert conv_transpose_output_size(np.int8(100), np.int8(5), np.int8(9)) == 896


@pytest.mark.parametrize(
    "name", [name for name, call in CALLS.items() if "padding" in call and name != "pool_output_size"]
)
@pytest.mark.parametrize(
    ("padding", "error"), [((1,), ValueError), ((1, 1, 1), ValueError), ((), ValueError), ((1, 1.0), TypeError)]
)
def test_padding_is_an_integer_or_a_pair(name, padding, error):
    with pytest.raises(error, match="padding"):
        getattr(arithmetic, name)(**{**CALLS[name], "padding": padding})


def test_pool_padding_is_one_integer():
    with pytest.raises(TypeError, match=r"padding must be an integer, got \(1, 1\)"):
        pool_output_size(5, 3, padding=(1, 1))


@pytest.mark.parametrize(
    ("function", "arguments", "named"),
    [
        (conv_output_size, (2, 5, 1, 1), ["kernel_size=5", "input_size=2", "padding=1"]),
        (conv_output_size, (4, 3, 1, 0, 2), ["kernel_size=3", "dilation=2", "input_size=4"]),
        (unread_cells, (2, 5), ["kernel_size=5", "input_size=2"]),
        (merged_input_sizes, (1, 1, 1, 3), ["output_size=1", "padding=3"]),
        (conv_transpose_output_size, (1, 1, 1, 1), ["padding=1", "input_size=1", "kernel_size=1"]),
        (conv_transpose_output_size, (3, 3, 2, 0, 2), ["output_padding=2", "stride=2", "dilation=1"]),
        (equivalent_convolution, (3, 2, 0, 2), ["output_padding=2", "stride=2", "dilation=1"]),
        (required_output_padding, (9, 25, 3, 2, 1), ["output_size", "25", "from 17 to 18"]),
        (required_output_padding, (1, 1, 1, 1, 3), ["padding=3"]),
        (pool_output_size, (5, 3, 1, 2), ["padding=2", "kernel_size=3"]),
        (pool_output_size, (2, 3), ["kernel_size=3", "input_size=2"]),
        (interpolate_output_size, (2, 0.4), ["scale_factor=0.4", "input_size=2"]),
    ],
)
def test_impossible_layers_are_explained(function, arguments, named):
    with pytest.raises(ValueError, match=re.escape(named[0])) as caught:
        function(*arguments)
    for piece in named:
        assert piece in str(caught.value)


@pytest.mark.parametrize("value", [1, 0, None, "no", 1.0])
def test_flags_are_bools(value):
    with pytest.raises(TypeError, match=f"ceil_mode must be True or False, got {value!r}"):
        pool_output_size(5, 2, ceil_mode=value)
    with pytest.raises(TypeError, match=f"transposed must be True or False, got {value!r}"):
        find_parameters(4, 8, transposed=value)
