"""Figures are tested by their structure: the patches and texts on the axes, not the pixels."""

import base64
import re

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from convlab import plots, traces

X, W = np.array([1, 2, 3]), np.array([1, 10, 100])
SQUARE, KERNEL = np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3)


def cells(ax, style):
    """Left and top of every cell drawn in one style."""
    look = plots.STYLES[style]
    return sorted(
        patch.get_xy()
        for patch in ax.patches
        if isinstance(patch, Rectangle)
        and to_hex(patch.get_facecolor()) == to_hex(look["facecolor"])
        and patch.get_hatch() == look.get("hatch")
        and patch.get_linestyle() == look.get("linestyle", "solid")
        and patch.get_fill()
    )


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_grid_has_one_cell_and_one_number_per_value():
    ax = plots.draw_grid(KERNEL, styles={"read": KERNEL == 5})
    assert len(ax.patches) == 9
    assert texts(ax) == [str(n) for n in range(1, 10)]
    assert cells(ax, "read") == [(1.5, 2.0)]


def test_blank_cells_have_no_number():
    assert texts(plots.draw_grid([1, 2, 3], blank=[False, True, False])) == ["1", "3"]


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 2, 2)])
def test_windows_1d_draw_the_taps_over_the_cells_they_read(stride, padding, dilation):
    x = np.arange(1, 7)
    ax = plots.draw_windows(x, W, stride=stride, padding=padding, dilation=dilation)
    steps = traces.windows(x, W, stride, padding, dilation)
    expected = [(2.1 + cell, 2.1 + 1.3 * row) for row, step in enumerate(steps) for cell in range(20)[step.cells[0]]]
    assert np.allclose(cells(ax, "read"), sorted(expected))
    assert len(cells(ax, "padding")) == 2 * padding
    assert [text.split(" = ")[-1] for text in texts(ax) if " = " in text] == [str(step.value) for step in steps]


def test_windows_2d_have_one_panel_per_output():
    ax = plots.draw_windows(np.arange(12).reshape(3, 4), np.array([[1, 2], [3, 4]]), stride=(1, 2))
    assert len(cells(ax, "read")) == 4 * 4
    assert [text for text in texts(ax) if text.startswith("y[")] == [
        "y[0, 0] = 34", "y[0, 1] = 54", "y[1, 0] = 74", "y[1, 1] = 94"
    ]  # fmt: skip


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 2), (5, 1)])
def test_stamps_1d_land_where_the_trace_says(stride, dilation):
    ax = plots.draw_stamps(X, W, stride=stride, dilation=dilation)
    steps = traces.stamps(X, W, stride, dilation)
    expected = [(4.1 + cell, 0.4 + 1.3 * row) for row, step in enumerate(steps) for cell in range(99)[step.cells[0]]]
    assert np.allclose(cells(ax, "written"), sorted(expected))
    touched = np.zeros(len(steps[-1].total), int)
    for step in steps:
        touched[step.cells] += 1
    assert [round(left - 4.1) for left, _ in cells(ax, "overlap")] == np.flatnonzero(touched > 1).tolist()
    assert texts(ax)[-len(touched) :] == [str(n) for n in steps[-1].total]


def test_stamps_2d_have_one_panel_per_input_and_one_for_the_sum():
    ax = plots.draw_stamps(SQUARE, KERNEL, stride=2)
    assert len(cells(ax, "written")) == 4 * 9
    assert len(cells(ax, "overlap")) == 9  # the cross in the middle of the 5x5 sum
    assert texts(ax)[-25:][12] == "36"


@pytest.mark.parametrize(
    ("begin", "end", "frame", "cropped", "beyond"),
    [(1, 1, (1.5, 2.0, 3, 3), 16, 0), (1, 0, (1.5, 2.0, 4, 4), 9, 0), (0, -1, (0.5, 1.0, 6, 6), 0, 11)],
)
def test_crop_frames_what_is_kept(begin, end, frame, cropped, beyond):
    full = np.arange(25).reshape(5, 5)
    ax = plots.draw_crop(full, begin, end)
    box = ax.patches[-1]
    assert (*box.get_xy(), box.get_width(), box.get_height()) == frame
    assert len(cells(ax, "cropped")) == cropped
    assert len(cells(ax, "beyond")) == beyond


def test_crop_may_differ_between_axes():
    box = plots.draw_crop(np.arange(20).reshape(4, 5), (1, 0), (0, 2)).patches[-1]
    assert (*box.get_xy(), box.get_width(), box.get_height()) == (0.5, 2.0, 3, 3)


def test_no_global_state_is_touched():
    before = dict(matplotlib.rcParams)
    for ax in (plots.draw_windows(X, W), plots.draw_stamps(X, W), plots.draw_crop(X, 1, 0)):
        plots.show(ax, alt="x")
    assert dict(matplotlib.rcParams) == before
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


def test_given_axes_are_used_and_returned():
    ax = plots.new_axes(12, 9)
    assert plots.draw_stamps(X, W, ax, stride=2) is ax
    assert plots.draw_crop(X, 1, 0, ax) is ax


def test_styles_differ_without_colour():
    """In grey, every pair of styles still differs by hatch, line width or line style."""
    looks = {(s.get("hatch"), s["linewidth"], s.get("linestyle")) for s in plots.STYLES.values()}
    assert len(looks) == len(plots.STYLES) - 1  # "read" and "written" never stand in one figure


def test_show_needs_words_and_keeps_them():
    picture = plots.show(plots.draw_grid([1, 2]), alt='one & "two"')
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert 'alt="one &amp; &quot;two&quot;"' in bundle["text/html"]
    png = base64.b64decode(re.search(r"base64,([^\"]+)", bundle["text/html"])[1])
    assert png.startswith(b"\x89PNG")
    for alt in ("", "  ", None):
        with pytest.raises(ValueError, match="alt must say"):
            plots.show(plots.draw_grid([1]), alt=alt)
    with pytest.raises(TypeError, match="ax must be a matplotlib Axes or Figure, got int"):
        plots.show(3, alt="three")


def test_same_figure_same_bytes():
    first, second = (plots.show(plots.draw_stamps(X, W, stride=2), alt="x").png for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: plots.draw_grid(np.ones((1, 2, 3))), ValueError, r"values must have shape.*\(1, 2, 3\)"),
        (lambda: plots.draw_grid([1, 2], styles={"red": [True, False]}), ValueError, "got 'red'"),
        (lambda: plots.draw_grid([1, 2], styles={"read": [True]}), ValueError, r"shape \(1, 2\), got \(1, 1\)"),
        (lambda: plots.draw_crop(X, 2, 1), ValueError, "leave nothing"),
        (lambda: plots.draw_crop(X, -1, 0), ValueError, "crop_begin must be at least 0, got -1"),
        (lambda: plots.draw_crop(X, 1.5, 0), TypeError, "crop_begin must be an integer, got 1.5"),
    ],
)
def test_bad_input_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
