"""The answer of every framework's transposed convolution, in NumPy.

One full scatter, :mod:`convlab.reference`'s; one window on it,
:func:`convlab.frameworks.windows.window`'s; one layout.
"""

from functools import partial

import numpy as np

from convlab.frameworks.arguments import input_layout, known, prepared, rearrange, weight_layout
from convlab.frameworks.windows import options_of, window
from convlab.reference import conv_transpose1d, conv_transpose2d
from convlab.validation import array

__all__ = ["conv_transpose", "cut", "transposed_arguments"]

GROUPED = ("torch", "tensorflow", "onnx")


def conv_transpose(framework, x, weight, stride=1, dilation=1, groups=1, **options):
    """The transposed convolution that a framework computes, on NumPy arrays in its layout.

    Parameters
    ----------
    framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``.
    x : array
        torch, onnx: ``(N, C_in, W)`` or ``(N, C_in, H, W)``; the others: ``(N, W, C_in)`` or ``(N, H, W, C_in)``.
    weight : array
        torch, onnx: ``(C_in, C_out/groups, *kernel)``; tensorflow, keras, and jax with
        ``transpose_kernel=True``: ``(*kernel, C_out/groups, C_in)``; jax: ``(*kernel, C_in, C_out)``.
    stride, dilation : int or tuple of ints
        At least 1, one for all axes or one each.
    groups : int
        Channel groups that do not mix; only torch, tensorflow and onnx have them.
    **options
        As in :func:`convlab.frameworks.window`. One value stands for every axis; a *list* has one an axis.

    Returns
    -------
    array
        In the layout of ``x``. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or the framework would refuse; the message says why.

    Examples
    --------
    One question, two answers of the same size:

    >>> x, w = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])
    >>> conv_transpose("torch", x, w, stride=2, padding=1, output_padding=1)
    array([[[ 10, 102,  20, 200]]])
    >>> x, w = x.reshape(1, 2, 1), w.reshape(3, 1, 1)
    >>> conv_transpose("keras", x, w, stride=2, padding="same").ravel()
    array([  1,  10, 102,  20])
    """
    call, axes = transposed_arguments(framework, x, weight, stride, dilation, groups, options)
    sizes = zip(call.input_size, call.kernel_size, call.stride, call.dilation)
    windows = [window(framework, *size, **option) for size, option in zip(sizes, call.options)]
    if call.groups > 1 and framework == "tensorflow" and not isinstance(options.get("padding", "SAME"), str):
        raise ValueError("tensorflow: groups with a pair as padding have no kernel for the CPU; use 'SAME' or 'VALID'")
    images = rearrange(call.x, input_layout(framework, call.ndim), input_layout("torch", call.ndim))
    kernel = rearrange(call.weight, axes, weight_layout("torch", call.ndim))
    if windows[0].flip:
        kernel = np.flip(kernel, range(2, kernel.ndim))
    scatter = conv_transpose1d if call.ndim == 1 else conv_transpose2d
    full = scatter(images, kernel, stride=call.stride, dilation=call.dilation, groups=call.groups)
    for axis, view in enumerate(windows, start=2):
        full = cut(full, view, axis)
    return np.ascontiguousarray(rearrange(full, input_layout("torch", call.ndim), input_layout(framework, call.ndim)))


def transposed_arguments(framework, x, weight, stride, dilation, groups, options):
    """The checked :class:`~convlab.frameworks.arguments.Arguments` of a call, and the layout of its kernel.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or the framework or an option is unknown.
    """
    for name in options:
        known(f"option of {framework}", name, options_of(framework))
    options_of(framework)
    axes = partial(weight_layout, framework, transpose_kernel=options.get("transpose_kernel") is True)
    call = prepared(framework, x, weight, axes, stride, dilation, groups, options)
    if call.groups > 1 and framework not in GROUPED:
        raise ValueError(f"{framework}: its transposed convolution has no groups, got groups={groups}")
    in_channels, taken = (
        call.x.shape[input_layout(framework, call.ndim).index("C")],
        call.weight.shape[axes(call.ndim).index("I")],
    )
    if in_channels != taken:
        raise ValueError(
            f"x has C_in={in_channels} channels, but weight of shape {call.weight.shape}, layout "
            f"{axes(call.ndim)}, takes {taken}"
        )
    return call, axes(call.ndim)


def cut(full, view, axis=-1):
    """Look at one axis of the full scatter through a window; outside there are zeros.

    Parameters
    ----------
    full : array
    view : Window
        Of which ``crop_begin`` and ``output_size`` are used.
    axis : int
        Which axis of ``full`` it is.

    Raises
    ------
    TypeError
        If ``full`` is not an array of numbers.

    Examples
    --------
    >>> from convlab.frameworks.windows import Window
    >>> cut(np.array([1, 10, 102, 20, 200]), Window(crop_begin=1, crop_end=-1, flip=False, output_size=5))
    array([ 10, 102,  20, 200,   0])
    """
    cells = np.arange(view.output_size) + view.crop_begin
    inside = (cells >= 0) & (cells < full.shape[axis])
    source = np.moveaxis(array("full", full), axis, -1)
    output = np.zeros((*source.shape[:-1], view.output_size), full.dtype)
    output[..., inside] = source[..., cells[inside]]
    return np.moveaxis(output, -1, axis)
