"""What the size and the receptive field explorer share: a stack of layers on one axis."""

from convlab.validation import integer
from convlab.views import Conv, ConvTranspose, Pool

__all__ = ["SMALLEST", "as_stack", "check_numbers"]

LAYERS, LARGEST = 10, 64
SMALLEST = {"kernel_size": 1, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}


def check_numbers(layer):
    """Refuse a number of a layer that is out of range."""
    for name, smallest in SMALLEST.items():
        if name in layer and integer(name, layer[name], minimum=smallest) > LARGEST:
            raise ValueError(f"{name} can be at most {LARGEST} here, got {layer[name]}")


def _as_dict(layer):
    """A layer of :mod:`convlab.views` as the page has it; a dict stays."""
    kinds = {Conv: "conv", ConvTranspose: "transpose", Pool: "pool"}
    if type(layer) not in kinds:
        if not isinstance(layer, dict):
            raise TypeError(f"layers must hold Conv, Pool, ConvTranspose or dicts, got {layer!r}")
        return layer
    fields = layer._asdict()
    if fields.pop("ceil_mode", False):
        raise ValueError("ceil_mode cannot be shown here")
    if fields["stride"] is None:
        fields["stride"] = fields["kernel_size"]
    return {"kind": kinds[type(layer)], "output_padding": 0, "skip": None} | fields


def as_stack(layers):
    """The layers as the page has them, at least one."""
    if not isinstance(layers, (list, tuple)) or not 1 <= len(layers) <= LAYERS:
        raise ValueError(f"layers must be a list of 1 to {LAYERS} layers, got {layers!r}")
    return [_as_dict(layer) for layer in layers]
