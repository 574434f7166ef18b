"""Convolution and transposed convolution, for reading.

:func:`conv` is every convolution and :func:`conv_transpose` every transposed one, for one, two or three axes.
``conv1d`` ... ``conv_transpose3d`` are made from them: they refuse arrays with another number of axes. Names,
argument names and argument order are those of ``torch.nn.functional``.

*Convolution* means cross-correlation here, as everywhere in deep learning: the kernel is not flipped.

Arrays are NumPy arrays of float32, float64 or integers, all of one dtype; floats keep it, integers give int64. A wrong
kind of argument raises ``TypeError``; a shape that does not fit, a number out of range, a kernel that does not fit
once, or a crop that leaves nothing raises ``ValueError``.
"""

from inspect import cleandoc
from math import prod

import numpy as np

from convlab.reference.layer_arguments import (
    CONV_CHANNELS,
    CONV_TRANSPOSE_CHANNELS,
    check_layouts,
    conv_layer,
    transposed_layer,
)
from convlab.typing import Array, Ints
from convlab.validation import AXES

__all__ = [
    "conv",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
]


def conv(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """Convolution with as many axes as ``weight`` has: :func:`conv1d`, :func:`conv2d` or :func:`conv3d`.

    >>> conv(np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]]))
    array([[[321, 432]]])
    """
    layer = conv_layer(input, weight, bias, stride, padding, dilation, groups, padding_mode)
    taps = layer.taps  # (*kernel, groups, C_out/groups, C_in/groups)
    padded = np.pad(layer.input, [(0, 0), (0, 0), *layer.padding], mode=layer.padding_mode)
    padded = by_group(padded, layer.groups)
    places, out_channels = prod(layer.output_size), weight.shape[0] // layer.groups
    output = np.zeros((len(padded), layer.groups, out_channels, places), padded.dtype)
    for tap in np.ndindex(*weight.shape[2:]):
        cells = cells_of_tap(tap, layer.output_size, layer.stride, layer.dilation)
        output += taps[tap] @ flat(padded[..., *cells])
    return layer.finished(output)


def conv_transpose(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Array:
    """Transposed convolution with as many axes as ``weight`` has: :func:`conv_transpose1d`, ``2d`` or ``3d``.

    >>> conv_transpose(np.array([[[2, 3]]]), np.array([[[1, 2, 3]]]), stride=2)
    array([[[2, 4, 9, 6, 9]]])
    """
    layer = transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation)
    taps = layer.taps  # (*kernel, groups, C_in/groups, C_out/groups)
    x = by_group(layer.input, layer.groups)
    full_size = [o + begin + end for o, (begin, end) in zip(layer.output_size, layer.padding)]
    full = np.zeros((*x.shape[:2], weight.shape[1], *full_size), x.dtype)
    for tap in np.ndindex(*weight.shape[2:]):
        cells = cells_of_tap(tap, x.shape[3:], layer.stride, layer.dilation)
        landed = full[..., *cells]  # a view: what is added here is added to full
        landed += (taps[tap].mT @ flat(x)).reshape(landed.shape)
    return layer.finished(cropped(full, [begin for begin, _ in layer.padding], layer.output_size))


def cells_of_tap(tap, places, stride, dilation):
    """The cells that one tap meets: ``stride * place + dilation * tap`` at each place of the kernel.

    >>> cells_of_tap((1,), places=(3,), stride=(2,), dilation=(4,))
    [slice(4, 9, 2)]
    """
    return [slice(d * t, d * t + s * (n - 1) + 1, s) for t, n, s, d in zip(tap, places, stride, dilation)]


def by_group(values, groups):
    """``(N, C, *cells)`` as ``(N, groups, C/groups, *cells)``.

    >>> by_group(np.zeros((2, 6, 5, 5)), groups=3).shape
    (2, 3, 2, 5, 5)
    """
    return values.reshape(len(values), groups, values.shape[1] // groups, *values.shape[2:])


def flat(values):
    """``(N, groups, C, *cells)`` as matrices ``(N, groups, C, number of cells)``.

    >>> flat(np.zeros((2, 3, 2, 5, 5))).shape
    (2, 3, 2, 25)
    """
    return values.reshape(*values.shape[:3], prod(values.shape[3:]))


def cropped(values, first, size):
    """``size`` cells from ``first`` on, along the last axes.

    >>> cropped(np.arange(5), first=(1,), size=(3,))
    array([1, 2, 3])
    """
    return values[..., *(slice(f, f + n) for f, n in zip(first, size))]


def _conv_with(ndim, example):
    """``conv1d``, ``conv2d`` or ``conv3d``."""

    def operator(
        input: Array,
        weight: Array,
        bias: Array | None = None,
        stride: Ints = 1,
        padding: Ints | str = 0,
        dilation: Ints = 1,
        groups: int = 1,
        padding_mode: str = "zeros",
    ) -> Array:
        """{ndim}-D convolution (cross-correlation) as ``torch.nn.functional.conv{ndim}d``.

        ``input`` is ``(C_in, {cells})`` or ``(N, C_in, {cells})``, ``weight`` ``(C_out, C_in/groups, {kernel})``. The
        result is shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_output_size`. Options are one int, or a tuple of {ndim}:

        * ``bias``: ``(C_out,)``, added to every output cell.
        * ``stride``, ``dilation``: in cells, at least 1; dilation 1 means no gaps.
        * ``padding``: cells on each side; or ``"valid"``, or ``"same"``, which needs stride 1, and puts one more at the
          end where the total is odd; or, for one axis, ``"causal"``: all at the begin, as in Keras.
        * ``groups``: number of channel groups that do not mix.
        * ``padding_mode``: what these cells hold, ``"zeros"``, ``"reflect"``, ``"replicate"`` or ``"circular"``, as in
          ``torch.nn.Conv{ndim}d``.

        Source: relationships 6 and 15 of arXiv:1603.07285; ``torch.nn.functional.conv{ndim}d``.

        {example}
        """
        check_layouts(input, weight, CONV_CHANNELS, ndim)
        return conv(input, weight, bias, stride, padding, dilation, groups, padding_mode)

    return _named(operator, f"conv{ndim}d", ndim, example)


def _conv_transpose_with(ndim, example):
    """``conv_transpose1d``, ``conv_transpose2d`` or ``conv_transpose3d``."""

    def operator(
        input: Array,
        weight: Array,
        bias: Array | None = None,
        stride: Ints = 1,
        padding: Ints | str = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        dilation: Ints = 1,
    ) -> Array:
        """{ndim}-D transposed convolution as ``torch.nn.functional.conv_transpose{ndim}d``.

        ``input`` is ``(C_in, {cells})`` or ``(N, C_in, {cells})``, ``weight`` ``(C_in, C_out/groups, {kernel})``: the
        input channels come first. The result is shaped as the input, with ``C_out`` channels and sizes by
        :func:`convlab.arithmetic.conv_transpose_output_size`. Options are one int, or a tuple of {ndim}:

        * ``bias``: ``(C_out,)``, added to every output cell, also to cells that no stamp reaches.
        * ``stride``, ``dilation``: in OUTPUT cells, at least 1; dilation 1 means no gaps.
        * ``padding``: cells CROPPED from each side of the full result; or, for one axis, ``"causal"``: all but the
          first ``stride`` times input size, see :func:`convlab.arithmetic.causal_trim`.
        * ``output_padding``: cells by which the end of the crop moves back out; smaller than stride or dilation, as in
          PyTorch. Keras, TensorFlow and ONNX Runtime ask for less than the stride.
        * ``groups``: number of channel groups that do not mix. It comes before ``dilation``, unlike in ``conv{ndim}d``.

        Source: relationship 14 of arXiv:1603.07285; ``torch.nn.functional.conv_transpose{ndim}d``.

        {example}
        """
        check_layouts(input, weight, CONV_TRANSPOSE_CHANNELS, ndim)
        return conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation)

    return _named(operator, f"conv_transpose{ndim}d", ndim, example)


def _named(operator, name, ndim, example):
    """Give an operator its name, and fill its docstring in."""
    cells, kernel = ", ".join(AXES[ndim]), ", ".join("k" + axis for axis in AXES[ndim] if ndim > 1) or "k"
    operator.__name__ = operator.__qualname__ = name
    template = cleandoc(operator.__doc__)
    operator.__doc__ = template.format(ndim=ndim, cells=cells, kernel=kernel, example=cleandoc(example))
    return operator


conv1d = _conv_with(
    ndim=1,
    example="""
    >>> x, w = np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]])
    >>> conv1d(x, w)
    array([[[321, 432]]])
    >>> conv1d(x, w, padding="causal"), conv1d(x, w, padding=1, padding_mode="circular")
    (array([[[100, 210, 321, 432]]]), array([[[214, 321, 432, 143]]]))
    """,
)
conv2d = _conv_with(
    ndim=2,
    example="""
    >>> x, w = np.arange(9).reshape(1, 1, 3, 3), np.array([[[[1, 2], [3, 4]]]])
    >>> conv2d(x, w)[0, 0]
    array([[27, 37],
           [57, 67]])
    """,
)
conv3d = _conv_with(
    ndim=3,
    example="""
    >>> x, w = np.arange(8).reshape(1, 1, 2, 2, 2), np.ones((1, 1, 2, 2, 2), dtype=int)
    >>> conv3d(x, w).item()
    28
    """,
)
conv_transpose1d = _conv_transpose_with(
    ndim=1,
    example="""
    >>> x, w = np.array([[[2, 3]]]), np.array([[[1, 2, 3]]])
    >>> conv_transpose1d(x, w, stride=2), conv_transpose1d(x, w, stride=2, padding="causal")
    (array([[[2, 4, 9, 6, 9]]]), array([[[2, 4, 9, 6]]]))
    """,
)
conv_transpose2d = _conv_transpose_with(
    ndim=2,
    example="""
    >>> x, w = np.array([[[[1, 2], [3, 4]]]]), np.arange(1, 10).reshape(1, 1, 3, 3)
    >>> conv_transpose2d(x, w, stride=2, padding=1)[0, 0]
    array([[ 5, 14, 10],
           [14, 36, 24],
           [15, 34, 20]])
    """,
)
conv_transpose3d = _conv_transpose_with(
    ndim=3,
    example="""
    >>> x, w = np.array([[[[[1, 2]]]]]), np.ones((1, 1, 1, 1, 3), dtype=int)
    >>> conv_transpose3d(x, w, stride=(1, 1, 2))[0, 0, 0]
    array([[1, 1, 3, 2, 2]])
    """,
)
