"""What small slips do to channels, axes, indices and the finished output: steps of both kinds of convolution.

A relation says, for output cells m, taps t and input cells i of one axis, which of them meet; it is given to
:func:`~convlab.misconceptions.simulation.related`, as is ``a``, one
:class:`~convlab.misconceptions.simulation.Axis` with the options that were really used.
"""

from collections.abc import Callable

import numpy as np

from convlab.misconceptions.registry import NotApplicable
from convlab.misconceptions.simulation import Axis
from convlab.typing import Array

__all__ = [
    "cut_off",
    "ends_at_minus_zero",
    "from_behind",
    "from_behind_stamped",
    "into_the_end",
    "last_cell_zero",
    "moved_into_the_input",
    "moved_into_the_output",
    "of_causal",
    "one_channel",
    "one_side",
    "option_of_the_other_axis",
    "padded_by",
    "patch_times_kernel",
    "repeated",
    "reversed_axes",
    "rows_for_columns",
    "tapered_at_the_begin",
    "transposed_input",
]


def one_channel(which: int) -> Callable:
    """A channel rule: of each group only one input channel counts.

    Examples
    --------
    >>> one_channel(-1)(np.array([[[1], [2]]]), None, 1)[0].ravel()
    array([0, 2])
    """

    def rule(input, weight, groups):
        kept = np.zeros_like(input)
        size = input.shape[1] // groups
        channels = [group * size + which % size for group in range(groups)]
        kept[:, channels] = input[:, channels]
        return kept, weight, groups

    return rule


def transposed_input(input: Array, weight: Array, groups: int) -> tuple[Array, Array, int]:
    """A channel rule: the image is read as ``x[column, row]``, which only a square one survives."""
    if input.ndim != 4 or input.shape[2] != input.shape[3]:
        raise NotApplicable("only a square image can be read so")
    return input.swapaxes(2, 3), weight, groups


def patch_times_kernel(weight: Array, stated: list[Axis] | None) -> Array:
    """A kernel rule: the sum of all numbers of the matrix product ``patch @ kernel``.

    Examples
    --------
    >>> patch_times_kernel(np.array([[[[1, 2], [3, 4]]]]), None)[0, 0].tolist()
    [[3, 7], [3, 7]]
    """
    if weight.ndim != 4 or weight.shape[2] != weight.shape[3]:
        raise NotApplicable("a patch can be multiplied by a square kernel only")
    return np.broadcast_to(weight.sum(3)[:, :, None, :], weight.shape)


def option_of_the_other_axis(option: str) -> Callable[[list[Axis]], list[Axis]]:
    """A rule of the axes: each has the option of the last, the last that of the first.

    Examples
    --------
    >>> [axis.stride for axis in option_of_the_other_axis("stride")([Axis(5, 3, 1), Axis(5, 3, 2)])]
    [2, 1]
    """

    def rule(stated):
        return [a._replace(**{option: getattr(other, option)}) for a, other in zip(stated, stated[::-1])]

    return rule


def padded_by(word: str, stated: str = "") -> Callable[[str], str]:
    """A rule of the padding mode, in NumPy's words: cells of another mode; only for ``stated``, if given, or not zeros.

    Examples
    --------
    >>> padded_by("edge")("reflect")
    'edge'
    """

    def rule(mode):
        if mode == word or (mode != stated if stated else mode == "constant"):
            raise NotApplicable("another mode is stated")
        return word

    return rule


def one_side(side: int, total: bool = False) -> Callable[[Axis], tuple[int, int]]:
    """A rule of padding or crop: none on the other side; ``total`` for all of it on this one.

    Examples
    --------
    >>> a = Axis(5, 3, padding=(1, 2))
    >>> one_side(0)(a), one_side(1)(a), one_side(1, total=True)(a)
    ((1, 0), (0, 2), (0, 3))
    """

    def rule(a):
        if a.one_sided:
            raise NotApplicable("it is on one side already")
        cells = sum(a.padding) if total else a.padding[side]
        return (0, cells) if side else (cells, 0)

    return rule


def of_causal(to: Callable[[int], tuple[int, int]], side: int = 0) -> Callable[[Axis], tuple[int, int]]:
    """A rule of causal padding, or with ``side`` 1 of a causal trim: what ``to`` makes of its cells.

    Examples
    --------
    >>> of_causal(lambda cells: (0, cells))(Axis(5, 3, padding=(2, 0)))
    (0, 2)
    """

    def rule(a):
        if not a.one_sided or not a.padding[side]:
            raise NotApplicable("this is not causal")
        return to(a.padding[side])

    return rule


def ends_at_minus_zero(a: Axis) -> tuple[int, int]:
    """The crop of ``[p : -p + op]`` as Python reads it: an end that is not negative counts from the begin."""
    full = a.stride * (a.input_size - 1) + a.span
    end = a.output_padding - a.end
    return a.begin, full - end if end >= 0 else -end


def from_behind(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """Of a convolution without padded input: a negative index reads from the end, one too large reads nothing."""
    cell = a.stride * m + a.dilation * t - a.begin
    return (cell == i) | (cell == i - a.input_size)


def from_behind_stamped(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """Of a transposed convolution that asks for each output cell which input cells reach it."""
    steps = m + a.begin - a.dilation * t
    return (steps == a.stride * i) | (steps == a.stride * (i - a.input_size))


def into_the_end(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """A stamp before the output is added at its end."""
    cell = a.stride * i + a.dilation * t - a.begin
    return (cell == m) | (cell == m - len(m))


def moved_into_the_input(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """A window that begins before the input is moved to its begin."""
    return np.maximum(a.stride * m - a.begin, 0) + a.dilation * t == i


def moved_into_the_output(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """A stamp that begins before the output is moved to its begin."""
    return np.maximum(a.stride * i - a.begin, 0) + a.dilation * t == m


def tapered_at_the_begin(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """The cells left of such a window meet the first taps, not the last."""
    begin = a.stride * m - a.begin
    return moved_into_the_input(m, t, i, a) & (i < begin + a.span)


def repeated(m: Array, t: Array, i: Array, a: Axis) -> Array:
    """The kernel is slid over an input of which each cell stands ``stride`` times."""
    return (m + a.begin - a.dilation * t) // a.stride == i


def last_cell_zero(output: Array) -> Array:
    """The last cell of each axis stays as it was made."""
    output = output.copy()
    for axis in range(2, output.ndim):
        output.swapaxes(2, axis)[:, :, -1] = 0
    return output


def rows_for_columns(output: Array) -> Array:
    """The image is returned as ``y[column, row]``."""
    if output.ndim != 4:
        raise NotApplicable("there are no rows and columns")
    return output.swapaxes(2, 3)


def reversed_axes(output: Array) -> Array:
    """Every axis is returned from its end."""
    return np.flip(output, tuple(range(2, output.ndim)))


def cut_off(output: Array) -> Array:
    """Numbers are put into an array of integers."""
    return np.trunc(output)
