"""Explorers: figures that one can step through, point at and change, in a notebook or on a page of their own.

Each is a widget whose parameters, step and arrays are traits: exercise cells read and set them. An explorer is two
files, ``NAME.py`` (traits, what they take) and ``static/NAME.js`` (what is shown), and one line here.
"""

from convlab.explorers.checkerboard_explorer import CheckerboardExplorer as CheckerboardExplorer
from convlab.explorers.convolution_explorer import ConvExplorer as ConvExplorer
from convlab.explorers.coordinate_explorer import CoordinateExplorer as CoordinateExplorer
from convlab.explorers.matrix_explorer import MatrixExplorer as MatrixExplorer
from convlab.explorers.padding_explorer import PaddingExplorer as PaddingExplorer
from convlab.explorers.receptive_field_explorer import ReceptiveFieldExplorer as ReceptiveFieldExplorer
from convlab.explorers.shape_explorer import ShapeExplorer as ShapeExplorer
from convlab.explorers.size_explorer import SizeExplorer as SizeExplorer

__all__ = [name for name in dir() if name.endswith("Explorer")]
