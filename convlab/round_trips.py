"""Sizes down and up again: a convolution, then the transposed convolution with the same numbers.

A strided convolution maps several sizes to one, so only one of them comes back. One axis at a time, as in
:mod:`convlab.arithmetic`.
"""

from typing import NamedTuple

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, unread_cells
from convlab.plots import draw_grid, new_axes

__all__ = ["RoundTrip", "draw_round_trips", "returning_sizes", "round_trip"]


class RoundTrip(NamedTuple):
    """``size`` cells go in, the convolution leaves ``smaller``, the transposed one returns ``back``.

    ``lost`` is ``size - back``: the cells at the end that the convolution never read.
    """

    size: int
    smaller: int
    back: int
    lost: int


def round_trip(size, kernel_size, stride=1, padding=0, dilation=1):
    """Size after a convolution, and after the transposed convolution with the same numbers.

    ``padding`` is counted per side, or a pair ``(begin, end)``. Source: relationship 14 of arXiv:1603.07285.

    Raises
    ------
    TypeError
        If an argument is not an integer.
    ValueError
        If an argument is out of range, or the kernel does not fit once.

    Examples
    --------
    >>> round_trip(24, kernel_size=3, stride=2, padding=1)
    RoundTrip(size=24, smaller=12, back=23, lost=1)
    """
    layer = (kernel_size, stride, padding)
    smaller = conv_output_size(size, *layer, dilation)
    back = conv_transpose_output_size(smaller, *layer, dilation=dilation)
    return RoundTrip(size, smaller, back, unread_cells(size, *layer, dilation))


def returning_sizes(sizes, kernel_size, stride=1, padding=0, dilation=1):
    """Those of ``sizes`` that come back from their round trip.

    Raises
    ------
    TypeError, ValueError
        As :func:`round_trip`, for any of the sizes.

    Examples
    --------
    >>> returning_sizes(range(20, 26), kernel_size=3, stride=2, padding=1)
    [21, 23, 25]
    """
    trips = [round_trip(size, kernel_size, stride, padding, dilation) for size in sizes]
    return [trip.size for trip in trips if trip.back == trip.size]


def draw_round_trips(sizes, kernel_size, stride=1, padding=0, dilation=1, ax=None):
    """Draw where sizes go: three rows of cells, down by the convolution and up again.

    The upper row holds the sizes; those that do not come back are crossed out. A line leads from each to its size
    after the convolution, and from there a thick one to the size that the transposed convolution returns.

    Parameters
    ----------
    sizes : iterable of int
        Neighbouring sizes, in rising order; all that come back must be among them.
    kernel_size, stride, padding, dilation
        As in :func:`round_trip`.
    ax : matplotlib.axes.Axes, optional
        Made in a fitting size if not given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If a size is not an integer.
    ValueError
        If ``sizes`` has gaps or does not hold every size that comes back.

    Examples
    --------
    >>> ax = draw_round_trips(range(5, 9), kernel_size=3, stride=2, padding=1)
    >>> [text.get_text() for text in ax.texts][-2:]      # the last row: 6 and 8 do not come back
    ['5', '7']
    """
    trips = [round_trip(size, kernel_size, stride, padding, dilation) for size in sizes]
    column = {trip.size: 4.5 + n for n, trip in enumerate(trips)}
    if not trips or list(column) != list(range(trips[0].size, trips[0].size + len(trips))):
        raise ValueError(f"sizes must be neighbours in rising order, got {[trip.size for trip in trips]}")
    groups = {}
    for trip in trips:
        groups.setdefault((trip.smaller, trip.back), []).append(column[trip.size])
    beyond = [back for _, back in groups if back not in column]
    if beyond:
        raise ValueError(f"sizes must hold every size that comes back, and {beyond[0]} is not among {list(column)}")

    ax = new_axes(len(trips) + 5, 6.4) if ax is None else ax
    lost = [trip.lost > 0 for trip in trips]
    for top, label in ((0.4, "size"), (2.7, "after the convolution"), (5.0, "and back")):
        ax.text(4.2, top + 0.5, label, ha="right", va="center", fontsize=10)
    for (_, back), columns in groups.items():
        middle = sum(columns) / len(columns)
        for left in columns:
            ax.plot([left + 0.5, middle + 0.5], [1.4, 2.7], color="0.45", linewidth=1.0, zorder=0)
        ax.plot([middle + 0.5, column[back] + 0.5], [3.7, 5.0], color="black", linewidth=2.2, zorder=0)
    draw_grid([trip.size for trip in trips], ax, at=(4.5, 0.4), styles={"cropped": lost})
    for (smaller, _), columns in groups.items():
        draw_grid([smaller], ax, at=(sum(columns) / len(columns), 2.7), styles={"read": [True]})
    for _, back in groups:
        draw_grid([back], ax, at=(column[back], 5.0), styles={"written": [True]})
    return ax
