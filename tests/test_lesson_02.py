"""Lesson 02: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.arithmetic import conv_output_size, full_padding, merged_input_sizes, same_padding, unread_cells
from convlab.explorers import ConvExplorer
from convlab.reference import conv1d, conv2d
from lesson_answers import LAYERS


def slide(span="dilation * (len(w) - 1) + 1", step="stride", first="1", taps="w", pad="padding"):
    lines = [f"x, span = np.pad(x, {pad}), {span}", f"count = (len(x) - span) // stride + {first}"]
    lines += [f"return [(x[{step} * m : {step} * m + span : dilation] * {taps}).sum() for m in range(count)]"]
    return "\n    ".join(lines)


def same(zeros):
    return f"return conv1d(np.pad(x, {zeros})[None, None], w[None, None])[0, 0]"


ANSWERS = {
    "check-sizes": (
        "[7, 5, 3, 3, 2]",
        "[7, 5, 3, 3.5, 2]",  # nothing is rounded
        "[6, 4, 2, 2, 1]",  # the first place forgotten
        "[7, 3, 3, 3, 1]",  # no padding
        "[7, 5, 3, 5, 2]",  # no dilation
        "[7, 5, 3, 2, 2]",  # K = k d
    ),
    "check-alexnet": (
        "[227, 228, 229, 230]",
        "[227]",
        "[224, 225, 226, 227]",
        "[231, 232, 233, 234]",
        "[226, 227, 228, 229, 230]",
        "[227, 228, 229]",
    ),
    "check-pool": ("27", "26", "26.5", "28", "25"),
    "check-write": (
        slide(),
        slide(span="len(w)"),
        slide(span="dilation * len(w)"),
        slide(first="0"),
        slide(step="1"),
        slide(taps="w[::-1]"),
        slide(pad="0"),
        slide(pad="(0, padding)"),
    ),
    "check-bug": (
        same("((len(w) - 1) // 2, len(w) // 2)"),
        same("(len(w) - 1) // 2"),
        same("len(w) // 2"),
        same("(len(w) // 2, (len(w) - 1) // 2)"),
        same("len(w) - 1"),
        same("(0, len(w) - 1)"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """Size, unread cells and the sizes that share an output, by laying the kernel on; where gaps are; same and full."""
    for p, d in itertools.product(range(4), (1, 2, 3)):
        span, cells = d * (k - 1) + 1, i + 2 * p
        places = [start for start in range(0, cells, s) if start + span <= cells]
        if span > cells:
            with pytest.raises(ValueError, match="spans"):
                conv_output_size(i, k, s, p, d)
            continue
        read = {start + d * tap for start in places for tap in range(k)}
        a = cells - max(read) - 1
        assert (conv_output_size(i, k, s, p, d), unread_cells(i, k, s, p, d)) == (len(places), a)
        assert len(places) == (cells - span) // s + 1
        assert a == (cells - span) % s < s
        assert len(merged_input_sizes(len(places), k, s, p, d)) <= s  # "up to s"
        holes = set(range(max(read))) - read
        if d == 1:
            assert bool(holes) == (s > k and len(places) > 1)  # between windows only where the stride is larger
    for d in (1, 2, 3):
        span = d * (k - 1) + 1
        assert sum(same_padding(k, d)) == span - 1
        assert conv_output_size(i, k, padding=same_padding(k, d), dilation=d) == i
        assert conv_output_size(i, k, padding=full_padding(k, d), dilation=d) == i + span - 1
        assert same_padding(k, d)[1] - same_padding(k, d)[0] == (span % 2 == 0)
        if span <= i:
            assert conv_output_size(i, k, dilation=d) == i - (span - 1)


@pytest.mark.parametrize("cells", [64, 71])
def test_paint_on_unread_cells_is_not_in_the_map(cells):
    photo, means = np.random.default_rng(0).random((cells, cells)), np.full((1, 1, 8, 8), 1 / 64)
    painted = photo.copy()
    painted[64:70, :70], painted[:70, 64:70] = 1, 1
    maps = [conv2d(picture[None, None], means, stride=8) for picture in (photo, painted)]
    assert maps[0].shape == (1, 1, 8, 8)
    assert (maps[0] == maps[1]).all()
    for zeros in ((0, 1), (1, 1)):
        wide = [conv2d(np.pad(picture, zeros)[None, None], means, stride=8) for picture in (photo, painted)]
        assert (wide[0] == wide[1]).all() == (cells == 64)


def test_what_try_it_says_can_be_set():
    """The stripes, two cells, go with a ninth cell and with one zero at the end."""
    explorer = ConvExplorer(np.arange(1, 9), np.array([1, 10, 100]), stride=3)
    assert explorer.output.tolist() == [[321, 654]]
    explorer.padding = ((0, 1),)
    assert explorer.output.tolist() == [[321, 654, 87]]
    explorer.padding = 0
    explorer.input = np.arange(1, 10)[None]
    assert explorer.output.tolist() == [[321, 654, 987]]
    for size, end, a in ((8, 0, 2), (9, 0, 0), (8, 1, 0)):
        assert unread_cells(size, kernel_size=3, stride=3, padding=(0, end)) == a


def test_same_of_pytorch_puts_the_odd_zero_at_the_end():
    assert conv1d(np.arange(1, 6)[None, None], np.array([[[1, 10]]]), padding="same").tolist() == [
        [[21, 32, 43, 54, 5]]
    ]
