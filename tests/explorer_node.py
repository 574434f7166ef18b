"""The explorers' ES module, run by node: ``ask(questions)``; and random states to ask about."""

import functools
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import numpy as np
import pytest

from convlab.explorers import (
    CheckerboardExplorer,
    ConvExplorer,
    MatrixExplorer,
    PaddingExplorer,
    ReceptiveFieldExplorer,
    SizeExplorer,
)
from convlab.explorers.core import module_text
from convlab.explorers.padding_pitfall import TAKES
from convlab.views import Conv, ConvTranspose, Pool

ANSWERER = pathlib.Path(__file__).with_name("explorer_scenes.mjs")


def require_node():
    """Return the path of node. Without it skip the test, but fail in CI, where nothing may be skipped unseen."""
    path = shutil.which(os.environ.get("CONVLAB_NODE", "node"))
    if path:
        return path
    sentence = "The tests of the explorers' JavaScript need node. Install it (Debian, Ubuntu: apt-get install nodejs)."
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)


@functools.cache
def _module(text):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="convlab-explorers-"))
    (folder / "explorer.mjs").write_text(text, "utf-8")
    return folder / "explorer.mjs"


def ask(questions, module=None):
    """Answers of the module to ``["scene", kind, state]`` and so on; see explorer_scenes.mjs."""
    command = [require_node(), str(ANSWERER), str(_module(module or module_text()))]
    done = subprocess.run(command, input=json.dumps(questions), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


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
    return {"walk": rng.choice(("input", "output")), "reveal": rng.choice(("all", "step")), "step": rng.randint(0, 20)}


def panels(scene):
    return [one for line in scene["lines"] for block in line["blocks"] for row in block["panels"] for one in row]


def random_cell(rng, scene):
    one = rng.choice(panels(scene))
    return [one["name"], rng.randrange(len(one["text"])), rng.randrange(len(one["text"][0]))]


def as_json(value):
    return json.loads(json.dumps(value))


def several(make, count, seed=0):
    """``count`` things that ``make(rng)`` makes, without those that it refuses."""
    rng, made = random.Random(seed), []
    while len(made) < count:
        try:
            made.append(make(rng))
        except ValueError:
            continue
    return made


# --- random explorers of each kind -------------------------------------------------------------------------------


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


RANDOM = {
    "convolution": lambda rng: ConvExplorer(**random_layer(rng), **random_view(rng)),
    "pitfall": _pitfall,
    "matrix": _matrix,
    "checkerboard": _checkerboard,
    "sizes": _sizes,
    "receptive": _receptive,
}


def some_explorers(kind):
    """Explorers of random settings, at a random step, most with a pinned cell."""

    def make(rng):
        explorer = RANDOM[kind](rng)
        explorer.step = rng.randint(0, 20)
        if rng.random() < 0.6:
            explorer.selection = random_cell(rng, explorer.scene())
        return explorer

    return several(make, 400 if kind == "convolution" else 150, seed=2)
