"""Pictures and feature maps side by side: what a layer makes of a photograph."""

import numpy as np
from matplotlib.figure import Figure

from convlab.validation import integer

__all__ = ["draw_images"]

PANEL, TITLE = 3.2, 0.35  # inches


def draw_images(panels, columns=3):
    """Draw images in gray, all equally wide on paper, however many cells they have; one square for each cell.

    Each is shaded from its smallest value (black) to its largest (white).

    Parameters
    ----------
    panels : sequence of (str, array)
        Title and image ``(H, W)``.
    columns : int
        Panels side by side.

    Returns
    -------
    matplotlib.figure.Figure
        For :func:`convlab.plots.show`.

    Raises
    ------
    TypeError
        If ``columns`` is not an integer.
    ValueError
        If there is no panel, or an image is not of shape ``(H, W)`` with at least one cell.

    Examples
    --------
    >>> figure = draw_images([("before", np.eye(2)), ("after", np.eye(4))])
    >>> [(ax.get_title(), ax.images[0].get_array().shape) for ax in figure.axes]
    [('before', (2, 2)), ('after', (4, 4))]
    """
    panels = [(title, np.asarray(image)) for title, image in panels]
    if not panels:
        raise ValueError("panels must hold at least one panel, got none")
    for title, image in panels:
        if image.ndim != 2 or not image.size:
            raise ValueError(f"the image of {title!r} must have shape (H, W), not empty, got {image.shape}")
    columns = min(integer("columns", columns, minimum=1), len(panels))
    rows = -(-len(panels) // columns)
    height = PANEL * max(image.shape[0] / image.shape[1] for _, image in panels) + TITLE
    figure = Figure(figsize=(columns * PANEL, rows * height), facecolor="white")
    for index, (title, image) in enumerate(panels):
        row, column = divmod(index, columns)
        left, bottom = (column + 0.02) / columns, 1 - (row + 1) / rows
        ax = figure.add_axes((left, bottom, 0.96 / columns, (1 - TITLE / height) / rows))
        ax.imshow(image, cmap="gray", interpolation="nearest")
        ax.set_title(title, fontsize=10, pad=5)
        ax.set_anchor("N")
        ax.axis("off")
    return figure
