"""The coordinate explorer: its numbers and its drawing against PyTorch, and what it refuses."""

import itertools
import random
import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import traitlets

from convlab.explorers import CoordinateExplorer
from convlab.explorers.coordinate_explorer import CONVENTIONS, LONGEST, SHORTEST
from convlab.explorers.explorer import Refused
from explorer_examples import RANDOM, SVG, ask, grids, looks_drawn, plant, several, taken, where

TORCH = {
    "half-pixel": {"mode": "linear", "align_corners": False},
    "align_corners": {"mode": "linear", "align_corners": True},
    "nearest": {"mode": "nearest"},
    "nearest-exact": {"mode": "nearest-exact"},
}


@pytest.fixture(scope="module")
def explorers():
    """1500 of random settings."""
    return several(RANDOM["coordinates"], 1500, seed=4)


# --- numbers -----------------------------------------------------------------------------------------------------


def by_torch(explorer, dtype=torch.float64):
    given = {name: getattr(explorer, name) for name in ("size", "scale_factor") if getattr(explorer, name) is not None}
    x = torch.tensor(explorer.values, dtype=dtype)[None, None]
    return F.interpolate(x, **given, **TORCH[explorer.convention])[0, 0].numpy()


def by_formula(explorer):
    """Asymmetric: ``x = i / scale`` with the sizes or the factor given, clamped, mixed; all of it exact."""
    values = [Fraction(float(value)) for value in explorer.values]
    scale = Fraction(len(explorer.output), len(values))
    if explorer.scale_factor is not None:
        scale = Fraction(str(explorer.scale_factor))
    mixed = []
    for i in range(len(explorer.output)):
        x = min(i / scale, Fraction(len(values) - 1))
        low = min(int(x), len(values) - 2)
        mixed.append(float(values[low] + (x - low) * (values[low + 1] - values[low])))
    return np.array(mixed)


def by_the_page(explorers):
    return [
        np.array([sample["value"] for sample in answer["samples"]], float)
        for answer in (ask("sampled", explorer.state()) for explorer in explorers)
    ]


def check_values(explorers):
    """Copied values are equal, mixed ones to 12 digits: the explorer's, the page's and the oracle's."""
    for explorer, page in zip(explorers, by_the_page(explorers)):
        truth = by_formula(explorer) if explorer.convention == "asymmetric" else by_torch(explorer)
        tolerance = 0 if explorer.convention.startswith("nearest") else 1e-12 * max(1, abs(truth).max())
        assert explorer.output.shape == page.shape == truth.shape, explorer.state()
        assert abs(explorer.output - truth).max() <= tolerance, explorer.state()
        assert abs(page - truth).max() <= tolerance, explorer.state()


@pytest.mark.slow
def test_values_are_those_of_pytorch(explorers):
    assert {explorer.convention for explorer in explorers} == set(CONVENTIONS)
    assert sum(explorer.scale_factor is not None for explorer in explorers) > 500
    check_values(explorers)


def test_every_size_is_that_of_pytorch_in_both_precisions():
    """All 264 pairs of sizes that can be drawn, in each of PyTorch's four modes: cells and weights at once."""
    for i in range(SHORTEST, LONGEST + 1):
        explorer = CoordinateExplorer(np.arange(i) ** 2, size=1)
        for size in range(1, 25):
            for convention in TORCH:
                explorer.set(size=size, convention=convention)
                for dtype, tolerance in ((torch.float32, 1e-4), (torch.float64, 1e-12)):
                    tolerance = 0 if convention.startswith("nearest") else tolerance
                    assert abs(explorer.output - by_torch(explorer, dtype)).max() <= tolerance, explorer.state()


def test_the_classical_answers():
    assert CoordinateExplorer().output.tolist() == [10, 12.5, 17.5, 20]
    corners = CoordinateExplorer(convention="align_corners")
    assert corners.output.round(2).tolist() == [10, 13.33, 16.67, 20]
    assert [sample.position for sample in corners.samples()] == [0, Fraction(1, 3), Fraction(2, 3), 1]
    assert CoordinateExplorer(convention="asymmetric").output.tolist() == [10, 15, 20, 20]
    assert CoordinateExplorer(range(5), size=3, convention="nearest").output.tolist() == [0, 1, 3]
    assert CoordinateExplorer(range(5), size=3, convention="nearest-exact").output.tolist() == [0, 2, 4]
    assert CoordinateExplorer(range(5), size=3, convention="nearest").output.dtype == np.int64


def test_the_code_line_gives_the_output(explorers):
    chosen = explorers[:600]
    for explorer, code in zip(chosen, [ask("fronts.coordinates.code", explorer.state()) for explorer in chosen]):
        line = code["PyTorch"]
        if explorer.convention == "asymmetric":
            assert line.startswith(("# PyTorch has none; TensorFlow 1: y = ", "# PyTorch has none; nor has TensorFlow"))
            continue
        names = {"F": F, "x": torch.tensor(explorer.values).double()}
        exec(line, names)
        assert names["y"].tolist() == by_torch(explorer).tolist(), line


@pytest.mark.frameworks
def test_the_tensorflow_line_gives_the_output(explorers):
    tf = pytest.importorskip("tensorflow")
    mine = [explorer for explorer in explorers if explorer.convention == "asymmetric"][:150]
    ran = 0
    for explorer, code in zip(mine, [ask("fronts.coordinates.code", explorer.state()) for explorer in mine]):
        _, found, call = code["PyTorch"].partition("TensorFlow 1: y = ")
        if found:
            y = eval(call, {"tf": tf, "x": explorer.values.astype(np.float32)}).numpy()
            assert abs(y - explorer.output).max() <= 1e-4 * max(1, abs(explorer.output).max()), call
            ran += 1
    assert ran > 50


# --- the page and the still picture ------------------------------------------------------------------------------


def check_links(explorers):
    """Lines lead from the point looked at to what is taken; the arrow of a clamped point comes from where it looked."""
    for explorer in explorers:
        explorer.selection = []
        drawn, samples = grids(explorer), explorer.samples()
        m = min(explorer.step, len(samples) - 1)
        zero, unit = middle(drawn["input"], 0), middle(drawn["input"], 1) - middle(drawn["input"], 0)
        assert where(drawn["input"], "read") == {(0, cell) for cell in samples[m].cells}
        ends = [zero + unit * cell for cell in samples[m].cells]
        chosen = [points for kind, *points in drawn["ruler"]["strokes"] if kind == "chosen"]
        assert [points[-1][0] for points in chosen] == pytest.approx(ends)
        assert [points[0][0] for points in chosen] == pytest.approx(
            [zero + unit * float(samples[m].clamped)] * len(ends)
        )
        clamps = [points for kind, *points in drawn["ruler"]["strokes"] if kind == "clamp"]
        assert bool(clamps) == (samples[m].position != samples[m].clamped)
        for line, head in zip(clamps[::2], clamps[1::2]):
            (start, tip), barbs = (line[0][0], line[1][0]), (head[0][0], head[2][0])
            assert all((barb > tip) == (start > tip) for barb in barbs)
        cell = samples[m].cells[0]
        explorer.selection = ["input", 0, cell]
        mine = {(0, n) for n, sample in enumerate(samples) if cell in sample.cells}
        assert where(grids(explorer)["output"], "written") == mine
        assert f" enters {len(mine)} output" in explorer.scene()["formula"]


def test_links_and_marks(explorers):
    check_links(explorers[:200])


@pytest.mark.slow
def test_both_sides_take_and_refuse_the_same():
    rng, base = random.Random(6), CoordinateExplorer().state()
    states = []
    for _ in range(1500):
        size = rng.choice((-1, 0, 1, 4, 24, 25, 2.5))
        scale = rng.choice((-1, 0, 0.01, 0.5, 1, 1.5, 2, 7.5, 1.125, 99))
        size, scale = rng.choice(
            ((size, None), (size, None), (None, scale), (None, scale), (size, scale), (None, None))
        )
        values = [rng.randint(0, 9) for _ in range(rng.choice((1, 2, 2, 5, 12, 13)))]
        states.append(base | {"values": values, "size": size, "scale_factor": scale})
    problems = [ask("fronts.coordinates.problem", state) for state in states]
    assert 300 < sum(map(bool, problems)) < 1300
    assert [not problem for problem in problems] == [taken(CoordinateExplorer(), state) for state in states]


def looks_of(explorer):
    return {name: one["look"] for name, one in grids(explorer).items()}


def middle(one, column):
    left, width = one["places"][column]
    return left + width / 2


def test_cells_stand_at_their_places_on_the_ruler():
    """The middle of an output cell is where it looks; measured by the middles of the input cells."""
    for explorer in several(RANDOM["coordinates"], 100, seed=8):
        drawn = grids(explorer)
        zero, unit = middle(drawn["input"], 0), middle(drawn["input"], 1) - middle(drawn["input"], 0)
        assert [label[2] for label in drawn["ruler"]["labels"]] == [str(j) for j in range(len(explorer.values))]
        for m, sample in enumerate(explorer.samples()):
            for name in ("output", "ruler"):
                assert (middle(drawn[name], m) - zero) / unit == pytest.approx(float(sample.position), abs=1e-9)
        for one in drawn.values():
            edges = [(left, left + width) for left, width in one["places"]]
            assert edges[0][0] >= -1e-9
            assert all(a[1] <= b[0] + 1e-9 for a, b in itertools.pairwise(edges)), "cells cover each other"
            assert max(right for _, right in edges) <= 48


def test_half_pixel_pictures_cover_each_other_and_corners_meet():
    drawn = grids(CoordinateExplorer(range(5), size=7))
    assert [drawn[name]["places"][0][0] for name in ("input", "output")] == [0, 0]
    assert sum(drawn["output"]["places"][-1]) == pytest.approx(sum(drawn["input"]["places"][-1]))
    drawn = grids(CoordinateExplorer(range(5), size=7, convention="align_corners"))
    assert [middle(drawn["output"], n) for n in (0, -1)] == pytest.approx([middle(drawn["input"], n) for n in (0, -1)])


def test_clamping_is_drawn_and_said():
    explorer = CoordinateExplorer(step=3)
    assert explorer.scene()["formula"] == (
        "Output 3 looks at (3 + 1/2)·2/4 − 1/2 = 1.25, right of the last centre, clamped to 1: y[3] = x[1] = 20"
    )
    assert any(kind == "clamp" for kind, *_ in grids(explorer)["ruler"]["strokes"])
    explorer.step = 1
    assert not any(kind == "clamp" for kind, *_ in grids(explorer)["ruler"]["strokes"])
    looks = looks_of(explorer)
    assert looks["input"] == [["read", "read"]]
    assert looks["output"] == [["plain", "written", "plain", "plain"]]
    assert [text for *_, text in grids(explorer)["input"]["labels"]] == ["·0.75", "·0.25"]


def test_an_input_cell_tells_which_outputs_take_it():
    explorer = CoordinateExplorer(selection=["input", 0, 0])
    assert explorer.scene()["formula"] == "x[0] = 10 enters 3 outputs: y[0] (·1), y[1] (·0.75), y[2] (·0.25)"
    assert looks_of(explorer)["output"] == [["written", "written", "written", "plain"]]
    lost = CoordinateExplorer(range(5), size=3, convention="nearest", selection=["input", 0, 2])
    assert lost.scene()["formula"] == "x[2] = 2 enters no output: it is lost."


def test_scale_factor_counts_by_itself_not_by_the_sizes():
    by_factor = CoordinateExplorer(range(5), scale_factor=1.5, convention="nearest")
    by_size = CoordinateExplorer(range(5), size=7, convention="nearest")
    assert by_factor.output.tolist() == [0, 0, 1, 2, 2, 3, 4]
    assert by_size.output.tolist() == [0, 0, 1, 2, 2, 3, 4]
    assert [str(one.position) for one in by_factor.samples()[1:3]] == ["2/3", "4/3"]
    assert [str(one.position) for one in by_size.samples()[1:3]] == ["5/7", "10/7"]
    stays = CoordinateExplorer(range(4), scale_factor=1.2)
    assert stays.output.tolist() == [0, 1, 2, 3]
    assert "PyTorch copies" in stays.scene()["facts"][0]


# --- bad input ---------------------------------------------------------------------------------------------------

BAD = [
    ({"values": [1]}, "values must be a row of 2 to 12 numbers"),
    ({"values": [[1, 2]]}, "values must be a row"),
    ({"values": list(range(13))}, "values must be a row"),
    ({"values": ["a", "b"]}, "must hold numbers"),
    ({"values": [1, np.inf]}, "finite"),
    ({"size": 0}, "size must be at least 1, got 0"),
    ({"size": 2.5}, "size must be an integer"),
    ({"size": 25}, "at most 24"),
    ({"scale_factor": 2}, "either size or scale_factor"),
    ({"size": None}, "either size or scale_factor"),
    ({"size": None, "scale_factor": 0}, "must be at least 1"),
    ({"size": None, "scale_factor": "2"}, "scale_factor must be a number"),
    ({"size": None, "scale_factor": 100}, "at most 24"),
    ({"size": None, "scale_factor": 1 / 0.7}, "two decimals"),
    ({"convention": "bilinear"}, "convention"),
    ({"step": -1}, "step must be at least 0"),
]


@pytest.mark.parametrize(("change", "sentence"), BAD, ids=[" ".join(change) for change, _ in BAD])
def test_bad_input_is_refused_and_nothing_changes(change, sentence):
    explorer = CoordinateExplorer()
    before = explorer.state()
    with pytest.raises(traitlets.TraitError, match=sentence):
        explorer.set(**change)
    assert explorer.state() == before


def test_the_constructor_refuses_too():
    with pytest.raises(Refused, match="either size or scale_factor"):
        CoordinateExplorer(size=4, scale_factor=2)
    with pytest.raises(ValueError, match="values must be a row"):
        CoordinateExplorer(5)


# --- the other ways to show one ----------------------------------------------------------------------------------


def test_static_picture_has_alt_text_and_every_cell(monkeypatch):
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    explorer, twin = (CoordinateExplorer(range(5), size=3, convention="nearest", step=1) for _ in range(2))
    bundle = explorer._repr_mimebundle_()
    assert bundle == twin._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    alt = re.match(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,', bundle["text/html"]).group(1)
    assert alt.startswith("Coordinate explorer. Output 1 looks at 1·5/3 = 1.66667, rounded down to 1: y[1] = x[1] = 1")
    assert "y = 0, 1, 3." in alt
    root = ET.fromstring(explorer.picture())
    cells = looks_drawn(root)
    assert sorted(cells) == ["plain"] * 8 + ["read"] + ["written"] * 2
    # The axis, five ticks, one link; 0 to 4 on the ruler, one weight, 0 to 2 below the outputs.
    assert len(list(root.iter(f"{SVG}polyline"))) == 7
    labels = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "cl-label"]
    assert labels == ["·1", *"01234", *"012"]


def test_everything_of_the_picture_lies_inside_it():
    for explorer in several(RANDOM["coordinates"], 60, seed=9):
        root = ET.fromstring(explorer.picture())
        (scale,) = re.findall(r"translate\(0 0\) scale\(([^)]+)\)", explorer.picture())
        width, height = (float(root.get(name)) / float(scale) for name in ("width", "height"))
        for rect in root.iter(f"{SVG}rect"):
            if rect.get("class") == "cl-ground":
                continue
            assert 0 <= float(rect.get("x", 0)) <= float(rect.get("x", 0)) + float(rect.get("width")) <= width + 0.01
        for line in root.iter(f"{SVG}polyline"):
            for point in line.get("points").split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= width, explorer.state()
                assert 0 <= y <= height, explorer.state()


def test_page_of_its_own(tmp_path):
    page = CoordinateExplorer().to_html(tmp_path / "page.html")
    assert re.findall(r"(?:src|href)=\"(?!data:)", page) == []
    assert '"kind": "coordinates"' in page


# --- planted faults ----------------------------------------------------------------------------------------------

FAULTS = [
    ("(2 * m + 1) * down - up, 2 * up", "(2 * m + 1) * down, 2 * up", check_values),
    ("o > 1 ? [i - 1, o - 1] : [1, 1]", "[i, o]", check_values),
    ("Math.floor((2 * n + d) / (2 * d))", "Math.round(Math.floor(n / d))", check_values),
    ("n > last * d ? last : at", "at", check_values),
    ('(convention === "half-pixel" && o === i);', "false;", check_values),
    ("cells: [low, low + 1]", "cells: [low + 1, low]", check_values),
    ("sample.at > sample.clamped ? 0.2 : -0.2", "0.2", check_links),
    ("const n = sample.cells.indexOf(j);", "const n = sample.cells.indexOf(j) && -1;", check_links),
]


@pytest.mark.parametrize(("right", "wrong", "check"), FAULTS)
def test_planted_fault_is_noticed(right, wrong, check, explorers, monkeypatch):
    plant(monkeypatch, right, wrong)
    with pytest.raises((AssertionError, KeyError, IndexError)):
        check(explorers[:300])
