"""The receptive field explorer: what one output cell of a stack of layers sees."""

import numpy as np
from traitlets import validate

from convlab.explorers.core import Explorer, Setting
from convlab.explorers.scene import chosen_cell, line, listed, looks_of, panel, plural
from convlab.explorers.stack import as_stack, check_numbers
from convlab.views import Conv, paths_per_input, reads, receptive_fields

__all__ = ["ReceptiveFieldExplorer"]

FIELD, PLANE = 48, 17


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
        layers = as_stack([Conv(3), Conv(3, dilation=2), Conv(3, dilation=4)] if layers is None else layers)
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
            {name: layer[name] for name in ("kernel_size", "stride", "dilation")} for layer in as_stack(state["layers"])
        ]
        for layer in layers:
            check_numbers(layer)
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
