"""Lesson 03: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import numpy as np
import pytest

from convlab.arithmetic import conv_output_size
from convlab.explorers import MatrixExplorer
from convlab.reference import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from convlab.views import conv_matrix
from lesson_answers import LAYERS


def by_matrix(row="m, stride * m : stride * m + len(w)", kernel="w", side="len(y)", returned="W.T @ y"):
    lines = [f"W = np.zeros(({side}, stride * (len(y) - 1) + len(w)), dtype=int)"]
    lines += ["for m in range(len(y)):", f"    W[{row}] = {kernel}", f"return {returned}"]
    return "\n    ".join(lines)


ANSWERS = {
    "check-matrix": (
        "[[10, 100, 0, 0, 0], [0, 1, 10, 100, 0], [0, 0, 0, 1, 10]]",
        "[[1, 10, 100, 0, 0], [0, 0, 1, 10, 100]]",  # no padding
        "[[10, 1, 0, 0, 0], [0, 100, 10, 1, 0], [0, 0, 0, 100, 10]]",  # the kernel is turned
        "[[1, 10, 0, 0, 0], [0, 1, 10, 100, 0], [0, 0, 0, 10, 100]]",  # the wrong tap drops out
        "[[10, 100, 0, 0, 0], [1, 10, 100, 0, 0], [0, 1, 10, 100, 0]]",  # stride 1
    ),
    "check-gradient": (
        "[1, 10, 100, 2, 20, 200, 0, 0]",
        "[1, 10, 100, 2, 20, 200]",
        "[1, 10, 102, 20, 200, 0, 0, 0]",  # stride 2
        "[100, 10, 1, 200, 20, 2, 0, 0]",
        "[0, 1, 10, 100, 2, 20, 200, 0]",
    ),
    "check-nearest": ("[3, 7, 11]", "[1.5, 3.5, 5.5]", "[1, 3, 5]", "[1, 1, 2, 2, 3, 3]", "[2, 4, 6]"),
    "check-write": (
        by_matrix(),
        by_matrix(row="m, m : m + len(w)"),
        by_matrix(kernel="w[::-1]"),
        by_matrix(returned="np.linalg.pinv(W) @ y"),  # the inverse
        by_matrix(returned="W @ y"),
    ),
    "check-bug": (
        "return (size - kernel_size) % stride",
        "return 1 if (size - kernel_size) % stride else 0",
        "return stride - 1",
        "return size % stride",
        "return size - kernel_size",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_it_says_what_is_true_of_every_layer(i, k, s):
    """Where the taps stand in the matrix; W.T is the transposed convolution with a cells more, and the gradient."""
    x, w = np.arange(1, i + 1), 10 ** np.arange(k)
    sizes = range(1, 30)
    for p in (0, 1, 2):
        if k > i + 2 * p:
            continue
        o, a = conv_output_size(i, k, s, p), (i + 2 * p - k) % s
        W = np.zeros((o, i), dtype=int)
        for m in range(o):
            for t in range(k):
                if 0 <= s * m + t - p < i:
                    W[m, s * m + t - p] = w[t]
        assert (conv_matrix(i, w[None, None], stride=s, padding=p) == W).all()
        assert (W @ x == conv1d(x[None, None], w[None, None], stride=s, padding=p)[0, 0]).all()
        g = np.arange(1, o + 1)
        layer = {"stride": s, "padding": p}
        if s * (o - 1) + k - 2 * p >= 1:  # else there is no such layer without output_padding
            plain = conv_transpose1d(g[None, None], w[None, None], **layer)[0, 0]
            assert (plain.tolist() == (W.T @ g).tolist()) == (a == 0)  # "if its windows read up to the last cell"
        back = conv_transpose1d(g[None, None], w[None, None], **layer, output_padding=a)[0, 0]
        assert back.tolist() == (W.T @ g).tolist()
        rises = [g @ (W @ (x + one) - W @ x) for one in np.eye(i, dtype=int)]
        assert rises == (W.T @ g).tolist()  # the slopes, whatever x is
        same = [n for n in sizes if n + 2 * p >= k and conv_output_size(n, k, s, p) == o]
        assert 1 <= len(same) <= s  # "up to s input sizes"


def test_a_transposed_kernel_is_not_what_is_stamped():
    for kernel in (np.array([[1, 2], [3, 4]]), np.array([[1, 2], [2, 1]])):
        out = conv_transpose2d(np.array([[[[1]]]]), kernel[None, None])[0, 0]
        assert (out == kernel).all()
        assert (out == kernel.T).all() == (kernel == kernel.T).all()


def test_a_wrong_layer_passes_the_adjoint_test_by_rare_chance_only():
    random, passed = np.random.default_rng(0), 0
    for _ in range(300):
        x, g, w = (random.integers(-9, 10, (1, 1, n, n)) for n in (9, 6, 4))
        left = (conv2d(x, w) * g).sum()
        assert left == (x * conv_transpose2d(g, w)).sum()
        wrong = [conv_transpose2d(g, w.swapaxes(2, 3)), conv_transpose2d(g, w[:, :, ::-1, ::-1])]
        wrong.append(np.roll(conv_transpose2d(g, w), 1, axis=3))
        passed += sum(int(left == (x * other).sum()) for other in wrong)
    assert passed <= 3


def test_what_try_it_says_can_be_set():
    explorer = MatrixExplorer(np.arange(9).reshape(3, 3), np.array([[1, 2], [3, 4]]), transposed=True, step=4)
    assert [n for n in explorer.matrix[4].tolist() if n] == [4, 3, 2, 1]
    for row, column in np.ndindex(2, 2):
        explorer.selection = ["kernel", row, column]
        assert "stands in 4 places" in explorer.scene()["formula"]
    explorer.selection = []
    explorer.transposed = False
    for step in range(4):
        explorer.step = step
        assert [n for n in explorer.matrix[step].tolist() if n] == [1, 2, 3, 4]
