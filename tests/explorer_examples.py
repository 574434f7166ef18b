"""Explorers to test: one of each kind as a lesson makes it, random ones, and the questions that JavaScript answers."""

import json
import random

import numpy as np

from convlab.explorers import (
    CheckerboardExplorer,
    ConvExplorer,
    CoordinateExplorer,
    MatrixExplorer,
    PaddingExplorer,
    ReceptiveFieldExplorer,
    ShapeExplorer,
    SizeExplorer,
    javascript,
)
from convlab.explorers.coordinate_explorer import CONVENTIONS
from convlab.explorers.padding_explorer import TAKES
from convlab.views import Conv, ConvTranspose, Pool

SVG = "{http://www.w3.org/2000/svg}"

# Expressions, after ``from convlab.explorers import *``.
LESSONS = {
    "convolution": "ConvExplorer(input_size=(6, 6), stride=2, padding=1)",
    "transposed": "ConvExplorer(input_size=(3, 3), stride=2, padding=1, output_padding=1, transposed=True)",
    "pitfall": "PaddingExplorer('keras')",
    "sizes": "SizeExplorer()",
    "matrix": "MatrixExplorer(np.array([1, 2, 3]), np.array([1, 1]), transposed=True)",
    "checkerboard": "CheckerboardExplorer()",
    "receptive": "ReceptiveFieldExplorer()",
    "coordinates": "CoordinateExplorer()",
    "shapes": "ShapeExplorer('conv_transpose2d', in_channels=4, out_channels=2, groups=2, kernel_size=(3, 3))",
}
MADE = {name: lambda source=source: eval(source) for name, source in LESSONS.items()}

# Each control of a state is moved once: what it changes, and whether the new state is a problem.
MOVES = """
function moves(kind, state) {
  const values = ({ type, value, options }) =>
    type === "whole" ? [value - 1, value + 1] : type === "choice" ? options.map(([one]) => one) : [value];
  const moved = (field) => values(field).map((value) => {
    try {
      const next = { ...state, ...field.change(value) };
      return [field.id, value, fronts[kind].problem(next), next];
    } catch (error) {
      return [field.id, value, error.message, null];
    }
  });
  return fronts[kind].controls(state).flatMap((group) => group.fields).flatMap(moved);
}
"""


def ask(function, *arguments):
    """As ``convlab.explorers.javascript.ask``, of the module with ``moves``; a test plants its faults there."""
    return javascript.ask(function, *arguments, module=module_text())


def module_text():
    return MOVES + javascript.module_text()


def plant(monkeypatch, right, wrong):
    """Ask a module with a fault from now on."""
    text = javascript.module_text()
    assert text.count(right) == 1, right
    monkeypatch.setattr(javascript, "module_text", lambda: text.replace(right, wrong))


def panels(scene):
    return [one for line in scene["lines"] for block in line["blocks"] for row in block["panels"] for one in row]


def grids(explorer):
    return {one["name"]: one for one in panels(explorer.scene())}


def where(panel, look):
    """The cells of a panel that look so."""
    return {(y, x) for y, row in enumerate(panel["look"]) for x, one in enumerate(row) if one == look}


def taken(explorer, state):
    """Whether Python takes a state that the page made."""
    try:
        explorer.checked({n: np.array(v) if n in ("input", "weight", "values") else v for n, v in state.items()})
    except (TypeError, ValueError):
        return False
    return True


def looks_drawn(root):
    """The looks of the cells of a still picture: not of the legend, not of the marks."""
    cells = [rect for rect in root.iter(f"{SVG}rect") if "x" in rect.attrib]
    return [rect.get("class").removeprefix("cl-cell cl-") for rect in cells if "cl-cell" in rect.get("class", "")]


def as_json(value):
    return json.loads(json.dumps(value))


def random_layer(rng, decimals=True, largest_size=6):
    """Arguments of a ``ConvExplorer``; many of them impossible."""
    nd, groups, transposed = rng.choice((1, 2)), rng.choice((1, 1, 1, 2)), rng.random() < 0.6
    several = rng.random() < 0.4
    c_in, c_out = (groups * rng.choice((1, 2)) if several else groups for _ in range(2))
    size, kernel = ([rng.randint(1, largest) for _ in range(nd)] for largest in (largest_size, 4))
    shape = (c_in, c_out // groups, *kernel) if transposed else (c_out, c_in // groups, *kernel)
    weights = (-10, -1, 0, 1, 2, 10, 100) + ((0.5, -0.25) if decimals else ())
    return {
        "input": np.array([rng.randint(-9, 9) for _ in range(c_in * int(np.prod(size)))]).reshape(c_in, *size),
        "weight": np.array([rng.choice(weights) for _ in range(int(np.prod(shape)))]).reshape(shape),
        "stride": tuple(rng.randint(1, 4) for _ in range(nd)),
        "padding": tuple((rng.randint(0, 3), rng.randint(0, 3)) for _ in range(nd)),
        "output_padding": tuple(rng.choice((0, 0, 1, 2)) if transposed else 0 for _ in range(nd)),
        "dilation": tuple(rng.randint(1, 3) for _ in range(nd)),
        "groups": groups,
        "transposed": transposed,
    }


def random_view(rng):
    return {
        "walk": rng.choice(("input", "output")),
        "reveal": rng.choice(("all", "step")),
        "step": rng.randint(0, 20),
        "view": "both",
    }


def random_cell(rng, scene):
    one = rng.choice(panels(scene))
    return [one["name"], rng.randrange(len(one["text"])), rng.randrange(len(one["text"][0]))]


def several(make, count, seed=0):
    """``count`` things that ``make(rng)`` makes, without those that it refuses."""
    rng, made = random.Random(seed), []
    while len(made) < count:
        try:
            made.append(make(rng))
        except ValueError:
            continue
    return made


def _array(rng, shape, values):
    return np.array([rng.choice(values) for _ in range(int(np.prod(shape)))]).reshape(shape)


def _shape(rng, flat, longest, sides):
    return (rng.randint(1, longest),) if flat else (rng.randint(1, sides), rng.randint(1, sides))


def random_call(rng, state):
    """The state of a ``PaddingExplorer`` for a framework's call, often one that it refuses; input and weight square."""
    framework = rng.choice(list(TAKES))
    lowest = -2 if framework == "jax" else 0
    i, k = rng.randint(1, 4), rng.randint(1, 5)
    return state | {
        "framework": framework,
        "mode": rng.choice(list(TAKES[framework])),
        "stride": rng.randint(1, 4),
        "dilation": rng.choice((1, 1, 2, 3)),
        "begin": rng.randint(lowest, 4),
        "end": rng.randint(lowest, 4),
        "output_padding": rng.choice((0, 0, 1, 2, 3) + ((None,) if framework == "keras" else ())),
        "output_size": rng.choice((None, *range(1, 16))),
        "transpose_kernel": rng.random() < 0.5,
        "use_consistent_padding": rng.random() < 0.5,
        "input": _array(rng, (i, i), range(-9, 10)).tolist(),
        "weight": _array(rng, (k, k), range(-9, 10)).tolist(),
    }


def _pitfall(rng):
    explorer = PaddingExplorer()
    call = random_call(rng, explorer.state())
    call["input"] = call["input"][: rng.randint(1, 4)]
    arrays = {name: np.array(call[name]) for name in ("input", "weight")}
    explorer.set(**{name: arrays.get(name, value) for name, value in call.items()})
    return explorer


def _matrix(rng):
    flat = rng.random() < 0.5
    x = _array(rng, _shape(rng, flat, 12, 5), range(-9, 10))
    w = _array(rng, _shape(rng, flat, 4, 3), (0, 1, -2, 0.5, 10))
    return MatrixExplorer(x, w, rng.randint(1, 3), rng.randint(0, 2), rng.randint(1, 3), rng.random() < 0.5)


def _checkerboard(rng):
    w = _array(rng, _shape(rng, rng.random() < 0.5, 7, 5), (-1, 0, 1, 2, 3))
    return CheckerboardExplorer(w, stride=rng.randint(1, 4), input_size=rng.randint(1, 6))


def _sizes(rng):
    layers = []
    for _ in range(rng.randint(1, 6)):
        k, s, p, d = rng.randint(1, 5), rng.randint(1, 3), rng.randint(0, 2), rng.randint(1, 2)
        layers.append(rng.choice((Conv(k, s, p, d), ConvTranspose(k, s, p, rng.choice((0, 1)), d), Pool(k, s, p))))
    skips = {n + 1: rng.randint(0, n) for n in range(len(layers)) if rng.random() < 0.3}
    return SizeExplorer(layers, rng.randint(1, 60), skips=skips)


def _receptive(rng):
    layers = [Conv(rng.randint(1, 4), rng.choice((1, 1, 2, 3)), 0, rng.randint(1, 4)) for _ in range(rng.randint(1, 4))]
    return ReceptiveFieldExplorer(layers)


def _coordinates(rng):
    i = rng.randint(2, 12)
    values = [rng.choice((rng.randint(-9, 99), rng.randint(-99, 99) / 8, 100 * rng.randint(0, 9))) for _ in range(i)]
    size = {"size": rng.randint(1, 24)}
    if rng.random() < 0.5:
        size = {"scale_factor": round(rng.uniform(1 / i, min(24.9 / i, 8)), rng.choice((0, 1, 2)))}
    return CoordinateExplorer(values, convention=rng.choice(list(CONVENTIONS)), step=rng.randint(0, 24), **size)


def random_shapes(rng):
    """Arguments of a ``ShapeExplorer``, some of them impossible, the input often not fitting."""
    groups, keras = rng.choice((1, 1, 2, 3, 4, 16)), rng.random() < 0.4
    layout = rng.choice(("channels_last", "channels_first")) if keras else "channels_first"
    channels = [groups * rng.choice((1, 2, 3, 9)) for _ in range(2)]
    shape, at = [rng.randint(1, 4), *(rng.randint(1, 7) for _ in range(3))], 1 if layout == "channels_first" else 3
    where = rng.choice((at, at, at, 4 - at, 0))
    if where:
        shape[where] = channels[0]
    layer = {"operator": rng.choice(("conv2d", "conv_transpose2d")), "framework": "keras" if keras else "torch"}
    layer |= {"data_format": layout, "in_channels": channels[0], "out_channels": channels[1], "groups": groups}
    for name, values in (("kernel_size", (1, 2, 3, 4)), ("stride", (1, 1, 2, 3)), ("dilation", (1, 1, 1, 2))):
        layer[name] = (rng.choice(values), rng.choice(values))
    layer["padding"] = rng.choice(("valid", "same")) if keras else (rng.randint(0, 3), rng.randint(0, 3))
    if layer["operator"] == "conv_transpose2d":
        layer["output_padding"] = rng.choice((None, 0, (rng.randint(0, 2), rng.randint(0, 2))))
    return layer | {"bias": rng.random() < 0.7, "input_shape": tuple(shape)}


RANDOM = {
    "convolution": lambda rng: ConvExplorer(**random_layer(rng), **random_view(rng)),
    "pitfall": _pitfall,
    "matrix": _matrix,
    "checkerboard": _checkerboard,
    "sizes": _sizes,
    "receptive": _receptive,
    "coordinates": _coordinates,
    "shapes": lambda rng: ShapeExplorer(**random_shapes(rng)),
}


def some_explorers(kind, count=150):
    """Explorers of random settings, at a random step, most with a pinned cell."""

    def make(rng):
        explorer = RANDOM[kind](rng)
        explorer.step = rng.randint(0, 20)
        if rng.random() < 0.6:
            explorer.selection = random_cell(rng, explorer.scene())
        return explorer

    return several(make, count, seed=2)
