"""Pictures and feature maps side by side: what a layer makes of a photograph."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from convlab.plots.picture import number_in_words, say
from convlab.typing import Array
from convlab.validation import integer

__all__ = ["draw_images"]

TITLE, MARGIN = 0.35, 0.3  # inches


def draw_images(
    panels: Sequence[tuple[str, Array | None]],
    columns: int = 3,
    *,
    low: float | None = None,
    high: float | None = None,
    width: float = 3.2,
    row_names: Sequence[str] = (),
    grays: int = 256,
) -> Figure:
    """Draw images, all equally wide on paper, however many cells they have; one square for each cell.

    ``panels`` are pairs of a title and an image ``(H, W)``; ``None`` leaves a place empty. Each is shaded in gray from
    ``low`` (black; its smallest value if not given) to ``high`` (white; its largest). ``(H, W, 3)`` is one in colour:
    red, green and blue from 0 to 1, and what is less or more is cut. ``width`` is in inches, and ``row_names`` stand
    left of the rows. With fewer ``grays`` the file of a large photograph is smaller. What is no image raises
    ``ValueError``.

    >>> figure = draw_images([("before", np.eye(2)), ("after", np.eye(4))])
    >>> [(ax.get_title(), ax.images[0].get_array().shape) for ax in figure.axes]
    [('before', (2, 2)), ('after', (4, 4))]
    """
    places = [(title, None if image is None else np.asarray(image)) for title, image in panels]
    images = [(title, image) for title, image in places if image is not None]
    if not images:
        raise ValueError("panels must hold at least one panel, got none")
    for title, image in images:
        if image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)) or not image.size:
            raise ValueError(
                f"the image of {title!r} must have shape (H, W) or (H, W, 3), not empty, got {image.shape}"
            )
    shades = colormaps["gray"].resampled(integer("grays", grays, minimum=2))
    columns = min(integer("columns", columns, minimum=1), len(places))
    rows = -(-len(places) // columns)
    if len(row_names) not in (0, rows):
        raise ValueError(f"row_names must be {rows}, one a row, got {len(row_names)}")
    height = width * max(image.shape[0] / image.shape[1] for _, image in images) + TITLE
    margin = MARGIN / width if row_names else 0  # in panels
    figure = Figure(figsize=((columns + margin) * width, rows * height), facecolor="white")
    for index, (title, picture) in enumerate(places):
        row, column = divmod(index, columns)
        left, bottom = (margin + column + 0.02) / (columns + margin), 1 - (row + 1) / rows
        if row_names and column == 0:
            middle = bottom + (1 - TITLE / height) / rows / 2
            figure.text(left / 2, middle, row_names[row], rotation=90, ha="center", va="center", fontsize=10)
        if picture is None:
            continue
        ax = figure.add_axes((left, bottom, 0.96 / (columns + margin), (1 - TITLE / height) / rows))
        shown = picture if picture.ndim == 2 else picture.clip(0, 1)
        ax.imshow(shown, cmap=shades, vmin=low, vmax=high, interpolation="nearest")
        ax.set_title(title, fontsize=10, pad=5)
        ax.set_anchor("N")
        ax.axis("off")
        say(ax, f"{f'{row_names[row]}, ' if row_names else ''}{title}: an image of {_in_words(picture)}.")
    return figure


def _in_words(image):
    """Size and range of an image."""
    height, width = image.shape[:2]
    if image.ndim == 3:
        return f"{height} x {width} in colour"
    low, high = number_in_words(float(image.min())), number_in_words(float(image.max()))
    return f"{height} x {width}, all {low}" if low == high else f"{height} x {width}, from {low} to {high}"
