"""Pictures side by side: every cell is kept, and bad panels are refused."""

import itertools

import numpy as np
import pytest

from convlab.image_plots import draw_images
from convlab.plots import show


def test_every_panel_keeps_its_cells_and_its_range():
    images = [np.arange(6).reshape(2, 3), np.arange(-4, 4).reshape(4, 2)]
    figure = draw_images([("a", images[0]), ("b", images[1])])
    for ax, image in zip(figure.axes, images):
        drawn = ax.images[0]
        assert (drawn.get_array() == image).all()
        assert drawn.get_clim() == (image.min(), image.max())


def test_panels_are_equally_wide_and_do_not_overlap():
    figure = draw_images([(str(n), np.eye(n)) for n in (2, 3, 5, 7)], columns=3)
    boxes = [ax.get_position() for ax in figure.axes]
    assert len({round(box.width, 6) for box in boxes}) == 1
    assert [round(box.x0, 3) for box in boxes[:3]] == sorted(round(box.x0, 3) for box in boxes[:3])
    assert boxes[3].y1 <= boxes[0].y0
    assert all(a.x1 <= b.x0 for a, b in itertools.pairwise(boxes[:3]))


def test_the_picture_is_the_same_every_time():
    panels = [("a", np.arange(12).reshape(3, 4))]
    assert show(draw_images(panels), alt="a").png == show(draw_images(panels), alt="a").png


@pytest.mark.parametrize(
    ("panels", "columns", "error", "words"),
    [
        ([], 3, ValueError, "panels must hold at least one panel"),
        ([("row", np.arange(3))], 3, ValueError, r"the image of 'row' must have shape \(H, W\), not empty, got \(3,\)"),
        ([("none", np.zeros((0, 3)))], 3, ValueError, r"got \(0, 3\)"),
        ([("a", np.eye(2))], 0, ValueError, "columns must be at least 1, got 0"),
        ([("a", np.eye(2))], 1.5, TypeError, r"columns must be an integer, got 1\.5"),
    ],
)
def test_bad_panels_are_refused(panels, columns, error, words):
    with pytest.raises(error, match=words):
        draw_images(panels, columns)
