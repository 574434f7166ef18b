"""The size explorer: a chain of layers with the size after each."""

from traitlets import validate

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, pool_output_size
from convlab.explorers.explorer import LIMITS, Explorer, Setting, check_at_most
from convlab.explorers.stack import NETWORKS, SMALLEST, as_stack, check_numbers
from convlab.validation import integer
from convlab.views import Conv, ConvTranspose

__all__ = ["SizeExplorer"]

SIZE = LIMITS["stack"]["size"]


class SizeExplorer(Explorer):
    """A chain of layers with the size after each, what is lost on the way, and whether skip connections fit.

    A refusal counts layers from 1.

    Parameters
    ----------
    layers : list of Conv, Pool or ConvTranspose, or str
        From :mod:`convlab.views`, a tuple stands for a ``Conv``; or the name of a network: ``"VGG16"``, ``"U-Net"``.
        At most 60, of kernels up to 1024.
    input_size : int, optional
        24, or what the network usually gets.
    skips : dict, optional
        From a layer's number to the number of the layer that it is joined with, 0 for the input.

    Examples
    --------
    >>> layers = [Conv(3, stride=2, padding=1), ConvTranspose(3, stride=2, padding=1)]
    >>> SizeExplorer(layers, 24, skips={2: 0}).scene()["facts"][1]
    'The skip from the input does not fit layer 2: 24 cells, not 23; output_padding 1 in layer 2 would make it fit.'
    """

    layers = Setting(as_stack([Conv(3)]))
    input_size = Setting(24)

    def __init__(self, layers=None, input_size=None, skips=None, **view):
        network = NETWORKS.get(layers, {}) if isinstance(layers, str) else {}
        input_size = network.get("input_size", 24) if input_size is None else input_size
        if network and skips is None:
            skips = {int(n): source for n, source in network.get("skips", {}).items()}
        down = Conv(3, stride=2, padding=1)
        up = ConvTranspose(3, stride=2, padding=1)
        layers = as_stack([down, down, up, up] if layers is None else layers)
        if layers and skips is None and input_size == 24 and len(layers) == 4 and layers[3]["kind"] == "transpose":
            skips = {3: 1, 4: 0}
        layers = [layer | {"skip": (skips or {}).get(n, layer["skip"])} for n, layer in enumerate(layers, start=1)]
        super().__init__("sizes", ["layers", "input_size"], layers=layers, input_size=input_size, **view)

    _check_settings = validate("layers", "input_size")(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state`` with layers as dicts, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, layers=as_stack(state["layers"]))
        _check_sizes(state["layers"], state["input_size"])
        return state


def _size_after(layer, size):
    check_numbers(layer)
    k, s, p, op, d = (layer[name] for name in SMALLEST)
    if layer["kind"] == "transpose":
        out = conv_transpose_output_size(size, k, s, p, op, d)
        if out > SIZE:
            raise ValueError(f"the output would have {out} cells; at most {SIZE} are shown")
        return out
    return (pool_output_size if layer["kind"] == "pool" else conv_output_size)(size, k, s, p, d)


def _check_sizes(layers, size):
    check_at_most("input_size", size, 1, SIZE)
    for n, layer in enumerate(layers, start=1):
        try:
            size = _size_after(layer, size)
            if layer["skip"] is not None and integer("skip", layer["skip"], minimum=0) >= n:
                raise ValueError(f"a skip must come from an earlier layer, got {layer['skip']}")
        except ValueError as error:
            raise ValueError(f"layer {n}: {error}") from None
