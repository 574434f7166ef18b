"""The coordinate explorer: which point of the input each output cell of a resize looks at."""

from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import numpy as np
from traitlets import Enum, validate

from convlab.arithmetic import interpolate_output_size
from convlab.explorers.core import Cells, Explorer, Setting
from convlab.explorers.scene import chosen_cell, factor, line, looks_of, number, panel, panels_of, plural
from convlab.frameworks.resizing import ROUNDINGS, sampling, source_positions
from convlab.validation import integer

__all__ = ["CONVENTIONS", "CoordinateExplorer", "Sample"]

#: Each rule by its usual name, as :func:`convlab.frameworks.sampling` has it.
CONVENTIONS = {
    "half-pixel": sampling("torch", mode="linear", align_corners=False),
    "align_corners": sampling("torch", mode="linear", align_corners=True),
    "asymmetric": sampling("tensorflow", half_pixel_centers=False),
    "nearest": sampling("torch", mode="nearest"),
    "nearest-exact": sampling("torch", mode="nearest-exact"),
}
SETTINGS = ("values", "size", "scale_factor", "convention")
VALUES, SIZE = (2, 12), 24
HUNDREDTH = 100
# How far below the input the ruler begins, in cells: the space between two grids.
GAP = 33 / 30
WHY = {
    "half-pixel": "Cells are squares: output cell m has its centre at (m + 1/2)·i/o − 1/2, and both pictures cover "
    "each other. PyTorch with align_corners=False, and TensorFlow 2, Keras and JAX, count so.",
    "align_corners": "Cells are points: output cell m stands at m·(i − 1)/(o − 1), so the first and the last of both "
    "meet. PyTorch with align_corners=True counts so.",
    "asymmetric": "Output cell m stands at m·i/o: the first cells meet, the rest of the picture is shifted. "
    "TensorFlow 1 counted so; PyTorch has no linear mode that does.",
    "nearest": "PyTorch's “nearest” looks at m·i/o and rounds down: not always to the nearest centre.",
    "nearest-exact": "PyTorch's “nearest-exact” looks at (m + 1/2)·i/o − 1/2 and takes the nearest centre, of two the "
    "right one. TensorFlow 2, Keras and JAX do the same.",
}


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

    Raises
    ------
    ValueError
        If something does not fit, or is too large to be drawn.

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
    convlab.explorers.core.Refused: size must be at least 1, got 0
    """

    title = "Coordinate explorer"

    values = Cells(np.array([10, 20]))
    size = Setting(4)
    scale_factor = Setting(None)
    convention = Enum(tuple(CONVENTIONS), "half-pixel").tag(sync=True)

    def __init__(self, values=(10, 20), size=None, scale_factor=None, convention="half-pixel", **view):
        if size is None and scale_factor is None and np.ndim(values) == 1:
            size = 2 * len(values)
        super().__init__(kind="coordinates", names=[*SETTINGS, "step", "selection"])
        self.set(values=values, size=size, scale_factor=scale_factor, convention=convention, **view)

    @validate(*SETTINGS)
    def _check_settings(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        values, size, scale = np.asarray(state["values"]), state["size"], state["scale_factor"]
        if values.ndim != 1 or not VALUES[0] <= len(values) <= VALUES[1]:
            raise ValueError(f"values must be a row of {VALUES[0]} to {VALUES[1]} numbers, got shape {values.shape}")
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
    def output(self):
        """The output ``(L_out,)``; copied values keep their dtype, mixed ones are floats."""
        values = [sample.value for sample in self.samples()]
        return np.array(values, self.values.dtype if CONVENTIONS[self.convention].rounding else float)

    def samples(self):
        """What each output cell takes, a list of :class:`Sample`."""
        rounding, last = CONVENTIONS[self.convention].rounding, len(self.values) - 1
        return [_sample(position, rounding, self.values, last) for position in _positions(self)]

    def scene(self):
        """What is shown now, as plain data."""
        return _scene(self)


def _output_size(explorer):
    if explorer.size is not None:
        return explorer.size
    return interpolate_output_size(len(explorer.values), explorer.scale_factor)


def _ratio(explorer):
    """Input cells per output cell where the scale factor decides it, as a pair; else None."""
    i, scale = len(explorer.values), explorer.scale_factor
    if scale is None or explorer.convention == "align_corners":
        return None
    # PyTorch copies where a linear mode would keep the size, whatever the factor.
    if explorer.convention == "half-pixel" and _output_size(explorer) == i:
        return None
    exact = Fraction(round(HUNDREDTH * scale), HUNDREDTH)
    return exact.denominator, exact.numerator


def _positions(explorer):
    i, o = len(explorer.values), _output_size(explorer)
    down, up = _ratio(explorer) or (i, o)
    enough = ceil(o / up)  # only the ratio of the two sizes matters, unless corners meet
    return source_positions(CONVENTIONS[explorer.convention].coordinates, enough * down, enough * up)[:o]


def _sample(position, rounding, values, last):
    clamped = min(max(position, Fraction(0)), Fraction(last))
    if rounding:
        cell = min(max(ROUNDINGS[rounding](position), 0), last)
        return Sample(position, clamped, (cell,), (Fraction(1),), values[cell].item())
    low = floor(clamped)
    share = clamped - low
    if not share:
        return Sample(position, clamped, (low,), (Fraction(1),), float(values[low]))
    mixed = float(1 - share) * float(values[low]) + float(share) * float(values[low + 1])
    return Sample(position, clamped, (low, low + 1), (1 - share, share), mixed)


# --- the scene ---------------------------------------------------------------------------------------------------


class _Ruler(NamedTuple):
    """The ruler on paper: ``unit`` cells of the drawing from one input cell to the next, ``begin`` at its left end."""

    unit: float
    begin: float
    wide: float

    def at(self, position):
        return (float(position) - self.begin) * self.unit


def _ruler(explorer, samples):
    """One that is wide enough for every output cell to be at least one cell of the drawing."""
    i, o = len(explorer.values), len(samples)
    down, up = _ratio(explorer) or (i, o)
    if explorer.convention == "align_corners":
        down, up = (i - 1, o - 1) if o > 1 else (1, 1)
    wide = down / up
    unit = max(min(5, max(2, 15 / i)), up / down)
    return _Ruler(unit, min(-0.5, float(samples[0].position) - wide / 2), wide)


def _scene(explorer):
    samples = explorer.samples()
    o, ruler = len(samples), _ruler(explorer, samples)
    lines = [line(_rule(explorer, "m", samples), [("", _panels(explorer, samples, ruler))])]
    step = min(explorer.step, o - 1)
    chosen = chosen_cell(explorer, lines, ["output", 0, step])
    name, _, cell = chosen
    if name == "input":
        formula = _mark_input(explorer, samples, ruler, lines, cell)
    else:
        formula = _mark_output(explorer, samples, ruler, lines, cell)
    facts = [_size_fact(explorer, o), WHY[explorer.convention]]
    facts[0] += f" y = {', '.join(number(sample.value) for sample in samples)}."
    meaning = {"read": "taken", "written": "the output cell"}
    return {
        "lines": lines,
        "formula": formula,
        "facts": facts,
        "steps": o,
        "selection": chosen,
        "problem": "",
        "meaning": meaning,
    }


def _panels(explorer, samples, ruler):
    i, o = len(explorer.values), len(samples)
    plain = np.array([["plain"] * max(i, o)], object)
    boxes = [[ruler.at(j - 0.5), ruler.unit] for j in range(i)]
    half = ruler.wide / 2
    outputs = [[ruler.at(float(one.position) - half), ruler.wide * ruler.unit] for one in samples]
    needles = [[ruler.at(one.position) - 0.125, 0.25] for one in samples]
    values = [[sample.value for sample in samples]]
    look = np.array([["plain"] * o, ["none"] * o], object)
    return [
        [panel("input", f"input x, {plural(i, 'cell')}", [explorer.values], plain[:, :i]) | {"places": boxes}],
        [panel("ruler", "", [[""] * o] * 2, look) | {"places": needles} | _axis(samples, ruler, i)],
        [
            panel("output", f"output y, {plural(o, 'cell')}", values, plain[:, :o])
            | {"places": outputs, "labels": [[ruler.at(one.position), 1.35, str(m)] for m, one in enumerate(samples)]}
        ],
    ]


def _axis(samples, ruler, i):
    """The ruler itself: a line with a tick at the centre of every input cell; dotted beyond the last centres."""
    first, last = ruler.at(0), ruler.at(i - 1)
    ends = [ruler.at(min(samples[0].position, 0)), ruler.at(max(samples[-1].position, i - 1))]
    strokes = [["axis", [first, 1], [last, 1]]]
    strokes += [["outside", [a, 1], [b, 1]] for a, b in ((ends[0], first), (last, ends[1])) if a != b]
    strokes += [["axis", [ruler.at(j), 0.75], [ruler.at(j), 1.25]] for j in range(i)]
    return {"strokes": strokes, "labels": [[ruler.at(j), 1.55, str(j)] for j in range(i)]}


def _link(ruler, sample, cell):
    """From the point looked at up to the middle of an input cell."""
    return ["chosen", [ruler.at(sample.clamped), 0.5], [ruler.at(sample.clamped), 0], [ruler.at(cell), 0.6 - GAP]]


def _mark_output(explorer, samples, ruler, lines, cell):
    """Mark what the output cell takes, and say it."""
    looks, (inputs, scale, _) = looks_of(lines), panels_of(lines)
    sample = samples[cell]
    looks["output"][0][cell] = looks["ruler"][0][cell] = "written"
    for j in sample.cells:
        looks["input"][0][j] = "read"
    scale["strokes"] += [_link(ruler, sample, j) for j in sample.cells]
    if sample.position != sample.clamped:
        tip = ruler.at(sample.clamped)
        back = 0.2 if sample.position > sample.clamped else -0.2
        scale["strokes"].append(["clamp", [ruler.at(sample.position), 0.5], [tip, 0.5]])
        scale["strokes"].append(["clamp", [tip + back, 0.3], [tip, 0.5], [tip + back, 0.7]])
    inputs["labels"] = [[ruler.at(j), 1.35, f"·{number(w)}"] for j, w in zip(sample.cells, sample.weights)]
    return _sentence(explorer, samples, cell)


def _mark_input(explorer, samples, ruler, lines, cell):
    """Mark the outputs that take the input cell, and say with which weights."""
    looks, (_, scale, outputs) = looks_of(lines), panels_of(lines)
    looks["input"][0][cell] = "read"
    parts = []
    outputs["labels"] = []
    for m, sample in enumerate(samples):
        if cell in sample.cells:
            weight = number(sample.weights[sample.cells.index(cell)])
            looks["output"][0][m] = looks["ruler"][0][m] = "written"
            scale["strokes"].append(_link(ruler, sample, cell))
            outputs["labels"].append([ruler.at(sample.position), 1.35, f"·{weight}"])
            parts.append(f"y[{m}] (·{weight})")
    name = f"x[{cell}] = {number(explorer.values[cell])}"
    if not parts:
        return f"{name} enters no output: it is lost."
    return f"{name} enters {plural(len(parts), 'output')}: {', '.join(parts)}"


def _rule(explorer, m, samples):
    """The position of output ``m`` as a formula."""
    i, o, ratio = len(explorer.values), len(samples), _ratio(explorer)
    times = f"·{i}/{o}" if ratio is None else f"/{number(explorer.scale_factor)}"
    if explorer.convention == "align_corners":
        text = f"{m}·({i} − 1)/({o} − 1)" if o > 1 else "0, the first cell"
    elif explorer.convention in ("asymmetric", "nearest"):
        text = f"{m}{times}"
    else:
        text = f"({m} + 1/2){times} − 1/2"
    return f"{explorer.convention}: output m looks at {text}" if m == "m" else text


def _sentence(explorer, samples, m):
    sample, last = samples[m], len(explorer.values) - 1
    rounding = CONVENTIONS[explorer.convention].rounding
    position = number(sample.position)
    rule = _rule(explorer, m, samples)
    where = rule if rule.startswith("0, ") else f"{rule} = {position}"
    if rounding:
        word = "rounded down to" if rounding == "floor" else "nearest centre"
        where += f", {word} {sample.cells[0]}"
    elif sample.position != sample.clamped:
        side = "left of the first centre" if sample.position < 0 else "right of the last centre"
        where += f", {side}, clamped to {0 if sample.position < 0 else last}"
    name, x = f"Output {m} looks at {where}: y[{m}]", explorer.values
    if len(sample.cells) == 1:
        return f"{name} = x[{sample.cells[0]}] = {number(sample.value)}"
    symbols = " + ".join(f"{number(w)}·x[{j}]" for j, w in zip(sample.cells, sample.weights))
    terms = " + ".join(f"{number(w)}·{factor(x[j])}" for j, w in zip(sample.cells, sample.weights))
    return f"{name} = {symbols} = {terms} = {number(sample.value)}"


def _size_fact(explorer, o):
    i, scale = len(explorer.values), explorer.scale_factor
    if scale is None:
        return f"i = {i} input cells, o = {o} output cells."
    text = f"i = {i} input cells, scale_factor {number(scale)}: o = floor({i}·{number(scale)}) = {o} output cells."
    if explorer.convention == "align_corners":
        return f"{text} align_corners=True counts with the sizes; the factor itself is not used."
    if explorer.convention == "half-pixel" and o == i:
        return f"{text} The size stays, so PyTorch copies, whatever the factor."
    if scale * i == o:
        return text
    return f"{text} The positions are those of the factor, 1/{number(scale)} for a step, not of {i}/{o}."
