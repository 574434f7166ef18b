"""What the size and the receptive field explorer share: a stack of layers on one axis."""

from convlab import views
from convlab.explorers.explorer import LIMITS, check_at_most
from convlab.views import Conv, ConvTranspose, Pool

__all__ = ["NETWORKS", "SMALLEST", "as_stack", "check_numbers"]

#: The networks of :mod:`convlab.views` that can be shown, with the input size and the skips that they have there.
NETWORKS = LIMITS["networks"]
LAYERS, LARGEST = LIMITS["stack"]["layers"], LIMITS["stack"]["kernel"]
SMALLEST = {"kernel_size": 1, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
KINDS = {"conv": Conv, "transpose": ConvTranspose, "pool": Pool}


def check_numbers(layer: dict) -> None:
    """Refuse a kind that is none, and a number of a layer that is out of range."""
    if layer["kind"] not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {layer['kind']!r}")
    for name, smallest in SMALLEST.items():
        check_at_most(name, layer[name], smallest, LARGEST)
    if layer["output_padding"] and layer["kind"] != "transpose":
        raise ValueError(f"output_padding belongs to a transposed convolution, got {layer['output_padding']}")


def _as_dict(layer):
    """A layer of :mod:`convlab.views`, or the numbers of a ``Conv``, as the page has it; a dict stays."""
    if isinstance(layer, dict):
        return layer
    layer = Conv(*layer) if type(layer) is tuple else layer
    kind = next((kind for kind, one in KINDS.items() if type(layer) is one), None)
    if kind is None:
        raise TypeError(f"layers must hold Conv, Pool, ConvTranspose, tuples like (3, 1, 1), or dicts, got {layer!r}")
    fields = layer._asdict()
    if fields.pop("ceil_mode", False):
        raise ValueError("ceil_mode cannot be shown here")
    if fields["stride"] is None:
        fields["stride"] = fields["kernel_size"]
    return {"kind": kind, "output_padding": 0, "skip": None} | fields


def _network(name):
    if name not in NETWORKS:
        raise ValueError(f"layers must be a list or one of {', '.join(NETWORKS)}, got {name!r}")
    return views.NETWORKS[name]


def as_stack(layers: str | list | tuple) -> list[dict]:
    """The layers as the page has them, at least one; a name is that of a network in :data:`NETWORKS`.

    >>> [layer["kernel_size"] for layer in as_stack([(3, 1, 1)] * 2 + [Pool(2)])]
    [3, 3, 2]
    >>> len(as_stack("VGG16"))
    18
    """
    layers = _network(layers) if isinstance(layers, str) else layers
    if not isinstance(layers, (list, tuple)) or not 1 <= len(layers) <= LAYERS:
        raise ValueError(f"layers must be a list of 1 to {LAYERS} layers, got {layers!r}")
    return [_as_dict(layer) for layer in layers]
