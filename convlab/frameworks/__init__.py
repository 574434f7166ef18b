"""One picture for every framework: full output, window, flip.

torch, TensorFlow, Keras, JAX and ONNX compute the same transposed convolution and differ in
what they keep of it. This package says what (:func:`window`), computes it in NumPy
(:func:`conv_transpose`), calls the framework itself (:func:`run`) and finds the call of another
one with the same values (:func:`translate`); and the same for the padding of strided
convolutions, for resizing, and for dealing channels out over space.

Importing it imports no framework, nor torch. TensorFlow, Keras, JAX and ONNX Runtime are an
optional extra: ``pip install 'convlab[frameworks]'``. ``python -m convlab.frameworks.conformance``
compares every rule with them.
"""

from convlab.frameworks.arguments import rearrange
from convlab.frameworks.calls import installed, run
from convlab.frameworks.resizing import Sampling, resize, run_resize, sampling, source_positions
from convlab.frameworks.shuffling import channel_order, depth_to_space, run_depth_to_space
from convlab.frameworks.strided import Padding, conv, conv_padding, run_conv
from convlab.frameworks.translation import (
    Translation,
    translate,
    translate_conv,
    translate_depth_to_space,
    translate_resize,
)
from convlab.frameworks.transposed import conv_transpose
from convlab.frameworks.windows import VERSIONS, Window, window

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
    "depth_to_space",
    "installed",
    "rearrange",
    "resize",
    "run",
    "run_conv",
    "run_depth_to_space",
    "run_resize",
    "sampling",
    "source_positions",
    "translate",
    "translate_conv",
    "translate_depth_to_space",
    "translate_resize",
    "window",
]
