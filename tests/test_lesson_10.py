"""Lesson 10: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools
import math

import numpy as np
import pytest

from convlab.arithmetic import causal_padding, conv_output_size, effective_kernel_size, same_padding
from convlab.explorers import ConvExplorer
from convlab.reference import conv1d, conv2d, conv_transpose1d
from convlab.studies.coarse_map import flower

KERNELS = list(itertools.product(range(1, 6), range(1, 5)))  # kernel size, dilation


def loop2d(reach="dilation * (len(K) - 1) + 1", across="dilation * (len(K[0]) - 1) + 1", window=None):
    lines = [f"rows, columns = {reach}, {across}"]
    lines += ["Y = np.zeros((len(X) - rows + 1, len(X[0]) - columns + 1))", "for m in range(len(Y)):"]
    lines += ["    for n in range(len(Y[0])):"]
    window = window or "np.array(X)[m : m + rows : dilation, n : n + columns : dilation] * K"
    return "\n    ".join([*lines, f"        Y[m, n] = ({window}).sum()", "return Y"])


def padded(zeros="dilation * (len(w) - 1)", pair="zeros // 2, zeros - zeros // 2"):
    lines = [f"zeros = {zeros}", f"row = np.pad(x, ({pair}))"]
    return "\n    ".join([*lines, "return conv1d(row[None, None], w[None, None], dilation=dilation)[0, 0]"])


ANSWERS = {
    "check-digits": (
        "[30, 41, 52, 63, 4, 5]",
        "[10, 20, 41, 52, 63, 4]",  # the odd zero at the begin
        "[41, 52, 63]",  # no padding
        "[21, 32, 43, 54, 65, 6]",  # the dilation forgotten
        "[10, 20, 30, 41, 52, 63]",  # causal
    ),
    "check-message": ("[9, 4]", "[3, 1]", "[9, 1]", "[12, 4]", "[8, 4]", "[6, 2]"),
    "check-write": (
        loop2d(),
        loop2d("len(K)", "len(K[0])", "np.array(X)[m : m + rows, n : n + columns] * K"),
        loop2d("len(K) + dilation - 1", "len(K[0]) + dilation - 1"),
        loop2d("dilation * len(K)", "dilation * len(K[0])"),
        loop2d(window="np.array(X)[m : m + rows : dilation, n : n + columns : dilation] * np.array(K)[::-1, ::-1]"),
    ),
    "check-bug": (
        padded(),
        padded("len(w) - 1"),
        padded("len(w) + dilation - 2"),
        padded("dilation * len(w)"),
        padded(pair="zeros - zeros // 2, zeros // 2"),
        padded(pair="zeros, 0"),
    ),
}  # fmt: skip


def row(cells):
    return np.asarray(cells)[None, None]


@pytest.mark.parametrize(("k", "d"), KERNELS)
def test_it_says_what_is_true_of_every_kernel(k, d):
    """The reach, the sum, the two sizes; the zeros of same and causal padding, and which kernels share them out."""
    w, reach = 10 ** np.arange(k), d * (k - 1) + 1
    stamp = conv_transpose1d(row([1]), row(w), dilation=d)[0, 0]
    assert len(stamp) == reach == effective_kernel_size(k, d)
    between = np.delete(stamp, np.arange(0, reach, d))
    assert not between.any()
    assert len(between) == (d - 1) * (k - 1)
    for i, s, p in itertools.product(range(1, 12), (1, 2, 3), range(4)):
        if reach <= i + 2 * p:
            x = np.pad(np.arange(1, i + 1), p)
            y = conv1d(row(x), row(w), stride=s, dilation=d)[0, 0]
            assert len(y) == (i + 2 * p - reach) // s + 1
            assert y.tolist() == [sum(x[s * m + d * t] * w[t] for t in range(k)) for m in range(len(y))]
        else:
            with pytest.raises(ValueError, match=r"input|size|fit"):
                conv_output_size(i, k, s, p, d)
        if s * (i - 1) + reach - 2 * p > 0:
            out = conv_transpose1d(row(np.ones(i)), row(np.ones(k)), stride=s, padding=p, dilation=d)
            assert out.size == s * (i - 1) + reach - 2 * p
    begin, end = same_padding(k, d)
    assert begin + end == reach - 1 == d * (k - 1)
    assert end - begin == (reach % 2 == 0) == (k % 2 == 0 and d % 2 == 1)
    assert causal_padding(k, d) == (reach - 1, 0)


@pytest.mark.parametrize(("k", "d"), KERNELS)
def test_no_causal_output_looks_ahead(k, d):
    """What comes after a cell changes no output up to it, and the last weight lies on the output's own cell."""
    x, w = np.arange(1, 9), 10 ** np.arange(k)
    y = conv1d(row(x), row(w), dilation=d, padding="causal")[0, 0]
    later = conv1d(row(np.where(np.arange(8) > 4, 99, x)), row(w), dilation=d, padding="causal")[0, 0]
    assert len(y) == len(x)
    assert y[:5].tolist() == later[:5].tolist()
    assert (conv1d(row(x), row([0] * (k - 1) + [1]), dilation=d, padding="causal")[0, 0] == x).all()


@pytest.mark.parametrize(("s", "d"), list(itertools.product(range(1, 5), repeat=2)))
def test_stamps_stay_on_multiples_of_what_divides_both(s, d):
    step = math.gcd(s, d)
    for i, k in itertools.product(range(1, 5), range(1, 7)):
        out = conv_transpose1d(row(np.ones(i)), row(np.ones(k)), stride=s, dilation=d)[0, 0]
        assert not out[np.arange(len(out)) % step > 0].any()


def test_the_outline_slips_by_as_much_as_it_says():
    """310 cells and 5 too far to the top left; 312 and 4; causal rows are the same rows, 5 lower."""
    photo, _ = flower(320)
    taps = np.array([[[[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    same = conv2d(photo[None, None], taps, dilation=5, padding=5)[0, 0]
    for padding, slip in ((0, 5), (1, 4)):
        out = conv2d(photo[None, None], taps, dilation=5, padding=padding)[0, 0]
        assert out.shape == (320 - 2 * slip,) * 2
        assert np.allclose(out, same[slip:-slip, slip:-slip])
    causal = conv2d(np.pad(photo, ((10, 0), (5, 5)))[None, None], taps, dilation=5)[0, 0]
    assert np.allclose(causal[10:], same[5:-5])


def test_neighbours_miss_what_cells_ten_apart_see():
    """The strongest differences at the rim are little larger than those between petals, or about twice as large."""
    photo, mask = flower(320)
    taps = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    inside = conv2d(mask[None, None], np.ones((1, 1, 11, 11), dtype=int), padding="same", padding_mode="replicate")[
        0, 0
    ]
    ratios = []
    for d in (1, 5):
        options = {"dilation": d, "padding": "same", "padding_mode": "replicate"}
        both = [conv2d(photo[None, None], w[None, None], **options)[0, 0] for w in (taps, taps.T)]
        near, deep = (inside > 0) & (inside < 121), inside == 121
        rim, petals = (np.quantile(np.hypot(*both)[where], 0.99) for where in (near, deep))
        ratios.append(rim / petals)
    assert ratios[0] < 1.4
    assert ratios[1] > 1.9


def test_what_try_it_says_can_be_set():
    explorer = ConvExplorer(np.arange(1, 10), np.array([1, 10, 100]), dilation=2, padding=2)
    assert explorer.output.shape == (1, 9)
    explorer.dilation = 4
    assert explorer.output.shape == (1, 5)
    explorer.padding = 4
    assert explorer.output.shape == (1, 9)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_pytorch_says_what_the_lesson_says_it_says():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    with pytest.raises(RuntimeError, match=r"padding='same' is not supported for strided convolutions"):
        functional.conv1d(torch.ones(1, 1, 9), torch.ones(1, 1, 3), stride=2, padding="same")
    uneven = functional.conv1d(torch.tensor([[[1, 2, 3, 4, 5]]]), torch.tensor([[[1, 10]]]), padding="same")
    assert uneven.tolist() == [[[21, 32, 43, 54, 5]]]
    message = r"channel: \(8 x 8\)\. Kernel size: \(9 x 9\)\. Kernel size can't be greater than actual input size"
    with pytest.raises(RuntimeError, match=message):
        torch.nn.Conv2d(64, 64, 3, dilation=4)(torch.zeros(1, 64, 8, 8))
    with pytest.raises(ValueError, match='Only "zeros" padding mode'):
        torch.nn.ConvTranspose2d(1, 1, 3, padding_mode="replicate")
