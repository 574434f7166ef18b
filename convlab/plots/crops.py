"""Several crops side by side: what different calls keep of a full output."""

from collections.abc import Iterable

import numpy as np
from matplotlib.figure import Figure

from convlab.plots.grids import CELL, draw_crop
from convlab.typing import Array, Ints
from convlab.validation import integer, integer_tuple

__all__ = ["draw_crops"]


def draw_crops(panels: Iterable[tuple[str, Array, Ints, Ints]], columns: int = 3) -> Figure:
    """Draw one :func:`convlab.plots.draw_crop` for each panel, in rows.

    ``panels`` are tuples of title, full output ``(L,)`` or ``(H, W)``, ``crop_begin`` and ``crop_end``.

    >>> full = np.array([2, 4, 9, 6, 9])
    >>> figure = draw_crops([("both sides", full, 1, 1), ("the end", full, 0, 1)])
    >>> [ax.texts[0].get_text() for ax in figure.axes]
    ['both sides', 'the end']
    """
    panels = list(panels)
    if not panels:
        raise ValueError("panels must hold at least one panel, got none")
    columns = min(integer("columns", columns, minimum=1), len(panels))
    rows = -(-len(panels) // columns)
    sizes = [_drawn(full, end) for _, full, _, end in panels]
    height, width = max(size[0] for size in sizes) + 1.5, max(size[1] for size in sizes) + 1
    figure = Figure(figsize=(columns * width * CELL, rows * height * CELL), facecolor="white")
    for index, (title, full, begin, end) in enumerate(panels):
        row, column = divmod(index, columns)
        ax = figure.add_axes((column / columns, 1 - (row + 1) / rows, 1 / columns, 1 / rows))
        ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        ax.axis("off")
        draw_crop(full, begin, end, ax, title=title)
    return figure


def _drawn(full, crop_end):
    """Rows and columns that one panel needs: a negative crop adds cells at the end."""
    shape = np.shape(full)
    ends = integer_tuple("crop_end", crop_end, len(shape))
    size = [n + max(0, -end) for n, end in zip(shape, ends)]
    return size if len(size) == 2 else [1, *size]
