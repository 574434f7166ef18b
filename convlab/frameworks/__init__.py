"""One picture for every framework: full output, window, flip.

torch, TensorFlow, Keras, JAX and ONNX compute the same transposed convolution and differ in
what they keep of it. This package says what (:func:`window`), computes it in NumPy
(:func:`conv_transpose`), calls the framework itself (:func:`run`) and finds the call of another
one with the same values (:func:`translate`); and the same for the padding of strided
convolutions, for resizing, and for dealing channels out over space.

A framework is one class in one module, ``torch.py`` and so on, and :mod:`~convlab.frameworks.framework` says
what such a class states. Importing this imports no framework, nor torch. TensorFlow, Keras, JAX and ONNX Runtime are
an optional extra: ``pip install 'convlab[frameworks]'``. ``python -m tools.conformance``
compares every rule with them.

Everywhere here wrong kinds of arguments raise ``TypeError``; unknown frameworks and options, shapes that do not fit,
and what the framework would refuse raise ``ValueError``.
"""

from convlab.frameworks.arrays import conv_weight_layout, input_layout, rearrange, weight_layout
from convlab.frameworks.convolutions import conv, conv_padding, conv_transpose, installed, run, run_conv, window
from convlab.frameworks.framework import Padding, Sampling, Window
from convlab.frameworks.registry import VERSIONS
from convlab.frameworks.resizing import resize, run_resize, sampling, source_positions
from convlab.frameworks.shuffling import (
    channel_order,
    depth_to_space,
    run_depth_to_space,
    run_space_to_depth,
    space_to_depth,
)
from convlab.frameworks.translation import (
    Translation,
    translate,
    translate_conv,
    translate_depth_to_space,
    translate_resize,
    translate_space_to_depth,
)

__all__ = [
    "VERSIONS",
    "Padding",
    "Sampling",
    "Translation",
    "Window",
    "channel_order",
    "conv",
    "conv_padding",
    "conv_transpose",
    "conv_weight_layout",
    "depth_to_space",
    "input_layout",
    "installed",
    "rearrange",
    "resize",
    "run",
    "run_conv",
    "run_depth_to_space",
    "run_resize",
    "run_space_to_depth",
    "sampling",
    "source_positions",
    "space_to_depth",
    "translate",
    "translate_conv",
    "translate_depth_to_space",
    "translate_resize",
    "translate_space_to_depth",
    "weight_layout",
    "window",
]
