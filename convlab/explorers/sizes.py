"""The size explorer: a chain of layers with the size after each."""

import numpy as np
from traitlets import validate

from convlab.arithmetic import (
    conv_output_size,
    conv_transpose_output_size,
    effective_kernel_size,
    pool_output_size,
    unread_cells,
)
from convlab.explorers.core import Explorer, Setting
from convlab.explorers.scene import chosen_cell, line, looks_of, panel, plural
from convlab.explorers.stack import SMALLEST, as_stack, check_numbers
from convlab.validation import integer
from convlab.views import Conv, ConvTranspose

__all__ = ["SizeExplorer"]

SIZE = 9999
KINDS = {"conv": "convolution", "transpose": "transposed convolution", "pool": "pooling"}


class SizeExplorer(Explorer):
    """A chain of layers with the size after each, what is lost on the way, and whether skip connections fit.

    Parameters
    ----------
    layers : list of Conv, Pool or ConvTranspose
        From :mod:`convlab.views`.
    input_size : int
    skips : dict, optional
        From a layer's number to the number of the layer that it is joined with, 0 for the input.

    Raises
    ------
    ValueError
        If a layer is impossible; the message counts layers from 1.

    Examples
    --------
    >>> layers = [Conv(3, stride=2, padding=1), ConvTranspose(3, stride=2, padding=1)]
    >>> SizeExplorer(layers, 24, skips={2: 0}).scene()["facts"][1]
    'The skip from the input does not fit layer 2: 24 cells, not 23; output_padding 1 in layer 2 would make it fit.'
    """

    title = "Size explorer"

    layers = Setting(
        [
            {
                "kind": "conv",
                "kernel_size": 3,
                "stride": 1,
                "padding": 0,
                "output_padding": 0,
                "dilation": 1,
                "skip": None,
            }
        ]
    )
    input_size = Setting(24)

    def __init__(self, layers=None, input_size=24, skips=None):
        down = Conv(3, stride=2, padding=1)
        up = ConvTranspose(3, stride=2, padding=1)
        layers = as_stack([down, down, up, up] if layers is None else layers)
        if layers and skips is None and input_size == 24 and len(layers) == 4 and layers[3]["kind"] == "transpose":
            skips = {3: 1, 4: 0}
        layers = [layer | {"skip": (skips or {}).get(n, layer["skip"])} for n, layer in enumerate(layers, start=1)]
        super().__init__(kind="sizes", names=["layers", "input_size", "step", "selection"])
        self.set(layers=layers, input_size=input_size)

    @validate("layers", "input_size")
    def _check_layers(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state`` with layers as dicts, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, layers=as_stack(state["layers"]))
        _sizes(state["layers"], state["input_size"])
        return state

    def scene(self):
        """What is shown now, as plain data."""
        return _sizes_scene(self)


def _size_after(layer, size):
    """Size after one layer, and the cells that it never reads (None for a transposed convolution)."""
    check_numbers(layer)
    k, s, p, op, d = (layer[name] for name in SMALLEST)
    if layer["kind"] == "transpose":
        out = conv_transpose_output_size(size, k, s, p, op, d)
        if out > SIZE:
            raise ValueError(f"the output would have {out} cells; at most {SIZE} are shown")
        return out, None
    if layer["kind"] not in KINDS or op:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, the last two without output_padding, got {layer}")
    out = pool_output_size(size, k, s, p, d) if layer["kind"] == "pool" else conv_output_size(size, k, s, p, d)
    return out, unread_cells(size, k, s, p, d)


def _sizes(layers, input_size):
    """``(size, lost)`` of the input and after each layer."""
    if integer("input_size", input_size, minimum=1) > SIZE:
        raise ValueError(f"input_size can be at most {SIZE} here, got {input_size}")
    stages = [(input_size, None)]
    for n, layer in enumerate(layers, start=1):
        try:
            stages.append(_size_after(layer, stages[-1][0]))
            if layer["skip"] is not None and integer("skip", layer["skip"], minimum=0) >= n:
                raise ValueError(f"a skip must come from an earlier layer, got {layer['skip']}")
        except ValueError as error:
            raise ValueError(f"layer {n}: {error}") from None
    return stages


def _stage_name(n):
    return f"layer {n}" if n else "the input"


def _size_panels(stages, wanted, fits):
    """Three rows under each other: sizes, lost cells, skip connections."""
    lost = [lost for _, lost in stages]
    rows = {
        "sizes": ("cells: input, layer 1, layer 2, …", [(str(size), "plain") for size, _ in stages]),
        "lost": (
            "cells at the end that the layer never reads",
            [("", "none") if a is None else (str(a), "unread" if a else "plain") for a in lost],
        ),
        "skip": (
            "cells of the skip connection",
            [("", "none") if want is None else (str(want), "plain") for want in wanted],
        ),
    }
    panels = []
    for name, (title, cells) in rows.items():
        looks = [
            "bad" if name != "lost" and look != "none" and not fit else look for (_, look), fit in zip(cells, fits)
        ]
        panels.append([panel(name, title, [[text for text, _ in cells]], np.array([looks], object))])
    return panels if any(want is not None for want in wanted) else panels[:2]


def _sizes_scene(explorer):
    layers = explorer.layers
    stages = _sizes(layers, explorer.input_size)
    skips = [None, *(layer["skip"] for layer in layers)]
    wanted = [None if skip is None else stages[skip][0] for skip in skips]
    fits = [want is None or want == size for want, (size, _) in zip(wanted, stages)]
    lines = [line("", [("", _size_panels(stages, wanted, fits))])]
    chosen = chosen_cell(explorer, lines, ["sizes", 0, min(explorer.step, len(layers) - 1) + 1])
    n = chosen[2]
    sizes = looks_of(lines)["sizes"][0]
    sizes[n] = "written" if fits[n] else "bad"
    if n:
        sizes[n - 1] = "read"
    facts = [
        "Every layer names its own parameters: those of a transposed convolution are its own, not those of the "
        "convolution that it undoes."
    ]
    facts += [_skip_fact(m, layers, stages, skips[m]) for m in range(len(stages)) if skips[m] is not None]
    shown = {"steps": len(layers), "selection": chosen, "problem": "", "meaning": {"unread": "cells are lost"}}
    return {"lines": lines, "formula": _size_sentence(layers, stages, n), "facts": facts, **shown}


def _skip_fact(n, layers, stages, skip):
    have, want = stages[n][0], stages[skip][0]
    if have == want:
        return f"The skip from {_stage_name(skip)} fits {_stage_name(n)}: {have} cells."
    layer = layers[n - 1]
    op = layer["output_padding"] + want - have
    cure = f"crop or pad {plural(abs(want - have), 'cell')}"
    if layer["kind"] == "transpose" and 0 <= op < max(layer["stride"], layer["dilation"]):
        cure = f"output_padding {op} in layer {n} would make it fit"
    return f"The skip from {_stage_name(skip)} does not fit {_stage_name(n)}: {want} cells, not {have}; {cure}."


def _size_sentence(layers, stages, n):
    if n == 0:
        return f"The input has {plural(stages[0][0], 'cell')}."
    layer = layers[n - 1]
    k, s, p, op, d = (layer[name] for name in SMALLEST)
    i, (size, lost) = stages[n - 1][0], stages[n]
    span = effective_kernel_size(k, d)
    name = f"Layer {n}, {KINDS[layer['kind']]}"
    if layer["kind"] == "transpose":
        return f"{name}: {s}·({i} − 1) + {span} − {p} − {p} + {op} = {size}"
    back = ""
    if lost:
        back = (
            f"; the last {lost} {'is' if lost == 1 else 'are'} never read: a transposed convolution with these "
            f"parameters needs output_padding {lost} to return to {i}"
        )
    return f"{name}: floor(({i} + {p} + {p} − {span}) / {s}) + 1 = {size}{back}"
