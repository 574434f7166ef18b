"""The explorers in Python: traits, refusals, the still picture, the page of its own."""

import base64
import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import traitlets

import convlab
from convlab import arithmetic, plots, traces
from convlab.explorers import (
    CheckerboardExplorer,
    ConvExplorer,
    MatrixExplorer,
    PaddingExplorer,
    ReceptiveFieldExplorer,
    SizeExplorer,
    javascript,
)
from convlab.explorers.explorer import Refused
from convlab.explorers.javascript import MissingEngine
from convlab.explorers.stack import NETWORKS
from convlab.reference import conv2d, conv_transpose2d
from convlab.views import Conv, ConvTranspose, Pool, conv_matrix, hdc_distances, receptive_fields
from explorer_examples import MADE, SVG, ask, grids, looks_drawn, panels, where

each = pytest.mark.parametrize("make", MADE.values(), ids=MADE)


# --- traits ------------------------------------------------------------------------------------------------------


def test_exercise_cells_read_and_set_everything():
    explorer = ConvExplorer(np.array([2, 3]), np.array([1, 2, 3]), stride=2, transposed=True)
    assert explorer.input.tolist() == [[2, 3]]
    assert explorer.output.tolist() == [[2, 4, 9, 6, 9]]
    explorer.padding = 1
    assert explorer.padding == ((1, 1),)
    assert explorer.output.tolist() == [[4, 9, 6]]
    explorer.set(padding=((1, 0),), stride=3)
    assert (explorer.stride, explorer.output.tolist()) == ((3,), [[4, 6, 3, 6, 9]])
    explorer.weight = np.array([[[1, 10]]])
    assert explorer.output.tolist() == [[20, 0, 3, 30]]
    explorer.step = 2
    assert repr(explorer) == "Convolution explorer. y[2] = x[1]·w[0] = 3·1 = 3"


def test_output_is_that_of_the_reference():
    x, w = np.arange(2 * 30).reshape(2, 5, 6), np.arange(36).reshape(2, 2, 3, 3)
    settings = {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2)}
    assert (ConvExplorer(x, w, **settings).output == conv2d(x, w, **settings)).all()
    settings["output_padding"] = (1, 0)
    assert (ConvExplorer(x, w, transposed=True, **settings).output == conv_transpose2d(x, w, **settings)).all()


BAD = [
    ({"stride": 0}, "stride must be at least 1"),
    ({"stride": "two"}, "stride must be an integer"),
    ({"stride": 10**6}, "stride can be at most 4"),
    ({"padding": -1}, "padding must be at least 0"),
    ({"padding": 9}, "padding can be at most 8"),
    ({"output_padding": 1}, "output_padding belongs to a transposed convolution"),
    ({"transposed": True, "output_padding": 1}, "output_padding must be smaller than stride or dilation"),
    ({"transposed": True, "padding": 8}, "leaves an output of size"),
    ({"dilation": 4}, "spans 9 cells"),
    (
        {"transposed": True, "stride": 2, "input": np.ones((1, 32, 32), int)},
        "would draw 65 cells side by side; at most 48 are drawn, for with more the page would answer a key too late",
    ),
    ({"groups": 2}, "input has 1 channels"),
    ({"input": np.ones((1, 40, 40))}, "input_size can be at most 32"),
    ({"input": np.array([[["a"]]])}, "must hold numbers"),
    ({"input": np.array([[[np.nan]]])}, "finite"),
    ({"input": [[[1, 2], [3]]]}, "equally long"),
    ({"weight": np.ones((1, 1, 12, 1))}, "kernel_size can be at most 11"),
    ({"walk": "both"}, "walk"),
    ({"step": -1}, "step must be at least 0"),
    ({"step": "x"}, "'step' trait .* expected an int"),
    ({"selection": ["input 0", "a", 1]}, "selection must be empty or"),
    ({"stridee": 1}, "stridee is no trait"),
    ({"view": "stretching"}, "view"),
]


@pytest.mark.parametrize(
    ("change", "sentence"), BAD, ids=lambda value: " ".join(value) if isinstance(value, dict) else None
)
def test_bad_input_is_refused_and_nothing_changes(change, sentence):
    explorer = ConvExplorer()
    before = explorer.state()
    with pytest.raises(traitlets.TraitError, match=sentence):
        explorer.set(**change)
    assert explorer.state() == before


def test_refusal_is_a_value_error_that_names_the_rule():
    with pytest.raises(ValueError, match="stride must be at least 1, got 0"):
        ConvExplorer(stride=0)
    with pytest.raises(Refused):
        ConvExplorer().stride = 0


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: PaddingExplorer("torch", "output_size"), "output_size must be given"),
        (lambda: PaddingExplorer("caffe"), "caffe"),
        (lambda: PaddingExplorer("tensorflow", output_size=9), "output_size must be from 3 to 4"),
        (lambda: PaddingExplorer("onnx", output_padding=2), "smaller than stride"),
        (lambda: MatrixExplorer(np.ones((7, 7), int)), "at most 40"),
        (lambda: MatrixExplorer(np.ones((2, 2, 2))), "shape"),
        (lambda: CheckerboardExplorer(input_size=9), "input_size can be at most 8"),
        (lambda: SizeExplorer([Conv(3), Conv(9)], 8), "layer 2: kernel_size=9"),
        (lambda: SizeExplorer([Conv(3)], 8, skips={1: 1}), "layer 1: a skip must come from an earlier layer"),
        (lambda: SizeExplorer([]), "1 to 60 layers"),
        (lambda: SizeExplorer([Conv(1025)], 2000), "layer 1: kernel_size can be at most 1024"),
        (lambda: SizeExplorer("VGG"), "layers must be a list or one of VGG16, DeepLab"),
        (lambda: ReceptiveFieldExplorer([Conv(1024, dilation=100)]), "would be 102301 cells; at most 100000"),
        (lambda: ReceptiveFieldExplorer([ConvTranspose(2, 3)]), "at least a kernel_size of its stride"),
        (lambda: ReceptiveFieldExplorer([ConvTranspose(2, 2)] * 13), "make 8192; at most 4096"),
        (lambda: PaddingExplorer("torch", "output_size", output_size=(5, 6, 7)), "one integer or 2"),
        (
            lambda: ConvExplorer(controls=["stride", "strides"]),
            "are operator, dimensions,.* got 'strides'",
        ),
        (lambda: MatrixExplorer(challenge={"size": 3}), "challenge can ask for shape here; got 'size'"),
    ],
)
def test_the_other_explorers_refuse_too(make, sentence):
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        make()


# --- what is shown -----------------------------------------------------------------------------------------------


def test_highlights_are_those_of_the_traces():
    """The same windows and stamps as the figures of convlab.plots draw, at every step."""
    x, w = np.arange(1, 31).reshape(5, 6), np.arange(1, 7).reshape(2, 3)
    explorer = ConvExplorer(x, w, stride=(2, 1), padding=(1, 0))
    for step, window in enumerate(traces.windows(x, w, (2, 1), (1, 0))):
        explorer.step = step
        cells = {(int(y), int(c)) for y in np.arange(7)[window.cells[0]] for c in np.arange(6)[window.cells[1]]}
        assert where(grids(explorer)["input 0"], "read") == cells
        assert where(grids(explorer)["output 0"], "written") == {window.target}
    explorer = ConvExplorer(x, w, stride=(2, 1), transposed=True, walk="input")
    for step, stamp in enumerate(traces.stamps(x, w, (2, 1))):
        explorer.step = step
        full = grids(explorer)["full 0"]
        cells = {(int(y), int(c)) for y in np.arange(10)[stamp.cells[0]] for c in np.arange(8)[stamp.cells[1]]}
        assert where(full, "written") == cells
        assert full["text"] == [[str(n) for n in row] for row in stamp.total.tolist()]


def test_cells_never_read_and_never_written_are_marked():
    lost = arithmetic.unread_cells(6, 3, stride=2)
    explorer = ConvExplorer(np.arange(1, 7), np.array([1, 10, 100]), stride=2)
    assert where(grids(explorer)["input 0"], "unread") == {(0, 5)}
    assert lost == 1
    explorer = ConvExplorer(np.arange(1, 4), np.array([1, 10]), stride=2, dilation=2, transposed=True)
    assert {x for _, x in where(grids(explorer)["full 0"], "unwritten")} == {1, 3, 5}


def test_padding_explorer_gives_the_five_answers():
    full = [[1, 2, 5, 4, 6], [4, 5, 14, 10, 12], [10, 14, 36, 24, 30], [12, 15, 34, 20, 24], [21, 24, 55, 32, 36]]
    assert PaddingExplorer().output.tolist() == full
    assert PaddingExplorer(begin=1).output.tolist() == [row[1:4] for row in full[1:4]]
    assert PaddingExplorer(begin=1, output_padding=1).output.tolist() == [row[1:5] for row in full[1:5]]
    assert PaddingExplorer("keras").output.tolist() == [row[:4] for row in full[:4]]
    assert PaddingExplorer("jax").output[0].tolist() == [9, 8, 25, 16]
    assert PaddingExplorer(output_padding=1).output[5].tolist() == [0] * 6
    assert where(grids(PaddingExplorer(output_padding=1))["full"], "beyond") >= {(5, 0), (0, 5), (5, 5)}


def test_matrix_explorer_shows_the_matrix():
    x, w = np.arange(1, 10).reshape(3, 3), np.array([[1, 2], [3, 4]])
    explorer = MatrixExplorer(x, w)
    shown = [[int(text or 0) for text in row] for row in grids(explorer)["matrix"]["text"]]
    assert shown == conv_matrix((3, 3), w[None, None]).tolist()
    explorer.selection = ["matrix", 1, 4]
    assert explorer.scene()["formula"] == "W[1, 4] = w[1, 0] = 3 joins x[1, 1] and y[0, 1]."
    explorer.transposed = True
    assert [[int(text or 0) for text in row] for row in grids(explorer)["matrix"]["text"]] == np.transpose(
        shown
    ).tolist()


def test_checkerboard_explorer_tells_free_from_not():
    assert "all equal, so" in CheckerboardExplorer(np.array([1, 2, 1])).scene()["facts"][0]
    assert "not all equal" in CheckerboardExplorer(np.array([1, 3])).scene()["facts"][0]
    assert grids(CheckerboardExplorer(np.ones(3, int)))["counts"]["text"] == [list("112121211")]


def test_checkerboard_picture_is_a_grey_for_each_value():
    explorer = CheckerboardExplorer(np.array([[1, 2], [3, 4]]), stride=1, input_size=3)
    shown = grids(explorer)
    for name in ("response", "resized", "shuffled"):
        values = np.array(shown[name]["text"], int).reshape(-1)
        looks = np.array(shown[name]["look"]).reshape(-1)
        pairs = [(v, int(look[4:])) for v, look in zip(values, looks) if look.startswith("grey")]
        assert len(pairs) >= len(values) - 1  # the chosen cell is marked
        assert all(level == int(10 * v / values.max() + 0.5) for v, level in pairs)
    caption = CheckerboardExplorer(np.array([[1, -2], [1, 1]])).scene()["lines"][1]["caption"]
    assert caption.endswith("black is 0 or the smallest below 0")


def test_numbers_on_dark_greys_are_white():
    root = ET.fromstring(CheckerboardExplorer(np.ones((3, 3), int)).picture())
    greys = {text.get("class") for text in root.iter(f"{SVG}text") if "cl-on-grey" in (text.get("class") or "")}
    rules = re.findall(r"\.cl-numbers (?::is\()?([^{]*cl-on-grey[^{]*)\{ fill: (#\w+);", javascript.stylesheet())
    white = next(selectors for selectors, fill in rules if fill == "#fff")
    assert {f"cl-on-grey{n}" for n in (2, 3, 5, 10)} & greys
    assert [f".cl-on-grey{n}" in re.split(r"[ ,)]+", white) for n in (0, 4, 5, 10)] == [True, True, False, False]


def test_long_numbers_get_wide_cells():
    explorer = ConvExplorer(np.array([1, 9]), 10 ** np.arange(4), transposed=True)
    assert grids(explorer)["kernel 0 0"]["places"][1] == [1.5, 1.5]
    assert "places" not in grids(explorer)["input 0"]
    wide = grids(explorer)["full 0"]["places"]
    explorer.set(walk="input", step=0)  # fewer digits so far, but nothing jumps
    assert grids(explorer)["full 0"]["places"] == wide
    assert "cl-small" not in explorer.picture().partition("</style>")[2]


def test_size_explorer_sees_skips_that_do_not_fit():
    layers = [Conv(3, 2, 1), Pool(2), ConvTranspose(2, 2), ConvTranspose(3, 2, 1)]
    explorer = SizeExplorer(layers, 24, skips={3: 1, 4: 0})
    assert sizes_of(explorer) == [24, 12, 6, 12, 23]
    assert where(grids(explorer)["sizes"], "bad") == {(0, 4)}
    assert grids(explorer)["sizes"]["text"][4] == ["", "", "6", "", ""]  # a U: two levels down, two up
    assert "output_padding 1 in layer 4 would make it fit" in explorer.scene()["facts"][2]
    explorer.layers = [*explorer.layers[:3], explorer.layers[3] | {"output_padding": 1}]
    assert where(grids(explorer)["sizes"], "bad") == set()


def sizes_of(explorer):
    """The numbers of the chain, from left to right, whatever line or level they stand on."""
    chain = [one for name, one in grids(explorer).items() if name.startswith("sizes")]
    return [int("".join(column)) for one in chain for column in zip(*one["text"])]


def test_stacks_of_real_size():
    """Sixty layers, kernels of 1024, fields of 100,000; the networks of the lessons by their names."""
    deep = SizeExplorer([(3, 1, 1)] * 60, 224)
    assert sizes_of(deep) == [224] * 61
    assert deep.set(step=59) is None
    assert deep.scene()["formula"].startswith("Layer 60, ")
    assert sizes_of(SizeExplorer([Conv(1024, 1024)], 100_000))[1] == 97
    field = ReceptiveFieldExplorer([Conv(1024, dilation=97), (3, 1, 1)])
    assert "fields" in grids(field)
    assert grids(field)["fields"]["text"] == [["1", "99232", "99234"]]
    assert len(SizeExplorer("VGG16").layers) == 18
    assert grids(ReceptiveFieldExplorer("VGG16"))["fields"]["text"][0][-1] == "212"
    assert sizes_of(SizeExplorer("U-Net"))[-1] == 388
    assert sizes_of(SizeExplorer("DCGAN generator")) == [1, 4, 8, 16, 32, 64]
    for name in NETWORKS:
        SizeExplorer(name)
        assert set(grids(ReceptiveFieldExplorer(name))) & {"fields", "level 0"}


def test_fields_behind_transposed_convolutions_are_those_of_the_library():
    rng = random.Random(6)
    for _ in range(100):
        layers = [
            Conv(rng.randint(1, 4), rng.randint(1, 3)),
            ConvTranspose(rng.randint(2, 4), 2),
            Pool(rng.randint(1, 3)),
        ]
        rng.shuffle(layers)
        explorer = ReceptiveFieldExplorer(layers)
        size = receptive_fields(layers)[-1].size
        assert f"Receptive field {size} cells" in explorer.scene()["facts"][0]
        assert ask("fronts.receptive.outcome", explorer.state())["field"] == size


def test_products_add_up_and_stamps_lie_one_below_the_other():
    explorer = ConvExplorer(np.array([2, 3]), np.array([1, 2, 3]), stride=2, transposed=True, step=2)
    assert grids(explorer)["stamps"]["text"] == [["2", "4", "6", "", ""], ["", "", "3", "6", "9"]]
    explorer.step = 0
    assert where(grids(explorer)["full 0"], "overlap") == {(0, 2)}
    plane = ConvExplorer(np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3), stride=2, transposed=True, step=12)
    assert sum(int(text or 0) for row in grids(plane)["products"]["text"] for text in row) == plane.output[0, 2, 2]


def test_a_picture_goes_through_a_layer():
    explorer = ConvExplorer(input_size=(14, 14), kernel_size=(3, 3), shades=True)
    assert "white is the largest number" in explorer.scene()["lines"][0]["caption"]
    assert {text for row in grids(explorer)["output 0"]["text"] for text in row} == {""}
    assert any(look.startswith("grey") for row in grids(explorer)["input 0"]["look"] for look in row)


def test_receptive_field_explorer_shows_holes():
    explorer = ReceptiveFieldExplorer([Conv(3, dilation=2)] * 3)
    assert grids(explorer)["level 0"]["text"] == [list("1030607060301")]
    assert {x for _, x in where(grids(explorer)["level 0"], "hole")} == {1, 3, 5, 7, 9, 11}
    assert hdc_distances([2, 2, 2])[1] <= 3  # the paper's test passes, the holes are there


# --- the still picture -------------------------------------------------------------------------------------------


@each
def test_picture_shows_every_cell_with_its_look(make):
    explorer = make()
    scene = explorer.scene()
    root = ET.fromstring(explorer.picture())
    cells = looks_drawn(root)
    looks = [look for one in panels(scene) for row in one["look"] for look in row if look != "none"]
    assert sorted(cells) == sorted(looks)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    numbers = [
        t for one in panels(scene) for rows in zip(one["text"], one["look"]) for t, k in zip(*rows) if t and k != "none"
    ]
    assert sorted(t for t in texts if t in set(numbers)) == sorted(numbers)
    assert len([r for r in root.iter(f"{SVG}rect") if r.get("class") == "cl-frame"]) == sum(
        bool(p["frame"]) for p in panels(scene)
    )
    greys = {look for look in looks if look.startswith("grey")}  # their meaning is in the caption
    meaning = ask("(() => MEANING)") | scene.get("meaning", {})
    legend = {meaning[look] for look in set(looks) - {"plain"} - greys}
    assert legend <= set(texts)
    assert not greys or any("white is the largest number, black is 0" in text for text in texts)
    assert root.findall(f"{SVG}rect")[0].get("class") == "cl-ground"


def test_picture_looks_as_the_figures_do():
    for look in ("read", "written", "overlap"):
        assert f"--cl-{look}: {plots.grids.STYLES[look]['facecolor']};" in javascript.stylesheet()
    assert set(plots.grids.HATCHED) <= set(ask("(() => MARKED)"))


@each
def test_static_mode_emits_a_picture_and_no_live_view(make, monkeypatch):
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    explorer, twin = make(), make()
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle == twin._repr_mimebundle_()
    image = r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)" style="[^"]+" data-convlab="([^"]+)">'
    alt, data, traits = re.fullmatch(image, bundle["text/html"]).groups()
    live = json.loads(html.unescape(traits))
    assert (live["kind"], live["names"]) == (explorer.kind, explorer.names)
    assert {name: live[name] for name in live["names"]} == explorer.state()
    assert explorer.scene()["formula"].split(" = ")[0][:12] in alt
    ET.fromstring(base64.b64decode(data))
    assert "0x" not in bundle["text/plain"]
    assert len(bundle["text/html"]) < 120_000
    monkeypatch.delenv("CONVLAB_STATIC")
    data, _ = make()._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/plain", "text/html"} <= set(data)


@each
def test_page_of_its_own_names_no_other_host(make, tmp_path):
    page = make().to_html(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page
    assert re.findall(r"(?:src|href)=\"(?!data:)", page) == []
    assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg"}
    state = json.loads(re.search(r'id="state">(.*?)</script>', page).group(1))
    assert state["kind"] == make().kind


def test_page_escapes_what_could_end_a_script():
    assert "</script" not in json.dumps(ConvExplorer().state())
    explorer = ConvExplorer()
    explorer.selection = ["</script><b>", 0, 0]
    assert explorer.to_html().count("</script><b>") == 0


@each
def test_live_view_needs_no_engine_and_a_stored_one_names_the_package(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "py_mini_racer", None)
    javascript._loaded.cache_clear()
    explorer = make()
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == f"{type(explorer).__name__}()"
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "text/html" not in data
    with pytest.raises(Refused, match="step must be at least 0"):
        explorer.step = -1
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    for show in (explorer._repr_mimebundle_, explorer.to_html, explorer.scene):
        with pytest.raises(MissingEngine, match=r"Install the package mini-racer: pip install 'convlab\[author\]'"):
            show()


def test_import_of_convlab_loads_no_widget():
    code = "import convlab, sys; assert not {'anywidget', 'ipywidgets', 'matplotlib', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})


# --- a new explorer ----------------------------------------------------------------------------------------------

DUMMY = {
    "explorers/parity_explorer.py": """from traitlets import validate

from convlab.explorers.explorer import Explorer, Setting, check_at_most


class ParityExplorer(Explorer):
    number = Setting(3)

    def __init__(self, number=3):
        super().__init__("parity", ["number"], number=number)

    _check_settings = validate("number")(Explorer._check)

    def checked(self, state):
        check_at_most("number", state["number"], 0, 9)
        return state
""",
    "explorers/static/parity_explorer.js": """import { choice, group, namedBy } from "./controls.js";
import { fronts, onePanel, panel } from "./scene.js";

const parity = ({ number }) => `${number} is ${number % 2 ? "odd" : "even"}.`;

fronts.parity = {
  title: "Parity explorer",
  problem: ({ number }) => (number >= 0 && number <= 9 ? "" : "number must be from 0 to 9."),
  scene: (state) => ({
    lines: [{ caption: "", blocks: [onePanel("", panel("number", "number", [[`${state.number}`]], [["read"]]))] }],
    formula: parity(state), facts: [], steps: 1, selection: ["number", 0, 0], problem: "",
  }),
  controls: ({ number }) => [
    group("number", choice("number", "", number, namedBy([0, 1, 2]), (v) => ({ number: Number(v) }))),
  ],
};
""",
}
CONTROLS = '"parity": { "known": ["number"], "shown": ["number"], "outcomes": [] },\n    '
LINE = "from convlab.explorers.parity_explorer import ParityExplorer as ParityExplorer\n"
TRIED = """import os
from convlab.explorers import *
explorer = ParityExplorer(4)
assert repr(explorer) == "Parity explorer. 4 is even.", repr(explorer)
explorer.number = 7
try:
    explorer.number = 10
except ValueError as error:
    assert str(error) == "number can be at most 9 here, got 10"
else:
    raise AssertionError
assert "fronts.parity" in explorer.module and "fronts.matrix" in explorer.module
os.environ["CONVLAB_STATIC"] = "1"
assert 'alt="Parity explorer. 7 is odd."' in explorer._repr_mimebundle_()["text/html"]
assert '"kind": "parity"' in explorer.to_html()
"""


def test_a_new_explorer_is_two_files_a_line_and_its_controls(tmp_path):
    package = Path(convlab.__file__).parent
    shutil.copytree(package, tmp_path / "convlab", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in DUMMY.items():
        (tmp_path / "convlab" / name).write_text(text, "utf-8")
    registry = tmp_path / "convlab/explorers/__init__.py"
    text = registry.read_text("utf-8")
    registry.write_text(text.replace("\n__all__", f"{LINE}\n__all__"), "utf-8")
    data = tmp_path / "convlab/explorers/static/settings.json"
    text = data.read_text("utf-8")
    data.write_text(text.replace('"controls": {\n    ', '"controls": {\n    ' + CONTROLS, 1), "utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", TRIED], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_line_of_javascript_is_longer_than_120():
    lines = [line for path in javascript.STATIC.glob("*.js") for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if len(line) > 120] == []
