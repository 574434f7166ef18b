"""The arguments of a convolution or a transposed one, checked and brought into one form."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from convlab.arithmetic import (
    causal_padding,
    causal_trim,
    conv_output_size,
    conv_transpose_output_size,
    same_padding,
)
from convlab.typing import Array
from convlab.validation import AXES, array, integer, integer_pair, layout, per_axis, widened

CONV_CHANNELS = ("C_out", "C_in/groups")
CONV_TRANSPOSE_CHANNELS = ("C_in", "C_out/groups")
#: What the cells of the padding hold, by PyTorch's words, and NumPy's word for it.
PADDING_MODES: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


class Layer(NamedTuple):
    """The checked arguments: arrays widened, one entry for each axis."""

    input: Array  # (N, C_in, *cells), also where the caller gave no batch
    weight: Array  # (C_out, C_in/groups, *kernel); transposed (C_in, C_out/groups, *kernel)
    bias: Array | None
    stride: tuple
    padding: tuple  # pairs (begin, end)
    output_padding: tuple  # zeros where the layer is not transposed
    dilation: tuple
    groups: int
    output_size: tuple
    batched: bool  # whether the caller gave a batch
    padding_mode: Any = "constant"  # NumPy's word

    @property
    def taps(self) -> Array:
        """The weight with the taps first: ``(*kernel, groups, C_first/groups, C_second)``."""
        first, second, *kernel_size = self.weight.shape
        by_tap = self.weight.reshape(first * second, -1).T.copy()  # each tap's matrix in one piece of memory
        return by_tap.reshape(*kernel_size, self.groups, first // self.groups, second)

    def finished(self, output: Array) -> Array:
        """``(N, groups, C_out/groups, ...)`` in the shape that the caller expects, with the bias."""
        batch, groups, group_channels, *_ = output.shape
        output = output.reshape(batch, groups * group_channels, *self.output_size)
        if self.bias is not None:
            output += self.bias.reshape(-1, *(1 for _ in self.output_size))
        return output if self.batched else output[0]


def number_of_axes(weight: Array) -> int:
    """How many axes a kernel has: those of ``weight`` after its two channel axes.

    >>> import numpy as np
    >>> number_of_axes(np.zeros((1, 1, 3, 3)))
    2
    """
    ndim = array("weight", weight).ndim - 2
    if ndim not in AXES:
        raise ValueError(f"weight must have two channel axes and 1 to 3 kernel axes, got shape {weight.shape}")
    return ndim


def check_layouts(input: Array, weight: Array, channels: tuple, ndim: int) -> None:
    """Refuse arrays that are not those of an operator with ``ndim`` axes."""
    array("weight", weight, ("input", array("input", input)))
    layout("input", input, [("C_in", *AXES[ndim]), ("N", "C_in", *AXES[ndim])])
    layout("weight", weight, [(*channels, *("k" + axis for axis in AXES[ndim]))])


def conv_layer(input, weight, bias, stride, padding, dilation, groups, padding_mode="zeros") -> Layer:
    """Check the arguments of a convolution.

    >>> import numpy as np
    >>> layer = conv_layer(np.ones((1, 5)), np.ones((1, 1, 4)), None, 1, "same", 1, 1)
    >>> layer.input.shape, layer.padding, layer.output_size
    ((1, 1, 5), ((1, 2),), (5,))
    """
    ndim = number_of_axes(weight)
    stride, dilation = per_axis(ndim, stride=stride, dilation=dilation)
    x, w, b, groups = _arrays(input, weight, bias, groups, CONV_CHANNELS)
    if isinstance(padding, str):
        padding = _named_padding(padding, w.shape[2:], stride, dilation)
    else:
        (padding,) = per_axis(ndim, padding=padding)
    output_size = tuple(map(conv_output_size, x.shape[2:], w.shape[2:], stride, padding, dilation))
    pairs = tuple(integer_pair("padding", pads) for pads in padding)
    mode = checked_padding_mode(padding_mode, x.shape[2:], pairs)
    return Layer(x, w, b, stride, pairs, (0,) * ndim, dilation, groups, output_size, input.ndim == w.ndim, mode)


def transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation) -> Layer:
    """Check the arguments of a transposed convolution.

    >>> import numpy as np
    >>> layer = transposed_layer(np.array([[2, 3]]), np.array([[[1, 2, 3]]]), None, 2, 0, 1, 1, 1)
    >>> layer.input.shape, layer.stride, layer.output_size
    ((1, 1, 2), (2,), (6,))
    """
    ndim = number_of_axes(weight)
    stride, output_padding, dilation = per_axis(ndim, stride=stride, output_padding=output_padding, dilation=dilation)
    x, w, b, groups = _arrays(input, weight, bias, groups, CONV_TRANSPOSE_CHANNELS)
    if isinstance(padding, str):
        padding = (_causal_trim(padding, w.shape[2:], stride, dilation),)
    else:
        (padding,) = per_axis(ndim, padding=padding)
    axes = zip(x.shape[2:], w.shape[2:], stride, padding, output_padding, dilation)
    output_size = tuple(conv_transpose_output_size(*axis) for axis in axes)
    pairs = tuple(integer_pair("padding", pads) for pads in padding)
    return Layer(x, w, b, stride, pairs, output_padding, dilation, groups, output_size, input.ndim == w.ndim)


def _arrays(input, weight, bias, groups, channels):
    """Check arrays and ``groups``; return input with a batch axis, weight and bias, all widened."""
    ndim = number_of_axes(weight)
    check_layouts(input, weight, channels, ndim)
    groups = integer("groups", groups, minimum=1)
    if weight.shape[0] % groups:
        raise ValueError(f"groups must divide {channels[0]}={weight.shape[0]} of weight, got groups={groups}")
    first, second = weight.shape[0], weight.shape[1] * groups
    in_channels, out_channels = (first, second) if channels == CONV_TRANSPOSE_CHANNELS else (second, first)
    if input.shape[-ndim - 1] != in_channels:
        raise ValueError(
            f"input has C_in={input.shape[-ndim - 1]} channels, but weight of shape {weight.shape} "
            f"({', '.join(channels)}, ...) with groups={groups} takes {in_channels}"
        )
    if bias is not None:
        if array("bias", bias, ("input", input)).shape != (out_channels,):
            raise ValueError(f"bias must have shape (C_out,) = ({out_channels},), got {bias.shape}")
        bias = widened(bias)
    batched = input if input.ndim == weight.ndim else input[None]
    return widened(batched), widened(weight), bias, groups


def checked_padding_mode(padding_mode: str, input_size: Sequence[int], padding: Sequence[tuple[int, int]]) -> str:
    """NumPy's word for ``padding_mode``; what reflects or goes round needs so many cells, as in PyTorch.

    >>> checked_padding_mode("replicate", input_size=(2,), padding=((3, 3),))
    'edge'
    >>> checked_padding_mode("reflect", input_size=(2,), padding=((2, 2),))
    Traceback (most recent call last):
        ...
    ValueError: padding must be at most 1 for padding_mode='reflect' and 2 cells, got 2
    """
    if not isinstance(padding_mode, str) or padding_mode not in PADDING_MODES:
        raise ValueError(f"padding_mode must be one of {', '.join(PADDING_MODES)}, got {padding_mode!r}")
    for size, pads in zip(input_size, padding) if padding_mode in ("reflect", "circular") else ():
        if max(pads) > (most := size - (padding_mode == "reflect")):
            raise ValueError(
                f"padding must be at most {most} for padding_mode={padding_mode!r} and {size} cells, got {max(pads)}"
            )
    return PADDING_MODES[padding_mode]


def _named_padding(padding, kernel_size, stride, dilation):
    if padding not in ("same", "valid", "causal"):
        raise ValueError(f"padding must be integers, 'same', 'valid' or 'causal', got {padding!r}")
    if padding == "valid":
        return ((0, 0),) * len(stride)
    if padding == "causal":
        return (causal_padding(*_one_axis(kernel_size, dilation)),)
    if any(s > 1 for s in stride):
        raise ValueError(f"padding='same' needs stride 1, as in PyTorch, got stride={stride}")
    return tuple(same_padding(k, d) for k, d in zip(kernel_size, dilation))


def _causal_trim(padding, kernel_size, stride, dilation):
    if padding != "causal":
        raise ValueError(f"padding must be integers or 'causal', got {padding!r}")
    kernel_size, dilation = _one_axis(kernel_size, dilation)
    return causal_trim(kernel_size, *stride, dilation)


def _one_axis(kernel_size, dilation):
    if len(kernel_size) > 1:
        raise ValueError(f"padding='causal' is for one axis, got a kernel of {len(kernel_size)} axes")
    return kernel_size[0], dilation[0]
