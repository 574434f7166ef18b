"""A figure in a notebook, with the words that replace it for those who cannot see it.

A helper that draws also says what it drew (:func:`say`), from the same data; so a lesson need not repeat it in its
code, where it would tell the answer to a question before the figure does.
"""

import base64
import io
from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["Picture", "cells_in_words", "number_in_words", "say", "show", "values_in_words"]

MOST = 12  # as many cells are named one by one; more are counted


class Picture:
    """A figure with its text alternative, as a notebook output.

    Notebooks keep the ``alt`` of an HTML ``<img>`` in every viewer, and drop that of a
    PNG output; so this is what :func:`show` returns.
    """

    def __init__(self, png, alt):
        self.png, self.alt = png, alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = base64.b64encode(self.png).decode()
        img = f'<img alt="{escape(self.alt, quote=True)}" src="data:image/png;base64,{data}" style="max-width:100%">'
        return {"text/html": img, "text/plain": repr(self)}

    def __repr__(self):
        return f"Picture: {self.alt}"


def show(ax: Axes | Figure, alt: str | None = None, dpi: int = 110) -> Picture:
    """Show a figure in a notebook, with the words that replace it for those who cannot see it.

    ``alt`` is what the picture says, with its numbers. Without it, what the ``draw_*`` helpers said of the figure; one
    that was drawn otherwise needs ``alt``. ``dpi`` is pixels per inch.

    >>> from convlab.plots import draw_grid
    >>> show(draw_grid([1, 2], title="x"))
    Picture: x: 1, 2.
    >>> show(draw_grid([1, 2]), alt="Two cells: 1 and 2.")
    Picture: Two cells: 1 and 2.
    """
    figure = ax if isinstance(ax, Figure) else getattr(ax, "figure", None)
    if figure is None:
        raise TypeError(f"ax must be a matplotlib Axes or Figure, got {type(ax).__name__}")
    if alt is None:
        alt = " ".join(str(drawn.get_label()) for drawn in (figure, *figure.axes))
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt must say in words what the figure shows, got {alt!r}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return Picture(buffer.getvalue(), " ".join(alt.split()))


def say(drawn: Axes | Figure, *sentences: str) -> None:
    """Add to what is said of a figure, or of one of its ``Axes``; kept in its label, which matplotlib does not draw.

    >>> ax = Figure().add_subplot()
    >>> say(ax, "A line.", "It rises.")
    >>> show(ax)
    Picture: A line. It rises.
    """
    drawn.set_label(" ".join([str(drawn.get_label()), *sentences]).strip())


def number_in_words(value: Any) -> str:
    """A number as figures write it.

    >>> number_in_words(0.5), number_in_words(np.float64(3)), number_in_words(12)
    ('0.5', '3', '12')
    """
    return f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)


def values_in_words(values: Any) -> str:
    """``(L,)`` with commas, ``(H, W)`` with semicolons between rows.

    >>> values_in_words([2, 4, 9]), values_in_words([[1, 2], [3, 4]])
    ('2, 4, 9', '1, 2; 3, 4')
    """
    rows = np.atleast_2d(np.asarray(values))
    return "; ".join(", ".join(map(number_in_words, row)) for row in rows)


def cells_in_words(cells: Iterable[Iterable[int]]) -> str:
    """Where some cells are, or how many where there are many of them.

    >>> cells_in_words([(0,), (2,)]), cells_in_words([(0, 1)]), cells_in_words([(n,) for n in range(20)])
    ('cells [0], [2]', 'cell [0, 1]', '20 cells')
    """
    places = [str([int(index) for index in cell]) for cell in cells]
    if len(places) > MOST:
        return f"{len(places)} cells"
    return f"cell{'s' if len(places) > 1 else ''} {', '.join(places)}"
