"""Several crops in one figure: every panel is the crop it says."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from convlab.crop_plots import draw_crops

FULL = np.arange(1, 26).reshape(5, 5)


def frame(ax):
    """``(left, top, width, height)`` of the last rectangle: the frame of the crop, in cells."""
    patch = [patch for patch in ax.patches if isinstance(patch, Rectangle)][-1]
    return (patch.get_x() - 0.5, patch.get_y() - 1, patch.get_width(), patch.get_height())


def test_each_panel_has_its_own_frame_and_numbers():
    figure = draw_crops([("A", FULL, 1, 1), ("B", FULL, (1, 0), (0, 2)), ("C", 10 * FULL, 0, 0)], columns=2)
    assert [frame(ax) for ax in figure.axes] == [(1, 1, 3, 3), (0, 1, 3, 4), (0, 0, 5, 5)]
    assert [ax.texts[1].get_text() for ax in figure.axes] == ["1", "1", "10"]


def test_panels_are_in_rows_and_do_not_overlap():
    figure = draw_crops([(name, FULL, 0, 0) for name in "ABC"], columns=2)
    corners = [ax.get_position().bounds[:2] for ax in figure.axes]
    assert np.allclose(corners, [(0, 0.5), (0.5, 0.5), (0, 0)])


def test_a_crop_past_the_end_has_room():
    figure = draw_crops([("short", np.array([1, 2]), 0, 0), ("long", np.array([1, 2]), 0, -3)])
    ax = figure.axes[1]
    left, _, width, _ = frame(ax)
    assert (left, width) == (0, 5)
    assert max(patch.get_x() + patch.get_width() for patch in ax.patches) <= ax.get_xlim()[1]


@pytest.mark.parametrize(
    ("panels", "columns", "error", "message"),
    [
        ([], 3, ValueError, "panels must hold at least one panel"),
        ([("A", FULL, 0, 0)], 0, ValueError, "columns must be at least 1"),
        ([("A", FULL, 3, 3)], 1, ValueError, "leave nothing"),
        ([("A", FULL, 0, 0.5)], 1, TypeError, "crop_end must be an integer"),
    ],
)
def test_what_cannot_be_drawn_is_refused(panels, columns, error, message):
    with pytest.raises(error, match=message):
        draw_crops(panels, columns)
