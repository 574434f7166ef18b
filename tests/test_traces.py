"""Traces against PyTorch: the steps must add up to what the layer really computes."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab import traces

CASES = [
    ((5,), (3,), 2, 1),
    ((4,), (2,), 3, 2),
    ((3, 4), (2, 3), (2, 1), (1, 2)),
    ((1, 5), (1, 1), (3, 2), (2, 1)),
]


def arrays(shape, kernel):
    rng = np.random.default_rng(0)
    return rng.integers(-9, 10, shape), rng.integers(-9, 10, kernel)


def in_torch(operator, x, w, **options):
    function = getattr(F, f"{operator}{x.ndim}d")
    return function(torch.from_numpy(x)[None, None], torch.from_numpy(w)[None, None], **options)[0, 0].numpy()


@pytest.mark.parametrize(("shape", "kernel", "stride", "dilation"), CASES)
def test_last_stamp_is_the_full_output(shape, kernel, stride, dilation):
    x, w = arrays(shape, kernel)
    steps = traces.stamps(x, w, stride, dilation)
    np.testing.assert_array_equal(steps[-1].total, in_torch("conv_transpose", x, w, stride=stride, dilation=dilation))
    assert [step.source for step in steps] == list(np.ndindex(*shape))
    before = np.zeros_like(steps[0].total)
    for step in steps:
        changed = np.zeros_like(before)
        changed[step.cells] = step.value * w
        np.testing.assert_array_equal(step.total - before, changed)
        before = step.total


@pytest.mark.parametrize(
    ("shape", "kernel", "stride", "padding", "dilation"),
    [
        ((5,), (3,), 2, 0, 1),
        ((4,), (2,), 3, 3, 2),
        ((3, 4), (2, 3), (2, 1), (0, 1), (1, 2)),
        ((1, 5), (1, 1), (3, 2), 3, (2, 1)),
    ],
)
def test_windows_are_the_outputs(shape, kernel, stride, padding, dilation):
    x, w = arrays(shape, kernel)
    steps = traces.windows(x, w, stride, padding, dilation)
    expected = in_torch("conv", x, w, stride=stride, padding=padding, dilation=dilation)
    assert [step.target for step in steps] == list(np.ndindex(*expected.shape))
    np.testing.assert_array_equal([step.value for step in steps], expected.ravel())
    pads = (padding,) * x.ndim if isinstance(padding, int) else padding
    padded = np.pad(x, [(p, p) for p in pads])
    for step in steps:
        np.testing.assert_array_equal(step.seen, padded[step.cells])
        np.testing.assert_array_equal(step.products, step.seen * w)


@pytest.mark.parametrize(
    ("x", "w", "error", "words"),
    [
        (np.ones((1, 2, 3)), np.ones((1, 2, 3)), ValueError, r"input and weight must both.*\(1, 2, 3\)"),
        (np.ones(3), np.ones((2, 2)), ValueError, r"\(3,\) and \(2, 2\)"),
        (np.ones(0), np.ones(2), ValueError, r"\(0,\)"),
        ([1, 2], np.ones(2), TypeError, "input must be a NumPy array, got list"),
        (np.ones(3), np.ones(2, int), TypeError, "weight must have the dtype"),
    ],
)
def test_bad_arrays_are_refused(x, w, error, words):
    for trace in (traces.stamps, traces.windows):
        with pytest.raises(error, match=words):
            trace(x, w)


def test_bad_numbers_are_refused():
    with pytest.raises(ValueError, match="stride must be at least 1, got 0"):
        traces.stamps(np.ones(3), np.ones(2), stride=0)
    with pytest.raises(ValueError, match="padding must be at least 0, got -1"):
        traces.windows(np.ones(3), np.ones(2), padding=-1)
