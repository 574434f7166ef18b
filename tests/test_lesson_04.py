"""Lesson 04: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import numpy as np
import pytest

from convlab.explorers import ConvExplorer
from convlab.reference import conv1d, conv_transpose1d
from lesson_answers import LAYERS

STAMP = """
    i, k = X.shape, K.shape
    Y = np.zeros([stride * (n - 1) + m for n, m in zip(i, k)])
    for r in range({rows}):
        for c in range({columns}):
            Y[stride * r : stride * r + k[0], stride * c : stride * c + k[1]] {adds} X[r, c] * K{turned}
    return Y"""

STAMP_1D = """
    y = np.zeros(stride * (len(x) - 1) + len(w))
    for j in range({count}):
        y[stride * j : stride * j + len(w)] {adds} x[j] * w{turned}
    return y"""


def stamp(rows="i[0]", columns="i[1]", adds="+=", turned=""):
    return STAMP.format(rows=rows, columns=columns, adds=adds, turned=turned).strip()


def stamp1d(count="len(x)", adds="+=", turned=""):
    return STAMP_1D.format(count=count, adds=adds, turned=turned).strip()


ANSWERS = {
    "check-digits": (
        "[1, 10, 102, 1020, 203, 2030, 300, 3000]",
        "[1, 10, 2, 20, 3, 30, 300, 3000]",  # a later stamp covers
        "[1, 12, 123, 1230, 2300, 3000]",  # stride 1
        "[1, 10, 100, 1000, 2, 20, 200, 2000, 3, 30, 300, 3000]",  # side by side
        "[1, 10, 102, 1020, 203, 2030, 300]",
    ),
    "check-counts": (
        "[1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1]",
        "[1, 2, 3, 3, 3, 2, 1]",  # stride 1
        "[1] * 11",
        "[1, 1, 2, 1, 2, 1, 2, 1, 2, 1]",
        "[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]",
    ),
    "check-detector": ("[24, 62]", "[62, 24]", "[22, 63]", "[4, 7]", "[46, 82]", "[24, 44]"),
    "check-write": (stamp(), stamp(adds="="), stamp("i[1]", "i[0]"), stamp("2"), stamp(turned="[::-1, ::-1]"),
                    stamp(turned=".T")),
    "check-bug": (stamp1d(), stamp1d("min(len(x), len(w))"), stamp1d(adds="="), stamp1d("len(w)"),
                  stamp1d("len(x) - 1")),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """The rules of stamping and of size; share, touch or gap; at least two inputs where a stride can matter."""
    x, w = np.arange(1, i + 1), np.arange(1, k + 1)
    y = np.zeros(s * (i - 1) + k, dtype=int)
    for j in range(i):
        for t in range(k):
            y[s * j + t] += x[j] * w[t]
    full = conv_transpose1d(x[None, None], w[None, None], stride=s)[0, 0]
    assert full.tolist() == y.tolist()
    stamps = conv_transpose1d(np.ones((1, 1, i)), np.ones((1, 1, k)), stride=s)[0, 0]
    if i > 1:
        neighbours = {
            frozenset(range(s * j, s * j + k)) & frozenset(range(s * (j + 1), s * (j + 1) + k)) for j in range(1)
        }
        assert {len(shared) for shared in neighbours} == {max(k - s, 0)}
        assert (stamps == 0).sum() == (i - 1) * max(s - k, 0)  # the gaps, s - k cells between neighbours
        assert len(full) > s * (i - 2) + k  # a larger stride, a larger output


def test_what_try_it_says_can_be_set():
    explorer = ConvExplorer(np.ones((2, 2)), np.ones((3, 3)), stride=2, transposed=True, walk="input", step=3)
    for step in (0, 1, 2, 3):
        explorer.step = step
    explorer.stride = 1
    assert explorer.output.shape[-2:] == (4, 4)


def test_it_transposed_does_not_undo_in_general():
    x = np.array([[[1, 2, 3]]])
    for w in ([1], [1, 10], [2, 3]):
        kernel = np.array([[w]])
        again = conv_transpose1d(conv1d(x, kernel), kernel)
        assert again.shape == x.shape
        assert (again == x).all() == (w == [1])  # hence "in general"
