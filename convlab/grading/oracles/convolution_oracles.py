"""Convolution and padding."""

from convlab import arithmetic, reference
from convlab.grading.oracles.oracle import Oracle, functional, size_of
from convlab.misconceptions import Problem

__all__ = ["ORACLES"]


def _as_pad(got, input, pad):
    return Problem("pad", input, pad), got


ORACLES = {
    "conv1d": Oracle(functional("conv1d"), {"input": 3, "weight": 3, "bias": 1}, reference.conv1d),
    "conv2d": Oracle(functional("conv2d"), {"input": 4, "weight": 4, "bias": 1}, reference.conv2d),
    "conv_output_size": Oracle(size_of("conv1d"), ours=arithmetic.conv_output_size),
    "pad2d": Oracle(functional("pad"), {"input": 4}, stated=_as_pad),
}
