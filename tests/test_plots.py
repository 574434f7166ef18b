"""Figures are tested by their structure: the patches and texts on the axes, not the pixels."""

import base64
import itertools
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
    look = plots.grids.STYLES[style]
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
    looks = {(s.get("hatch"), s["linewidth"], s.get("linestyle")) for s in plots.grids.STYLES.values()}
    assert len(looks) == len(plots.grids.STYLES) - 1  # "read" and "written" never stand in one figure


def test_show_needs_words_and_keeps_them():
    picture = plots.show(plots.draw_grid([1, 2]), alt='one & "two"')
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert 'alt="one &amp; &quot;two&quot;"' in bundle["text/html"]
    png = base64.b64decode(re.search(r"base64,([^\"]+)", bundle["text/html"])[1])
    assert png.startswith(b"\x89PNG")
    for alt in ("", "  "):
        with pytest.raises(ValueError, match="alt must say"):
            plots.show(plots.draw_grid([1]), alt=alt)
    with pytest.raises(TypeError, match="ax must be a matplotlib Axes or Figure, got int"):
        plots.show(3, alt="three")
    with pytest.raises(ValueError, match="alt must say"):
        plots.show(plots.new_axes(2, 2))  # nothing was drawn by a helper that says what it draws


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (lambda: plots.draw_grid(X, title="x", styles={"read": X == 2}), ["x: 1, 2, 3.", "Marked: cell [1]."]),
        (lambda: plots.draw_grid(SQUARE, blank=SQUARE == 4), ["1, 2; 3, blank."]),
        (lambda: plots.draw_windows(X, W, padding=1, stride=2), ["padded input 0, 1, 2,", "y[1], from cell [2] on"]),
        (lambda: plots.draw_windows(X, np.array([-1, 1])), ["y[0], from cell [0] on: 1·(-1) + 2·1 = 1."]),
        (lambda: plots.draw_windows(KERNEL, SQUARE), ["The input 1, 2, 3;", "y[0, 1], from cell [0, 1] on: 2·1 + 3·2"]),
        (lambda: plots.draw_stamps(X, W, stride=2), ["x[1] = 2 adds 2, 20, 200,", "reaches cells [2]"]),
        (lambda: plots.draw_stamps(SQUARE, KERNEL, stride=3), ["The sum: 1, 2, 3, 2, 4, 6;"]),
        (lambda: plots.draw_crop(KERNEL, 1, 0), ["keeps 5, 6; 8, 9.", "1 row and 1 column; at the end: nothing"]),
        (lambda: plots.draw_crop(X, 0, -1), ["keeps 1, 2, 3, 0.", "dotted cells hold 0: cell [3]"]),
        (lambda: plots.draw_crops([("a", X, 1, 0), ("b", X, 0, 1)]), ["a. Of", "keeps 2, 3.", "b. Of", "keeps 1, 2."]),
        (lambda: plots.draw_round_trips(range(5, 7), 3, 2, 1), ["5 becomes 3 and 5.", "6 becomes 3 and 5, lost."]),
        (lambda: plots.draw_images([("a", np.eye(2)), ("b", np.ones((1, 3)))]), ["a: an image of 2 x 2,", "all 1."]),
        (
            lambda: plots.draw_connections(np.array([[1, 10, 0]]), X, [21]),
            ["Above x: 1, 2, 3. Below y: 21.", "y[0] is joined to x[0] by 1, x[1] by 10.", "No line leads to x[2]."],
        ),
        (lambda: plots.draw_seeds({"a": [1, 2, 3]}, "error", reference=("goal", 2)), ["a 2.0 ± 1.0.", "goal at 2."]),
        (lambda: plots.draw_series({"a": [[1, 2], [3, 4]]}, [0, 5], "step", "error"), ["a: 2 at 0, 3 at 5."]),
        (lambda: plots.draw_series({"a": np.arange(9.0)}, range(9), "x", "y"), ["y by x", "a: 0 at 0, 8 at 8."]),
    ],
)  # fmt: skip
def test_what_is_drawn_is_said_from_the_same_data(drawn, said):
    alt = plots.show(drawn()).alt
    assert [words for words in said if words not in alt] == []


def test_several_grids_on_one_figure_are_all_said():
    ax = plots.new_axes(9, 4)
    plots.draw_grid(X, ax, title="x")
    plots.draw_grid(W, ax, at=(5, 1), title="w")
    assert plots.show(ax).alt == "x: 1, 2, 3. w: 1, 10, 100."


def test_same_figure_same_bytes():
    for draw in (lambda: plots.draw_stamps(X, W, stride=2), lambda: plots.draw_images([("a", SQUARE)])):
        assert plots.show(draw(), alt="x").png == plots.show(draw(), alt="x").png


# Crops

FULL = np.arange(1, 26).reshape(5, 5)


def frame(ax):
    """``(left, top, width, height)`` of the last rectangle: the frame of the crop, in cells."""
    patch = [patch for patch in ax.patches if isinstance(patch, Rectangle)][-1]
    return (patch.get_x() - 0.5, patch.get_y() - 1, patch.get_width(), patch.get_height())


def test_each_panel_has_its_own_frame_and_numbers():
    figure = plots.draw_crops([("A", FULL, 1, 1), ("B", FULL, (1, 0), (0, 2)), ("C", 10 * FULL, 0, 0)], columns=2)
    assert [frame(ax) for ax in figure.axes] == [(1, 1, 3, 3), (0, 1, 3, 4), (0, 0, 5, 5)]
    assert [ax.texts[1].get_text() for ax in figure.axes] == ["1", "1", "10"]


def test_panels_are_in_rows_and_do_not_overlap():
    figure = plots.draw_crops([(name, FULL, 0, 0) for name in "ABC"], columns=2)
    corners = [ax.get_position().bounds[:2] for ax in figure.axes]
    assert np.allclose(corners, [(0, 0.5), (0.5, 0.5), (0, 0)])


def test_a_crop_past_the_end_has_room():
    figure = plots.draw_crops([("short", np.array([1, 2]), 0, 0), ("long", np.array([1, 2]), 0, -3)])
    ax = figure.axes[1]
    left, _, width, _ = frame(ax)
    assert (left, width) == (0, 5)
    assert max(patch.get_x() + patch.get_width() for patch in ax.patches) <= ax.get_xlim()[1]


# Images


def test_every_panel_keeps_its_cells_and_its_range():
    images = [np.arange(6).reshape(2, 3), np.arange(-4, 4).reshape(4, 2)]
    figure = plots.draw_images([("a", images[0]), ("b", images[1])])
    for ax, image in zip(figure.axes, images):
        drawn = ax.images[0]
        assert (drawn.get_array() == image).all()
        assert drawn.get_clim() == (image.min(), image.max())


@pytest.mark.parametrize(("grays", "seen"), [(2, 2), (16, 16), (256, 64)])
def test_draw_images_has_as_many_grays_as_asked_for(grays, seen):
    figure = plots.draw_images([("a", np.arange(64).reshape(8, 8))], grays=grays)
    (image,) = figure.axes[0].images
    assert len(np.unique(image.to_rgba(image.get_array(), bytes=True)[..., 0])) == seen


def test_a_picture_in_colour_is_cut_to_0_to_1_and_may_stand_beside_a_gray_one():
    colour = np.stack([np.eye(2), -np.eye(2), 2 * np.eye(2)], axis=2)
    figure = plots.draw_images([("a", colour), ("b", np.eye(2))])
    assert (figure.axes[0].images[0].get_array() == colour.clip(0, 1)).all()
    assert plots.show(figure).alt == "a: an image of 2 x 2 in colour. b: an image of 2 x 2, from 0 to 1."


def test_panels_are_equally_wide_and_do_not_overlap():
    figure = plots.draw_images([(str(n), np.eye(n)) for n in (2, 3, 5, 7)], columns=3)
    boxes = [ax.get_position() for ax in figure.axes]
    assert len({round(box.width, 6) for box in boxes}) == 1
    assert [round(box.x0, 3) for box in boxes[:3]] == sorted(round(box.x0, 3) for box in boxes[:3])
    assert boxes[3].y1 <= boxes[0].y0
    assert all(a.x1 <= b.x0 for a, b in itertools.pairwise(boxes[:3]))


def test_pictures_in_rows_stand_under_their_names():
    panels = [("a", np.zeros((2, 3))), ("b", None), ("a", None), ("b", np.ones((2, 3)))]
    figure = plots.draw_images(panels, columns=2, low=0, high=2, row_names=["first", "second"])
    first, second = figure.axes
    assert (first.get_title(), second.get_title()) == ("a", "b")
    assert first.get_position().x1 < second.get_position().x0
    assert first.get_position().y0 > second.get_position().y1
    assert [ax.images[0].get_clim() for ax in figure.axes] == [(0, 2), (0, 2)]
    assert [text.get_text() for text in figure.texts] == ["first", "second"]
    with pytest.raises(ValueError, match="row_names must be 2"):
        plots.draw_images(panels, columns=2, row_names=["first"])


# Connections


def test_every_entry_that_is_not_0_is_one_line_between_its_cells():
    matrix = np.array([[1, 10, 0, 0], [0, 0, 1, 10]])
    ax = plots.draw_connections(matrix, [1, 2, 3, 4], [21, 43])
    middles = sorted(patch.get_x() + 0.5 for patch in ax.patches)
    lines = sorted(tuple(line.get_xdata()) for line in ax.lines)
    assert len(lines) == np.count_nonzero(matrix)
    assert lines[0][1] == lines[1][1] != lines[2][1] == lines[3][1]
    assert {x for line in lines for x in line} == set(middles)
    with pytest.raises(ValueError, match="matrix must have shape"):
        plots.draw_connections(matrix, [1, 2, 3], [21, 43])


# Round trips


def numbers_by_row(ax):
    """Texts of the cells, row by row; the labels in front are left out."""
    rows = {}
    for text in ax.texts:
        if text.get_text().isdigit():
            rows.setdefault(round(text.get_position()[1], 2), []).append(int(text.get_text()))
    return [rows[height] for height in sorted(rows)]


def test_round_trips_have_sizes_what_is_left_and_what_comes_back():
    ax = plots.draw_round_trips(range(13, 22), kernel_size=5, stride=3, padding=2)
    assert numbers_by_row(ax) == [list(range(13, 22)), [5, 6, 7], [13, 16, 19]]
    crossed = [patch.get_xy()[0] for patch in ax.patches if patch.get_hatch() == plots.grids.STYLES["cropped"]["hatch"]]
    assert crossed == [4.5 + n for n, size in enumerate(range(13, 22)) if size not in (13, 16, 19)]
    assert len(ax.lines) == 9 + 3


# What cannot be drawn

NO_IMAGE = r"must have shape \(H, W\) or \(H, W, 3\), not empty"
REFUSED = [
    (plots.draw_grid, (np.ones((1, 2, 3)),), ValueError, r"values must have shape.*\(1, 2, 3\)"),
    (plots.draw_crop, (X, 2, 1), ValueError, "leave nothing"),
    (plots.draw_crop, (X, -1, 0), ValueError, "crop_begin must be at least 0, got -1"),
    (plots.draw_crop, (X, 1.5, 0), TypeError, "crop_begin must be an integer, got 1.5"),
    (plots.draw_crops, ([],), ValueError, "panels must hold at least one panel"),
    (plots.draw_crops, ([("A", FULL, 0, 0)], 0), ValueError, "columns must be at least 1"),
    (plots.draw_crops, ([("A", FULL, 3, 3)], 1), ValueError, "leave nothing"),
    (plots.draw_crops, ([("A", FULL, 0, 0.5)], 1), TypeError, "crop_end must be an integer"),
    (plots.draw_images, ([],), ValueError, "panels must hold at least one panel"),
    (plots.draw_images, ([("row", X)],), ValueError, rf"the image of 'row' {NO_IMAGE}, got \(3,\)"),
    (plots.draw_images, ([("none", np.zeros((0, 3)))],), ValueError, rf"{NO_IMAGE}, got \(0, 3\)"),
    (plots.draw_images, ([("a", np.eye(2))], 0), ValueError, "columns must be at least 1, got 0"),
    (plots.draw_images, ([("a", np.eye(2))], 1.5), TypeError, r"columns must be an integer, got 1\.5"),
    (lambda grays: plots.draw_images([("a", np.eye(2))], grays=grays), (1,), ValueError, "grays must be at least 2"),
    (plots.draw_round_trips, ([13, 15], 5, 3, 2), ValueError, "neighbours"),
    (plots.draw_round_trips, ([], 5, 3, 2), ValueError, "neighbours"),
    (plots.draw_round_trips, ([14, 15], 5, 3, 2), ValueError, "13"),
]


@pytest.mark.parametrize(("draw", "arguments", "error", "words"), REFUSED)
def test_what_cannot_be_drawn_is_refused(draw, arguments, error, words):
    with pytest.raises(error, match=words):
        draw(*arguments)


def test_styles_are_known_and_as_large_as_the_grid():
    for styles, words in (({"red": [True, False]}, "got 'red'"), ({"read": [True]}, r"shape \(1, 2\), got \(1, 1\)")):
        with pytest.raises(ValueError, match=words):
            plots.draw_grid([1, 2], styles=styles)
