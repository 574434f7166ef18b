"""The coordinate explorer: which point of the input each output cell of a resize looks at."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from traitlets import Enum, validate

from convlab.arithmetic import interpolate_output_size
from convlab.explorers.explorer import LIMITS, Cells, Explorer, Setting
from convlab.explorers.javascript import ask
from convlab.typing import Array
from convlab.validation import integer

__all__ = ["CONVENTIONS", "CoordinateExplorer", "Sample"]

#: Each rule by its usual name; the first three mix two neighbours, the last two copy one.
CONVENTIONS = ("half-pixel", "align_corners", "asymmetric", "nearest", "nearest-exact")
SETTINGS = ("values", "size", "scale_factor", "convention")
SHORTEST, LONGEST, SIZE = LIMITS["ruler"].values()
HUNDREDTH = 100


class Sample(NamedTuple):
    """What one output cell takes: ``cells`` of the input with ``weights``, for the ``position`` it looks at.

    ``position`` is exact, a ``Fraction``: centres of input cells are whole numbers. ``clamped`` is the position brought
    back between the first and the last centre.
    """

    position: Fraction
    clamped: Fraction
    cells: tuple[int, ...]
    weights: tuple[Fraction, ...]
    value: float


class CoordinateExplorer(Explorer):
    """A ruler for resizing: where each output cell looks, which neighbours it takes, with which weights.

    Parameters
    ----------
    values : array, optional
        ``(L,)``, 2 to 12 numbers; ``[10, 20]`` if not given.
    size : int, optional
        Output size, 1 to 24. Give this or ``scale_factor``; twice as many as values if neither.
    scale_factor : number, optional
        As in ``torch.nn.functional.interpolate``: the output size is rounded down, the positions are those of the
        factor as given. At most two decimals.
    convention : {"half-pixel", "align_corners", "asymmetric", "nearest", "nearest-exact"}
        The first three mix two neighbours, the last two copy one.

    Notes
    -----
    The positions are those of :func:`convlab.frameworks.source_positions`. Source: ``torch.nn.Upsample``; ONNX
    ``Resize``, "coordinate_transformation_mode".

    Examples
    --------
    >>> explorer = CoordinateExplorer(values=[10, 20], size=4, convention="half-pixel", step=1)
    >>> explorer
    Coordinate explorer. Output 1 looks at (1 + 1/2)·2/4 − 1/2 = 0.25: y[1] = 0.75·x[0] + 0.25·x[1] = 0.75·10 + ...
    >>> explorer.output
    array([10. , 12.5, 17.5, 20. ])
    >>> explorer.convention = "asymmetric"
    >>> explorer.output
    array([10., 15., 20., 20.])
    >>> [str(sample.position) for sample in explorer.samples()]
    ['0', '1/2', '1', '3/2']
    >>> CoordinateExplorer([0, 1, 2, 3, 4], size=3, convention="nearest").output
    array([0, 1, 3])
    >>> explorer.size = 0
    Traceback (most recent call last):
        ...
    convlab.explorers.explorer.Refused: size must be at least 1, got 0
    """

    values = Cells(np.array([10, 20]))
    size = Setting(4)
    scale_factor = Setting(None)
    convention = Enum(CONVENTIONS, "half-pixel").tag(sync=True)

    def __init__(self, values=(10, 20), size=None, scale_factor=None, convention="half-pixel", **view):
        if size is None and scale_factor is None and np.ndim(values) == 1:
            size = 2 * len(values)
        given = dict(zip(SETTINGS, (values, size, scale_factor, convention)))
        super().__init__("coordinates", SETTINGS, **given, **view)

    _check_settings = validate(*SETTINGS)(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        values, size, scale = np.asarray(state["values"]), state["size"], state["scale_factor"]
        if values.ndim != 1 or not SHORTEST <= len(values) <= LONGEST:
            raise ValueError(f"values must be a row of {SHORTEST} to {LONGEST} numbers, got shape {values.shape}")
        if (size is None) == (scale is None):
            raise ValueError(f"give either size or scale_factor, got size={size}, scale_factor={scale}")
        if scale is None:
            output_size = integer("size", size, minimum=1)
        else:
            output_size = interpolate_output_size(len(values), scale)
            if abs(HUNDREDTH * scale - round(HUNDREDTH * scale)) > 1e-9:
                raise ValueError(f"scale_factor can have at most two decimals here, got {scale}; or give the size")
        if output_size > SIZE:
            raise ValueError(f"at most {SIZE} output cells can be drawn, got {output_size}")
        return state

    @property
    def output(self) -> Array:
        """The output ``(L_out,)``; copied values keep their dtype, mixed ones are floats."""
        copied = self.convention.startswith("nearest")
        return np.array([sample.value for sample in self.samples()], self.values.dtype if copied else float)

    def samples(self) -> list[Sample]:
        """What each output cell takes, as the page says it."""
        return [_sample(self.values, **sample) for sample in ask("sampled", self.state())["samples"]]


def _sample(values, exact, cells, shares, **_):
    position, weights = Fraction(*exact), tuple(Fraction(*share) for share in shares)
    clamped = min(max(position, Fraction(0)), Fraction(len(values) - 1))
    value = sum(float(weight) * float(values[cell]) for weight, cell in zip(weights, cells))
    return Sample(position, clamped, tuple(cells), weights, value)
