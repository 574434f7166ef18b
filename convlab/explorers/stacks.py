"""The size explorer and the receptive field explorer: stacks of layers on one axis."""

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
from convlab.explorers.scene import chosen_cell, line, listed, looks_of, panel, plural
from convlab.validation import integer
from convlab.views import Conv, ConvTranspose, Pool, paths_per_input, reads, receptive_fields

__all__ = ["ReceptiveFieldExplorer", "SizeExplorer"]

LAYERS, LARGEST, SIZE = 10, 64, 9999
FIELD, PLANE = 48, 17
KINDS = {"conv": "convolution", "transpose": "transposed convolution", "pool": "pooling"}
SMALLEST = {"kernel_size": 1, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}


def _numbers(layer):
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


def _stack(layers):
    if not isinstance(layers, (list, tuple)) or not 1 <= len(layers) <= LAYERS:
        raise ValueError(f"layers must be a list of 1 to {LAYERS} layers, got {layers!r}")
    return [_as_dict(layer) for layer in layers]


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
        layers = _stack([down, down, up, up] if layers is None else layers)
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
        state = dict(state, layers=_stack(state["layers"]))
        _sizes(state["layers"], state["input_size"])
        return state

    def scene(self):
        """What is shown now, as plain data."""
        return _sizes_scene(self)


def _size_after(layer, size):
    """Size after one layer, and the cells that it never reads (None for a transposed convolution)."""
    _numbers(layer)
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


class ReceptiveFieldExplorer(Explorer):
    """What one output cell of a stack sees: the field, its holes, and the paths from each cell.

    Parameters
    ----------
    layers : list of Conv or Pool
        From :mod:`convlab.views`; padding does not matter and is ignored.

    Raises
    ------
    ValueError
        If the field has more than 48 cells.

    Examples
    --------
    >>> ReceptiveFieldExplorer([Conv(3, dilation=2), Conv(3, dilation=2)]).scene()["facts"][1]
    '5 of 9 cells are seen, in two dimensions 31 %. Holes: 1, 3, 5, 7. The parameters are those of direct ...
    """

    title = "Receptive field explorer"

    layers = Setting([{"kernel_size": 3, "stride": 1, "dilation": 1}])

    def __init__(self, layers=None):
        layers = _stack([Conv(3), Conv(3, dilation=2), Conv(3, dilation=4)] if layers is None else layers)
        if any(layer["kind"] == "transpose" for layer in layers):
            raise ValueError(
                "a transposed convolution has no single receptive field; use convlab.views.receptive_fields"
            )
        super().__init__(kind="receptive", names=["layers", "step", "selection"])
        self.layers = layers

    @validate("layers")
    def _check_layers(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state`` with layers as dicts, or raise ``TypeError`` or ``ValueError``."""
        layers = [
            {name: layer[name] for name in ("kernel_size", "stride", "dilation")} for layer in _stack(state["layers"])
        ]
        for layer in layers:
            _numbers(layer)
        size = receptive_fields(_convs(layers))[-1].size
        if size > FIELD:
            raise ValueError(f"the receptive field would be {size} cells; at most {FIELD} can be drawn")
        return dict(state, layers=layers)

    def scene(self):
        """What is shown now, as plain data."""
        return _receptive_scene(self)


def _convs(layers):
    return [Conv(layer["kernel_size"], layer["stride"], 0, layer["dilation"]) for layer in layers]


def _level_counts(stack):
    """For each level, from the input up: paths of each cell to output cell 0, holes as 0."""
    levels = []
    for level in range(len(stack)):
        paths = paths_per_input(stack[level:], 0)
        levels.append([paths.get(cell, 0) for cell in range(max(paths) + 1)])
    return [*levels, [1]]


def _field_lines(counts, columns, size):
    """One row for each level, the output on top; and the plane if it is small enough."""
    top = len(counts) - 1
    titles = [f"input: {size} cells, with the number of paths to the output"]
    titles += [f"after layer {level}" for level in range(1, top)] + [f"one output cell, after layer {top}"]
    rows = []
    for level in range(top, -1, -1):
        texts, look = [""] * size, ["none"] * size
        for column, count in zip(columns[level], counts[level]):
            texts[column], look[column] = str(count), "plain" if count else "hole"
        rows.append([panel(f"level {level}", titles[level], [texts], np.array([look], object))])
    lines = [line("", [("", rows)])]
    if size <= PLANE:
        plane = np.outer(counts[0], counts[0])
        one = panel("plane", f"input {size}×{size}", plane, np.where(plane > 0, "plain", "hole").astype(object))
        lines.append(line("The same stack in two dimensions: paths of each input cell", [("", [[one]])]))
    return lines


def _receptive_scene(explorer):
    stack = _convs(explorer.layers)
    fields = receptive_fields(stack)
    jumps, sizes = [1, *(field.jump for field in fields)], [1, *(field.size for field in fields)]
    counts, size = _level_counts(stack), sizes[-1]
    # A cell is drawn above the middle of what it sees.
    columns = [[jumps[n] * c + (sizes[n] - 1) // 2 for c in range(len(counts[n]))] for n in range(len(counts))]
    lines = _field_lines(counts, columns, size)
    looks = looks_of(lines)
    chosen = chosen_cell(explorer, lines, ["level 0", 0, min(explorer.step, size - 1)])
    name, y, x = chosen
    if name == "plane":
        formula = _plane_sentence(counts[0], y, x)
        looks["plane"][y][x] = "read" if counts[0][y] * counts[0][x] else "hole"
    else:
        level = int(name.split(" ")[1])
        formula = _mark_paths(stack, counts, columns, level, columns[level].index(x), looks)
    shown = {"steps": size, "selection": chosen, "problem": "", "meaning": {"written": "on its way to the output"}}
    return {"lines": lines, "formula": formula, "facts": _field_facts(stack, jumps, counts[0]), **shown}


def _field_facts(stack, jumps, seen):
    size, reached = len(seen), sum(count > 0 for count in seen)
    holes = listed([str(n) for n, count in enumerate(seen) if not count], ", ")
    terms = " + ".join(f"{k - 1}·{d}·{jump}" for (k, _, _, d), jump in zip(stack, jumps))
    percent = int(100 * reached * reached / (size * size) + 0.5)
    return [
        f"Receptive field 1 + {terms} = {size} cells: for each layer (kernel_size − 1)·dilation·(product of the "
        "strides before it).",
        f"{reached} of {size} cells are seen, in two dimensions {percent} %. "
        f"{f'Holes: {holes}.' if holes else 'There are no holes.'} "
        "The parameters are those of direct convolutions or pools.",
    ]


def _plane_sentence(seen, y, x):
    if not seen[y] * seen[x]:
        return f"Input cell [{y}, {x}] is a hole: no path leads to the output."
    return f"Input cell [{y}, {x}]: {seen[y]}·{seen[x]} = {plural(seen[y] * seen[x], 'path')} to the output"


def _mark_paths(stack, counts, columns, level, cell, looks):
    """Down to the input: read; up to the output: written."""
    if not counts[level][cell]:
        where = f"after layer {level}" if level else "of the input"
        return f"Cell {cell} {where} is a hole: no path leads from it to the output."
    below, above = {cell}, {cell}
    for at in range(level, 0, -1):
        below = {read for one in below for read in reads(stack[at - 1], one)}
        for one in below:
            looks[f"level {at - 1}"][0][columns[at - 1][one]] = "read"
    for at in range(level, len(stack)):
        candidates = [one for one, count in enumerate(counts[at + 1]) if count]
        above = {one for one in candidates if above & set(reads(stack[at], one))}
        for one in above:
            looks[f"level {at + 1}"][0][columns[at + 1][one]] = "written"
    looks[f"level {level}"][0][columns[level][cell]] = "read"
    paths = f"{plural(counts[level][cell], 'path')} to the output"
    if not level:
        return f"Input cell {cell}: {paths}"
    return f"Cell {cell} after layer {level}: {paths}; it sees {plural(len(below), 'input cell')}."
