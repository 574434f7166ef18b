"""Lesson 05: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.explorers import PaddingExplorer
from convlab.reference import conv_transpose1d
from lesson_answers import LAYERS


def cropped(kept):
    """What is kept of a full output that has the zeros past its end, when it has any."""
    lines = ["full = np.zeros(stride * (len(x) - 1) + len(w), dtype=int)", "for j in range(len(x)):"]
    lines += ["    full[stride * j : stride * j + len(w)] += x[j] * w"]
    if "np.append" not in kept:
        lines += ["full = np.append(full, [0] * max(output_padding - padding, 0))"]
        kept = kept.replace("len(full)", "(stride * (len(x) - 1) + len(w))")
    return "\n    ".join([*lines, f"return {kept}"])


ANSWERS = {
    "check-probe": (
        "[10, 102, 20, 203, 30, 300]",
        "[10, 102, 20, 203, 30, 0]",  # adds a zero
        "[1, 10, 102, 20, 203, 30]",  # the beginning moves
        "[1, 10, 102, 20, 203, 30, 300, 0]",
        "[10, 102, 20, 203, 30]",
    ),
    "check-shrink": ("3", "15", "9", "6", "12"),
    "check-wanted": ("1", "0", "2", "3"),
    "check-segmentation": ("16", "32", "0", "31", "15"),
    "check-bug": (
        cropped("full[padding : len(full) + output_padding - padding]"),
        cropped("full[padding : -(padding - output_padding)]"),
        cropped("np.append(full[padding : len(full) - padding], [0] * output_padding)"),
        cropped("full[: len(full) + output_padding - 2 * padding]"),
        cropped("full[padding - output_padding : len(full) - padding]"),
        cropped("full[padding : len(full) - padding]"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), [layer for layer in LAYERS if layer[0] < 4])
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """The frame, its size, that no value changes, and where no stamp reaches."""
    x, w, bias = np.arange(1, i + 1)[None, None], np.arange(1, k + 1)[None, None], np.array([7])
    full = conv_transpose1d(x, w, stride=s)[0, 0]
    for p, op in itertools.product(range(len(full)), range(s)):
        size = s * (i - 1) + k - 2 * p + op
        if size < 1:
            continue
        options = {"stride": s, "padding": p, "output_padding": op}
        y = conv_transpose1d(x, w, **options)[0, 0]
        longer = np.append(full, np.zeros(max(op - p, 0), dtype=int))  # a negative crop_end adds cells
        assert y.tolist() == longer[p : len(full) - (p - op)].tolist()
        assert len(y) == size
        assert (conv_transpose1d(x, w, bias, **options)[0, 0] == y + 7).all()
        empty = {cell for cell in range(p, p + size) if cell >= len(full) or (cell % s >= k)}
        assert {p + cell for cell in np.flatnonzero(y == 0)} == empty  # all products are positive
        assert any(cell < len(full) for cell in empty) <= (s > k)
        assert any(cell >= len(full) for cell in empty) == (op > p)


def test_what_try_it_says_can_be_set():
    frame = PaddingExplorer("torch", begin=1)
    frame.set(output_padding=1)
    assert frame.output[-1].tolist() == [24, 55, 32, 36]
    frame.set(begin=0)
    assert frame.output[-1].tolist() == [0] * 6
