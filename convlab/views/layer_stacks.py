"""What one output cell of a stack of layers reads: receptive field, paths.

One axis at a time, and geometry only: which cells, not which weights. A stack is a list
of :class:`Conv`, :class:`Pool` and :class:`ConvTranspose`, first layer first. A plain tuple is a ``Conv``, and a list
within the list is a block of layers: ``[(3, 1, 1)] * 4``, ``[[Conv(3), Pool(2)]] * 5``.

Everything comes from :func:`reads`, the cells that one output cell of one layer reads. :func:`receptive_fields` follows
the first and the last of them from layer to layer. Stacks of well-known networks: :mod:`convlab.views.networks`.
Source: Araujo, Norris and Sim, *Computing receptive fields of convolutional neural
networks*, distill.pub 2019.

What is no list of layers, or no integer, raises ``TypeError``; a number out of range, a kernel that does not fit and a
cell that does not exist raise ``ValueError``.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd
from typing import Any, NamedTuple

import numpy as np

from convlab.arithmetic import (
    conv_output_size,
    conv_transpose_output_size,
    pool_output_size,
)
from convlab.typing import Array
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
    "stack",
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


Layer = Conv | Pool | ConvTranspose
# The fields of each layer are the arguments of its size formula, in the same order.
SIZE: dict[type, Callable[..., int]] = {
    Conv: conv_output_size,
    Pool: pool_output_size,
    ConvTranspose: conv_transpose_output_size,
}
LARGE = 2**31  # an input that every layer fits on
MOST_CELLS = 2**16  # of a period, after transposed convolutions


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


def stack(layers: Any) -> list[Layer]:
    """The layers of a stack as one list, each with legal numbers: tuples become ``Conv``, and blocks are joined.

    >>> stack([[(3, 1, 1)] * 2, Conv(1)]) == [Conv(3, padding=1), Conv(3, padding=1), Conv(1)]
    True
    """
    if not isinstance(layers, (tuple, list)) or type(layers) in SIZE:
        raise TypeError(f"layers must be a list of layers, got {layers!r}")
    joined: list[Layer] = []
    for layer in layers:
        if isinstance(layer, list):
            joined += stack(layer)
            continue
        layer = Conv(*layer) if type(layer) is tuple and 1 <= len(layer) <= len(Conv._fields) else layer
        if type(layer) not in SIZE:
            raise TypeError(
                "layers must hold Conv, Pool or ConvTranspose, tuples (kernel_size, stride, padding, dilation) or "
                f"lists of them, got {layer!r}"
            )
        SIZE[type(layer)](LARGE, *layer)
        joined.append(layer)
    return joined


def _stride(layer):
    return layer.kernel_size if layer.stride is None else layer.stride


def reads(layer: Layer, cell: int) -> list[int]:
    """The input cells that one output cell of one layer reads, tap by tap, on an endless axis.

    Cell ``stride * cell + dilation * t - padding`` for each tap ``t`` of a convolution or pool (before cell 0 lies the
    padding); for a transposed convolution the cells from which it writes to ``cell``.

    >>> reads(Conv(3, stride=2, padding=1), 0), reads(Conv(3, dilation=2), 5)
    ([-1, 0, 1], [5, 7, 9])
    >>> reads(ConvTranspose(3, stride=2), 2), reads(ConvTranspose(3, stride=2), 3)
    ([1, 0], [1])
    """
    stack([layer])
    return _reads(layer, integer("cell", cell))


def _reads(layer, cell):
    stride, (begin, _) = _stride(layer), integer_pair("padding", layer.padding)
    steps = [layer.dilation * tap for tap in range(layer.kernel_size)]
    if isinstance(layer, ConvTranspose):
        return [(cell + begin - step) // stride for step in steps if (cell + begin - step) % stride == 0]
    return [stride * cell + step - begin for step in steps]


def output_sizes(layers: Sequence[Layer], input_size: int) -> list[int]:
    """Output size after each layer of a stack.

    >>> output_sizes([Conv(3), Pool(2), Conv(3), Pool(2)], 30)
    [28, 14, 12, 6]
    """
    sizes = [integer("input_size", input_size, minimum=1)]
    for number, layer in enumerate(stack(layers), start=1):
        try:
            sizes.append(SIZE[type(layer)](sizes[-1], *layer))
        except ValueError as error:
            raise ValueError(f"layer {number}: {error}") from None
    return sizes[1:]


def receptive_fields(layers: Sequence[Layer], input_size: int | None = None) -> list[ReceptiveField]:
    """Receptive field after each layer of a stack.

    A convolution or pool adds ``dilation * (kernel_size - 1)`` cells, each ``jump`` input cells apart, and
    multiplies the jump by its stride; a transposed convolution divides it. After one, fields are not all alike:
    ``jump`` is then a mean (a fraction where it is not whole) and ``size`` that of the largest field.

    ``input_size`` is only for the ``output_size`` of the result. Padding counts as seen.

    >>> for field in receptive_fields([Conv(3, stride=2, padding=1), (3, 1, 1)], input_size=9):
    ...     print(field)
    ReceptiveField(size=3, jump=2, start=-1, output_size=5)
    ReceptiveField(size=7, jump=2, start=-3, output_size=5)
    >>> receptive_fields([ConvTranspose(4, stride=2, padding=1)])[0]
    ReceptiveField(size=2, jump=Fraction(1, 2), start=-1, output_size=None)
    """
    layers = stack(layers)
    sizes = [None] * len(layers) if input_size is None else output_sizes(layers, input_size)
    seen, fields = _Seen(np.zeros(1), np.zeros(1), 1), []
    for layer, output_size in zip(layers, sizes):
        seen = seen.after(layer)
        fields.append(ReceptiveField(*seen.field, output_size))
    return fields


class _Seen(NamedTuple):
    """The first and the last input cell that each cell of a period sees.

    The next period sees the same, ``shift`` input cells further on. A cell that sees nothing, as some of a transposed
    convolution with gaps between its stamps, has the first at infinity and the last at its negative.
    """

    first: Array  # (period,)
    last: Array  # (period,)
    shift: int

    def after(self, layer: Layer) -> "_Seen":
        """What the cells after one more layer see: all that the cells they read see."""
        period, stride = len(self.first), _stride(layer)
        if isinstance(layer, ConvTranspose):
            cells, shift = stride * period, self.shift
        else:
            cells, shift = period // gcd(period, stride), self.shift * stride // gcd(period, stride)
        if cells > MOST_CELLS:
            raise ValueError(f"layers give {cells} cells with different fields, and at most {MOST_CELLS} are followed")
        first, last = np.full(cells, np.inf), np.full(cells, -np.inf)
        for cell in range(cells):
            if read := _reads(layer, cell):
                moved = self.shift * (np.array(read) // period)
                first[cell] = (self.first[np.array(read) % period] + moved).min()
                last[cell] = (self.last[np.array(read) % period] + moved).max()
        return _Seen(first, last, shift)

    @property
    def field(self) -> tuple[int, int | Fraction, int | None]:
        """Size of the largest field, jump, and the first cell that cell 0 sees."""
        size = max((self.last - self.first).max() + 1, 0)
        jump = Fraction(self.shift, len(self.first))
        start = int(self.first[0]) if np.isfinite(self.first[0]) else None
        return int(size), jump.numerator if jump.denominator == 1 else jump, start


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


def paths_per_input(layers: Sequence[Layer], cell: int, input_size: int | None = None) -> dict[int, int]:
    """By how many paths one output cell sees each input cell: the gradient, if all weights are 1.

    The keys are the input cells it sees; what is missing between them is a hole.

    Without ``input_size`` the axis is endless; with it, padding ends the paths, at every layer.

    >>> paths_per_input([Conv(3, dilation=2), Conv(3, dilation=2)], 0)
    {0: 1, 2: 2, 4: 3, 6: 2, 8: 1}
    >>> paths_per_input([Conv(3, padding=1), Conv(3, padding=1)], 0, input_size=5)
    {0: 2, 1: 2, 2: 1}
    """
    layers, cell = stack(layers), integer("cell", cell)
    if input_size is None:
        return _paths(layers, cell)
    sizes = [input_size, *output_sizes(layers, input_size)]
    if not 0 <= cell < sizes[-1]:
        raise ValueError(f"cell must be from 0 to {sizes[-1] - 1}, the last output cell, got {cell}")
    return _paths(layers, cell, sizes)


def paths_per_output(layers: Sequence[Layer], input_size: int) -> list[int]:
    """By how many paths each output cell sees the input: the stack run on ones, if all weights are 1.

    Fewer at the border than inside: the padding, or the missing stamps of a transposed convolution, fade it.

    >>> paths_per_output([ConvTranspose(4, stride=2), Conv(3)], 4)
    [4, 5, 6, 6, 6, 6, 5, 4]
    """
    layers, counts = stack(layers), [1] * integer("input_size", input_size, minimum=1)
    for layer, output_size in zip(layers, output_sizes(layers, input_size)):
        counts = [
            sum(counts[read] for read in _reads(layer, cell) if 0 <= read < len(counts)) for cell in range(output_size)
        ]
    return counts
