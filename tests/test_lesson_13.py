"""Lesson 13: answers to its exercises, its absolute sentences by brute force, its figures and its explorer's states."""

import itertools

import numpy as np
import pytest

from convlab.explorers import CheckerboardExplorer
from convlab.reference import conv1d, conv2d, conv_transpose1d, conv_transpose2d, interpolate, pixel_shuffle
from convlab.studies import stored
from convlab.views import overlap_counts, polyphase_sums


def even(phases="[K[a::stride, b::stride].sum() for a in range(stride) for b in range(stride)]"):
    return f"return len(set({phases})) == 1"


ANSWERS = {
    "check-kernels": (
        "[True, True, False, True]",
        "[True, False, False, True]",  # the stride divides the kernel size
        "[False, False, True, False]",  # all taps equal
        "[True, True, True, True]",
    ),
    "check-dilated": (
        "[101, 0, 1010, 0]",
        "[1, 10, 100, 1000]",  # the dilation forgotten
        "[101, 1010, 0, 0]",  # where the phases with taps are
        "[101, 1010]",
        "[1010, 0, 101, 0]",
    ),
    "check-write": (
        even(),
        "return K.shape[0] % stride == 0 and K.shape[1] % stride == 0",
        even("[K[a::stride].sum() for a in range(stride)]"),  # rows only
        even("[K[a::stride, a::stride].sum() for a in range(stride)]"),  # the same phase on both axes
        even("K.ravel().tolist()"),
        even("[p.sum() for a in range(stride) for b in range(stride) if (p := K[a::stride, b::stride]).size]"),
    ),
    "check-bug": (
        "return np.repeat(kernels, r**2, axis=0)",
        "return np.tile(kernels, (r**2, 1, 1, 1))",
        "return np.repeat(kernels[:1], len(kernels) * r**2, axis=0)",  # one kernel for both pictures
        "return np.repeat(kernels, r, axis=0)",
        "return np.repeat(kernels, 4, axis=0)",
    ),
}  # fmt: skip

KERNELS = [w for k in range(1, 5) for w in itertools.product((-1, 0, 1, 2), repeat=k)]


def inside(full, cells, k, stride):
    """The cells of a full output that no tap of their phase misses, with their places."""
    wanted = [sum((m - t) % stride == 0 for t in range(k)) for m in range(len(full))]
    counts = overlap_counts(cells, k, stride)
    return [(m, value) for m, value in enumerate(full) if counts[m] == wanted[m]]


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_flat_inside_exactly_if_the_phase_sums_are_equal(stride):
    for w in KERNELS:
        full = conv_transpose1d(np.full((1, 1, 8), 3), np.array([[w]]), stride=stride)[0, 0].tolist()
        sums = [sum(w[r::stride]) for r in range(stride)]
        cells = inside(full, 8, len(w), stride)
        assert all(value == 3 * sums[m % stride] for m, value in cells)
        assert (len({value for _, value in cells}) == 1) == (len(set(sums)) == 1)
        for p in range(3):
            crop = conv_transpose1d(np.full((1, 1, 8), 3), np.array([[w]]), stride=stride, padding=p)[0, 0].tolist()
            assert all(crop[m - p] == 3 * sums[m % stride] for m, _ in cells if 0 <= m - p < len(crop))


def test_that_the_stride_divides_the_kernel_is_neither_needed_nor_enough():
    found = {(len(w) % 2 == 0, sum(w[::2]) == sum(w[1::2])) for w in KERNELS}
    assert found == {(True, True), (True, False), (False, True), (False, False)}


@pytest.mark.parametrize(("k", "s"), list(itertools.product((1, 2, 3, 4, 6), (1, 2, 3))))
def test_where_the_stride_divides_the_kernel_the_counts_are_equal(k, s):
    phases = [len(range(r, k, s)) for r in range(s)]
    assert (len(set(phases)) == 1) == (k % s == 0)


def test_two_dimensions_and_channels():
    rng = np.random.default_rng(0)
    for a, b in itertools.product(range(1, 4), repeat=2):
        K = rng.integers(0, 3, (4, 5))
        out = conv_transpose2d(np.ones((1, 1, 6, 6), dtype=int), K[None, None], stride=(a, b))[0, 0]
        for r, c in np.ndindex(a, b):
            assert (out[4 + r : -4 : a, 5 + c : -5 : b] == K[(4 + r) % a :: a, (5 + c) % b :: b].sum()).all()
    pair = np.array([[[1, 3]], [[3, 1]]])  # equal sums for each pair are enough, and not needed
    assert set(conv_transpose1d(np.ones((1, 2, 4), dtype=int), pair, stride=2).ravel().tolist()) == {4}


@pytest.mark.parametrize(("k", "s"), list(itertools.product((1, 2, 3, 4, 5), (1, 2, 3, 4))))
def test_nearest_then_a_convolution_has_equal_sums_whatever_the_taps(k, s):
    w = np.random.default_rng(k).integers(-9, 10, k)
    x = np.zeros(9, dtype=int)
    x[4] = 1
    stamp = conv1d(np.repeat(x, s)[None, None], w[None, None], padding=k - 1)[0, 0]
    assert set(polyphase_sums(stamp[None, None], s).ravel().tolist()) == {w.sum()}


def test_icnr_starts_as_nearest_neighbour():
    rng = np.random.default_rng(0)
    for count, r in itertools.product((1, 2, 3), (2, 3)):
        kernels, x = rng.integers(0, 9, (count, 2, 3, 3)), rng.integers(0, 9, (1, 2, 5, 6))
        started = pixel_shuffle(conv2d(x, np.repeat(kernels, r**2, axis=0)), r)
        assert (started == interpolate(conv2d(x, kernels), scale_factor=r)).all()


def test_the_ends_of_the_last_box():
    even = np.array([[[0.25, 0.75, 0.75, 0.25]]])
    assert (conv_transpose1d(np.ones((1, 1, 4)), even, stride=2, padding=2) == 1).all()
    assert conv_transpose1d(np.ones((1, 1, 4)), even, stride=2, padding=1)[0, 0, 0] == 0.75
    gradient = conv_transpose1d(np.ones((1, 1, 4)), np.array([[[0.5, 1, 0.5]]]), stride=2)[0, 0]
    assert (gradient[1:-1] == 1).all()


def welch(a, b):
    return (a.mean() - b.mean()) / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))


def test_what_is_said_of_the_study():
    results = stored.load("learned_upsampling")
    flat = {kind: np.array(of["flat"]) for kind, of in results["measured"].items()}
    peaks = {kind: np.array(of["peak"])[:, -1] for kind, of in results["measured"].items()}
    assert [kind for kind, of in flat.items() if not of[:, 0].any()] == ["resize", "ICNR"]
    assert not flat["resize"].any()
    for kind in set(flat) - {"resize"}:
        means = flat[kind].mean(axis=0)
        assert (np.diff(means[1:]) < 0).all()  # from step 20 on it shrinks
        assert 0.6 < means[-1] < 1.1  # about one gray level
    assert all(flat[kind][:, 1].mean() > flat[kind][:, 0].mean() for kind in ("transposed k3", "transposed k4"))
    ahead = [welch(*pair) for pair in zip(flat["transposed k3"].T, flat["transposed k4"].T)]
    assert [t > 2.3 for t in ahead] == [False, True, True, False, False]
    assert welch(peaks["PixelShuffle"], peaks["ICNR"]) > 2.3
    assert abs(welch(peaks["transposed k3"], peaks["transposed k4"])) < 2.3
    assert abs(welch(peaks["ICNR"], peaks["resize"])) < 2.3
    order = sorted(peaks, key=lambda kind: -peaks[kind].mean())
    assert order == ["transposed k3", "transposed k4", "PixelShuffle", "ICNR", "resize"]
    assert results["bilinear"]["peak"] < min(of.mean() for of in peaks.values())


def test_a_t_beyond_2_3_is_as_rare_as_it_says():
    """Eight seeds each of one normal distribution, or of two with very different spreads: at most once in 20."""
    rng = np.random.default_rng(0)
    for ratio in (1, 3):
        a, b = rng.normal(size=(2, 20000, 8)) * np.array([1, ratio])[:, None, None]
        t = (a.mean(1) - b.mean(1)) / np.sqrt(a.var(1, ddof=1) / 8 + b.var(1, ddof=1) / 8)
        assert 0.03 < (abs(t) > 2.3).mean() < 0.055


@pytest.mark.parametrize(
    ("weight", "stride", "even"),
    [([1, 2, 3], 2, False), ([1, 4, 3], 2, True), ([1, 2, 1], 2, True), ([1, 2, 3], 3, False), ([2, 2, 2], 3, True)],
)
def test_what_try_it_says_can_be_set(weight, stride, even):
    explorer = CheckerboardExplorer(np.array([1, 2, 3]), stride=2, controls=["stride"])
    explorer.weight = np.array([weight])
    explorer.stride = stride
    assert (": all equal" in explorer.scene()["facts"][0]) == even
