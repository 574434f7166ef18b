"""Figures of measured results: every seed, mean and standard deviation.

Every ``draw_*`` function makes a figure of its own and returns its ``Axes``, for
:func:`convlab.plots.show`. Series are told apart by markers, line styles and names, not by colour alone.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlab.plots.picture import number_in_words, say

__all__ = ["draw_seeds", "draw_series", "spoken"]

MARKERS = "osD^v*"
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00")  # Okabe-Ito


def spoken(values: Sequence[float]) -> str:
    """Mean and sample standard deviation over some seeds: the deviation in two digits, the mean as exact as that.

    ``values`` has one number for each of at least two seeds: one seed has no spread.

    >>> spoken([10, 20, 30]), spoken([1.0, 1.2, 1.4]), spoken([0.0, 0.0])
    ('20 ± 10', '1.20 ± 0.20', '0 ± 0')
    """
    seeds = _seeds("values", values)
    mean, deviation = seeds.mean(), seeds.std(ddof=1)
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


def draw_seeds(
    measured: dict[str, Sequence[float]], xlabel: str, *, log: bool = False, reference: tuple[str, float] | None = None
) -> Axes:
    """One row for each name: every seed as an open circle, the mean as a bar across, one standard deviation around it.

    ``measured`` has, for each name, one number for each of at least two seeds. ``log`` makes a logarithmic axis, and
    ``reference`` is a name and a value for a dashed line.

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
    say(ax, f"{xlabel}, mean and standard deviation over the seeds:")
    say(ax, "; ".join(f"{name} {spoken(values)}" for name, values in measured.items()) + ".")
    if reference:
        say(ax, f"A dashed line for {reference[0]} at {number_in_words(float(reference[1]))}.")
    return ax


def draw_series(
    series: dict[str, Any],
    positions: Sequence[float],
    xlabel: str,
    ylabel: str,
    *,
    log: bool = False,
    labels: Sequence[str] | None = None,
) -> Axes:
    """One line for each name over some positions: the mean over the seeds, with one standard deviation.

    ``series`` are ``(seeds, positions)``, or ``(positions,)`` for a line without error bars; ``positions`` is where the
    values stand on the x axis, ``labels`` their names, which are then the ticks. ``log`` makes a logarithmic y axis,
    with a straight piece at its foot where there are zeros.

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
    say(ax, f"{ylabel} by {xlabel}{', mean over the seeds' if max(map(np.ndim, series.values())) > 1 else ''}.")
    say(ax, *(f"{name}: {_course(values, labels or positions)}." for name, values in series.items()))
    return ax


def _course(values, places):
    """A line in words: all of a short one, the ends and the extremes of a long one."""
    means = np.atleast_2d(np.asarray(values, dtype=float)).mean(axis=0)
    named = range(len(means))
    if len(means) > 6:
        named = sorted({0, int(means.argmin()), int(means.argmax()), len(means) - 1})
    return ", ".join(f"{means[n]:.3g} at {places[n]}" for n in named)


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
