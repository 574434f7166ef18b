"""Lesson 07: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.arithmetic import unread_cells
from convlab.explorers import PaddingExplorer
from convlab.frameworks import conv_padding, conv_transpose, window
from convlab.frameworks.stored_answers import by_rule
from convlab.reference import conv_transpose1d, conv_transpose2d
from convlab.studies.coarse_map import block_means, doubling_kernels, flower, mistakes
from lesson_answers import LAYERS


def row(begin):
    """The full output from the cell ``begin`` on, as many cells as "same" has."""
    lines = ["full = conv_transpose1d(np.array([[x]]), np.array([[w]]), stride=stride)[0, 0]"]
    return "\n    ".join([*lines, f"begin = {begin}", "return full[begin : begin + stride * len(x)]"])


def frame(upper, lower):
    return f"cut = kernel_size - stride\n    return {upper} if word == 'SAME_UPPER' else {lower}"


ANSWERS = {
    "check-same": (
        "[1, 10, 102, 20]",
        "[10, 102, 20, 200]",  # PyTorch, output_padding=1
        "[10, 102, 20]",
        "[1, 10, 102, 20, 200]",
        "[100, 10, 201, 20]",  # turned, as JAX
    ),
    "check-even": ("[4, 6, 8]", "[5, 7, 9]", "[4, 8]", "[4]", "[4, 5, 6, 7, 8, 9]"),
    "check-jax": ("506", "512", "509", "515", "508"),
    "check-write": (
        row("(len(w) - stride) // 2"),
        row("0"),
        row("(len(w) - stride + 1) // 2"),  # as PyTorch
        row("1"),
        row("len(w) // 2"),
    ),
    "check-bug": (
        frame("(cut // 2, cut - cut // 2)", "(cut - cut // 2, cut // 2)"),
        frame("(cut - cut // 2, cut // 2)", "(cut // 2, cut - cut // 2)"),
        frame("(cut // 2, cut // 2)", "(cut // 2, cut // 2)"),
        frame("(0, cut)", "(cut, 0)"),
        frame("(cut // 2, cut - cut // 2)", "(cut // 2, cut - cut // 2)"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s"), [layer for layer in LAYERS if layer[0] < 5])
def test_what_it_says_of_same_is_true_of_every_layer(i, k, s):
    """The size; where k >= s who agrees, the halves, and what PyTorch can say; where k < s the zeros."""
    same = window("keras", i, k, s, padding="same")
    valid = window("keras", i, k, s, padding="valid")
    reach = {(p, p - op) for p in range(k + s) for op in range(s)}
    assert same.output_size == s * i
    if k < s:
        assert valid.output_size == s * i == window("torch", i, k, s).output_size + s - k
        return
    small, large = (k - s) // 2, k - s - (k - s) // 2
    assert same[:2] == (small, large)
    assert window("tensorflow", i, k, s, padding="SAME", output_size=s * i) == same
    assert window("jax", i, k, s, padding="SAME", transpose_kernel=True) == same
    assert window("jax", i, k, s, padding="SAME") == same._replace(flip=True)
    assert window("onnx", i, k, s, auto_pad="SAME_UPPER") == same
    assert window("onnx", i, k, s, auto_pad="SAME_LOWER")[:2] == (large, small)
    assert ((small, large) in reach) == ((k - s) % 2 == 0)
    if (k - s) % 2 == 0:
        assert window("torch", i, k, s, padding=(k - s) // 2) == same
    forward = conv_padding("keras", s * i, k, s, padding="same")
    assert forward[:2] == (small, large)  # what the convolution adds, its transpose takes off
    assert valid.output_size == s * (i - 1) + k


@pytest.mark.parametrize(("k", "s"), sorted({layer[1:] for layer in LAYERS}))
def test_every_frame_cuts_what_the_convolution_adds_less_what_it_never_reads(k, s):
    """The transpose of the convolution's matrix, column by column, beside the frame of the rule."""
    taps = 10 ** np.arange(k)
    for o, b, e in itertools.product(range(1, 8), range(3), range(3)):
        if o + b + e < k:
            continue
        i, a = (o + b + e - k) // s + 1, unread_cells(o, k, stride=s, padding=(b, e))
        assert a == (o + b + e - k) % s
        sent_back = np.zeros(o + b + e, dtype=int)
        for window_ in range(i):
            sent_back[s * window_ : s * window_ + k] += (window_ + 1) * taps
        full = conv_transpose1d(np.arange(1, i + 1)[None, None], taps[None, None], stride=s)[0, 0]
        framed = np.append(full, np.zeros(max(a - e, 0), dtype=int))[b : len(full) - (e - a)]
        assert framed.tolist() == sent_back[b : b + o].tolist()


def test_keras_weights_reordered_are_those_of_pytorch():
    x, w = np.arange(1, 3 * 4 * 2 + 1).reshape(1, 3, 4, 2), np.arange(5 * 5 * 3 * 2).reshape(5, 5, 3, 2)
    theirs = conv_transpose("keras", x, w, 2, padding="same").transpose(0, 3, 1, 2)
    ours = conv_transpose2d(x.transpose(0, 3, 1, 2), w.transpose(3, 2, 0, 1), stride=2)
    assert theirs.tolist() == ours[:, :, 1 : 1 + 2 * 3, 1 : 1 + 2 * 4].tolist()


def test_each_layer_of_the_port_moves_its_picture_by_one_cell():
    """Of every layer with an odd k - s; what was moved before, counts s times."""
    _, mask = flower()
    for kernel in doubling_kernels(mask):
        for picture in (block_means(mask, 8), block_means(mask, 4)):
            ours = by_rule("keras", picture, kernel, stride=2, padding="same")
            theirs = by_rule("torch", picture, kernel, stride=2, padding=2, output_padding=1)
            assert ours.shape == theirs.shape
            assert np.array_equal(theirs[:-1, :-1], ours[1:, 1:])


def test_the_decoder_is_good_in_keras_and_bad_when_ported():
    _, mask = flower()
    ours = theirs = block_means(mask, 8)
    for kernel in doubling_kernels(mask):
        ours = by_rule("keras", ours, kernel, stride=2, padding="same")
        theirs = by_rule("torch", theirs, kernel, stride=2, padding=2, output_padding=1)
    assert mistakes(ours, mask) < 4
    assert mistakes(theirs, mask) > 20


def test_what_try_it_says_can_be_set():
    frame_ = PaddingExplorer("keras", mode="same")
    assert frame_.output[0].tolist() == [1, 2, 5, 4]
    frame_.set(framework="torch", mode="padding", begin=1, output_padding=1)
    assert frame_.output[0].tolist() == [5, 14, 10, 12]
    outputs = {}
    for k, word in itertools.product((3, 4), ("SAME_UPPER", "SAME_LOWER")):
        weight = np.arange(1, k * k + 1).reshape(k, k)
        outputs[k, word] = PaddingExplorer("onnx", mode=word, weight=weight).output.tolist()
    assert outputs[3, "SAME_UPPER"][0] == [1, 2, 5, 4]
    assert outputs[3, "SAME_LOWER"][0] == [5, 14, 10, 12]
    assert outputs[4, "SAME_UPPER"] == outputs[4, "SAME_LOWER"]
