"""What one output cell of a stack of layers reads: receptive field, paths.

One axis at a time, and geometry only: which cells, not which weights. A stack is a list
of :class:`Conv`, :class:`Pool` and :class:`ConvTranspose`, first layer first.

Everything comes from :func:`reads`, the cells that one output cell of one layer reads;
for convolutions and pools there is also the well-known recursion, :func:`receptive_fields`.
Source: Araujo, Norris and Sim, *Computing receptive fields of convolutional neural
networks*, distill.pub 2019.
"""

from collections import Counter
from fractions import Fraction
from math import prod
from typing import NamedTuple

from convlab.arithmetic import (
    conv_output_size,
    conv_transpose_output_size,
    effective_kernel_size,
    pool_output_size,
)
from convlab.validation import integer, integer_pair

__all__ = [
    "Conv",
    "ConvTranspose",
    "Pool",
    "ReceptiveField",
    "output_sizes",
    "paths_per_input",
    "paths_per_output",
    "reads",
    "receptive_fields",
]


class Conv(NamedTuple):
    """A convolution on one axis; ``padding`` may be a pair ``(begin, end)``."""

    kernel_size: int
    stride: int = 1
    padding: int | tuple = 0
    dilation: int = 1


class Pool(NamedTuple):
    """A max or average pool on one axis; ``stride=None`` stands for ``kernel_size``."""

    kernel_size: int
    stride: int | None = None
    padding: int = 0
    dilation: int = 1
    ceil_mode: bool = False


class ConvTranspose(NamedTuple):
    """A transposed convolution on one axis; ``padding`` may be a pair ``(begin, end)``."""

    kernel_size: int
    stride: int = 1
    padding: int | tuple = 0
    output_padding: int = 0
    dilation: int = 1


# The fields of each layer are the arguments of its size formula, in the same order.
SIZE = {Conv: conv_output_size, Pool: pool_output_size, ConvTranspose: conv_transpose_output_size}
LARGE = 2**31  # an input that every layer fits on


class ReceptiveField(NamedTuple):
    """What the output cells after one layer see of the stack's input.

    ``size`` is the number of input cells from the first to the last that one output cell sees, ``jump`` the
    distance between the fields of neighbouring output cells, ``start`` the first input cell that output cell 0
    sees (negative: in the padding). ``output_size`` is None if no ``input_size`` was given.
    """

    size: int
    jump: int | Fraction
    start: int | None
    output_size: int | None


def _checked(layers):
    """The layers as a list, each with legal numbers."""
    if not isinstance(layers, (tuple, list)) or type(layers) in SIZE:
        raise TypeError(f"layers must be a list of layers, got {layers!r}")
    for layer in layers:
        if type(layer) not in SIZE:
            raise TypeError(f"layers must hold Conv, Pool or ConvTranspose, got {layer!r}")
        SIZE[type(layer)](LARGE, *layer)
    return list(layers)


def _stride(layer):
    return layer.kernel_size if layer.stride is None else layer.stride


def reads(layer, cell):
    """The input cells that one output cell of one layer reads, tap by tap, on an endless axis.

    Parameters
    ----------
    layer : Conv, Pool or ConvTranspose
    cell : int
        The output cell; its own input may lie before cell 0, in the padding.

    Returns
    -------
    list of int
        Cell ``stride * cell + dilation * t - padding`` for each tap ``t`` of a convolution or pool; for a
        transposed convolution the cells from which it writes to ``cell``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a number of the layer is out of range.

    Examples
    --------
    >>> reads(Conv(3, stride=2, padding=1), 0), reads(Conv(3, dilation=2), 5)
    ([-1, 0, 1], [5, 7, 9])
    >>> reads(ConvTranspose(3, stride=2), 2), reads(ConvTranspose(3, stride=2), 3)
    ([1, 0], [1])
    """
    _checked([layer])
    return _reads(layer, integer("cell", cell))


def _reads(layer, cell):
    stride, (begin, _) = _stride(layer), integer_pair("padding", layer.padding)
    steps = [layer.dilation * tap for tap in range(layer.kernel_size)]
    if isinstance(layer, ConvTranspose):
        return [(cell + begin - step) // stride for step in steps if (cell + begin - step) % stride == 0]
    return [stride * cell + step - begin for step in steps]


def output_sizes(layers, input_size):
    """Output size after each layer of a stack.

    Raises
    ------
    TypeError
        If ``layers`` is no list of layers, or a number no integer.
    ValueError
        If a number is out of range, or a kernel does not fit; the message counts layers from 1.

    Examples
    --------
    >>> output_sizes([Conv(3), Pool(2), Conv(3), Pool(2)], 30)
    [28, 14, 12, 6]
    """
    sizes = [integer("input_size", input_size, minimum=1)]
    for number, layer in enumerate(_checked(layers), start=1):
        try:
            sizes.append(SIZE[type(layer)](sizes[-1], *layer))
        except ValueError as error:
            raise ValueError(f"layer {number}: {error}") from None
    return sizes[1:]


def receptive_fields(layers, input_size=None):
    """Receptive field after each layer of a stack.

    A convolution or pool adds ``dilation * (kernel_size - 1)`` cells, each ``jump`` input cells apart, and
    multiplies the jump by its stride. From the first transposed convolution on, fields are not all alike:
    ``jump`` is then a mean (a fraction where it is not whole) and ``size`` that of the largest field.

    Parameters
    ----------
    layers : list of Conv, Pool or ConvTranspose
    input_size : int, optional
        Cells of the input, only for the ``output_size`` of the result. Padding counts as seen.

    Returns
    -------
    list of ReceptiveField
        One for each layer.

    Raises
    ------
    TypeError
        If ``layers`` is no list of layers, or a number no integer.
    ValueError
        If a number is out of range, or a kernel does not fit.

    Examples
    --------
    >>> for field in receptive_fields([Conv(3, stride=2, padding=1), Conv(3, padding=1)], input_size=9):
    ...     print(field)
    ReceptiveField(size=3, jump=2, start=-1, output_size=5)
    ReceptiveField(size=7, jump=2, start=-3, output_size=5)
    >>> receptive_fields([ConvTranspose(4, stride=2, padding=1)])[0]
    ReceptiveField(size=2, jump=Fraction(1, 2), start=-1, output_size=None)
    """
    layers = _checked(layers)
    sizes = [None] * len(layers) if input_size is None else output_sizes(layers, input_size)
    field, fields = ReceptiveField(1, 1, 0, input_size), []
    for number, (layer, output_size) in enumerate(zip(layers, sizes), start=1):
        if any(isinstance(earlier, ConvTranspose) for earlier in layers[:number]):
            field = _measured(layers[:number], output_size)
        else:
            begin, _ = integer_pair("padding", layer.padding)
            size = field.size + (effective_kernel_size(layer.kernel_size, layer.dilation) - 1) * field.jump
            start = field.start - begin * field.jump
            field = ReceptiveField(size, field.jump * _stride(layer), start, output_size)
        fields.append(field)
    return fields


def _measured(layers, output_size):
    """The field after a stack with transposed convolutions, from the cells that are really read."""
    period = prod(layer.stride for layer in layers if isinstance(layer, ConvTranspose))
    seen = [list(_paths(layers, cell)) for cell in range(period)]
    size = max(cells[-1] - cells[0] + 1 if cells else 0 for cells in seen)
    jump = Fraction(prod(_stride(layer) for layer in layers if not isinstance(layer, ConvTranspose)), period)
    jump = jump.numerator if jump.denominator == 1 else jump
    return ReceptiveField(size, jump, seen[0][0] if seen[0] else None, output_size)


def _paths(layers, cell, sizes=None):
    """Number of paths back from an output cell to each input cell, in the order of the cells."""
    paths = Counter({cell: 1})
    for number, layer in reversed(list(enumerate(layers))):
        earlier = Counter()
        for reader, count in paths.items():
            for read in _reads(layer, reader):
                if sizes is None or 0 <= read < sizes[number]:
                    earlier[read] += count
        paths = earlier
    return dict(sorted(paths.items()))


def paths_per_input(layers, cell, input_size=None):
    """By how many paths one output cell sees each input cell: the gradient, if all weights are 1.

    The keys are the input cells it sees; what is missing between them is a hole.

    Parameters
    ----------
    layers : list of Conv, Pool or ConvTranspose
    cell : int
        The output cell.
    input_size : int, optional
        Cells of the input. Without it the axis is endless; with it, padding ends the paths, at every layer.

    Returns
    -------
    dict
        Number of paths of each input cell that is seen, in the order of the cells.

    Raises
    ------
    TypeError
        If ``layers`` is no list of layers, or a number no integer.
    ValueError
        If a number is out of range, or there is no such output cell.

    Examples
    --------
    >>> paths_per_input([Conv(3, dilation=2), Conv(3, dilation=2)], 0)
    {0: 1, 2: 2, 4: 3, 6: 2, 8: 1}
    >>> paths_per_input([Conv(3, padding=1), Conv(3, padding=1)], 0, input_size=5)
    {0: 2, 1: 2, 2: 1}
    """
    layers, cell = _checked(layers), integer("cell", cell)
    if input_size is None:
        return _paths(layers, cell)
    sizes = [input_size, *output_sizes(layers, input_size)]
    if not 0 <= cell < sizes[-1]:
        raise ValueError(f"cell must be from 0 to {sizes[-1] - 1}, the last output cell, got {cell}")
    return _paths(layers, cell, sizes)


def paths_per_output(layers, input_size):
    """By how many paths each output cell sees the input: the stack run on ones, if all weights are 1.

    Fewer at the border than inside: the padding, or the missing stamps of a transposed convolution, fade it.

    Parameters
    ----------
    layers : list of Conv, Pool or ConvTranspose
    input_size : int
        Cells of the input.

    Returns
    -------
    list of int
        One for each output cell.

    Raises
    ------
    TypeError
        If ``layers`` is no list of layers, or a number no integer.
    ValueError
        If a number is out of range, or a kernel does not fit.

    Examples
    --------
    >>> paths_per_output([ConvTranspose(4, stride=2), Conv(3)], 4)
    [4, 5, 6, 6, 6, 6, 5, 4]
    """
    counts = [1] * integer("input_size", input_size, minimum=1)
    for layer, output_size in zip(layers, output_sizes(layers, input_size)):
        counts = [
            sum(counts[read] for read in _reads(layer, cell) if 0 <= read < len(counts)) for cell in range(output_size)
        ]
    return counts
