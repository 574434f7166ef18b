"""Convolution and transposed convolution, for reading.

``_slide`` is every convolution and ``_stamp`` every transposed one, for any number
of axes; the public functions check their arguments and call them. Names, argument
names and argument order are those of ``torch.nn.functional``.

*Convolution* means cross-correlation here, as everywhere in deep learning: the
kernel is not flipped.
"""

from functools import partial
from itertools import product
from math import prod

import numpy as np

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, same_padding
from convlab.validation import array, integer, integer_tuple, layout, widened

__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]

WORKSPACE = 4 * 2**20  # bytes: a few samples at a time, so that the work stays in the processor's cache
AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


def _slide(input, weight, stride, dilation, groups):
    """Convolution without padding: each output cell sums what its taps see.

    ``(N, C_in, *in)`` and ``(C_out, C_in/groups, *kernel)`` give ``(N, C_out, *out)``.
    """
    batch, _, *in_size = input.shape
    out_channels, group_channels, *kernel_size = weight.shape
    out_size = [conv_output_size(i, k, s, 0, d) for i, k, s, d in zip(in_size, kernel_size, stride, dilation)]

    x = np.moveaxis(input.reshape(batch, groups, group_channels, *in_size), 0, 2)
    seen = np.empty((groups, *kernel_size, group_channels, batch, *out_size), input.dtype)
    for tap in np.ndindex(*kernel_size):
        # Output cell m sees input cell stride * m + dilation * tap.
        cells = [slice(d * t, d * t + s * (o - 1) + 1, s) for t, o, s, d in zip(tap, out_size, stride, dilation)]
        seen[:, *tap] = x[..., *cells]

    # Multiply and add up over taps and channels, for all output cells at once: one matrix product a group.
    terms = prod(kernel_size) * group_channels
    w = np.moveaxis(weight.reshape(groups, -1, group_channels, *kernel_size), 2, -1).reshape(groups, -1, terms)
    sums = w @ seen.reshape(groups, terms, batch * prod(out_size))
    return sums.reshape(out_channels, batch, *out_size).swapaxes(0, 1)


def _stamp(input, weight, out_size, stride, padding, dilation, groups):
    """Transposed convolution: each input value stamps its multiple of the kernel on the output.

    ``(N, C_in, *in)`` and ``(C_in, C_out/groups, *kernel)`` give ``(N, C_out, *out)``.
    Stamps lie ``stride`` cells apart, overlaps add up, what lands outside the output is cropped.
    """
    products = _products(input, weight, groups)

    # Output cell stride * q + r is kept as phases[r][q]: then the products of one tap
    # with neighbouring inputs land on neighbouring cells.
    phases, phase_shape = {}, products[0].shape[:3]
    for r in np.ndindex(*map(min, stride, out_size)):
        cells = [len(range(first, o, s)) for first, o, s in zip(r, out_size, stride)]
        phases[r] = np.zeros_like(products[0], shape=(*phase_shape, *cells))

    axes = zip(input.shape[2:], out_size, weight.shape[2:], stride, padding, dilation)
    landings = product(*([_landing(t, i, o, s, p, d) for t in range(k)] for i, o, k, s, p, d in axes))
    for tap_products, landing in zip(products, landings):
        r, cells, inputs = zip(*landing)
        if r in phases:  # with a stride beyond the output, some taps land nowhere in it
            phases[r][..., *cells] += tap_products[..., *inputs]

    output = np.empty((*phase_shape, *out_size), input.dtype)
    for r, phase in phases.items():
        output[..., *(slice(first, None, s) for first, s in zip(r, stride))] = phase
    return output.reshape(len(input), groups * weight.shape[1], *out_size)


def _landing(tap, input_size, output_size, stride, padding, dilation):
    """Where one tap's products land on one axis: phase, cells of that phase, inputs that land there."""
    # Input j times this tap lands on output cell stride * j + dilation * tap - padding.
    q, r = divmod(dilation * tap - padding, stride)
    first = max(0, -q)
    last = max(first, min(input_size, len(range(r, output_size, stride)) - q))
    return r, slice(first + q, last + q), slice(first, last)


def _products(input, weight, groups):
    """Every input value times every tap: ``(taps, N, groups, C_out/groups, *in)``.

    The numbers stand in memory with the channels last or with the pixels last,
    whichever makes longer rows: that is the whole difference between the branches.
    """
    batch, in_channels, *in_size = input.shape
    group_channels, out_channels, taps = in_channels // groups, weight.shape[1], prod(weight.shape[2:])
    x = input.reshape(batch, groups, group_channels, *in_size)
    w = weight.reshape(groups, group_channels, out_channels, taps)
    pixels = prod(in_size) * batch
    if out_channels >= in_size[-1]:
        x = np.moveaxis(x, (0, 2), (-2, -1)).reshape(groups, pixels, group_channels)
        w = w.swapaxes(2, 3).reshape(groups, group_channels, taps * out_channels)
        products = (x @ w).reshape(groups, *in_size, batch, taps, out_channels)
        return np.moveaxis(products, (-2, -3, 0, -1), (0, 1, 2, 3))
    x = np.moveaxis(x, 0, 2).reshape(groups, group_channels, pixels)
    w = np.moveaxis(w, 1, -1).swapaxes(1, 2).reshape(groups, taps * out_channels, group_channels)
    products = (w @ x).reshape(groups, taps, out_channels, batch, *in_size)
    return np.moveaxis(products, (1, 3), (0, 1))


def _in_parts(compute, input, bytes_per_sample):
    """Run ``compute`` on a few samples at a time (see ``WORKSPACE``); the result is contiguous."""
    step = max(1, WORKSPACE // bytes_per_sample)
    if len(input) <= step:
        return np.ascontiguousarray(compute(input))
    return np.concatenate([compute(input[n : n + step]) for n in range(0, len(input), step)])


def checked_layer(input, weight, bias, groups, ndim, transposed):
    """Check the arrays and ``groups``; return input with a batch axis, weight and bias widened."""
    input = array("input", input)
    weight = array("weight", weight, ("input", input))
    groups = integer("groups", groups, minimum=1)
    channels = ("C_in", "C_out/groups") if transposed else ("C_out", "C_in/groups")
    layout("input", input, [("C_in", *AXES[ndim]), ("N", "C_in", *AXES[ndim])])
    layout("weight", weight, [(*channels, *("k" + axis for axis in AXES[ndim]))])
    in_channels = input.shape[-ndim - 1]
    if weight.shape[0] % groups:
        raise ValueError(f"groups must divide {channels[0]}={weight.shape[0]} of weight, got groups={groups}")
    expected = weight.shape[0] if transposed else weight.shape[1] * groups
    if in_channels != expected:
        raise ValueError(
            f"input has C_in={in_channels} channels, but weight of shape {weight.shape} "
            f"({', '.join(channels)}, ...) with groups={groups} takes {expected}"
        )
    out_channels = weight.shape[1] * groups if transposed else weight.shape[0]
    if bias is None:
        bias = np.zeros(out_channels, input.dtype)[:0]
    elif array("bias", bias, ("input", input)).shape != (out_channels,):
        raise ValueError(f"bias must have shape (C_out,) = ({out_channels},), got {bias.shape}")
    batched = input if input.ndim == ndim + 2 else input[None]
    return widened(batched), widened(weight), widened(bias), groups


def _finished(output, bias, ndim, batched):
    """Add the bias to every cell and drop the batch axis that the caller did not give."""
    if bias.size:
        output += bias.reshape(-1, *(1,) * ndim)
    return output if batched else output[0]


def _conv(input, weight, bias, stride, padding, dilation, groups, ndim):
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    x, w, b, groups = checked_layer(input, weight, bias, groups, ndim, transposed=False)
    kernel_size = w.shape[2:]
    if isinstance(padding, str):
        pads = _named_padding(padding, kernel_size, stride, dilation)
    else:
        pads = [(p, p) for p in integer_tuple("padding", padding, ndim, minimum=0)]
    axes = zip(x.shape[2:], kernel_size, stride, pads, dilation)
    out_size = [conv_output_size(*axis) for axis in axes]
    if any(map(any, pads)):
        x = np.pad(x, [(0, 0), (0, 0), *pads])
    slide = partial(_slide, weight=w, stride=stride, dilation=dilation, groups=groups)
    output = _in_parts(slide, x, x.itemsize * x.shape[1] * prod(kernel_size) * prod(out_size))
    return _finished(output, b, ndim, input.ndim == ndim + 2)


def _named_padding(padding, kernel_size, stride, dilation):
    if padding not in ("same", "valid"):
        raise ValueError(f"padding must be integers, 'same' or 'valid', got {padding!r}")
    if padding == "valid":
        return [(0, 0)] * len(stride)
    if any(s > 1 for s in stride):
        raise ValueError(f"padding='same' needs stride 1, as in PyTorch, got stride={stride}")
    return [same_padding(k, d) for k, d in zip(kernel_size, dilation)]


def _conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation, ndim):
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    padding = integer_tuple("padding", padding, ndim, minimum=0)
    output_padding = integer_tuple("output_padding", output_padding, ndim, minimum=0)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    x, w, b, groups = checked_layer(input, weight, bias, groups, ndim, transposed=True)
    axes = zip(x.shape[2:], w.shape[2:], stride, padding, output_padding, dilation)
    out_size = [conv_transpose_output_size(*axis) for axis in axes]
    stamp = partial(
        _stamp, weight=w, out_size=out_size, stride=stride, padding=padding, dilation=dilation, groups=groups
    )
    output = _in_parts(stamp, x, x.itemsize * prod(x.shape[2:]) * w[0].size * groups)
    return _finished(output, b, ndim, input.ndim == ndim + 2)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """1-D convolution (cross-correlation) as ``torch.nn.functional.conv1d``.

    Parameters
    ----------
    input : array
        ``(C_in, L) or (N, C_in, L)``.
    weight : array
        ``(C_out, C_in/groups, k)``.
    bias : array, optional
        ``(C_out,)``, added to every output cell.
    stride, dilation : int or tuple of 1 int
        In cells, at least 1; dilation 1 means no gaps.
    padding : int, tuple of 1 int, ``"same"`` or ``"valid"``
        Zeros on each side. ``"same"`` needs stride 1; an odd total puts one more at the end.
    groups : int
        Number of channel groups that do not mix.

    Returns
    -------
    array
        Shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_output_size`. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an array is not a NumPy array, dtypes differ, or another argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or the kernel does not fit once.

    Notes
    -----
    Source: relationships 6 and 15 of arXiv:1603.07285; ``torch.nn.functional.conv1d``.

    Examples
    --------
    >>> x, w = np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]])
    >>> conv1d(x, w)
    array([[[321, 432]]])
    """
    return _conv(input, weight, bias, stride, padding, dilation, groups, ndim=1)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """2-D convolution (cross-correlation) as ``torch.nn.functional.conv2d``.

    Parameters
    ----------
    input : array
        ``(C_in, H, W) or (N, C_in, H, W)``.
    weight : array
        ``(C_out, C_in/groups, kH, kW)``.
    bias : array, optional
        ``(C_out,)``, added to every output cell.
    stride, dilation : int or tuple of 2 ints
        In cells, at least 1; dilation 1 means no gaps.
    padding : int, tuple of 2 ints, ``"same"`` or ``"valid"``
        Zeros on each side. ``"same"`` needs stride 1; an odd total puts one more at the end.
    groups : int
        Number of channel groups that do not mix.

    Returns
    -------
    array
        Shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_output_size`. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an array is not a NumPy array, dtypes differ, or another argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or the kernel does not fit once.

    Notes
    -----
    Source: relationships 6 and 15 of arXiv:1603.07285; ``torch.nn.functional.conv2d``.

    Examples
    --------
    >>> x, w = np.arange(9).reshape(1, 1, 3, 3), np.array([[[[1, 2], [3, 4]]]])
    >>> conv2d(x, w)[0, 0]
    array([[27, 37],
           [57, 67]])
    """
    return _conv(input, weight, bias, stride, padding, dilation, groups, ndim=2)


def conv3d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """3-D convolution (cross-correlation) as ``torch.nn.functional.conv3d``.

    Parameters
    ----------
    input : array
        ``(C_in, D, H, W) or (N, C_in, D, H, W)``.
    weight : array
        ``(C_out, C_in/groups, kD, kH, kW)``.
    bias : array, optional
        ``(C_out,)``, added to every output cell.
    stride, dilation : int or tuple of 3 ints
        In cells, at least 1; dilation 1 means no gaps.
    padding : int, tuple of 3 ints, ``"same"`` or ``"valid"``
        Zeros on each side. ``"same"`` needs stride 1; an odd total puts one more at the end.
    groups : int
        Number of channel groups that do not mix.

    Returns
    -------
    array
        Shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_output_size`. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an array is not a NumPy array, dtypes differ, or another argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or the kernel does not fit once.

    Notes
    -----
    Source: relationships 6 and 15 of arXiv:1603.07285; ``torch.nn.functional.conv3d``.

    Examples
    --------
    >>> x, w = np.arange(8).reshape(1, 1, 2, 2, 2), np.ones((1, 1, 2, 2, 2), dtype=int)
    >>> conv3d(x, w).item()
    28
    """
    return _conv(input, weight, bias, stride, padding, dilation, groups, ndim=3)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """1-D transposed convolution as ``torch.nn.functional.conv_transpose1d``.

    Parameters
    ----------
    input : array
        ``(C_in, L) or (N, C_in, L)``.
    weight : array
        ``(C_in, C_out/groups, k)``: the input channels come first.
    bias : array, optional
        ``(C_out,)``, added to every output cell, also to cells that no stamp reaches.
    stride, dilation : int or tuple of 1 int
        In OUTPUT cells, at least 1; dilation 1 means no gaps.
    padding : int or tuple of 1 int
        Cells CROPPED from each side of the full result.
    output_padding : int or tuple of 1 int
        Cells by which the end of the crop moves back out; smaller than stride or dilation.
    groups : int
        Number of channel groups that do not mix. It comes before ``dilation``, unlike in ``conv1d``.

    Returns
    -------
    array
        Shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_transpose_output_size`. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an array is not a NumPy array, dtypes differ, or another argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or nothing is left after the crop.

    Notes
    -----
    PyTorch allows ``output_padding < max(stride, dilation)``; Keras, TensorFlow and ONNX
    Runtime ask for less than the stride.
    Source: relationship 14 of arXiv:1603.07285; ``torch.nn.functional.conv_transpose1d``.

    Examples
    --------
    >>> x, w = np.array([[[2, 3]]]), np.array([[[1, 2, 3]]])
    >>> conv_transpose1d(x, w, stride=2)
    array([[[2, 4, 9, 6, 9]]])
    """
    return _conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation, ndim=1)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """2-D transposed convolution as ``torch.nn.functional.conv_transpose2d``.

    Parameters
    ----------
    input : array
        ``(C_in, H, W) or (N, C_in, H, W)``.
    weight : array
        ``(C_in, C_out/groups, kH, kW)``: the input channels come first.
    bias : array, optional
        ``(C_out,)``, added to every output cell, also to cells that no stamp reaches.
    stride, dilation : int or tuple of 2 ints
        In OUTPUT cells, at least 1; dilation 1 means no gaps.
    padding : int or tuple of 2 ints
        Cells CROPPED from each side of the full result.
    output_padding : int or tuple of 2 ints
        Cells by which the end of the crop moves back out; smaller than stride or dilation.
    groups : int
        Number of channel groups that do not mix. It comes before ``dilation``, unlike in ``conv2d``.

    Returns
    -------
    array
        Shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_transpose_output_size`. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an array is not a NumPy array, dtypes differ, or another argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or nothing is left after the crop.

    Notes
    -----
    PyTorch allows ``output_padding < max(stride, dilation)``; Keras, TensorFlow and ONNX
    Runtime ask for less than the stride.
    Source: relationship 14 of arXiv:1603.07285; ``torch.nn.functional.conv_transpose2d``.

    Examples
    --------
    >>> x, w = np.array([[[[1, 2], [3, 4]]]]), np.arange(1, 10).reshape(1, 1, 3, 3)
    >>> conv_transpose2d(x, w, stride=2, padding=1)[0, 0]
    array([[ 5, 14, 10],
           [14, 36, 24],
           [15, 34, 20]])
    """
    return _conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation, ndim=2)


def conv_transpose3d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """3-D transposed convolution as ``torch.nn.functional.conv_transpose3d``.

    Parameters
    ----------
    input : array
        ``(C_in, D, H, W) or (N, C_in, D, H, W)``.
    weight : array
        ``(C_in, C_out/groups, kD, kH, kW)``: the input channels come first.
    bias : array, optional
        ``(C_out,)``, added to every output cell, also to cells that no stamp reaches.
    stride, dilation : int or tuple of 3 ints
        In OUTPUT cells, at least 1; dilation 1 means no gaps.
    padding : int or tuple of 3 ints
        Cells CROPPED from each side of the full result.
    output_padding : int or tuple of 3 ints
        Cells by which the end of the crop moves back out; smaller than stride or dilation.
    groups : int
        Number of channel groups that do not mix. It comes before ``dilation``, unlike in ``conv3d``.

    Returns
    -------
    array
        Shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_transpose_output_size`. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an array is not a NumPy array, dtypes differ, or another argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or nothing is left after the crop.

    Notes
    -----
    PyTorch allows ``output_padding < max(stride, dilation)``; Keras, TensorFlow and ONNX
    Runtime ask for less than the stride.
    Source: relationship 14 of arXiv:1603.07285; ``torch.nn.functional.conv_transpose3d``.

    Examples
    --------
    >>> x, w = np.array([[[[[1, 2]]]]]), np.ones((1, 1, 1, 1, 3), dtype=int)
    >>> conv_transpose3d(x, w, stride=(1, 1, 2))[0, 0, 0]
    array([[1, 1, 3, 2, 2]])
    """
    return _conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation, ndim=3)
