"""What the matrix and the checkerboard explorer share: grids of ``(H, W)`` cells, where one row stands for ``(L,)``."""

import numpy as np

from convlab.explorers.core import LIMITS, Explorer
from convlab.explorers.scene import line
from convlab.validation import integer

__all__ = ["PlaneExplorer", "as_rows", "cell_name", "lines_of", "plain_looks", "shape_text"]


def as_rows(values):
    """``(L,)`` as one row."""
    values = np.asarray(values)
    if values.ndim not in (1, 2):
        raise ValueError(f"arrays must have shape (L,) or (H, W), got {values.shape}")
    return np.atleast_2d(values)


def cell_name(letter, flat, y, x):
    """``"x[2]"`` where there is one row (``flat``), else ``"x[0, 2]"``."""
    return f"{letter}[{x}]" if flat else f"{letter}[{y}, {x}]"


def shape_text(shape, flat):
    return f"{shape[1]}" if flat else f"{shape[0]}×{shape[1]}"


def plain_looks(values):
    return np.full(np.shape(values), "plain", object)


def lines_of(*rows):
    """Lines of blocks with one panel each."""
    return [line(caption, [(sign, [[one]]) for sign, one in blocks]) for caption, blocks in rows]


class PlaneExplorer(Explorer):
    """Base of both: what they check alike."""

    def check_numbers(self, state):
        for name in ("stride", "dilation"):
            if name in state and integer(name, state[name], minimum=1) > LIMITS[name]:
                raise ValueError(f"{name} can be at most {LIMITS[name]} here, got {state[name]}")
        w = np.asarray(state["weight"])
        if w.ndim != 2 or not w.size or max(w.shape) > LIMITS["kernel"]:
            raise ValueError(f"weight must have one or two axes of at most {LIMITS['kernel']} cells, got {w.shape}")
