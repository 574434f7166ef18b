"""Transposed convolution."""

from convlab import arithmetic, reference
from convlab.grading.oracles.oracle import Oracle, functional, size_of

__all__ = ["ORACLES"]

ORACLES = {
    "conv_transpose1d": Oracle(
        functional("conv_transpose1d"), {"input": 3, "weight": 3, "bias": 1}, reference.conv_transpose1d
    ),
    "conv_transpose2d": Oracle(
        functional("conv_transpose2d"), {"input": 4, "weight": 4, "bias": 1}, reference.conv_transpose2d
    ),
    "conv_transpose_output_size": Oracle(size_of("conv_transpose1d"), ours=arithmetic.conv_transpose_output_size),
}
