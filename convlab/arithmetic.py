"""Size arithmetic: the one home of every size formula, integers in, integers out.

All functions speak of ONE axis; the axes of a 2-D or 3-D layer are independent.
Names are those of ``torch.nn.functional``. Throughout,

* ``padding`` is counted per side; where both sides may differ, a pair
  ``(begin, end)`` is accepted as well;
* ``dilation=1`` means a kernel without gaps;
* ``K`` is the effective kernel size, ``L`` the size of the uncropped transposed output.

What is no integer (or bool) raises ``TypeError``. A number out of range, a kernel that does not fit once and an output
of which nothing is left raise ``ValueError``, with a message that names the argument and its value.

"Relationship n" is relationship n of Dumoulin and Visin, *A guide to convolution
arithmetic for deep learning*, arXiv:1603.07285.
"""

from collections.abc import Iterable
from itertools import product
from numbers import Real
from typing import NamedTuple

from convlab.typing import Pads
from convlab.validation import boolean, integer, integer_pair

__all__ = [
    "EquivalentConvolution",
    "LayerParameters",
    "RoundTrip",
    "causal_padding",
    "causal_trim",
    "conv_output_size",
    "conv_transpose_output_size",
    "effective_kernel_size",
    "equivalent_convolution",
    "find_parameters",
    "full_padding",
    "interpolate_output_size",
    "merged_input_sizes",
    "pool_output_size",
    "required_output_padding",
    "returning_sizes",
    "round_trip",
    "same_padding",
    "unread_cells",
    "valid_padding",
]


def effective_kernel_size(kernel_size: int, dilation: int = 1) -> int:
    """Cells from the first to the last tap of a dilated kernel: ``K = d (k - 1) + 1``.

    Source: relationship 15, ``k + (k - 1)(d - 1)``, the same number.

    >>> [effective_kernel_size(3, dilation=d) for d in (1, 2, 3)]
    [3, 5, 7]
    """
    kernel_size = integer("kernel_size", kernel_size, minimum=1)
    dilation = integer("dilation", dilation, minimum=1)
    return dilation * (kernel_size - 1) + 1


def conv_output_size(input_size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, dilation: int = 1) -> int:
    """Output size of a convolution: the number of places where the kernel fits.

    ``floor((i + p_begin + p_end - K) / s) + 1``. Source: relationship 6, with
    relationship 15 for the dilation; ``torch.nn.Conv1d``, section "Shape".

    >>> conv_output_size(6, 3, stride=2, padding=1)     # (6 + 2 - 3) / 2 is 2.5: floor
    3
    >>> conv_output_size(2, kernel_size=3)
    Traceback (most recent call last):
        ...
    ValueError: kernel_size=3 with dilation=1 spans 3 cells, but the padded input has only 2 (input_size=2, padding=0)
    """
    input_size = integer("input_size", input_size, minimum=1)
    stride = integer("stride", stride, minimum=1)
    begin, end = integer_pair("padding", padding, minimum=0)
    span = effective_kernel_size(kernel_size, dilation)
    padded = input_size + begin + end
    if span > padded:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {span} cells, but the padded input "
            f"has only {padded} (input_size={input_size}, padding={padding})"
        )
    return (padded - span) // stride + 1


def unread_cells(input_size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, dilation: int = 1) -> int:
    """Cells at the end of the padded input that a strided convolution never reads.

    ``a = (i + p_begin + p_end - K) mod s``, from 0 to ``s - 1``. It is also the
    ``output_padding`` with which the transposed convolution returns to ``input_size``.
    Source: relationship 14.

    >>> [unread_cells(i, kernel_size=3, stride=2, padding=1) for i in (5, 6)]
    [0, 1]
    """
    output_size = conv_output_size(input_size, kernel_size, stride, padding, dilation)
    begin, end = integer_pair("padding", padding)
    read = integer("stride", stride) * (output_size - 1) + effective_kernel_size(kernel_size, dilation)
    return integer("input_size", input_size) + begin + end - read


def merged_input_sizes(
    output_size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, dilation: int = 1
) -> range:
    """All input sizes that a convolution maps to one output size, as a ``range``.

    There are ``stride`` of them (fewer where the smallest would be below 1):
    the floor in :func:`conv_output_size` forgets which it was. Source: relationship 14.

    >>> list(merged_input_sizes(3, kernel_size=3, stride=2, padding=1))
    [5, 6]
    """
    output_size = integer("output_size", output_size, minimum=1)
    stride = integer("stride", stride, minimum=1)
    begin, end = integer_pair("padding", padding, minimum=0)
    span = effective_kernel_size(kernel_size, dilation)
    smallest = stride * (output_size - 1) + span - begin - end
    sizes = range(max(smallest, 1), smallest + stride)
    if not sizes:
        raise ValueError(
            f"no input gives output_size={output_size}: with padding={padding} it would need "
            f"input_size={smallest + stride - 1} or less, and input_size must be at least 1"
        )
    return sizes


def conv_transpose_output_size(
    input_size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Output size of a transposed convolution: ``L - p_begin - p_end + output_padding``.

    ``L = s (i - 1) + K`` is the size of all stamps together; ``padding`` crops it,
    ``output_padding`` moves the end of the crop back. No division, so no floor.
    Source: relationship 14 with the dilation added; ``torch.nn.ConvTranspose1d``, "Shape".

    The bound on ``output_padding`` is PyTorch's: smaller than the stride *or* than
    the dilation. Keras, TensorFlow and ONNX Runtime ask for less than the stride,
    because from ``stride`` on no convolution has this as its transpose.

    >>> conv_transpose_output_size(2, kernel_size=3, stride=2)
    5
    >>> conv_transpose_output_size(2, 3, stride=2, padding=1, output_padding=1)
    4
    >>> conv_transpose_output_size(2, 3, stride=2, output_padding=2)
    Traceback (most recent call last):
        ...
    ValueError: output_padding must be smaller than stride or dilation, got output_padding=2 with stride=2, dilation=1
    """
    input_size = integer("input_size", input_size, minimum=1)
    stride = integer("stride", stride, minimum=1)
    begin, end = integer_pair("padding", padding, minimum=0)
    output_padding = integer("output_padding", output_padding, minimum=0)
    span = effective_kernel_size(kernel_size, dilation)
    if output_padding >= max(stride, dilation):
        raise ValueError(
            f"output_padding must be smaller than stride or dilation, got output_padding={output_padding} "
            f"with stride={stride}, dilation={dilation}"
        )
    output_size = stride * (input_size - 1) + span - begin - end + output_padding
    if output_size < 1:
        raise ValueError(
            f"padding={padding} leaves an output of size {output_size}; it must be at least 1 "
            f"(input_size={input_size}, kernel_size={kernel_size}, stride={stride}, dilation={dilation})"
        )
    return output_size


def required_output_padding(
    input_size: int, output_size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, dilation: int = 1
) -> int:
    """The ``output_padding`` with which a transposed convolution returns ``output_size``.

    Sizes are those of the transposed layer: ``input_size`` goes in, ``output_size``
    comes out. Source: relationship 14; ``torch.nn.ConvTranspose1d``, ``output_size``.

    >>> required_output_padding(12, 24, kernel_size=3, stride=2, padding=1)
    1
    >>> required_output_padding(9, 25, kernel_size=3, stride=2, padding=1)
    Traceback (most recent call last):
        ...
    ValueError: output_size must be from 17 to 18, got 25 (input_size=9, kernel_size=3, stride=2, padding=1, dilation=1)
    """
    output_size = integer("output_size", output_size, minimum=1)
    largest_padding = max(integer("stride", stride, minimum=1), integer("dilation", dilation, minimum=1)) - 1
    largest = conv_transpose_output_size(input_size, kernel_size, stride, padding, largest_padding, dilation)
    smallest = largest - largest_padding
    if not smallest <= output_size <= largest:
        raise ValueError(
            f"output_size must be from {max(smallest, 1)} to {largest}, got {output_size} (input_size={input_size}, "
            f"kernel_size={kernel_size}, stride={stride}, padding={padding}, dilation={dilation})"
        )
    return output_size - smallest


class RoundTrip(NamedTuple):
    """``size`` cells go in, the convolution leaves ``smaller``, the transposed one returns ``back``.

    ``lost`` is ``size - back``: the cells at the end that the convolution never read.
    """

    size: int
    smaller: int
    back: int
    lost: int


def round_trip(size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, dilation: int = 1) -> RoundTrip:
    """Size after a convolution, and after the transposed convolution with the same numbers.

    A strided convolution maps several sizes to one, so only one of them comes back. Source: relationship 14.

    >>> round_trip(24, kernel_size=3, stride=2, padding=1)
    RoundTrip(size=24, smaller=12, back=23, lost=1)
    """
    smaller = conv_output_size(size, kernel_size, stride, padding, dilation)
    back = conv_transpose_output_size(smaller, kernel_size, stride, padding, dilation=dilation)
    return RoundTrip(size, smaller, back, unread_cells(size, kernel_size, stride, padding, dilation))


def returning_sizes(
    sizes: Iterable[int], kernel_size: int, stride: int = 1, padding: Pads = 0, dilation: int = 1
) -> list[int]:
    """Those of ``sizes`` that come back from their round trip.

    >>> returning_sizes(range(20, 26), kernel_size=3, stride=2, padding=1)
    [21, 23, 25]
    """
    trips = [round_trip(size, kernel_size, stride, padding, dilation) for size in sizes]
    return [trip.size for trip in trips if trip.back == trip.size]


def valid_padding() -> tuple[int, int]:
    """``(begin, end)`` of "valid" padding: none. Source: relationships 1 and 5.

    >>> valid_padding()
    (0, 0)
    """
    return (0, 0)


def full_padding(kernel_size: int, dilation: int = 1) -> tuple[int, int]:
    """``(begin, end)`` of "full" padding: ``K - 1`` zeros per side, so that every overlap counts.

    A stride-1 convolution then grows by ``K - 1``. Source: relationship 4.

    >>> full_padding(3)
    (2, 2)
    >>> conv_output_size(5, 3, padding=full_padding(3))
    7
    """
    span = effective_kernel_size(kernel_size, dilation)
    return (span - 1, span - 1)


def same_padding(
    kernel_size: int, dilation: int = 1, *, stride: int = 1, input_size: int | None = None
) -> tuple[int, int]:
    """``(begin, end)`` of "same" padding; when the total is odd the end gets one more.

    With stride 1 the total is ``K - 1`` and the size stays; it is even exactly for odd
    ``K`` (relationship 3), so only an even ``K`` makes the two sides differ.
    With a larger stride "same" means ``ceil(i / s)`` cells, TensorFlow's rule, and the
    total depends on ``input_size``, which must then be given; PyTorch refuses
    ``padding="same"`` there. Source: ``torch.nn.functional.conv1d``; TensorFlow,
    ``tf.nn``, "Notes on padding".

    >>> same_padding(3), same_padding(2), same_padding(4, dilation=3)
    ((1, 1), (0, 1), (4, 5))
    >>> same_padding(3, stride=2, input_size=6), same_padding(3, stride=2, input_size=7)
    ((0, 1), (1, 1))
    """
    span = effective_kernel_size(kernel_size, dilation)
    stride = integer("stride", stride, minimum=1)
    if input_size is not None:
        input_size = integer("input_size", input_size, minimum=1)
        output_size = -(-input_size // stride)
        total = max(stride * (output_size - 1) + span - input_size, 0)
    elif stride == 1:
        total = span - 1
    else:
        raise ValueError(f"input_size must be given for stride={stride}: same padding then depends on it")
    return (total // 2, total - total // 2)


def causal_padding(kernel_size: int, dilation: int = 1) -> tuple[int, int]:
    """``(begin, end)`` of "causal" padding: all ``K - 1`` cells at the begin, so no output looks ahead.

    Output ``m`` then ends at input ``s m``. Source: ``keras.layers.Conv1D``.

    >>> causal_padding(3), causal_padding(3, dilation=4)
    ((2, 0), (8, 0))
    """
    return (effective_kernel_size(kernel_size, dilation) - 1, 0)


def causal_trim(kernel_size: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """``(begin, end)`` that a causal transposed convolution crops: the ``K - s`` cells after ``s i``, at the end.

    Input ``j`` starts to write at output ``s j`` and no output needs a later input. Source: Défossez et al., *High
    fidelity neural audio compression*, arXiv:2210.13438 (their ``trim_right_ratio=1``).

    >>> causal_trim(4, stride=2), conv_transpose_output_size(5, 4, stride=2, padding=causal_trim(4, stride=2))
    ((0, 2), 10)
    """
    span, stride = effective_kernel_size(kernel_size, dilation), integer("stride", stride, minimum=1)
    if span < stride:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {span} cells, and a causal trim needs at least "
            f"stride={stride}"
        )
    return (0, span - stride)


class EquivalentConvolution(NamedTuple):
    """The stride-1 convolution that computes a transposed one, in four steps.

    Insert ``zeros_between`` zeros between neighbouring inputs (none after the last),
    pad by ``padding_begin`` and ``padding_end`` (a negative number crops), rotate the
    kernel by 180 degrees if ``flip``, then convolve with stride 1 and ``dilation``.
    """

    zeros_between: int
    padding_begin: int
    padding_end: int
    flip: bool
    stride: int
    dilation: int


def equivalent_convolution(
    kernel_size: int, stride: int = 1, padding: Pads = 0, output_padding: int = 0, dilation: int = 1
) -> EquivalentConvolution:
    """The direct convolution that gives the same values as a transposed one.

    Stretch by ``s - 1`` zeros, pad with ``p' = d (k - 1) - p`` (and ``output_padding``
    more at the end), flip. Source: relationships 8 to 14, which have no dilation and
    do not mention that the kernel must be flipped.

    >>> equivalent_convolution(3, stride=2, padding=1, output_padding=1)
    EquivalentConvolution(zeros_between=1, padding_begin=1, padding_end=2, flip=True, stride=1, dilation=1)
    >>> equivalent_convolution(2, padding=2).padding_begin      # negative: crop
    -1
    """
    stride = integer("stride", stride, minimum=1)
    begin, end = integer_pair("padding", padding, minimum=0)
    output_padding = integer("output_padding", output_padding, minimum=0)
    dilation = integer("dilation", dilation, minimum=1)
    # A large input stands for "any": only the output_padding rule is wanted here.
    conv_transpose_output_size(begin + end + 1, kernel_size, stride, padding, output_padding, dilation)
    reach = effective_kernel_size(kernel_size, dilation) - 1
    return EquivalentConvolution(stride - 1, reach - begin, reach - end + output_padding, True, 1, dilation)


def pool_output_size(
    input_size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Output size of a pooling layer; ``stride`` defaults to ``kernel_size``.

    As :func:`conv_output_size` (relationship 7), but ``ceil_mode`` rounds up and then
    drops a last window that would start beyond the input and its left padding.
    Source: ``torch.nn.MaxPool1d``, section "Shape".

    >>> pool_output_size(5, 2), pool_output_size(5, 2, ceil_mode=True)
    (2, 3)
    """
    input_size = integer("input_size", input_size, minimum=1)
    kernel_size = integer("kernel_size", kernel_size, minimum=1)
    stride = kernel_size if stride is None else integer("stride", stride, minimum=1)
    padding = integer("padding", padding, minimum=0)
    span = effective_kernel_size(kernel_size, dilation)
    if padding > kernel_size // 2:
        raise ValueError(
            f"padding must be at most half of kernel_size, got padding={padding} with kernel_size={kernel_size}"
        )
    room = input_size + 2 * padding - span
    output_size = (room + (stride - 1 if boolean("ceil_mode", ceil_mode) else 0)) // stride + 1
    if ceil_mode and (output_size - 1) * stride >= input_size + padding:
        output_size -= 1
    if output_size < 1:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {span} cells, but the padded input "
            f"has only {input_size + 2 * padding} (input_size={input_size}, padding={padding})"
        )
    return output_size


def interpolate_output_size(input_size: int, scale_factor: float) -> int:
    """Output size of a resize by ``scale_factor``: ``floor(i * scale_factor)``.

    Source: ``torch.nn.Upsample``, section "Shape".

    >>> interpolate_output_size(5, 1.5)
    7
    """
    input_size = integer("input_size", input_size, minimum=1)
    if isinstance(scale_factor, bool) or not isinstance(scale_factor, Real):
        raise TypeError(f"scale_factor must be a number, got {scale_factor!r}")
    size = input_size * float(scale_factor)
    if not 1 <= size < float("inf"):
        raise ValueError(
            f"scale_factor={scale_factor} turns input_size={input_size} into {size}; it must be at least 1"
        )
    return int(size)


class LayerParameters(NamedTuple):
    """One axis of a layer, as :func:`find_parameters` returns it."""

    kernel_size: int
    stride: int
    padding: int
    output_padding: int
    dilation: int


def find_parameters(
    input_size: int,
    output_size: int,
    transposed: bool = False,
    *,
    max_kernel_size: int = 7,
    max_stride: int = 4,
    max_padding: int = 3,
    max_output_padding: int = 3,
    max_dilation: int = 1,
) -> list[LayerParameters]:
    """Every layer within the bounds that maps ``input_size`` to ``output_size``.

    Searches convolutions, or transposed convolutions where ``transposed`` is true
    (only those have an ``output_padding``). Sorted by kernel size, stride, padding,
    output_padding, dilation.

    >>> find_parameters(4, 8, transposed=True, max_kernel_size=4, max_stride=2, max_output_padding=0)[-1]
    LayerParameters(kernel_size=4, stride=2, padding=1, output_padding=0, dilation=1)
    >>> len(find_parameters(8, 4, max_kernel_size=4, max_stride=2))
    4
    """
    input_size = integer("input_size", input_size, minimum=1)
    output_size = integer("output_size", output_size, minimum=1)
    transposed = boolean("transposed", transposed)
    kernel_sizes = range(1, integer("max_kernel_size", max_kernel_size, minimum=1) + 1)
    strides = range(1, integer("max_stride", max_stride, minimum=1) + 1)
    paddings = range(integer("max_padding", max_padding, minimum=0) + 1)
    output_paddings = range(integer("max_output_padding", max_output_padding, minimum=0) + 1)
    dilations = range(1, integer("max_dilation", max_dilation, minimum=1) + 1)
    found = []
    for k, s, p, d in product(kernel_sizes, strides, paddings, dilations):
        try:
            if transposed:
                op = required_output_padding(input_size, output_size, k, s, p, d)
            elif conv_output_size(input_size, k, s, p, d) == output_size:
                op = 0
            else:
                continue
        except ValueError:  # this combination cannot exist, or not give this size
            continue
        if op in output_paddings:
            found.append(LayerParameters(k, s, p, op, d))
    return sorted(found)
