"""The coordinate explorer: its numbers against PyTorch, its page against its still picture, and what it refuses."""

import contextlib
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

from browser import browser_fixture, running_lab  # noqa: F401  (fixture)
from convlab.explorers import CoordinateExplorer
from convlab.explorers.coordinates import CONVENTIONS, VALUES
from convlab.explorers.core import Refused, module_text
from convlab.explorers.scene import looks_of, number, panels_of
from explorer_node import as_json, ask, several
from test_explorers_browser import Shown, asked, opened, play_one_step, violations

SVG = "{http://www.w3.org/2000/svg}"
TORCH = {
    "half-pixel": {"mode": "linear", "align_corners": False},
    "align_corners": {"mode": "linear", "align_corners": True},
    "nearest": {"mode": "nearest"},
    "nearest-exact": {"mode": "nearest-exact"},
}


def random_explorer(rng):
    """One of random settings, at a random step, about half of them with a pinned cell."""
    i = rng.randint(*VALUES)
    values = [rng.choice((rng.randint(-9, 99), rng.randint(-99, 99) / 8, 100 * rng.randint(0, 9))) for _ in range(i)]
    size = {"size": rng.randint(1, 24)}
    if rng.random() < 0.5:
        size = {"scale_factor": round(rng.uniform(1 / i, min(24.9 / i, 8)), rng.choice((0, 1, 2)))}
    explorer = CoordinateExplorer(values, convention=rng.choice(list(CONVENTIONS)), step=rng.randint(0, 24), **size)
    if rng.random() < 0.5:
        explorer.selection = [rng.choice(("input", "output", "ruler")), rng.choice((0, 0, 1)), rng.randint(0, 11)]
    return explorer


@pytest.fixture(scope="module")
def explorers():
    """3000 of them."""
    return several(random_explorer, 3000, seed=4)


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
        for answer in ask([["call", "sampled", explorer.state()] for explorer in explorers])
    ]


def check_values(explorers):
    """Copied values are equal, mixed ones to 12 digits: the explorer's, the page's and the oracle's."""
    for explorer, page in zip(explorers, by_the_page(explorers)):
        truth = by_formula(explorer) if explorer.convention == "asymmetric" else by_torch(explorer)
        tolerance = 0 if explorer.convention.startswith("nearest") else 1e-12 * max(1, abs(truth).max())
        assert explorer.output.shape == page.shape == truth.shape, explorer.state()
        assert abs(explorer.output - truth).max() <= tolerance, explorer.state()
        assert abs(page - truth).max() <= tolerance, explorer.state()


def test_values_are_those_of_pytorch(explorers):
    assert {explorer.convention for explorer in explorers} == set(CONVENTIONS)
    assert sum(explorer.scale_factor is not None for explorer in explorers) > 1000
    check_values(explorers)


def test_every_size_is_that_of_pytorch_in_both_precisions():
    """All 264 pairs of sizes that can be drawn, in each of PyTorch's four modes: cells and weights at once."""
    for i in range(VALUES[0], VALUES[1] + 1):
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
    for explorer, code in zip(chosen, ask([["code", "coordinates", explorer.state()] for explorer in chosen])):
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
    for explorer, code in zip(mine, ask([["code", "coordinates", explorer.state()] for explorer in mine])):
        _, found, call = code["PyTorch"].partition("TensorFlow 1: y = ")
        if found:
            y = eval(call, {"tf": tf, "x": explorer.values.astype(np.float32)}).numpy()
            assert abs(y - explorer.output).max() <= 1e-4 * max(1, abs(explorer.output).max()), call
            ran += 1
    assert ran > 50


def test_numbers_are_written_as_the_page_writes_them():
    rng = random.Random(1)
    values = [rng.choice((-1, 1)) * rng.randint(1, 10**6) / 64 * 10.0 ** rng.randint(-9, 3) for _ in range(4000)]
    values += [155.0625, -155.0625, 533.9999999, 1e-5, 2.5e-7, 0.0, 999999.5]
    assert [number(value) for value in values] == ask([["call", "num", value] for value in values])


# --- the page and the still picture ------------------------------------------------------------------------------


def check_scenes(explorers):
    for explorer, answer in zip(explorers, ask([["scene", "coordinates", explorer.state()] for explorer in explorers])):
        assert answer == as_json(explorer.scene()), explorer.state()


def test_the_page_shows_what_the_still_picture_shows(explorers):
    assert sum(bool(explorer.selection) for explorer in explorers[:600]) > 100
    check_scenes(explorers[:600])


def taken(state):
    try:
        CoordinateExplorer().checked(state | {"values": np.array(state["values"])})
    except (TypeError, ValueError):
        return False
    return True


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
    problems = ask([["problem", "coordinates", state] for state in states])
    assert 300 < sum(map(bool, problems)) < 1300
    assert [not problem for problem in problems] == [taken(state) for state in states]


def test_every_control_leads_to_a_state_that_python_takes(explorers):
    chosen, moves = explorers[:150], 0
    for answers in ask([["controls", "coordinates", e.state()] for e in chosen]):
        assert isinstance(answers, list), answers
        for field, _, problem, state in answers:
            if state is not None:
                assert taken(state) == (not problem), (field, problem, state)
                moves += not problem
    assert moves > 1500


def grids(explorer):
    return {one["name"]: one for one in panels_of(explorer.scene()["lines"])}


def middle(one, column):
    left, width = one["places"][column]
    return left + width / 2


def test_cells_stand_at_their_places_on_the_ruler():
    """The middle of an output cell is where it looks; measured by the middles of the input cells."""
    for explorer in several(random_explorer, 100, seed=8):
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
    looks = looks_of(explorer.scene()["lines"])
    assert looks["input"] == [["read", "read"]]
    assert looks["output"] == [["plain", "written", "plain", "plain"]]
    assert [text for *_, text in grids(explorer)["input"]["labels"]] == ["·0.75", "·0.25"]


def test_an_input_cell_tells_which_outputs_take_it():
    explorer = CoordinateExplorer(selection=["input", 0, 0])
    assert explorer.scene()["formula"] == "x[0] = 10 enters 3 outputs: y[0] (·1), y[1] (·0.75), y[2] (·0.25)"
    assert looks_of(explorer.scene()["lines"])["output"] == [["written", "written", "written", "plain"]]
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
    cells = [rect.get("class") for rect in root.iter(f"{SVG}rect") if rect.get("height") == "30"]
    assert sorted(cells) == ["plain"] * 8 + ["read"] + ["written"] * 2
    # The axis, five ticks, one link; 0 to 4 on the ruler, one weight, 0 to 2 below the outputs.
    assert len(root.findall(f"{SVG}polyline")) == 7
    labels = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "label"]
    assert labels == ["·1", *"01234", *"012"]


def test_everything_of_the_picture_lies_inside_it():
    for explorer in several(random_explorer, 60, seed=9):
        root = ET.fromstring(explorer.picture())
        width, height = (float(root.get(name)) for name in ("width", "height"))
        for rect in root.iter(f"{SVG}rect"):
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
    ("[low, low + 1], weights, value", "[low + 1, low], weights, value", check_scenes),
    ("sample.at > sample.clamped ? 0.2 : -0.2", "0.2", check_scenes),
    ("const n = sample.cells.indexOf(j);", "const n = sample.cells.indexOf(j) && -1;", check_scenes),
]


@pytest.mark.parametrize(("right", "wrong", "check"), FAULTS)
def test_planted_fault_is_noticed(right, wrong, check, explorers, monkeypatch):
    text = module_text()
    assert text.count(right) == 1
    monkeypatch.setattr("explorer_node.module_text", lambda: text.replace(right, wrong))
    with pytest.raises((AssertionError, KeyError)):
        check(explorers[:600])


# --- in JupyterLab -----------------------------------------------------------------------------------------------


@pytest.fixture(name="lab", scope="module")
def lab_fixture(tmp_path_factory):
    """JupyterLab on an empty folder."""
    with running_lab(tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("lessons")) as running:
        yield running


@pytest.fixture(name="context")
def context_fixture(browser, lab):
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()
    lab.stop_kernels()


def code_says(shown, part):
    """Wait until the line of code has it."""
    shown.page.wait_for_function("t => document.querySelector('.cl-code code').textContent.includes(t)", arg=part)


def check_page(shown):
    """By real keys and the pointer: steps, hover, pin, settings, and what is refused in place."""
    check_steps(shown)
    check_pointing(shown)
    check_settings(shown)


def check_offline(browser, path, scheme, formula):
    """A page of its own: no network, no error, steps by key, nothing for axe to say."""
    with contextlib.closing(browser.new_context(offline=True, color_scheme=scheme)) as made:
        page = made.new_page()
        problems, asked_for = [], []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: asked_for.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector(".convlab .cl-grid")
        shown = Shown(page)
        shown.at(".cl-slider").focus()
        shown.press("ArrowRight")
        shown.wait(formula)
        assert violations(page, "body") == []
        assert problems == []
        assert [url for url in asked_for if not url.startswith(("file:", "data:", "blob:"))] == []


def check_narrow(lesson, shown, name, folder):
    """At 800 pixels nothing but the figure may be wider than its place, and axe has nothing to say."""
    lesson.page.set_viewport_size({"width": 800, "height": 900})
    lesson.page.wait_for_timeout(500)
    lesson.screenshot(name, folder)
    assert shown.box.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
    assert violations(lesson.page, ".convlab") == []


def looks_at(shown):
    """Where on the screen the line begins that leads from the chosen point of the ruler to its neighbours."""
    return shown.at(".cl-stroke-chosen").first.evaluate("line => line.points[0].matrixTransform(line.getScreenCTM()).x")


def number_at(shown, panel, column):
    """Where on the screen the number of a cell stands."""
    box = shown.at(f'[data-cell="{panel}|0|{column}"]').bounding_box()
    return box["x"] + box["width"] / 2


def check_steps(shown):
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight")
    shown.wait("Output 1 looks at (1 + 1/2)·2/4 − 1/2 = 0.25: y[1] = 0.75·x[0] + 0.25·x[1] = 0.75·10 + 0.25·20 = 12.5")
    assert shown.numbers("output") == [["10", "12.5", "17.5", "20"]]
    assert shown.looks("input") == [["read", "read"]]
    assert shown.at(".cl-stroke-chosen").count() == 2
    assert shown.at(".cl-stroke-clamp").count() == 0
    assert abs(looks_at(shown) - number_at(shown, "output", 1)) < 1.5
    shown.press("End")
    shown.wait("Output 3 looks at (3 + 1/2)·2/4 − 1/2 = 1.25, right of the last centre, clamped to 1: y[3] = x[1] = 20")
    assert shown.at(".cl-stroke-clamp").count() == 2
    shown.press("Home")
    shown.wait("Output 0 ")


def check_pointing(shown):
    shown.cell("input", 0, 0).hover()
    shown.wait("x[0] = 10 enters 3 outputs: y[0] (·1), y[1] (·0.75), y[2] (·0.25)")
    assert shown.looks("output") == [["written", "written", "written", "plain"]]
    shown.cell("ruler", 0, 2).hover()
    shown.wait("Output 2 ")
    shown.cell("output", 0, 1).click()
    shown.page.mouse.move(2, 2)
    shown.wait("Output 1 ")
    cursor = shown.at(".cl-cursor").bounding_box()
    assert abs(cursor["x"] + cursor["width"] / 2 - number_at(shown, "output", 1)) < 1.5
    assert "cl-pinned" in shown.at(".cl-cursor").get_attribute("class")
    shown.press("Escape")
    shown.wait("Output 0 ")
    shown.press("ArrowRight", "ArrowRight", "Enter")
    shown.wait("Output 2 ")
    shown.press("PageUp", "PageUp")
    shown.wait("x[1] = 20 enters 3 outputs")
    shown.press("Escape")
    shown.wait("Output 0 ")


def refused(shown, field, typed, sentence):
    before = shown.numbers("output")
    shown.field(field).fill(typed)
    shown.press("Enter")
    shown.page.wait_for_function("t => document.querySelector('.cl-alert').textContent.includes(t)", arg=sentence)
    assert shown.alert().endswith("Nothing was changed.")
    assert shown.field(field).get_attribute("aria-invalid") == "true"
    assert shown.numbers("output") == before


def check_settings(shown):
    for convention, outputs in (
        ("align_corners", ["10", "13.3333", "16.6667", "20"]),
        ("asymmetric", ["10", "15", "20", "20"]),
        ("nearest", ["10", "10", "20", "20"]),
    ):
        shown.field("convention").select_option(convention)
        shown.wait("Output 0 ")
        assert shown.numbers("output") == [outputs]
        assert ("PyTorch has none" in shown.code()) == (convention == "asymmetric")
    shown.field("values").fill("0 1 2 3 4")
    shown.press("Enter")
    shown.wait("Output 0 looks at 0·5/4")
    shown.field("size").focus()
    shown.press("ArrowDown")
    code_says(shown, "size=3")
    assert shown.numbers("output") == [["0", "1", "3"]]
    shown.field("convention").select_option("nearest-exact")
    code_says(shown, "nearest-exact")
    assert shown.numbers("output") == [["0", "2", "4"]]
    refused(shown, "values", "1, two", "value must be a number")
    refused(shown, "values", "7", "must be 2 to 12 numbers, got 1")
    refused(shown, "size", "0", "from 1 to 24, got 0")
    refused(shown, "size", "many", "got “many”")
    shown.field("given").select_option("factor")
    code_says(shown, "scale_factor=0.6")
    assert shown.numbers("output") == [["0", "2", "4"]]
    refused(shown, "scale_factor", "0", "must leave at least 1 cell")
    refused(shown, "scale_factor", "half", "factor must be a number")
    shown.field("scale_factor").fill("1.5")
    shown.press("Enter")
    code_says(shown, "=1.5")
    assert shown.alert() == ""
    assert shown.numbers("output") == [["0", "1", "1", "2", "3", "3", "4"]]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_explorer_by_keyboard_and_pointer(context, lab, theme, tmp_path):
    lesson, shown = opened(context, lab, f"coordinates_{theme}", "CoordinateExplorer()", theme)
    check_page(shown)
    play_one_step(lesson.page, shown)
    lesson.screenshot(f"explorer_coordinates_{theme}", tmp_path)
    assert violations(lesson.page, ".convlab") == []
    state = asked(lesson)
    assert state["step"] >= 1
    assert (state["values"], state["size"], state["scale_factor"]) == ([0, 1, 2, 3, 4], None, 1.5)
    assert lesson.problems == []


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_narrow_page(context, lab, theme, tmp_path):
    source = "CoordinateExplorer(range(12), size=24, step=23)"
    lesson, shown = opened(context, lab, f"coordinates_narrow_{theme}", source, theme)
    shown.wait("Output 23 ")
    check_narrow(lesson, shown, f"explorer_coordinates_narrow_{theme}", tmp_path)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_of_its_own_asks_for_nothing(browser, scheme, tmp_path):
    CoordinateExplorer().to_html(tmp_path / "page.html")
    check_offline(browser, tmp_path / "page.html", scheme, "Output 1 looks at ")


PAGE_FAULTS = [
    ("event.stopPropagation();", ";", check_steps),
    ("ruler.strokes.push(...sample.cells.map((j) => linkTo(place, sample, j)));", "", check_steps),
    ("[place(at - wide / 2), wide * unit]", "[place(at), wide * unit]", check_steps),
    ("parts.length ? `${name} enters", "false ? `${name} enters", check_pointing),
    ('readNumber(part, "each value")', "Number(part) || 0", check_settings),
]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("right", "wrong", "check"), PAGE_FAULTS, ids=["keys", "links", "places", "pointing", "refusal"]
)
def test_planted_fault_on_the_page_is_noticed(context, lab, right, wrong, check):
    from playwright.sync_api import TimeoutError as TooLate

    assert right in module_text()
    cls = f"type('Planted', (CoordinateExplorer,), {{'_esm': CoordinateExplorer._esm.replace({right!r}, {wrong!r})}})"
    lesson, shown = opened(context, lab, "coordinates_planted", f"{cls}()")
    lesson.page.set_default_timeout(2000)
    with pytest.raises((AssertionError, TooLate)):
        check(shown)


@pytest.mark.browser
def test_axe_notices_a_missing_name(context, lab):
    lesson, shown = opened(context, lab, "coordinates_nameless", "CoordinateExplorer()")
    shown.field("values").evaluate("element => element.removeAttribute('aria-label')")
    shown.field("values").evaluate("element => element.previousSibling.remove()")
    assert [rule for rule, _ in violations(lesson.page, ".convlab")] == ["label"]
