"""Readable NumPy operators with the names and arguments of ``torch.nn.functional``.

The short loops that define them are in :mod:`convlab.reference.conv_nd`,
:mod:`~convlab.reference.pooling`, :mod:`~convlab.reference.unfolding` and
:mod:`~convlab.reference.upsampling`.
"""

from convlab.reference.conv_nd import (
    conv,
    conv1d,
    conv2d,
    conv3d,
    conv_transpose,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from convlab.reference.pooling import avg_pool2d, max_pool2d, max_unpool2d
from convlab.reference.unfolding import fold, unfold
from convlab.reference.upsampling import bed_of_nails, interpolate, pixel_shuffle, pixel_unshuffle

__all__ = [
    "avg_pool2d",
    "bed_of_nails",
    "conv",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "fold",
    "interpolate",
    "max_pool2d",
    "max_unpool2d",
    "pixel_shuffle",
    "pixel_unshuffle",
    "unfold",
]
