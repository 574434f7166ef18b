"""The arguments of a call, brought into one order: layouts, one entry an axis, known names."""

from functools import cache
from inspect import Parameter, signature
from typing import NamedTuple

import numpy as np

from convlab.validation import array, integer, integer_pair, integer_tuple, layout

__all__ = [
    "Arguments",
    "input_layout",
    "known",
    "option_names",
    "pair",
    "prepared",
    "rearrange",
    "spread",
    "weight_layout",
]

SPATIAL = {1: "W", 2: "HW"}
BACKENDS = ("tensorflow", "torch", "jax")  # of Keras
CHANNELS_LAST = ("tensorflow", "keras", "jax")


def rearrange(values, from_layout, to_layout):
    """Move the axes of an array from one layout into another.

    A layout names each axis by one letter: N batch, C channels, I and O the input and
    output channels of a kernel, H and W space.

    Parameters
    ----------
    values : array
        With one axis for each letter.
    from_layout, to_layout : str
        The same letters in two orders.

    Raises
    ------
    TypeError
        If ``values`` is not an array of numbers.
    ValueError
        If the letters differ or are not one for each axis.

    Examples
    --------
    >>> rearrange(np.zeros((3, 3, 16, 8)), "HWOI", "IOHW").shape     # a Keras kernel for PyTorch
    (8, 16, 3, 3)
    """
    values = array("values", values)
    if sorted(from_layout) != sorted(to_layout) or len(set(from_layout)) != len(from_layout):
        raise ValueError(f"to_layout must hold the letters of from_layout={from_layout!r} once, got {to_layout!r}")
    layout("values", values, [tuple(from_layout)])
    return values.transpose([from_layout.index(letter) for letter in to_layout])


def input_layout(framework, ndim=2):
    """Layout of inputs and outputs: ``"NCHW"`` in torch and onnx, ``"NHWC"`` elsewhere.

    Examples
    --------
    >>> input_layout("torch"), input_layout("keras", ndim=1)
    ('NCHW', 'NWC')
    """
    return f"N{SPATIAL[ndim]}C" if framework in CHANNELS_LAST else f"NC{SPATIAL[ndim]}"


def weight_layout(framework, ndim=2, transpose_kernel=False):
    """Layout of the kernel of a transposed convolution; O counts the channels of one group.

    Examples
    --------
    >>> weight_layout("torch"), weight_layout("keras"), weight_layout("jax")
    ('IOHW', 'HWOI', 'HWIO')
    >>> weight_layout("jax", transpose_kernel=True)
    'HWOI'
    """
    if framework in ("torch", "onnx"):
        return f"IO{SPATIAL[ndim]}"
    return SPATIAL[ndim] + ("IO" if framework == "jax" and not transpose_kernel else "OI")


class Arguments(NamedTuple):
    """A checked call: the arrays in the framework's layout, the rest one entry an axis."""

    x: np.ndarray
    weight: np.ndarray
    ndim: int
    input_size: tuple
    kernel_size: tuple
    stride: tuple
    dilation: tuple
    groups: int
    options: list


def prepared(framework, x, weight, weight_axes, stride, dilation, groups, options):
    """Check the arguments of a call and spread them over the axes, as :class:`Arguments`.

    ``weight_axes`` maps the number of axes to the layout of ``weight``.

    Raises
    ------
    TypeError
        If an array or a number is of the wrong kind.
    ValueError
        If a shape or the length of a list does not fit, or a number is out of range.
    """
    x = array("x", x)
    weight = array("weight", weight, ("x", x))
    layout("x", x, [tuple(input_layout(framework, ndim)) for ndim in SPATIAL])
    ndim = x.ndim - 2
    layout("weight", weight, [tuple(weight_axes(ndim))])
    return Arguments(
        x,
        weight,
        ndim,
        _spatial(x, input_layout(framework, ndim)),
        _spatial(weight, weight_axes(ndim)),
        integer_tuple("stride", stride, ndim, minimum=1),
        integer_tuple("dilation", dilation, ndim, minimum=1),
        integer("groups", groups, minimum=1),
        spread(options, ndim),
    )


def _spatial(values, axes):
    return tuple(size for size, letter in zip(values.shape, axes) if letter in "HW")


def spread(options, ndim):
    """One dictionary an axis: a list has an entry an axis, anything else stands for all of them.

    Examples
    --------
    >>> spread({"padding": [(1, 0), (0, 0)], "transpose_kernel": True}, ndim=2)
    [{'padding': (1, 0), 'transpose_kernel': True}, {'padding': (0, 0), 'transpose_kernel': True}]
    """
    for name, value in options.items():
        if isinstance(value, list) and len(value) != ndim:
            raise ValueError(f"{name} must be one value, or a list with one for each of the {ndim} axes, got {value}")
        if isinstance(value, list) and any(entry is None or isinstance(entry, (str, bool)) for entry in value):
            raise ValueError(
                f"{name} must be numbers or pairs where it is a list; a word holds for all axes, got {value}"
            )
    return [{n: v[axis] if isinstance(v, list) else v for n, v in options.items()} for axis in range(ndim)]


def known(name, value, words):
    """Return ``value`` if it is one of the ``words``; otherwise say which there are.

    Examples
    --------
    >>> known("framework", "caffe", ("torch", "jax"))
    Traceback (most recent call last):
        ...
    ValueError: framework must be one of torch, jax; got 'caffe'
    """
    if not isinstance(value, str) or value not in words:
        rule = f"must be one of {', '.join(words)}" if words else "must not be given, there is none"
        raise ValueError(f"{name} {rule}; got {value!r}")
    return value


def pair(name, value, minimum=None):
    """Return ``(begin, end)``; unlike :func:`convlab.validation.integer_pair` one number is not enough.

    Examples
    --------
    >>> pair("pads", (1, 0), minimum=0)
    (1, 0)
    """
    if not isinstance(value, (tuple, list)):
        raise ValueError(f"{name} must be a pair (begin, end), got {value!r}")
    return integer_pair(name, value, minimum)


@cache
def option_names(rule):
    """The names of a rule's keyword-only arguments: the options of one framework.

    Examples
    --------
    >>> option_names(lambda axis, *, padding=0: None)
    ('padding',)
    """
    parameters = signature(rule).parameters.values()
    return tuple(parameter.name for parameter in parameters if parameter.kind is Parameter.KEYWORD_ONLY)
