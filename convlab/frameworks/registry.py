"""The frameworks by their names. A new one is a module with its class, and a line here."""

from typing import Any

from convlab.frameworks.framework import Framework, known, option_names
from convlab.frameworks.jax import Jax
from convlab.frameworks.keras import Keras
from convlab.frameworks.onnx import Onnx
from convlab.frameworks.slim import Slim
from convlab.frameworks.tensorflow import TensorFlow
from convlab.frameworks.torch import Torch

__all__ = ["FRAMEWORKS", "VERSIONS", "checked_options", "find"]

FRAMEWORKS: dict[str, Framework] = {
    framework.name: framework for framework in (Torch(), TensorFlow(), Keras(), Jax(), Onnx(), Slim())
}
#: The releases on which ``python -m tools.conformance`` confirmed the rules.
VERSIONS = {name: framework.version for name, framework in FRAMEWORKS.items() if framework.version}


def find(name: str, rule: str = "window") -> Framework:
    """The framework of this name, which must have the rule.

    >>> find("keras").input_layout(), find("slim", "conv_padding").input_layout()
    ('NHWC', 'NCHW')
    >>> find("jax", "channel_order")
    Traceback (most recent call last):
        ...
    ValueError: framework must be one of torch, tensorflow, keras, onnx; got 'jax'
    """
    return FRAMEWORKS[known("framework", name, [n for n, found in FRAMEWORKS.items() if hasattr(found, rule)])]


def checked_options(name: str, rule: str, options: dict[str, Any]) -> Framework:
    """The framework of this name, whose ``rule`` must have these options.

    >>> checked_options("torch", "conv_padding", {"pads": (1, 1)})
    Traceback (most recent call last):
        ...
    ValueError: option of torch must be one of padding, padding_mode; got 'pads'
    """
    framework = find(name, rule)
    for option in options:
        known(f"option of {name}", option, option_names(getattr(type(framework), rule)))
    return framework
