"""Resizing, max pooling and its way back, pixel shuffle, and the bilinear kernel.

The truth about the bilinear kernel is what PyTorch makes of a single 1 when it enlarges it.
"""

import numpy as np

from convlab import reference
from convlab.grading.oracles.oracle import Oracle, Refused, functional
from convlab.misconceptions import Problem
from convlab.validation import integer

__all__ = ["ORACLES"]

ROUNDING = 1e-9  # of bilinear mixing; everything else here copies numbers


def _torch(name, **renamed):
    """A function of ``torch.nn.functional``, which also refuses by ``ValueError``; some arguments have other names."""
    ask = functional(name)

    def answer(**arguments):
        try:
            return ask(**{renamed.get(key, key): value for key, value in arguments.items()})
        except ValueError as refusal:
            raise Refused(str(refusal)) from None

    return answer


def _pooled(input, kernel_size, stride=None, return_indices=True):
    """Indices are wanted more often than not here; PyTorch gives them on demand."""
    return _torch("max_pool2d")(input=input, kernel_size=kernel_size, stride=stride, return_indices=return_indices)


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
    """Kernels of wrong ideas, as ``(idea, id, kernel)``."""
    right = _single_one_enlarged(f)
    k = len(right)
    yield "the kernel is divided by its sum", "M32", right / right.sum()
    yield "the kernel is divided by its sum, along one axis only", "M32", right / f
    for idea, id, tent in [
        ("the half pixel is left out: the tent stands on a cell", "M24b", 1 - np.abs(np.arange(k) - k // 2) / f),
        ("the half pixel is left out: the tent stands on a cell", "M24b", 1 - np.abs(np.arange(k) - (k - 1) // 2) / f),
        ("the corners are aligned: the tent begins and ends with 0", "M24a", 1 - np.abs(np.linspace(-1, 1, k))),
    ]:
        yield idea, id, np.outer(tent, tent)


ORACLES = {
    "interpolate": Oracle(_torch("interpolate"), {"input": 4}, reference.interpolate, tolerance=ROUNDING, positional=1),
    "max_pool2d": Oracle(_pooled, {"input": 4}, reference.max_pool2d, stated=_as_indices),
    "max_unpool2d": Oracle(_torch("max_unpool2d"), {"input": 4, "indices": 4}, reference.max_unpool2d, positional=3),
    "pixel_shuffle": Oracle(
        _torch("pixel_shuffle", r="upscale_factor"), {"input": 4}, _our_pixel_shuffle, stated=_as_pixel_shuffle
    ),
    "bilinear_kernel": Oracle(
        _single_one_enlarged, ours=_our_bilinear_kernel, tolerance=ROUNDING, positional=1, mistakes=_wrong_kernels
    ),
}
