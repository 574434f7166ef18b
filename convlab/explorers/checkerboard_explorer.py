"""The checkerboard explorer: what kernel and stride of a transposed convolution make of an even picture."""

import numpy as np
from traitlets import validate

from convlab.explorers.explorer import LIMITS, Cells, Explorer, Setting, as_rows, check_at_most
from convlab.explorers.matrix_explorer import check_layer

__all__ = ["CheckerboardExplorer"]

SETTINGS = ("weight", "stride", "input_size")


class CheckerboardExplorer(Explorer):
    """Kernel and stride, the sums of each phase, and the pattern that they make of an even input.

    The exact rule: no checkerboard if and only if all phase sums are equal, see
    :func:`convlab.views.is_checkerboard_free`.

    Parameters
    ----------
    weight : array, optional
        ``(k,)`` or ``(kernel_h, kernel_w)``.
    stride : int
        Of the transposed convolution.
    input_size : int
        Cells of the input of ones on each axis.

    Examples
    --------
    >>> CheckerboardExplorer(np.array([1, 2, 1]), stride=2).scene()["facts"][0]
    'The phase sums are 2, 2: all equal, so the inside of the output is even. The stride does not divide the kernel ...
    """

    weight = Cells(np.ones((3, 3), int))
    stride = Setting(2)
    input_size = Setting(4)

    def __init__(self, weight=None, stride=2, input_size=4, **view):
        weight = as_rows(np.ones((3, 3), int) if weight is None else weight)
        super().__init__("checkerboard", SETTINGS, weight=weight, stride=stride, input_size=input_size, **view)

    _check_settings = validate(*SETTINGS)(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, weight=as_rows(state["weight"]))
        check_layer(state)
        check_at_most("input_size", state["input_size"], 1, LIMITS["checkerboard_input"])
        return state
