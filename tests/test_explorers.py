"""The explorers in Python: traits, refusals, the still picture, the page of its own."""

import base64
import json
import os
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
import traitlets

from convlab import arithmetic, plots, traces
from convlab.explorers import (
    CheckerboardExplorer,
    ConvExplorer,
    MatrixExplorer,
    PaddingExplorer,
    ReceptiveFieldExplorer,
    SizeExplorer,
)
from convlab.explorers.core import Refused
from convlab.explorers.drawing import HATCHES, LOOKS, MEANING
from convlab.reference import conv2d, conv_transpose2d
from convlab.views import Conv, ConvTranspose, Pool, conv_matrix, hdc_distances
from explorer_lessons import LESSONS
from explorer_node import panels

SVG = "{http://www.w3.org/2000/svg}"
MADE = {name: lambda source=source: eval(source) for name, source in LESSONS.items()}
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
    ({"weight": np.ones((1, 1, 8, 1))}, "kernel_size can be at most 7"),
    ({"walk": "both"}, "walk"),
    ({"step": -1}, "step must be at least 0"),
    ({"step": "x"}, "'step' trait .* expected an int"),
    ({"selection": ["input 0", "a", 1]}, "selection must be empty or"),
    ({"stridee": 1}, "stridee is no trait"),
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
        (lambda: SizeExplorer([]), "1 to 10 layers"),
        (lambda: ReceptiveFieldExplorer([Conv(3, dilation=40)]), "at most 48"),
        (lambda: ReceptiveFieldExplorer([ConvTranspose(3)]), "no single receptive field"),
    ],
)
def test_the_other_explorers_refuse_too(make, sentence):
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        make()


# --- what is shown -----------------------------------------------------------------------------------------------


def grids(explorer):
    return {one["name"]: one for one in panels(explorer.scene())}


def where(panel, look):
    return {(y, x) for y, row in enumerate(panel["look"]) for x, one in enumerate(row) if one == look}


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
    fills = {e.get("fill") for e, before in pairs_of(root) if before.get("class") in ("grey2", "grey3")}
    assert fills == {"white"}
    assert {e.get("fill") for e, before in pairs_of(root) if before.get("class") in ("grey5", "grey10")} == {None}


def pairs_of(root):
    """Each number of a picture with the cell before it."""
    elements = list(root)
    return [(e, before) for before, e in pairwise(elements) if e.tag == f"{SVG}text" and "class" not in e.attrib]


def test_long_numbers_get_wide_cells():
    explorer = ConvExplorer(np.array([1, 9]), 10 ** np.arange(4), transposed=True)
    assert grids(explorer)["kernel 0 0"]["places"][1] == [1.5, 1.5]
    assert "places" not in grids(explorer)["input 0"]
    wide = grids(explorer)["full 0"]["places"]
    explorer.set(walk="input", step=0)  # fewer digits so far, but nothing jumps
    assert grids(explorer)["full 0"]["places"] == wide
    sizes = {text.get("font-size") for text in ET.fromstring(explorer.picture()).iter(f"{SVG}text")}
    assert sizes <= {"12", "13", "20"}


def test_size_explorer_sees_skips_that_do_not_fit():
    layers = [Conv(3, 2, 1), Pool(2), ConvTranspose(2, 2), ConvTranspose(3, 2, 1)]
    explorer = SizeExplorer(layers, 24, skips={3: 1, 4: 0})
    assert grids(explorer)["sizes"]["text"] == [["24", "12", "6", "12", "23"]]
    assert where(grids(explorer)["sizes"], "bad") == {(0, 4)}
    assert "output_padding 1 in layer 4 would make it fit" in explorer.scene()["facts"][2]
    explorer.layers = [*explorer.layers[:3], explorer.layers[3] | {"output_padding": 1}]
    assert where(grids(explorer)["sizes"], "bad") == set()


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
    cells = [
        rect.get("class")
        for rect in root.iter(f"{SVG}rect")
        if rect.get("class") in LOOKS and rect.get("height") == "30"
    ]
    looks = [look for one in panels(scene) for row in one["look"] for look in row if look != "none"]
    assert sorted(cells) == sorted(looks)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    numbers = [
        t for one in panels(scene) for rows in zip(one["text"], one["look"]) for t, k in zip(*rows) if t and k != "none"
    ]
    assert sorted(t for t in texts if t in set(numbers)) == sorted(numbers)
    assert len([r for r in root.iter(f"{SVG}rect") if r.get("class") == "frame"]) == sum(
        bool(p["frame"]) for p in panels(scene)
    )
    greys = {look for look in looks if look.startswith("grey")}  # their meaning is in the caption
    legend = {
        MEANING[look] if look not in scene.get("meaning", {}) else scene["meaning"][look]
        for look in set(looks) - {"plain"} - greys
    }
    assert legend <= set(texts)
    assert not greys or any("white is the largest number, black is 0" in text for text in texts)
    assert root.findall(f"{SVG}rect")[0].get("fill") == "white"


def test_picture_looks_as_the_figures_do():
    for look in ("read", "written", "overlap"):
        assert LOOKS[look][0] == plots.STYLES[look]["facecolor"]
    assert set(plots.HATCHED) <= set(HATCHES)


@each
def test_static_mode_emits_a_picture_and_no_live_view(make, monkeypatch):
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    explorer, twin = make(), make()
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle == twin._repr_mimebundle_()
    alt, data = re.fullmatch(
        r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)" style="[^"]+">', bundle["text/html"]
    ).groups()
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


def test_import_of_convlab_loads_no_widget():
    import subprocess
    import sys

    code = "import convlab, sys; assert not {'anywidget', 'ipywidgets', 'matplotlib', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})
