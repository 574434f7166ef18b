"""Lesson 01: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import numpy as np
import pytest

from convlab.explorers import ConvExplorer
from convlab.reference import conv1d, conv_transpose2d
from lesson_answers import LAYERS

SLIDE = """
    i, k = X.shape, K.shape
    Y = np.zeros([(i[axis] - k[axis]) // {step} + 1 for axis in (0, 1)])
    for m in range({rows}):
        for n in range({columns}):
            top, left = {step} * m, {step} * n
            Y[m, n] = ({window} * {kernel}).sum()
    return Y"""


def slide(rows="len(Y)", columns="len(Y[0])", step="stride", kernel="K",
          window="X[top : top + k[0], left : left + k[1]]"):  # fmt: skip
    return SLIDE.format(rows=rows, columns=columns, step=step, kernel=kernel, window=window).strip()


ANSWERS = {
    "check-digits": (
        "[210, 432, 54]",
        "[12, 234, 450]",  # the kernel is turned
        "[210, 321, 432, 543, 54]",  # stride 1
        "[321, 543]",  # no padding
        "[210, 432]",  # the last zero is not read
        "[210, 543]",  # two cells are skipped
    ),
    "check-shake": (
        "[[5, 0, 0], [4, 0, 0], [3, 2, 1]]",
        "[[1, 2, 3], [0, 0, 4], [0, 0, 5]]",  # as it is seen
        "[[3, 2, 1], [4, 0, 0], [5, 0, 0]]",  # turned in each row
        "[[0, 0, 5], [0, 0, 4], [1, 2, 3]]",  # upside down
        "[[1, 0, 0], [2, 0, 0], [3, 4, 5]]",  # rows and columns exchanged
    ),
    "check-patches": ("3136", "56", "3025", "50176", "1024", "3249"),
    "check-write": (slide(), slide(step="1"), slide(kernel="K[::-1, ::-1]"), slide("len(Y) - 1"),
                    slide(window="X[m : m + k[0], n : n + k[1]]"), slide(columns="len(Y)"), slide(kernel="K.T")),
    "check-bug": (
        "return np.convolve(x, w[::-1], mode='valid')",
        "return np.convolve(x, w, mode='valid')",
        "return -np.convolve(x, w, mode='valid')",
        "return np.convolve(x, w[::-1], mode='same')",
        "return np.convolve(x[::-1], w, mode='valid')",
        "return np.convolve(x, w[::-1])",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """Where windows lie, and that what does not fit does not count; impulses; ones hide the order of the taps."""
    x, w = np.arange(1, i + 1), np.arange(1, k + 1)
    for p in (0, 1, 2):
        padded = np.pad(x, p)
        windows = [padded[start : start + k] for start in range(0, len(padded), s)]
        whole = [int((window * w).sum()) for window in windows if len(window) == k]
        if whole:
            assert conv1d(x[None, None], w[None, None], stride=s, padding=p)[0, 0].tolist() == whole
            assert len(whole) == i // s or (k, p) != (s, 0) or i % s  # tiles
    for place in range(k - 1, k - 1 + i):  # every tap reaches the 1
        impulse = np.zeros(2 * k - 2 + i, dtype=int)
        impulse[place] = 1
        seen = conv1d(impulse[None, None], w[None, None])[0, 0]
        assert seen[place - k + 1 : place + 1].tolist() == w[::-1].tolist()
        assert seen.sum() == w.sum()
    if k <= i:
        ones = np.ones(k, dtype=int)
        for v in (w, ones):
            ours, turned = conv1d(x[None, None], v[None, None])[0, 0], np.convolve(x, v, mode="valid")
            assert (ours.tolist() == turned.tolist()) == (v.tolist() == v[::-1].tolist())


def test_what_try_it_says_can_be_set():
    slider = ConvExplorer(np.arange(36).reshape(6, 6) % 9 + 1, np.array([[1, 10], [100, 1000]]), stride=2, padding=1)
    slider.step = 1
    slider.padding = 0
    assert slider.output[0, 0, 0] == 8721
    slider.stride = 1
    reads = conv_transpose2d(np.ones((1, 1, *slider.output.shape[1:])), np.ones((1, 1, 2, 2)))[0, 0]
    assert np.argwhere(reads == 1).tolist() == [[0, 0], [0, 5], [5, 0], [5, 5]]  # "by one window only"
