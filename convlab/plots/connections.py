"""Which cell is joined to which: a layer as lines from its inputs to its outputs."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from convlab.plots.grids import draw_cells, new_axes
from convlab.plots.picture import number_in_words, say, values_in_words
from convlab.typing import Array

__all__ = ["draw_connections"]

APART, HEIGHT = 1.7, 3.4  # cells, from one cell of the upper row to the next, and from the upper row to the lower


def draw_connections(
    matrix: Array, top: Any, bottom: Any, ax: Axes | None = None, *, names: tuple[str, str] = ("x", "y")
) -> Axes:
    """Draw the matrix of a layer as lines: one for each entry that is not 0, with that entry on it.

    ``matrix`` is ``(lower cells, upper cells)``; ``top`` and ``bottom`` are the numbers in the two rows of
    cells, called ``names``. Shapes that do not fit raise ``ValueError``.

    >>> ax = draw_connections(np.array([[1, 10, 0], [0, 1, 10]]), [1, 2, 3], [21, 32])
    >>> [text.get_text() for text in ax.texts][-4:]
    ['1', '10', '1', '10']
    """
    matrix, top, bottom = (np.asarray(values) for values in (matrix, top, bottom))
    if matrix.shape != (len(bottom), len(top)):
        raise ValueError(f"matrix must have shape {(len(bottom), len(top))}, got {matrix.shape}")
    margin = 0.8 + 0.25 * max(map(len, names))
    ax = new_axes(margin + APART * len(top), HEIGHT + 1.6) if ax is None else ax
    apart = APART * len(top) / len(bottom)
    lefts = [margin + APART * np.arange(len(top)), margin + (apart - APART) / 2 + apart * np.arange(len(bottom))]
    for name, values, row, height in zip(names, (top, bottom), lefts, (0.3, 0.3 + HEIGHT)):
        ax.text(margin - 0.4, height + 0.5, name, ha="right", va="center", fontsize=11)
        for left, value in zip(row, values):
            draw_cells(np.array([[value]]), ax, (left, height))
    for lower, upper in np.argwhere(matrix):
        ends = np.array([[lefts[0][upper] + 0.5, 1.3], [lefts[1][lower] + 0.5, 0.3 + HEIGHT]])
        ax.plot(*ends.T, color="0.45", linewidth=1.0, zorder=0)
        look = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        words = number_in_words(matrix[lower, upper])
        ax.text(*(0.78 * ends[0] + 0.22 * ends[1]), words, ha="center", va="center", fontsize=9, bbox=look)
    say(ax, f"Above {names[0]}: {values_in_words(top)}. Below {names[1]}: {values_in_words(bottom)}.")
    for lower, row in enumerate(matrix):
        joined = [f"{names[0]}[{upper}] by {number_in_words(row[upper])}" for upper in np.flatnonzero(row)]
        say(ax, f"{names[1]}[{lower}] is joined to {', '.join(joined) or 'nothing'}.")
    for upper in np.flatnonzero(~matrix.any(axis=0)):
        say(ax, f"No line leads to {names[0]}[{upper}].")
    return ax
