"""Figures of grids with numbers in the cells, for notebooks and for print.

Every ``draw_*`` function takes an ``ax`` (or makes one of fitting size) and returns it;
no global state is touched. Distances are counted in cells. What matters is told by
outline, hatching and numbers; colour (Okabe-Ito) only repeats it.

:func:`show` puts a figure into a notebook, and asks for its text alternative.
"""

import base64
import io
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convlab import traces
from convlab.validation import integer_tuple

__all__ = ["Picture", "draw_crop", "draw_grid", "draw_stamps", "draw_windows", "new_axes", "show"]

CELL = 0.46  # inches
STYLES = {
    "plain": {"facecolor": "white", "edgecolor": "0.55", "linewidth": 0.8},
    "read": {"facecolor": "#56B4E9", "edgecolor": "black", "linewidth": 2.0},
    "written": {"facecolor": "#E69F00", "edgecolor": "black", "linewidth": 2.0},
    "overlap": {"facecolor": "#F7D589", "edgecolor": "black", "linewidth": 2.0, "hatch": "///"},
    "padding": {"facecolor": "0.95", "edgecolor": "0.55", "linewidth": 0.8, "hatch": "...."},
    "cropped": {"facecolor": "0.92", "edgecolor": "0.55", "linewidth": 0.8, "hatch": "xxxx"},
    "beyond": {"facecolor": "white", "edgecolor": "0.3", "linewidth": 1.4, "linestyle": ":"},
}
HATCHED = ("overlap", "padding", "cropped")


def new_axes(width, height):
    """An empty ``Axes`` of ``width`` x ``height`` cells, origin at the top left, no frame.

    Examples
    --------
    >>> ax = new_axes(4, 2)
    >>> ax.get_xlim(), ax.get_ylim()
    ((np.float64(0.0), np.float64(4.0)), (np.float64(2.0), np.float64(0.0)))
    """
    figure = Figure(figsize=(width * CELL, height * CELL), facecolor="white")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _number(value):
    return f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)


def _grid(values):
    """1-D values as one row of cells."""
    values = np.asarray(values)
    if values.ndim not in (1, 2):
        raise ValueError(f"values must have shape (L,) or (H, W), got {values.shape}")
    return np.atleast_2d(values)


def draw_grid(values, ax=None, *, at=(0.5, 1.0), title="", styles=None, blank=None):
    """Draw an array as a grid of cells with its numbers.

    Parameters
    ----------
    values : array
        ``(L,)`` or ``(H, W)``.
    ax : matplotlib.axes.Axes, optional
        Made by :func:`new_axes` if not given.
    at : (float, float)
        Left and top edge, in cells.
    title : str
        Set above the grid.
    styles : dict of str to array of bool
        Which cells look "read", "written", "overlap", "padding", "cropped" or "beyond"; masks of
        the shape of ``values``; later entries win.
    blank : array of bool, optional
        Cells whose number is left out.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``values`` or a mask has the wrong shape, or a style is unknown.

    Examples
    --------
    >>> ax = draw_grid([2, 4, 9], title="y", styles={"overlap": [False, False, True]})
    >>> [text.get_text() for text in ax.texts]
    ['y', '2', '4', '9']
    """
    grid = _grid(values)
    rows, columns = grid.shape
    if ax is None:
        ax = new_axes(columns + 1, rows + 1.5)
    left, top = at
    look = np.full(grid.shape, "plain", dtype=object)
    for style, mask in (styles or {}).items():
        if style not in STYLES:
            raise ValueError(f"styles must be among {', '.join(STYLES)}, got {style!r}")
        look[_mask(style, mask, grid.shape)] = style
    empty = np.zeros(grid.shape, bool) if blank is None else _mask("blank", blank, grid.shape)
    if title:
        ax.text(left + columns / 2, top - 0.25, title, ha="center", va="bottom", fontsize=10)
    for (row, column), value in np.ndenumerate(grid):
        _cell(ax, left + column, top + row, "" if empty[row, column] else _number(value), look[row, column])
    return ax


def _mask(name, mask, shape):
    mask = np.atleast_2d(np.asarray(mask, dtype=bool))
    if mask.shape != shape:
        raise ValueError(f"{name} must be a mask of shape {shape}, got {mask.shape}")
    return mask


def _cell(ax, left, top, text, style):
    strong = style in ("read", "written", "overlap")
    ax.add_patch(Rectangle((left, top), 1, 1, zorder=2 if strong else 1, **STYLES[style]))
    if text:
        box = {"facecolor": STYLES[style]["facecolor"], "edgecolor": "none", "pad": 1.0} if style in HATCHED else None
        size = 12 if len(text) < 4 else 9 if len(text) < 5 else 7.5
        weight = "bold" if strong else "normal"
        ax.text(
            left + 0.5, top + 0.52, text, ha="center", va="center", fontsize=size, weight=weight, bbox=box, zorder=3
        )


def _inside(shape, cells):
    mask = np.zeros(shape, bool)
    mask[cells] = True
    return mask


def _panels(ax, grids, columns):
    """Draw ``(values, title, styles, blank)`` side by side, ``columns`` to a row of panels."""
    height, width = (max(_grid(values).shape[axis] for values, *_ in grids) for axis in (0, 1))
    rows = -(-len(grids) // columns)
    if ax is None:
        ax = new_axes(columns * (width + 1) + 0.5, rows * (height + 1.4) + 0.2)
    for index, (values, title, styles, blank) in enumerate(grids):
        row, column = divmod(index, columns)
        at = (0.75 + column * (width + 1), 0.9 + row * (height + 1.4))
        draw_grid(values, ax, at=at, title=title, styles=styles, blank=blank)
    return ax


def draw_windows(input, weight, ax=None, *, stride=1, padding=0, dilation=1, columns=4):
    """Draw every window of a convolution: what each output cell reads.

    Parameters
    ----------
    input, weight : array
        Both ``(L,)`` (one row of taps per window, under the cells it reads) or both
        ``(H, W)`` (one panel per window).
    ax : matplotlib.axes.Axes, optional
        Made in a fitting size if not given.
    stride, padding, dilation : int or tuple of ints
        As in a convolution; padded cells are dotted.
    columns : int
        Panels side by side, 2-D only.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.traces.windows`.

    Examples
    --------
    >>> ax = draw_windows(np.array([1, 2, 3, 4]), np.array([1, 10, 100]))
    >>> ax.texts[-1].get_text()
    '2·1 + 3·10 + 4·100 = 432'
    """
    steps = traces.windows(input, weight, stride, padding, dilation)
    pads = integer_tuple("padding", padding, np.ndim(input))
    padded = np.pad(input, [(p, p) for p in pads])
    around = ~_inside(padded.shape, tuple(slice(p, p + i) for p, i in zip(pads, np.shape(input))))
    if padded.ndim == 2:
        grids = []
        for step in steps:
            styles = {"padding": around, "read": _inside(padded.shape, step.cells)}
            grids.append((padded, f"y[{step.target[0]}, {step.target[1]}] = {step.value}", styles, None))
        return _panels(ax, grids, min(columns, len(grids)))

    if ax is None:
        ax = new_axes(2.6 + len(padded) + 6.2, 2.0 + 1.3 * len(steps))
    draw_grid(padded, ax, at=(2.1, 0.8), title="input x", styles={"padding": around})
    for row, step in enumerate(steps):
        top = 2.1 + 1.3 * row
        taps = np.zeros(padded.shape, dtype=object)
        taps[step.cells] = [f"×{_number(w)}" for w in weight]
        ax.text(1.9, top + 0.5, f"y[{step.target[0]}]", ha="right", va="center", fontsize=11)
        for cell in np.flatnonzero(_inside(padded.shape, step.cells)):
            _cell(ax, 2.1 + cell, top, taps[cell], "read")
        terms = " + ".join(f"{_number(x)}·{_number(w)}" for x, w in zip(step.seen, weight))
        total = f"{terms} = {_number(step.value)}"
        ax.text(2.4 + len(padded), top + 0.5, total, ha="left", va="center", fontsize=11)
    return ax


def draw_stamps(input, weight, ax=None, *, stride=1, dilation=1, columns=3):
    """Draw every stamp of a transposed convolution, and their sum.

    Cells that more than one stamp touches are hatched in the sum.

    Parameters
    ----------
    input, weight : array
        Both ``(L,)`` (one row per stamp) or both ``(H, W)`` (one panel per stamp).
    ax : matplotlib.axes.Axes, optional
        Made in a fitting size if not given.
    stride, dilation : int or tuple of ints
        As in a transposed convolution; nothing is cropped.
    columns : int
        Panels side by side, 2-D only.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.traces.stamps`.

    Examples
    --------
    >>> ax = draw_stamps(np.array([2, 3]), np.array([1, 2, 3]), stride=2)
    >>> [text.get_text() for text in ax.texts][-6:]
    ['sum', '2', '4', '9', '6', '9']
    """
    steps = traces.stamps(input, weight, stride, dilation)
    full = steps[-1].total
    touched = sum(_inside(full.shape, step.cells).astype(int) for step in steps)
    if full.ndim == 2:
        grids = []
        for step in steps:
            written = _inside(full.shape, step.cells)
            stamp = np.zeros_like(full)
            stamp[step.cells] = step.products
            grids.append((stamp, f"{_number(step.value)} × kernel", {"written": written}, ~written))
        grids.append((full, "sum of the stamps", {"overlap": touched > 1}, None))
        return _panels(ax, grids, min(columns, len(grids)))

    if ax is None:
        ax = new_axes(len(full) + 4.5, 1.3 * len(steps) + 2.0)
    for row, step in enumerate(steps):
        top = 0.4 + 1.3 * row
        label = f"x[{step.source[0]}] = {_number(step.value)}"
        ax.text(3.4, top + 0.5, label, ha="right", va="center", fontsize=11)
        ax.annotate("", (3.95, top + 0.5), (3.5, top + 0.5), arrowprops={"arrowstyle": "->"})
        for cell, value in zip(range(len(full))[step.cells[0]], step.products):
            _cell(ax, 4.1 + cell, top, _number(value), "written")
            bottom = 0.5 + 1.3 * len(steps)
            ax.plot([4.6 + cell] * 2, [top + 1, bottom], color="0.5", linewidth=0.8, zorder=0)
    top = 0.5 + 1.3 * len(steps)
    ax.text(3.4, top + 0.5, "sum", ha="right", va="center", fontsize=11)
    return draw_grid(full, ax, at=(4.1, top), styles={"overlap": touched > 1})


def draw_crop(full, crop_begin, crop_end, ax=None, *, title=""):
    """Draw the full output of a transposed convolution with the frame of the crop.

    Cropped cells are crossed out. A negative ``crop_end`` moves the frame past the end:
    dotted cells with zeros that no stamp reaches.

    Parameters
    ----------
    full : array
        ``(L,)`` or ``(H, W)``.
    crop_begin, crop_end : int or tuple of ints
        Cells cut from the begin and the end of each axis.
    ax : matplotlib.axes.Axes, optional
        Made in a fitting size if not given.
    title : str
        Set above the grid.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        If the crop is not made of integers, ``crop_begin`` is negative, or nothing is left.

    Examples
    --------
    >>> ax = draw_crop(np.array([2, 4, 9, 6, 9]), 1, 1)
    >>> ax.patches[-1].get_xy(), ax.patches[-1].get_width()      # the frame
    ((1.5, 1.0), 3)
    """
    full = np.asarray(full)
    begin = integer_tuple("crop_begin", crop_begin, full.ndim, minimum=0)
    end = integer_tuple("crop_end", crop_end, full.ndim)
    extended = np.pad(full, [(0, max(0, -e)) for e in end])
    kept = tuple(slice(b, n - e) for b, n, e in zip(begin, full.shape, end))
    if any(k.stop <= k.start for k in kept):
        raise ValueError(f"crop_begin={begin} and crop_end={end} leave nothing of a full output of shape {full.shape}")
    beyond = ~_inside(extended.shape, tuple(slice(n) for n in full.shape))
    styles = {"beyond": beyond, "cropped": ~_inside(extended.shape, kept)}
    rows, columns = _grid(extended).shape
    if ax is None:
        ax = new_axes(columns + 1, rows + 1.5)
    draw_grid(extended, ax, title=title, styles=styles)
    (top, left), (bottom, right) = _corners(kept)
    ax.add_patch(Rectangle((0.5 + left, 1.0 + top), right - left, bottom - top, fill=False, linewidth=3.5, zorder=4))
    return ax


def _corners(kept):
    """``((top, left), (bottom, right))`` of the kept cells of a 1-D or 2-D grid."""
    rows, columns = kept if len(kept) == 2 else (slice(0, 1), kept[0])
    return (rows.start, columns.start), (rows.stop, columns.stop)


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


def show(ax, alt, dpi=110):
    """Show a figure in a notebook, with the words that replace it for those who cannot see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or matplotlib.figure.Figure
    alt : str
        What the picture says, with its numbers. Not optional.
    dpi : int
        Pixels per inch.

    Returns
    -------
    Picture
        Displayed when it is the last value of a cell.

    Raises
    ------
    TypeError
        If ``ax`` is neither an Axes nor a Figure.
    ValueError
        If ``alt`` is empty.

    Examples
    --------
    >>> show(draw_grid([1, 2]), alt="Two cells: 1 and 2.")
    Picture: Two cells: 1 and 2.
    """
    figure = ax if isinstance(ax, Figure) else getattr(ax, "figure", None)
    if figure is None:
        raise TypeError(f"ax must be a matplotlib Axes or Figure, got {type(ax).__name__}")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt must say in words what the figure shows, got {alt!r}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return Picture(buffer.getvalue(), " ".join(alt.split()))
