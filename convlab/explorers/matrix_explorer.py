"""The matrix explorer: a convolution and its transpose as matrices."""

import numpy as np
from traitlets import Bool, validate

from convlab.explorers.explorer import LIMITS, Cells, Explorer, Setting, as_rows, check_at_most
from convlab.typing import Array
from convlab.validation import boolean
from convlab.views import conv_entries, conv_matrix

__all__ = ["MatrixExplorer", "check_layer"]

SETTINGS = ("input", "weight", "stride", "padding", "dilation", "transposed")
LIMIT, MATRIX_SIDE = LIMITS["layer"], LIMITS["matrix_side"]


class MatrixExplorer(Explorer):
    """A convolution as a matrix, its transpose, and the tap behind each entry.

    The matrix is that of :func:`convlab.views.conv_matrix`, with at most 40 rows and columns.

    Parameters
    ----------
    input, weight : array, optional
        ``(L,)`` and ``(k,)``, or ``(H, W)`` and ``(kernel_h, kernel_w)``.
    stride, padding, dilation : int
        Of the direct convolution.
    transposed : bool
        Whether the transposed matrix is shown, applied to the output of the convolution.

    Examples
    --------
    >>> explorer = MatrixExplorer(np.array([1, 2, 3]), np.array([1, 1]), transposed=True)
    >>> explorer.matrix.tolist()
    [[1, 0], [1, 1], [0, 1]]
    >>> explorer.step = 1
    >>> explorer
    Matrix explorer. Row 1: z[1] = 1·3 + 1·5 = 8
    """

    input = Cells(np.arange(1, 17).reshape(4, 4))
    weight = Cells(np.arange(1, 5).reshape(2, 2))
    stride = Setting(1)
    padding = Setting(0)
    dilation = Setting(1)
    transposed = Bool(False).tag(sync=True)

    def __init__(self, input=None, weight=None, stride=1, padding=0, dilation=1, transposed=False, **view):
        input = as_rows(np.arange(16).reshape(4, 4) % 9 + 1 if input is None else input)
        weight = as_rows(np.arange(1, 5).reshape(2, 2) if weight is None else weight)
        values = (input, weight, stride, padding, dilation, transposed)
        super().__init__("matrix", SETTINGS, **dict(zip(SETTINGS, values)), **view)

    _check_settings = validate(*SETTINGS)(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, input=as_rows(state["input"]), weight=as_rows(state["weight"]))
        check_layer(state)
        boolean("transposed", state["transposed"])
        check_at_most("padding", state["padding"], 0, LIMIT["padding"])
        entries = conv_entries(*self._layer(state))
        side = max(max(state["input"].shape), entries.shape[0], entries.shape[1])
        if side > MATRIX_SIDE or max(state["input"].shape) > LIMIT["size"]:
            raise ValueError(f"the matrix would have shape {entries.shape}; at most {MATRIX_SIDE} a side can be drawn")
        return state

    def _layer(self, state):
        """Arguments of ``conv_entries``: one row is a 1-D layer."""
        flat = len(state["input"]) == 1 and len(state["weight"]) == 1
        settings = [
            (one, state[name]) if flat else state[name]
            for name, one in (("stride", 1), ("padding", 0), ("dilation", 1))
        ]
        return (state["input"].shape, (1, 1, *state["weight"].shape), *settings)

    @property
    def matrix(self) -> Array:
        """The matrix that is shown."""
        sizes, _, *settings = self._layer({name: getattr(self, name) for name in self.names})
        matrix = conv_matrix(sizes, self.weight[None, None], *settings)
        return matrix.T if self.transposed else matrix


def check_layer(state: dict) -> None:
    """Refuse a stride, a dilation or a kernel that cannot be drawn."""
    for name in ("stride", "dilation"):
        if name in state:
            check_at_most(name, state[name], 1, LIMIT[name])
    w = np.asarray(state["weight"])
    if w.ndim != 2 or not w.size or max(w.shape) > LIMIT["kernel"]:
        raise ValueError(f"weight must have one or two axes of at most {LIMIT['kernel']} cells, got {w.shape}")
