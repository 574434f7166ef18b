"""The receptive field explorer: what one output cell of a stack of layers sees."""

from math import prod

from traitlets import validate

from convlab.explorers.explorer import LIMITS, Explorer, Setting
from convlab.explorers.stack import SMALLEST, as_stack, check_numbers
from convlab.validation import integer
from convlab.views import Conv

__all__ = ["ReceptiveFieldExplorer"]

FIELD, PHASES = LIMITS["stack"]["size"], LIMITS["stack"]["phases"]
FIELDS = ("kind", *SMALLEST)


class ReceptiveFieldExplorer(Explorer):
    """What one output cell of a stack sees: the field, its holes, and the paths from each cell.

    A field of up to 48 cells is drawn cell by cell, a larger one, up to 100,000, to scale. Behind a transposed
    convolution not all output cells see equally many; that of the cell that sees most is drawn.

    Parameters
    ----------
    layers : list of Conv, Pool or ConvTranspose, or str
        From :mod:`convlab.views`, a tuple stands for a ``Conv``; or the name of a network: ``"VGG16"``. Padding does
        not matter and is ignored. At most 60, of kernels up to 1024.
    layer : int
        Which layer the fields on the page change, from 1.

    Examples
    --------
    >>> ReceptiveFieldExplorer([Conv(3, dilation=2), Conv(3, dilation=2)]).scene()["facts"][1]
    '5 of 9 cells are seen, in two dimensions 31 %. Holes: 1, 3, 5, 7. The parameters are those of the ...
    """

    layers = Setting(as_stack([Conv(3)]))
    layer = Setting(1)

    def __init__(self, layers=None, layer=1, **view):
        layers = as_stack([Conv(3), Conv(3, dilation=2), Conv(3, dilation=4)] if layers is None else layers)
        super().__init__("receptive", ["layers", "layer"], layers=layers, layer=layer, **view)

    _check_settings = validate("layers", "layer")(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state`` with layers as dicts, or raise ``TypeError`` or ``ValueError``."""
        layers = [{"padding": 0, "output_padding": 0} | layer for layer in as_stack(state["layers"])]
        layers = [{name: layer[name] for name in FIELDS} | {"padding": 0, "output_padding": 0} for layer in layers]
        for n, layer in enumerate(layers, start=1):
            try:
                check_numbers(layer)
            except ValueError as error:
                raise ValueError(f"layer {n}: {error}") from None
        integer("layer", state["layer"], minimum=1)
        size = _field(layers)
        if size > FIELD:
            raise ValueError(f"the receptive field would be {size} cells; at most {FIELD} can be drawn")
        return dict(state, layers=layers)


def _field(layers):
    """How many input cells one output cell sees; behind a transposed convolution, the one that sees most."""
    up = [layer for layer in layers if layer["kind"] == "transpose"]
    if any(layer["dilation"] > 1 or layer["kernel_size"] < layer["stride"] for layer in up):
        raise ValueError("a transposed convolution must have dilation 1 and at least a kernel_size of its stride here")
    phases = prod(layer["stride"] for layer in up)
    if phases > PHASES:
        raise ValueError(f"the strides of the transposed convolutions make {phases}; at most {PHASES} can be drawn")
    return max(_seen(layers, cell) for cell in range(phases))


def _seen(layers, cell):
    first = last = cell
    for layer in reversed(layers):
        stride, reach = layer["stride"], layer["dilation"] * (layer["kernel_size"] - 1)
        if layer["kind"] == "transpose":
            first, last = -((reach - first) // stride), last // stride
        else:
            first, last = stride * first, stride * last + reach
    return last - first + 1
