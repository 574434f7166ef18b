"""Lesson 08: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.arithmetic import (
    conv_output_size,
    conv_transpose_output_size,
    merged_input_sizes,
    required_output_padding,
    returning_sizes,
    round_trip,
    unread_cells,
)
from convlab.explorers import SizeExplorer
from convlab.reference import conv_transpose1d
from convlab.views import Conv, ConvTranspose, Pool, output_sizes
from lesson_answers import LAYERS


def back(smaller="(input_size + 2 * padding - kernel_size) // stride", pads="- 2 * padding"):
    return f"return stride * ({smaller}) + kernel_size {pads}"


SPAN = "dilation * (kernel_size - 1) + 1"


def whole(first="stride * (input_size - 1)", span=SPAN, pads="2 * padding", more="output_padding"):
    return f"return {first} + {span} - {pads} + {more}"


ANSWERS = {
    "check-slips": (
        "12",
        "10",  # no dilation
        "13",  # one padding
        "11",  # no output_padding
        "16",  # padding adds
        "14",  # i for i - 1
    ),
    "check-range": ("[7, 8, 9]", "[7, 8]", "[7]", "[6, 7, 8]", "[7, 8, 9, 10]", "[9]"),
    "check-sound": ("99", "100", "105", "95", "96"),
    "check-write": (
        back(),
        "return input_size",
        back("(input_size + 2 * padding - kernel_size) / stride"),
        back(pads="+ 2 * padding"),
        back("(input_size + 2 * padding - kernel_size) // stride + 1"),
        back(pads=""),
        "return stride * (input_size // stride)",
    ),
    "check-bug": (
        whole(),
        whole(span="kernel_size"),
        whole(span="dilation * kernel_size"),
        whole(span="kernel_size + dilation - 1"),
        whole(pads="padding"),
        whole(first="stride * input_size"),
        whole(more="0"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """There and back; how many sizes share one and how many come back; the way back; the size with all letters."""
    for p in range(4):
        if i + 2 * p < k:
            continue
        layer = {"kernel_size": k, "stride": s, "padding": p}
        smaller, a = conv_output_size(i, **layer), unread_cells(i, **layer)
        assert a == (i + 2 * p - k) % s
        sharing = [n for n in range(max(1, k - 2 * p), i + s + 1) if conv_output_size(n, **layer) == smaller]
        assert sharing == list(merged_input_sizes(smaller, **layer))
        smallest = s * (smaller - 1) + k - 2 * p
        assert smallest == i - a
        assert len(sharing) == s if smallest >= 1 else len(sharing) < s
        neighbours = range(i, i + s)
        assert sum(unread_cells(n, **layer) == 0 for n in neighbours) == 1
        if smallest >= 1:
            assert round_trip(i, **layer).back == min(sharing) == i - a
            assert len(returning_sizes(neighbours, **layer)) == 1
            assert required_output_padding(smaller, i, **layer) == a < s
        else:
            with pytest.raises(ValueError, match="must be at least 1"):
                conv_transpose_output_size(smaller, **layer)
        assert conv_transpose_output_size(smaller, output_padding=a, **layer) == i  # "come back with output_padding=a"


@pytest.mark.parametrize(("i", "k", "s"), [layer for layer in LAYERS if layer[0] < 4])
def test_the_size_with_all_its_letters_is_that_of_the_layer(i, k, s):
    for p, d in itertools.product(range(3), (1, 2, 3)):
        for op in range(max(s, d)):
            size = s * (i - 1) + d * (k - 1) + 1 - 2 * p + op
            if size >= 1:
                options = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
                assert conv_transpose1d(np.ones((1, 1, i)), np.ones((1, 1, k)), **options).shape == (1, 1, size)


def test_the_decoder_multiplies_by_eight_and_multiples_of_16_fit_a_u_net():
    for i in range(1, 30):
        assert output_sizes([ConvTranspose(4, stride=2), Conv(3)] * 3, i)[-1] == 8 * i
    for i in range(16, 200):
        down = output_sizes([Pool(2)] * 4, i)
        up = output_sizes([ConvTranspose(2, stride=2)] * 4, down[-1])
        assert (up == [*down[-2::-1], i]) == (i % 16 == 0)


@pytest.mark.parametrize(
    ("size", "extra", "fits"),
    [(64, (0, 0, 0), False), (64, (1, 1, 1), True), (63, (1, 1, 1), False), (63, (1, 1, 0), True)],
)
def test_what_try_it_says_can_be_set(size, extra, fits):
    up = [ConvTranspose(3, stride=2, padding=1, output_padding=op) for op in extra]
    chain = [Conv(3, stride=2, padding=1)] * 3 + up
    explorer = SizeExplorer(chain, input_size=size, skips={4: 2, 5: 1, 6: 0})
    assert ("does not fit" not in " ".join(explorer.scene()["facts"])) == fits
