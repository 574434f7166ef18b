"""Figures of grids with numbers in the cells, for notebooks and for print.

Every ``draw_*`` function takes an ``ax`` (or makes one of fitting size) and returns it;
no global state is touched. Distances are counted in cells. What matters is told by
outline, hatching and numbers; colour (Okabe-Ito) only repeats it. What they draw they also
say, for :func:`convlab.plots.show`.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convlab import traces
from convlab.plots.picture import cells_in_words, number_in_words, say, values_in_words
from convlab.typing import Array, Ints
from convlab.validation import integer_tuple

__all__ = ["draw_crop", "draw_grid", "draw_stamps", "draw_windows", "new_axes"]

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
LOOKS = {
    "read": "Marked",
    "written": "Marked",
    "overlap": "Hatched, where several add up",
    "padding": "Padding",
    "cropped": "Crossed out",
    "beyond": "Dotted",
}


def new_axes(width: float, height: float) -> Axes:
    """An empty ``Axes`` of ``width`` x ``height`` cells, origin at the top left, no frame.

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


def _grid(values):
    """1-D values as one row of cells."""
    values = np.asarray(values)
    if values.ndim not in (1, 2):
        raise ValueError(f"values must have shape (L,) or (H, W), got {values.shape}")
    return np.atleast_2d(values)


def draw_grid(
    values: Any,
    ax: Axes | None = None,
    *,
    at: tuple[float, float] = (0.5, 1.0),
    title: str = "",
    styles: dict[str, Any] | None = None,
    blank: Any = None,
) -> Axes:
    """Draw an array as a grid of cells with its numbers.

    ``values`` are ``(L,)`` or ``(H, W)``; ``at`` is the left and top edge. ``styles`` are masks of the same shape:
    which cells look "read", "written", "overlap", "padding", "cropped" or "beyond"; later entries win. ``blank`` is a
    mask of the cells whose number is left out.

    >>> ax = draw_grid([2, 4, 9], title="y", styles={"overlap": [False, False, True]})
    >>> [text.get_text() for text in ax.texts]
    ['y', '2', '4', '9']
    """
    grid = _grid(values)
    if ax is None:
        ax = new_axes(grid.shape[1] + 1, grid.shape[0] + 1.5)
    look = draw_cells(grid, ax, at, title, styles, blank)
    shown = np.where(_blank(blank, grid.shape), "blank", np.vectorize(number_in_words, otypes=[object])(grid))
    say(ax, f"{title}: {values_in_words(shown)}." if title else f"{values_in_words(shown)}.")
    for style, words in LOOKS.items():
        if (marked := np.argwhere(look == style)).size:
            say(ax, f"{words}: {cells_in_words(cell[-np.ndim(values) :] for cell in marked)}.")
    return ax


def draw_cells(grid: Array, ax: Axes, at: Any, title: str = "", styles: Any = None, blank: Any = None) -> Array:
    """Draw as :func:`draw_grid` does, and say nothing; return the look of each cell of ``grid`` ``(H, W)``.

    >>> draw_cells(np.array([[1, 2]]), new_axes(3, 2), (0.5, 1), styles={"read": [True, False]}).tolist()
    [['read', 'plain']]
    """
    left, top = at
    look = np.full(grid.shape, "plain", dtype=object)
    for style, mask in (styles or {}).items():
        if style not in STYLES:
            raise ValueError(f"styles must be among {', '.join(STYLES)}, got {style!r}")
        look[_mask(style, mask, grid.shape)] = style
    empty = _blank(blank, grid.shape)
    if title:
        ax.text(left + grid.shape[1] / 2, top - 0.25, title, ha="center", va="bottom", fontsize=10)
    for (row, column), value in np.ndenumerate(grid):
        _cell(ax, left + column, top + row, "" if empty[row, column] else number_in_words(value), look[row, column])
    return look


def _blank(mask, shape):
    return np.zeros(shape, bool) if mask is None else _mask("blank", mask, shape)


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
        draw_cells(_grid(values), ax, at, title, styles, blank)
    return ax


def draw_windows(
    input: Array,
    weight: Array,
    ax: Axes | None = None,
    *,
    stride: Ints = 1,
    padding: Ints = 0,
    dilation: Ints = 1,
    columns: int = 4,
) -> Axes:
    """Draw every window of a convolution: what each output cell reads.

    Options are those of a convolution; padded cells are dotted. ``input`` and ``weight`` are both ``(L,)`` (one row of
    taps for each window, under the cells it reads) or both ``(H, W)`` (one panel for each window, ``columns`` side by
    side).

    >>> ax = draw_windows(np.array([1, 2, 3, 4]), np.array([1, 10, 100]))
    >>> ax.texts[-1].get_text()
    '2·1 + 3·10 + 4·100 = 432'
    """
    steps = traces.windows(input, weight, stride, padding, dilation)
    pads = integer_tuple("padding", padding, np.ndim(input))
    padded = np.pad(input, [(p, p) for p in pads])
    around = ~_inside(padded.shape, tuple(slice(p, p + i) for p, i in zip(pads, np.shape(input))))
    sums = [f"{_sum_of_products(step, weight)} = {number_in_words(step.value)}" for step in steps]
    if padded.ndim == 2:
        grids = []
        for step in steps:
            styles = {"padding": around, "read": _inside(padded.shape, step.cells)}
            grids.append((padded, f"y[{step.target[0]}, {step.target[1]}] = {step.value}", styles, None))
        ax = _panels(ax, grids, min(columns, len(grids)))
    else:
        ax = _window_rows(ax, padded, around, weight, steps, sums)
    say(ax, f"The {'padded ' if any(pads) else ''}input {values_in_words(padded)}, and what each window reads of it.")
    say(ax, *(f"{_place('y', step.target)}, from {_first(step)} on: {total}." for step, total in zip(steps, sums)))
    return ax


def _sum_of_products(step, weight):
    pairs = zip(np.ravel(step.seen), np.ravel(weight))
    return " + ".join(f"{_factor(x)}·{_factor(w)}" for x, w in pairs)


def _factor(value):
    words = number_in_words(value)
    return f"({words})" if words.startswith("-") else words


def _window_rows(ax, padded, around, weight, steps, sums):
    if ax is None:
        ax = new_axes(2.6 + len(padded) + 6.2, 2.0 + 1.3 * len(steps))
    draw_cells(_grid(padded), ax, (2.1, 0.8), "input x", {"padding": around})
    for row, (step, total) in enumerate(zip(steps, sums)):
        top = 2.1 + 1.3 * row
        taps = np.zeros(padded.shape, dtype=object)
        taps[step.cells] = [f"×{number_in_words(w)}" for w in weight]
        ax.text(1.9, top + 0.5, f"y[{step.target[0]}]", ha="right", va="center", fontsize=11)
        for cell in np.flatnonzero(_inside(padded.shape, step.cells)):
            _cell(ax, 2.1 + cell, top, taps[cell], "read")
        ax.text(2.4 + len(padded), top + 0.5, total, ha="left", va="center", fontsize=11)
    return ax


def draw_stamps(
    input: Array, weight: Array, ax: Axes | None = None, *, stride: Ints = 1, dilation: Ints = 1, columns: int = 3
) -> Axes:
    """Draw every stamp of a transposed convolution, and their sum.

    Cells that more than one stamp touches are hatched in the sum.

    ``input`` and ``weight`` are both ``(L,)`` (one row for each stamp) or both ``(H, W)`` (one panel for each stamp,
    ``columns`` side by side). Options are those of a transposed convolution; nothing is cropped.

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
            grids.append((stamp, f"{number_in_words(step.value)} × kernel", {"written": written}, ~written))
        grids.append((full, "sum of the stamps", {"overlap": touched > 1}, None))
        ax = _panels(ax, grids, min(columns, len(grids)))
    else:
        ax = _stamp_rows(ax, full, touched, steps)
    for step in steps:
        added = values_in_words(step.products)
        say(ax, f"{_place('x', step.source)} = {number_in_words(step.value)} adds {added}, from {_first(step)} on.")
    say(ax, f"The sum: {values_in_words(full)}.")
    if (touched > 1).any():
        say(ax, f"More than one stamp reaches {cells_in_words(np.argwhere(touched > 1))}.")
    return ax


def _place(name, index):
    return f"{name}{[int(i) for i in index]}"


def _first(step):
    return cells_in_words([[cells.start for cells in step.cells]])


def _stamp_rows(ax, full, touched, steps):
    if ax is None:
        ax = new_axes(len(full) + 4.5, 1.3 * len(steps) + 2.0)
    for row, step in enumerate(steps):
        top = 0.4 + 1.3 * row
        label = f"x[{step.source[0]}] = {number_in_words(step.value)}"
        ax.text(3.4, top + 0.5, label, ha="right", va="center", fontsize=11)
        ax.annotate("", (3.95, top + 0.5), (3.5, top + 0.5), arrowprops={"arrowstyle": "->"})
        for cell, value in zip(range(len(full))[step.cells[0]], step.products):
            _cell(ax, 4.1 + cell, top, number_in_words(value), "written")
            bottom = 0.5 + 1.3 * len(steps)
            ax.plot([4.6 + cell] * 2, [top + 1, bottom], color="0.5", linewidth=0.8, zorder=0)
    top = 0.5 + 1.3 * len(steps)
    ax.text(3.4, top + 0.5, "sum", ha="right", va="center", fontsize=11)
    draw_cells(_grid(full), ax, (4.1, top), styles={"overlap": touched > 1})
    return ax


def draw_crop(full: Array, crop_begin: Ints, crop_end: Ints, ax: Axes | None = None, *, title: str = "") -> Axes:
    """Draw the full output of a transposed convolution with the frame of the crop.

    Cropped cells are crossed out. A negative ``crop_end`` moves the frame past the end:
    dotted cells with zeros that no stamp reaches.

    ``full`` is ``(L,)`` or ``(H, W)``; ``crop_begin`` and ``crop_end`` are the cells cut from each axis.

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
    grid = _grid(extended)
    if ax is None:
        ax = new_axes(grid.shape[1] + 1, grid.shape[0] + 1.5)
    draw_cells(grid, ax, (0.5, 1.0), title, styles)
    say(ax, *([f"{title}."] if title else []), f"Of the full output {values_in_words(full)} the frame keeps")
    say(ax, f"{values_in_words(extended[kept])}. Cut off at the beginning: {_cut(begin)}; at the end: {_cut(end)}.")
    if beyond.any():
        say(ax, f"Where the frame runs past the end, dotted cells hold 0: {cells_in_words(np.argwhere(beyond))}.")
    (top, left), (bottom, right) = _corners(kept)
    ax.add_patch(Rectangle((0.5 + left, 1.0 + top), right - left, bottom - top, fill=False, linewidth=3.5, zorder=4))
    return ax


def _cut(crop):
    """How many rows and columns, or cells, are cut from one end."""
    names = ("cell",) if len(crop) == 1 else ("row", "column")
    cut = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in zip(crop, names) if count > 0]
    return " and ".join(cut) or "nothing"


def _corners(kept):
    """``((top, left), (bottom, right))`` of the kept cells of a 1-D or 2-D grid."""
    rows, columns = kept if len(kept) == 2 else (slice(0, 1), kept[0])
    return (rows.start, columns.start), (rows.stop, columns.stop)
