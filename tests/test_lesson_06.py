"""Lesson 06: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.explorers import ConvExplorer
from convlab.reference import conv1d, conv_transpose1d
from lesson_answers import LAYERS


def recipe2d(turned="[::-1, ::-1]", size="stride * (n - 1) + 1", pad="k - 1 - padding", step="1"):
    lines = [f"apart = np.zeros([{size} for n in x.shape], dtype=int)", "apart[::stride, ::stride] = x"]
    lines += [f"padded = np.pad(apart, [({pad},) * 2 for k in w.shape])[None, None]"]
    return "\n    ".join([*lines, f"return conv2d(padded, w{turned}[None, None], stride={step})[0, 0]"])


def recipe1d(reach, turned="[::-1]"):
    lines = [f"around = {reach} - padding", "row = np.pad(stretched(x, stride), max(around, 0))"]
    lines += ["row = row[max(-around, 0) : len(row) - max(-around, 0)]"]
    return "\n    ".join([*lines, f"return conv1d(row[None, None], w{turned}[None, None], dilation=dilation)[0, 0]"])


ANSWERS = {
    "check-row": (
        "[0, 7, 0, 0, 8, 0, 0, 9, 0]",
        "[7, 0, 0, 8, 0, 0, 9]",
        "[0, 0, 7, 0, 0, 8, 0, 0, 9, 0, 0]",  # the padding forgotten
        "[0, 7, 0, 0, 8, 0, 0, 9, 0, 0, 0]",  # zeros after the last as well
        "[0, 7, 0, 8, 0, 9, 0]",
    ),
    "check-zeros": ("[3, 8, -2]", "[3, 2, -2]", "[3, 8, 0]", "[4, 9, -1]", "[1, 0, 3]", "[3, 11, -2]"),
    "check-unseen": ("72", "54", "9", "78", "27"),
    "check-write": (
        recipe2d(),
        recipe2d(turned=""),
        recipe2d(turned="[::-1]"),
        recipe2d(pad="padding"),
        recipe2d(size="stride * n"),
        recipe2d(step="stride"),
        recipe2d(pad="k - padding"),
    ),
    "check-bug": (
        recipe1d("dilation * (len(w) - 1)"),
        recipe1d("len(w) + dilation - 2"),
        recipe1d("len(w) - 1"),
        recipe1d("dilation * len(w)"),
        recipe1d("dilation * (len(w) - 1)", turned=""),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), [layer for layer in LAYERS if layer[0] < 5])
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """Stretch and pad, with dilation and a negative p'; the flip; the phases; where most products are with zeros."""
    x, w = np.arange(1, i + 1), 10 ** np.arange(k)
    stretched = np.zeros(s * (i - 1) + 1, dtype=int)
    stretched[::s] = x
    for d, p in itertools.product((1, 2, 3), range(6)):
        for op in range(max(s, d)):
            begin, size = d * (k - 1) - p, s * (i - 1) + d * (k - 1) + 1 - 2 * p + op
            if size < 1:
                continue
            padded = np.pad(stretched, (max(begin, 0), max(begin + op, 0)))
            padded = padded[max(-begin, 0) : len(padded) - max(-begin - op, 0)]
            options = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
            right = conv_transpose1d(x[None, None], w[None, None], **options)
            assert conv1d(padded[None, None], w[None, None, ::-1], dilation=d).tolist() == right.tolist()
    full = conv_transpose1d(x[None, None], w[None, None], stride=s)[0, 0]
    for r in range(s):
        phase = conv_transpose1d(x[None, None], w[None, None, r::s])[0, 0] if r < k else np.zeros(1, dtype=int)
        cells = full[r::s]
        assert cells.tolist() == phase.tolist() if r < k else not cells.any()


def test_what_try_it_says_can_be_set():
    both = ConvExplorer(np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3), 2, 1, transposed=True, step=4)
    assert both.output[0, 1, 1] == 36
    both.step = 0
    both.padding = 2
    assert both.output.tolist() == [[[36]]]
