"""Figures: grids of cells, crops, images, series. Each takes an ``ax`` or makes one; none shows it or keeps state."""

from convlab.plots.connections import draw_connections
from convlab.plots.crops import draw_crops
from convlab.plots.grids import draw_crop, draw_grid, draw_stamps, draw_windows, new_axes
from convlab.plots.images import draw_images
from convlab.plots.picture import Picture, show
from convlab.plots.round_trips import draw_round_trips
from convlab.plots.series import draw_seeds, draw_series, spoken

__all__ = [
    "Picture",
    "draw_connections",
    "draw_crop",
    "draw_crops",
    "draw_grid",
    "draw_images",
    "draw_round_trips",
    "draw_seeds",
    "draw_series",
    "draw_stamps",
    "draw_windows",
    "new_axes",
    "show",
    "spoken",
]
