"""Arrays on their way to a framework and back: their layout, and what float32 can hold."""

from typing import Any

import numpy as np

from convlab.frameworks.registry import find
from convlab.typing import Array
from convlab.validation import array, layout

__all__ = ["conv_weight_layout", "input_layout", "like", "rearrange", "single", "weight_layout"]

EXACT = 2**24  # every integer up to here is a float32


def rearrange(values: Array, from_layout: str, to_layout: str) -> Array:
    """Move the axes of an array from one layout into another.

    A layout names each axis by one letter: N batch, C channels, I and O the input and
    output channels of a kernel, H and W space.

    >>> rearrange(np.zeros((3, 3, 16, 8)), "HWOI", "IOHW").shape     # a Keras kernel for PyTorch
    (8, 16, 3, 3)
    """
    values = array("values", values)
    if sorted(from_layout) != sorted(to_layout) or len(set(from_layout)) != len(from_layout):
        raise ValueError(f"to_layout must hold the letters of from_layout={from_layout!r} once, got {to_layout!r}")
    layout("values", values, [tuple(from_layout)])
    return values.transpose([from_layout.index(letter) for letter in to_layout])


def input_layout(framework: str, ndim: int = 2) -> str:
    """Layout of inputs and outputs: ``"NCHW"`` in torch and onnx, ``"NHWC"`` elsewhere.

    >>> input_layout("torch"), input_layout("keras", ndim=1)
    ('NCHW', 'NWC')
    """
    return find(framework, "input_layout").input_layout(ndim)


def weight_layout(framework: str, ndim: int = 2, transpose_kernel: bool = False) -> str:
    """Layout of the kernel of a transposed convolution; O counts the channels of one group.

    >>> weight_layout("torch"), weight_layout("keras"), weight_layout("jax")
    ('IOHW', 'HWOI', 'HWIO')
    >>> weight_layout("jax", transpose_kernel=True)
    'HWOI'
    """
    return find(framework).weight_layout(ndim, transpose_kernel)


def conv_weight_layout(framework: str, ndim: int = 2) -> str:
    """Layout of the kernel of a convolution; I counts the channels of one group.

    >>> conv_weight_layout("torch"), conv_weight_layout("keras")
    ('OIHW', 'HWIO')
    """
    return find(framework, "conv_padding").conv_weight_layout(ndim)


def single(name: str, values: Array, others: Array | None = None) -> Array:
    """Return ``values`` as float32, for a framework; refuse what would be rounded on the way.

    ``others`` are the numbers that they are multiplied with and summed.

    >>> single("x", np.array([1, 2]))
    array([1., 2.], dtype=float32)
    >>> single("x", np.array([3]), others=np.array([10**7, 1]))
    Traceback (most recent call last):
        ...
    ValueError: x must be smaller: a sum could reach 30000003, and float32 is exact up to 16777216 only
    """
    if values.dtype == np.float64:
        raise TypeError(
            f"{name} must hold float32 or integers, in which frameworks compute; use {name}.astype('float32')"
        )
    if values.dtype.kind in "iu" and values.size:
        factor = 1 if others is None else int(np.abs(others.astype(object)).sum())
        bound = int(np.abs(values.astype(object)).max()) * factor
        if bound > EXACT:
            raise ValueError(
                f"{name} must be smaller: a sum could reach {bound}, and float32 is exact up to {EXACT} only"
            )
    return values.astype(np.float32)


def like(x: Array, output: Any) -> Array:
    """Return a framework's ``output`` as an array, of int64 where ``x`` and all of it are integers.

    >>> like(np.array([1]), np.float32([2, 3])), like(np.array([1]), np.float32([2.5]))
    (array([2, 3]), array([2.5], dtype=float32))
    """
    output = np.asarray(output)
    whole = x.dtype.kind in "iu" and bool((np.abs(output) <= EXACT).all() and (output == np.rint(output)).all())
    return output.astype(np.int64) if whole else output
