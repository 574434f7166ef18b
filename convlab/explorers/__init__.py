"""Explorers: figures that one can step through, point at and change, in a notebook or on a page of their own.

Each is a widget whose parameters, step and arrays are traits: exercise cells read and set them.
"""

from convlab.explorers.checkerboard import CheckerboardExplorer
from convlab.explorers.convolution import ConvExplorer
from convlab.explorers.coordinates import CoordinateExplorer
from convlab.explorers.matrix import MatrixExplorer
from convlab.explorers.padding_pitfall import PaddingExplorer
from convlab.explorers.receptive_field import ReceptiveFieldExplorer
from convlab.explorers.shapes import ShapeExplorer
from convlab.explorers.sizes import SizeExplorer

__all__ = [
    "CheckerboardExplorer",
    "ConvExplorer",
    "CoordinateExplorer",
    "MatrixExplorer",
    "PaddingExplorer",
    "ReceptiveFieldExplorer",
    "ShapeExplorer",
    "SizeExplorer",
]
