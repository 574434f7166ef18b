"""Figures of measured results: every seed, mean and standard deviation; and pictures side by side.

Every ``draw_*`` function makes a figure of its own and returns its ``Axes`` or ``Figure``, for
:func:`convlab.plots.show`. Series are told apart by markers, line styles and names, not by colour alone.
"""

import numpy as np
from matplotlib.figure import Figure

__all__ = ["draw_pictures", "draw_seeds", "draw_series", "spoken"]

MARKERS = "osD^v*"
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00")  # Okabe-Ito


def spoken(values):
    """Mean and sample standard deviation over some seeds: the deviation in two digits, the mean as exact as that.

    Parameters
    ----------
    values : sequence of float
        One for each seed; at least two.

    Raises
    ------
    ValueError
        If there are fewer than two values: one seed has no spread.

    Examples
    --------
    >>> spoken([10, 20, 30]), spoken([1.0, 1.2, 1.4]), spoken([0.0, 0.0])
    ('20 ± 10', '1.20 ± 0.20', '0 ± 0')
    """
    values = _seeds("values", values)
    mean, deviation = values.mean(), values.std(ddof=1)
    if deviation == 0:
        return f"{mean:g} ± 0"
    decimals = max(0, 1 - int(np.floor(np.log10(deviation))))
    form = f".{decimals}f" if decimals < 6 else ".1e"
    return f"{mean:{form}} ± {deviation:{form}}"


def _seeds(name, values):
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"{name} must hold one number for each of at least two seeds, got shape {values.shape}")
    return values


def _axes(width, height):
    return Figure(figsize=(width, height), facecolor="white", layout="constrained").add_subplot()


def draw_seeds(measured, xlabel, *, log=False, reference=None):
    """One row for each name: every seed as an open circle, the mean as a bar across, one standard deviation around it.

    Parameters
    ----------
    measured : dict of str to sequence of float
        One number for each seed, at least two.
    xlabel : str
    log : bool
        A logarithmic axis.
    reference : (str, float), optional
        A name and a value for a dashed line.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are fewer than two seeds.

    Examples
    --------
    >>> ax = draw_seeds({"a": [1, 2, 3], "b": [4, 5, 6]}, "error")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['a', 'b']
    """
    ax = _axes(7, 0.5 * len(measured) + 1.2)
    for row, (name, values) in enumerate(measured.items()):
        values = _seeds(name, values)
        mean, deviation = values.mean(), values.std(ddof=1)
        ax.plot(values, np.full(len(values), row), "o", markerfacecolor="none", markeredgecolor="0.35", markersize=5)
        low = max(mean - deviation, values.min()) if log else mean - deviation  # a log axis ends above 0
        ax.plot([low, mean + deviation], [row, row], color="#0072B2", linewidth=2)
        ax.plot([mean, mean], [row - 0.25, row + 0.25], color="black", linewidth=3)
    if reference:
        ax.axvline(reference[1], color="0.3", linestyle="--", linewidth=1)
        above = ax.get_xaxis_transform()  # x in data, y in heights of the axes
        ax.text(reference[1], 1.02, reference[0], ha="center", va="bottom", fontsize=9, transform=above)
    ax.set_yticks(range(len(measured)), list(measured))
    ax.set_ylim(len(measured) - 0.5, -0.5)
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
    ax.set_xlabel(xlabel)
    return ax


def draw_series(series, positions, xlabel, ylabel, *, log=False, labels=None):
    """One line for each name over some positions: the mean over the seeds, with one standard deviation.

    Parameters
    ----------
    series : dict of str to array
        ``(seeds, positions)``, or ``(positions,)`` for a line without error bars.
    positions : sequence of float
        Where the values stand on the x axis.
    xlabel, ylabel : str
    log : bool
        A logarithmic y axis; with a straight piece at its foot where there are zeros.
    labels : sequence of str, optional
        Names of the positions; those are then the ticks.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a series does not have a value for each position.

    Examples
    --------
    >>> ax = draw_series({"a": [[1, 2], [3, 4]]}, [0, 1], "step", "error")
    >>> ax.get_legend_handles_labels()[1]
    ['a']
    """
    ax = _axes(7, 3.6)
    for index, (name, values) in enumerate(series.items()):
        rows = np.atleast_2d(np.asarray(values, dtype=float))
        if rows.shape[1] != len(positions):
            raise ValueError(f"{name} must have a value for each of {len(positions)} positions, got {rows.shape[1]}")
        look = {"color": COLOURS[index % 6], "marker": MARKERS[index % 6], "linestyle": LINES[index % 6]}
        many = len(positions) > 12
        error = rows.std(axis=0, ddof=1) if len(rows) > 1 else None
        shift = 0 if many or len(rows) == 1 else 0.012 * (index - (len(series) - 1) / 2) * np.ptp(positions)
        ax.errorbar(
            np.asarray(positions) + shift,
            rows.mean(axis=0),
            error,
            label=name,
            capsize=3,
            linewidth=1.5,
            markersize=5,
            markerfacecolor="white",
            markevery=4 if many else 1,
            **look,
        )
    if labels is not None:
        ax.set_xticks(positions, labels)
    if log:
        _logarithmic(ax, np.concatenate([np.ravel(values) for values in series.values()]))
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, fontsize=9)
    return ax


def _logarithmic(ax, values):
    if values.min() > 0:
        ax.set_yscale("log")
    else:
        _with_zero(ax, values)
    ax.yaxis.set_major_formatter("{x:g}")


def _with_zero(ax, values):
    """A straight piece below the smallest positive power of ten, down to 0."""
    ax.set_yscale("symlog", linthresh=10 ** np.floor(np.log10(values[values > 0].min())))
    ax.set_ylim(bottom=-0.3 * ax.yaxis.get_transform().linthresh)
    ax.axhline(0, color="0.8", linewidth=0.8, zorder=0)


def draw_pictures(rows, names, row_names=("",), *, low=0, high=255, cell=1.5):
    """Gray pictures in rows, each with its name above.

    Parameters
    ----------
    rows : sequence of sequence of array
        ``(H, W)`` each; ``None`` leaves a place empty.
    names : sequence of str
        Above the columns.
    row_names : sequence of str
        Left of the rows.
    low, high : float
        What is drawn black and white.
    cell : float
        Width of a picture in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a row does not have a picture or None for each name, or there is not a name for each row.

    Examples
    --------
    >>> figure = draw_pictures([[np.zeros((2, 2)), np.ones((2, 2))]], ["black", "white"], high=1)
    >>> [ax.get_title() for ax in figure.axes]
    ['black', 'white']
    """
    if len(rows) != len(row_names) or any(len(row) != len(names) for row in rows):
        raise ValueError(f"rows must be {len(row_names)} with {len(names)} pictures each, got {[len(r) for r in rows]}")
    shapes = [np.shape(picture) for pictures in rows for picture in pictures if picture is not None]
    height = cell * max(shape[0] / shape[1] for shape in shapes)
    size = (cell * len(names) + 0.4, height * len(rows) + 0.4)
    figure = Figure(figsize=size, facecolor="white", layout="constrained")
    axes = figure.subplots(len(rows), len(names), squeeze=False)
    for row, (pictures, row_name) in enumerate(zip(rows, row_names)):
        for column, (picture, name) in enumerate(zip(pictures, names)):
            ax = axes[row, column]
            ax.set_xticks([])
            ax.set_yticks([])
            if picture is None:
                ax.set_frame_on(False)
            else:
                ax.imshow(picture, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
            if row == 0:
                ax.set_title(name, fontsize=9)
            if column == 0:
                ax.set_ylabel(row_name, fontsize=9)
    return figure
