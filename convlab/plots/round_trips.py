"""Where sizes go: down by a convolution and up again by the transposed one."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from convlab.arithmetic import round_trip
from convlab.plots.grids import draw_cells, new_axes
from convlab.plots.picture import say
from convlab.typing import Pads

__all__ = ["draw_round_trips"]


def draw_round_trips(
    sizes: Iterable[int],
    kernel_size: int,
    stride: int = 1,
    padding: Pads = 0,
    dilation: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """Draw where sizes go: three rows of cells, down by the convolution and up again.

    The upper row holds the sizes; those that do not come back are crossed out. A line leads from each to its size
    after the convolution, and from there a thick one to the size that the transposed convolution returns.

    ``sizes`` are neighbours in rising order, and hold every size that comes back; others raise ``ValueError``. The
    layer is that of :func:`convlab.arithmetic.round_trip`.

    >>> ax = draw_round_trips(range(5, 9), kernel_size=3, stride=2, padding=1)
    >>> [text.get_text() for text in ax.texts][-2:]      # the last row: 6 and 8 do not come back
    ['5', '7']
    """
    trips = [round_trip(size, kernel_size, stride, padding, dilation) for size in sizes]
    column = {trip.size: 4.5 + n for n, trip in enumerate(trips)}
    if not trips or list(column) != list(range(trips[0].size, trips[0].size + len(trips))):
        raise ValueError(f"sizes must be neighbours in rising order, got {[trip.size for trip in trips]}")
    groups: dict[tuple[int, int], list[float]] = {}
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
    draw_cells(np.array([[trip.size for trip in trips]]), ax, (4.5, 0.4), styles={"cropped": lost})
    for (smaller, _), columns in groups.items():
        draw_cells(np.array([[smaller]]), ax, (sum(columns) / len(columns), 2.7), styles={"read": [True]})
    for _, back in groups:
        draw_cells(np.array([[back]]), ax, (column[back], 5.0), styles={"written": [True]})
    say(ax, "Sizes down by the convolution, and up again by the transposed one.")
    say(ax, *(f"{trip.size} becomes {trip.smaller} and {trip.back}{', lost' * (trip.lost > 0)}." for trip in trips))
    return ax
