"""Why an answer has the wrong shape, and whether its numbers are those of another window."""

import numpy as np

from convlab.misconceptions import transposed_bench, wrong_convolution
from convlab.misconceptions.answers import equal_values
from convlab.misconceptions.transposed_bench import TransposedBench
from convlab.misconceptions.variants import NotApplicable
from convlab.misconceptions.wrong_convolution import ConvolutionBench
from convlab.misconceptions.wrong_sizes import WRONG_SLIPS
from convlab.misconceptions.wrong_transposed import WRONG as WRONG_TRANSPOSED

__all__ = ["explain_shape", "find_window"]

MANY = 3  # so many numbers that are not zero must agree before a window is named


def explain_shape(bench, problem, values):
    """Which wrong size formula gives the shape of ``values``; empty if the shape is right, or none gives it.

    Examples
    --------
    >>> from convlab.misconceptions.benches import bench_for
    >>> from convlab.misconceptions.problem import Problem
    >>> problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1)
    >>> explain_shape(bench_for(problem), problem, np.arange(9))
    'An output of size 9 is what comes out if padding adds zeros around the output (M02a).'
    """
    if not isinstance(bench, (TransposedBench, ConvolutionBench)):
        return ""
    right = bench.shape(bench.plan())
    have = values.shape[-len(right) :]
    told = "x".join(map(str, have))
    if have == right:
        if values.shape == np.shape(problem.truth()):
            return ""
        return "The spatial size is right, but not the number of samples or channels: look at the shape of weight."
    reasons = [variant for variant in _size_variants(bench) if _size_with(bench, variant) == have]
    if not reasons:
        return ""
    listed = "; or if ".join(f"{variant.did} ({variant.id})" for variant in reasons[:3])
    return f"An output of size {told} is what comes out if {listed}."


def _size_variants(bench):
    if isinstance(bench, TransposedBench):
        return [variant for variant in WRONG_TRANSPOSED if variant.size] + list(WRONG_SLIPS)
    return [variant for variant in wrong_convolution.WRONG + wrong_convolution.WRONG_SAME if variant.size]


def _size_with(bench, variant):
    module = transposed_bench if isinstance(bench, TransposedBench) else wrong_convolution
    try:
        return tuple(module.output_size((variant,), axis) for axis in bench.stated)
    except NotApplicable:
        return None


def find_window(bench, problem, values):
    """Say so if all numbers are those of the full transposed result, but of another window.

    Examples
    --------
    >>> from convlab.misconceptions.benches import bench_for
    >>> from convlab.misconceptions.problem import Problem
    >>> problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1)
    >>> find_window(bench_for(problem), problem, np.array([102, 20, 203, 30, 300]))
    'The numbers are right, but of another window: it begins at cell 2 of the full result.'
    """
    if not isinstance(bench, TransposedBench):
        return ""
    if np.count_nonzero(values) < MANY:
        return ""
    full = bench.full_result()
    spatial = full.ndim - 2
    while values.ndim < full.ndim:
        values = values[None]
    size = values.shape[2:]
    if values.shape[:2] != full.shape[:2] or full.size * values.size > 10**6:
        return ""
    padded = np.pad(full, [(0, 0), (0, 0), *((s - 1, s - 1) for s in size)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=tuple(range(2, full.ndim)))
    for begin in np.ndindex(*windows.shape[2 : 2 + spatial]):
        if equal_values(windows[:, :, *begin], values):
            cells = ", ".join(str(b - s + 1) for b, s in zip(begin, size))
            cell = cells if spatial == 1 else f"({cells})"
            return f"The numbers are right, but of another window: it begins at cell {cell} of the full result."
    return ""
