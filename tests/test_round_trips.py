"""Sizes down and up again, against PyTorch; the drawing by its structure."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from convlab import plots
from convlab.arithmetic import merged_input_sizes
from convlab.round_trips import draw_round_trips, returning_sizes, round_trip

LAYERS = list(itertools.product((1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2)))


@pytest.mark.parametrize(("kernel_size", "stride", "padding", "dilation"), LAYERS)
def test_round_trip_is_pytorchs(kernel_size, stride, padding, dilation):
    w, options = torch.zeros(1, 1, kernel_size), {"stride": stride, "padding": padding, "dilation": dilation}
    for size in range(9, 16):
        smaller = F.conv1d(torch.zeros(1, 1, size), w, **options)
        back = F.conv_transpose1d(smaller, w, **options).shape[-1]
        trip = round_trip(size, kernel_size, stride, padding, dilation)
        assert trip == (size, smaller.shape[-1], back, size - back)


@pytest.mark.parametrize(("kernel_size", "stride", "padding", "dilation"), LAYERS)
def test_one_size_of_each_group_comes_back(kernel_size, stride, padding, dilation):
    group = merged_input_sizes(6, kernel_size, stride, padding, dilation)
    assert returning_sizes(group, kernel_size, stride, padding, dilation) == [group[0]]


def test_an_impossible_trip_is_refused():
    with pytest.raises(ValueError, match="kernel_size=5"):
        round_trip(4, kernel_size=5)
    with pytest.raises(TypeError, match="input_size"):
        returning_sizes([4.0], kernel_size=3)


def drawn(ax):
    """Texts of the cells, row by row; the labels in front are left out."""
    rows = {}
    for text in ax.texts:
        if text.get_text().isdigit():
            rows.setdefault(round(text.get_position()[1], 2), []).append(int(text.get_text()))
    return [rows[height] for height in sorted(rows)]


def test_drawing_has_sizes_what_is_left_and_what_comes_back():
    ax = draw_round_trips(range(13, 22), kernel_size=5, stride=3, padding=2)
    assert drawn(ax) == [list(range(13, 22)), [5, 6, 7], [13, 16, 19]]
    crossed = [patch.get_xy()[0] for patch in ax.patches if patch.get_hatch() == plots.STYLES["cropped"]["hatch"]]
    assert crossed == [4.5 + n for n, size in enumerate(range(13, 22)) if size not in (13, 16, 19)]
    assert len(ax.lines) == 9 + 3


@pytest.mark.parametrize(("sizes", "rule"), [([13, 15], "neighbours"), ([], "neighbours"), ([14, 15], "13")])
def test_drawing_refuses_sizes_that_it_cannot_show(sizes, rule):
    with pytest.raises(ValueError, match=rule):
        draw_round_trips(sizes, kernel_size=5, stride=3, padding=2)
