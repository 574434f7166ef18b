"""Resizing, max pooling and its way back, pixel shuffle, and the bilinear kernel.

The truth about the bilinear kernel is what PyTorch makes of a single 1 when it enlarges it.
"""

import numpy as np

from convlab import reference
from convlab.grading.oracles.oracle import Mistake, Oracle, Refused, functional, refusing
from convlab.misconceptions import Problem
from convlab.validation import integer

__all__ = ["ORACLES"]

ROUNDING = 1e-9  # of bilinear mixing; everything else here copies numbers


def _torch(name):
    """A function of ``torch.nn.functional`` that also refuses by ``ValueError``."""
    return refusing(functional(name))


def _pooled(input, kernel_size, stride=None, return_indices=True):
    """Indices are wanted more often than not here; PyTorch gives them on demand."""
    return _torch("max_pool2d")(input=input, kernel_size=kernel_size, stride=stride, return_indices=return_indices)


def _shuffled(input, r):
    return _torch("pixel_shuffle")(input=input, upscale_factor=r)


def _our_pixel_shuffle(input, r):
    return reference.pixel_shuffle(input, r)


def _as_pixel_shuffle(got, input, r):
    return Problem("pixel_shuffle", input, r), got


def _as_indices(got, input, kernel_size, stride=None, return_indices=True):
    """Known mistakes are about the second part of the answer."""
    if not (return_indices and len(got) == 2 and isinstance(got[1], np.ndarray)):
        return None
    return Problem("max_pool2d_indices", input, kernel_size, stride), got[1]


def _single_one_enlarged(f):
    if f < 1:
        raise Refused(f"f must be at least 1, got {f}")
    picture = np.zeros((1, 1, 5, 5))
    picture[..., 2, 2] = 1
    large = functional("interpolate")(input=picture, scale_factor=f, mode="bilinear", align_corners=False)[0, 0]
    reached = np.flatnonzero(large.any(axis=1))
    cells = slice(reached[0], reached[-1] + 1)
    return np.ascontiguousarray(large[cells, cells])


def _our_bilinear_kernel(f):
    integer("f", f, minimum=1)
    return _single_one_enlarged(f)


def _wrong_kernels(f):
    right = _single_one_enlarged(f)
    k = len(right)
    yield Mistake("M32", right / right.sum())
    yield Mistake("M32", right / f, "the kernel is divided by its sum, along one axis only")
    on_a_cell = "the half pixel is left out: the tent stands on a cell"
    for id, words, tent in [
        ("M24b", on_a_cell, 1 - np.abs(np.arange(k) - k // 2) / f),
        ("M24b", on_a_cell, 1 - np.abs(np.arange(k) - (k - 1) // 2) / f),
        ("M24a", "the corners are aligned: the tent begins and ends with 0", 1 - np.abs(np.linspace(-1, 1, k))),
    ]:
        yield Mistake(id, np.outer(tent, tent), words)


ORACLES = {
    "interpolate": Oracle(_torch("interpolate"), {"input": 4}, reference.interpolate, tolerance=ROUNDING, positional=1),
    "max_pool2d": Oracle(_pooled, {"input": 4}, reference.max_pool2d, stated=_as_indices),
    "max_unpool2d": Oracle(_torch("max_unpool2d"), {"input": 4, "indices": 4}, reference.max_unpool2d, positional=3),
    "pixel_shuffle": Oracle(_shuffled, {"input": 4}, _our_pixel_shuffle, stated=_as_pixel_shuffle),
    "bilinear_kernel": Oracle(
        _single_one_enlarged, ours=_our_bilinear_kernel, tolerance=ROUNDING, positional=1, mistakes=_wrong_kernels
    ),
}
