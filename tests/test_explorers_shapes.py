"""The shape explorer: its shapes against PyTorch and Keras, its page against its still picture, and what it refuses."""

import random
import re
import xml.etree.ElementTree as ET

import pytest
import torch
import traitlets

from browser import browser_fixture  # noqa: F401  (fixture)
from convlab import arithmetic
from convlab.explorers import ShapeExplorer
from convlab.explorers.core import Refused, module_text
from convlab.explorers.scene import looks_of, panels_of
from explorer_node import as_json, ask, several
from test_explorers_browser import asked, opened, play_one_step, violations
from test_explorers_coordinates import (  # noqa: F401  (fixtures)
    check_narrow,
    check_offline,
    code_says,
    context_fixture,
    lab_fixture,
)

SVG = "{http://www.w3.org/2000/svg}"
SURPRISE = {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "stride": 2, "padding": "same", "framework": "keras"}


def random_layer(rng):
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


def random_explorer(rng):
    """One of them at a random step, most with a pinned cell."""
    explorer = ShapeExplorer(**random_layer(rng), step=rng.randint(0, 30))
    if rng.random() < 0.6:
        one = rng.choice(panels_of(explorer.scene()["lines"]))
        explorer.selection = [one["name"], rng.randrange(len(one["text"])), rng.randrange(len(one["text"][0]))]
    return explorer


@pytest.fixture(scope="module")
def explorers():
    """2000 of them."""
    return several(random_explorer, 2000, seed=3)


# --- shapes ------------------------------------------------------------------------------------------------------


def by_torch(explorer):
    """Shape of the weight, of the output and the number of parameters; None where PyTorch refuses or gives no cell.

    A transposed convolution whose output would have exactly 0 cells on one axis is not refused by PyTorch 2.13.
    """
    transposed = explorer.operator == "conv_transpose2d"
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias")
    settings = {name: getattr(explorer, name) for name in names}
    if transposed:
        settings["output_padding"] = explorer.output_padding
    layer = (torch.nn.ConvTranspose2d if transposed else torch.nn.Conv2d)(**settings)
    try:
        output = tuple(layer(torch.zeros(explorer.input_shape)).shape)
    except RuntimeError:
        output = None
    if output and 0 in output:
        output = None
    return tuple(layer.weight.shape), output, sum(one.numel() for one in layer.parameters())


def shapes(explorer):
    return explorer.weight_shape, explorer.output_shape, explorer.parameters


def check_torch(explorers):
    """Python and the page, against the layers of PyTorch."""
    explorers = [explorer for explorer in explorers if explorer.framework == "torch"]
    pages = ask([["call", "shapesOf", explorer.state()] for explorer in explorers])
    for explorer, page in zip(explorers, pages):
        truth = by_torch(explorer)
        assert shapes(explorer) == truth, explorer.state()
        assert (tuple(page["weight"]), page["output"] and tuple(page["output"])) == truth[:2], explorer.state()


def test_shapes_are_those_of_pytorch(explorers):
    mine = [explorer for explorer in explorers if explorer.framework == "torch"]
    assert len(mine) > 1000
    assert 200 < sum(explorer.output_shape is None for explorer in mine) < 1000
    check_torch(explorers)


def check_pages(explorers):
    """Whatever the framework: the page has the shapes, the wrong axes and the sentence of Python."""
    pages = ask([["call", "shapesOf", explorer.state()] for explorer in explorers])
    for explorer, page in zip(explorers, pages):
        assert [page["weight"], page["output"]] == as_json([explorer.weight_shape, explorer.output_shape])


def test_pages_say_the_same_of_keras(explorers):
    mine = [explorer for explorer in explorers if explorer.framework == "keras"]
    assert len(mine) > 400
    check_pages(mine)


@pytest.mark.frameworks
def test_shapes_are_those_of_keras(explorers):
    """The code line, run: the same kernel, output and number of parameters, or refused by both."""
    keras = pytest.importorskip("keras")
    mine = [explorer for explorer in explorers if explorer.framework == "keras"][:500]
    ran = 0
    for explorer, code in zip(mine, ask([["code", "shapes", explorer.state()] for explorer in mine])):
        if explorer.output_shape is None:
            continue  # its even kernels with an output_padding are refused by the TensorFlow backend alone
        call, _, data = code["Keras"].removeprefix("y = ").partition("(keras.ops.zeros")
        layer = eval(call, {"keras": keras})
        output = eval(f"layer(keras.ops.zeros{data}", {"keras": keras, "layer": layer})
        assert shapes(explorer) == (tuple(layer.kernel.shape), tuple(output.shape), layer.count_params()), code
        ran += 1
    assert ran > 200


def test_the_pytorch_line_runs(explorers):
    mine = [explorer for explorer in explorers if explorer.framework == "torch"][:600]
    for explorer, code in zip(mine, ask([["code", "shapes", explorer.state()] for explorer in mine])):
        names = {"torch": torch}
        if explorer.output_shape is None:
            with pytest.raises((RuntimeError, AssertionError)):
                exec(f"{code['PyTorch']}\nassert y.numel()", names)
        else:
            exec(code["PyTorch"], names)
            assert tuple(names["y"].shape) == explorer.output_shape, code


def test_the_cases_of_the_lesson():
    assert ShapeExplorer("conv_transpose2d", 8, 4, 3, groups=2).weight_shape == (8, 2, 3, 3)
    assert ShapeExplorer("conv2d", 8, 4, 3, groups=2).weight_shape == (4, 4, 3, 3)
    assert ShapeExplorer("conv_transpose2d", 64, 32, 4).parameters == 32_800
    surprise = ShapeExplorer("conv_transpose2d", **SURPRISE, input_shape=(1, 1, 2, 2))
    assert surprise.output_shape == (1, 2, 4, 1)
    assert surprise.scene()["formula"] == (
        "Keras (channels_last) reads axis 3 as channels: 2 there, not 1. Axis 1 has 1: the data look channels_first. "
        "Keras says nothing and makes a layer for 2, with a weight of (3, 3, 1, 2). The output is (1, 2, 4, 1)."
    )
    right = ShapeExplorer("conv_transpose2d", **SURPRISE, input_shape=(1, 2, 2, 1))
    assert right.output_shape == (1, 4, 4, 1)
    blind = ShapeExplorer("conv2d", 3, 8, 3, input_shape=(1, 3, 3, 3))
    assert "no layer would notice" in " ".join(blind.scene()["facts"])


def test_parts_of_the_weight_that_a_channel_reads(explorers):
    """The slice in the sentence, taken from PyTorch's weight, is what changes the channel's output, and all of it."""
    tried = 0
    for explorer in explorers:
        if explorer.framework != "torch" or explorer.output_shape is None or tried > 60:
            continue
        explorer.set(selection=[], step=explorer.out_channels // 2)
        sentence = explorer.scene()["formula"]
        channel = re.match(r"Output channel (\d+) ", sentence)
        if channel:
            part = re.search(r"through (weight(?:\[[^]]*\])?)", sentence).group(1)
            assert torch.equal(read_by(explorer, int(channel.group(1))), marked(explorer, part)), sentence
            tried += 1
    assert tried > 60


def read_by(explorer, channel):
    """Which weights the channel's output depends on, for an input of ones at every cell that a tap may meet."""
    transposed = explorer.operator == "conv_transpose2d"
    weight = torch.ones(explorer.weight_shape, requires_grad=True)
    x = torch.ones(1, explorer.in_channels, 9, 9)
    call = torch.nn.functional.conv_transpose2d if transposed else torch.nn.functional.conv2d
    call(x, weight, groups=explorer.groups)[0, channel].sum().backward()
    return weight.grad != 0


def marked(explorer, part):
    names = {"weight": torch.zeros(explorer.weight_shape, dtype=torch.bool)}
    exec(f"{part}[...] = True" if "[" in part else "weight[...] = True", names)
    return names["weight"]


# --- the page and the still picture ------------------------------------------------------------------------------


def check_scenes(explorers):
    for explorer, answer in zip(explorers, ask([["scene", "shapes", explorer.state()] for explorer in explorers])):
        assert answer == as_json(explorer.scene()), explorer.state()


def test_the_page_shows_what_the_still_picture_shows(explorers):
    check_scenes(explorers[:500])


def taken(state):
    try:
        ShapeExplorer().checked(state)
    except (TypeError, ValueError):
        return False
    return True


def test_both_sides_take_and_refuse_the_same(explorers):
    rng, states = random.Random(7), []
    wild = (-1, 0, 1, 2, 3, 4, 64, 65, 1.5)
    for explorer in explorers[:1200]:
        name = rng.choice(("stride", "dilation", "kernel_size", "output_padding", "groups", "input_shape", "operator"))
        value = {
            "groups": rng.choice(wild),
            "input_shape": [rng.choice((1, 2, 9999, 10000, 0)) for _ in range(rng.choice((3, 4, 4, 4)))],
            "operator": rng.choice(("conv2d", "conv_transpose2d")),
        }.get(name, [rng.choice(wild) for _ in range(2)])
        states.append(explorer.state() | {name: value})
    problems = ask([["problem", "shapes", state] for state in states])
    assert 200 < sum(map(bool, problems)) < 1000
    assert [not problem for problem in problems] == [taken(state) for state in states]


def test_every_control_leads_to_a_state_that_python_takes(explorers):
    moves = 0
    for answers in ask([["controls", "shapes", explorer.state()] for explorer in explorers[:50]]):
        assert isinstance(answers, list), answers
        for field, _, problem, state in answers:
            if state is not None:
                assert taken(state) == (not problem), (field, problem, state)
                moves += not problem
    assert moves > 1000


def test_changing_the_framework_is_never_refused(explorers):
    """Nor is changing the operator: the page resets what the other one does not take."""
    for answers in ask([["controls", "shapes", explorer.state()] for explorer in explorers[:150]]):
        assert [problem for field, _, problem, _ in answers if field in ("framework", "operator", "data_format")] != []
        assert not any(problem for field, _, problem, _ in answers if field in ("framework", "operator", "data_format"))


def grids(explorer):
    return {one["name"]: one for one in panels_of(explorer.scene()["lines"])}


def test_groups_are_drawn_with_their_channels():
    explorer = ShapeExplorer("conv_transpose2d", in_channels=4, out_channels=2, groups=2, kernel_size=(3, 3), step=1)
    drawn = grids(explorer)
    assert [drawn[f"group {g}"]["text"] for g in range(2)] == [[["0", "0"], ["1", ""]], [["2", "1"], ["3", ""]]]
    assert explorer.scene()["formula"] == (
        "Output channel 1 (group 1 of 2) reads input channels 2 to 3 through weight[2:4], 2·3·3 = 18 numbers, "
        "plus bias[1]."
    )
    looks = looks_of(explorer.scene()["lines"])
    assert looks["group 1"] == [["read", "written"], ["read", "none"]]
    assert {look for row in looks["group 0"] for look in row} == {"plain", "none"}
    assert sum(kind == "group" for kind, *_ in drawn["group 0"]["strokes"]) == 1
    assert sum(kind == "chosen" for kind, *_ in drawn["group 1"]["strokes"]) == 2
    explorer.selection = ["group 1", 1, 0]
    assert explorer.scene()["formula"] == "Input channel 3 (group 1 of 2) enters output channel 1 through weight[3]."


def test_many_channels_are_drawn_together():
    explorer = ShapeExplorer("conv_transpose2d", 64, 32, 4)
    assert grids(explorer)["group 0"]["text"] == [["0–63", "0–31"]]
    deep = ShapeExplorer("conv2d", 64, 64, 3, groups=64)
    assert [name for name in grids(deep) if name.startswith("group")] == [f"group {g}" for g in range(10)]
    assert "10 of 64 groups are drawn." in deep.scene()["facts"]


def test_wrong_axes_are_marked():
    explorer = ShapeExplorer("conv2d", 3, 8, 3, input_shape=(1, 5, 5, 3))
    assert looks_of(explorer.scene()["lines"])["input"] == [["plain", "bad", "plain", "plain"]]
    assert explorer.output_shape is None
    assert grids(explorer)["output"]["text"] == [["?"] * 4]
    explorer.input_shape = (1, 3, 5, 2)
    assert looks_of(explorer.scene()["lines"])["input"] == [["plain", "plain", "plain", "bad"]]
    assert "In width, the kernel spans 3 cells, but the padded input has only 2." in explorer.scene()["formula"]
    explorer.input_shape = (1, 3, 5, 5)
    assert "bad" not in looks_of(explorer.scene()["lines"])["input"][0]


def test_an_axis_is_marked_in_every_shape():
    explorer = ShapeExplorer("conv_transpose2d", 4, 2, (3, 5), stride=2, selection=["output", 0, 3])
    looks = looks_of(explorer.scene()["lines"])
    assert looks["input"] == looks["weight"] == [["plain", "plain", "plain", "read"]]
    assert looks["output"] == [["plain", "plain", "plain", "written"]]
    assert looks["other"] == [["plain", "read", "plain", "plain"]]
    assert explorer.scene()["formula"] == "Output axis 3, width: 2·(5 − 1) + 5 − 0 − 0 = 13"
    assert arithmetic.conv_transpose_output_size(5, 5, 2) == 13


# --- bad input ---------------------------------------------------------------------------------------------------

BAD = [
    ({"groups": 3}, "groups must divide in_channels and out_channels, got 3 for 4 and 2"),
    ({"groups": 0}, "groups must be at least 1"),
    ({"in_channels": 5000}, "in_channels can be at most 4096"),
    ({"out_channels": 1.5}, "out_channels must be an integer"),
    ({"kernel_size": 0}, "kernel_size must be at least 1"),
    ({"kernel_size": (3, 3, 3)}, "kernel_size must be one integer or 2"),
    ({"stride": 65}, "stride can be at most 64"),
    ({"padding": "same"}, "padding must be numbers for PyTorch"),
    ({"padding": -1}, "padding must be at least 0"),
    ({"output_padding": 1}, "output_padding must be smaller than stride or dilation"),
    ({"output_padding": None}, "output_padding must be numbers for PyTorch"),
    ({"operator": "conv2d", "output_padding": 1}, "belongs to a transposed convolution"),
    ({"operator": "conv3d"}, "operator"),
    ({"data_format": "channels_last"}, "its layers always read axis 1 as channels"),
    ({"framework": "keras"}, "padding must be 'valid' or 'same' for Keras"),
    ({"framework": "keras", "padding": "same", "groups": 2}, "Conv2DTranspose has no groups"),
    ({"framework": "keras", "padding": "same", "stride": 2, "dilation": 2}, "no stride above 1 with a dilation"),
    ({"framework": "keras", "padding": "same", "output_padding": 1}, "smaller than stride in Keras"),
    ({"input_shape": (1, 4, 5)}, "input_shape must have 4 numbers"),
    ({"input_shape": (1, 4, 5, 0)}, "input_shape must be at least 1"),
    ({"input_shape": (1, 4, 5, 10_000)}, "at most 9999"),
    ({"input_shape": "1, 4, 5, 5"}, "input_shape must have 4 numbers"),
    ({"bias": "yes"}, "bias"),
]


@pytest.mark.parametrize(("change", "sentence"), BAD, ids=[" ".join(change) for change, _ in BAD])
def test_bad_input_is_refused_and_nothing_changes(change, sentence):
    explorer = ShapeExplorer("conv_transpose2d", 4, 2, 3)
    before = explorer.state()
    with pytest.raises(traitlets.TraitError, match=sentence):
        explorer.set(**change)
    assert explorer.state() == before


def test_the_constructor_refuses_too():
    with pytest.raises(Refused, match="groups must divide"):
        ShapeExplorer("conv2d", 3, 4, 3, groups=2)
    with pytest.raises(Refused, match="kernel is no trait"):
        ShapeExplorer("conv2d", 3, 4, 3, kernel=2)


# --- the other ways to show one ----------------------------------------------------------------------------------


def test_static_picture_has_alt_text_and_every_cell(monkeypatch):
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    explorer, twin = (ShapeExplorer("conv_transpose2d", **SURPRISE, input_shape=(1, 1, 2, 2)) for _ in range(2))
    bundle = explorer._repr_mimebundle_()
    assert bundle == twin._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    alt = re.match(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,', bundle["text/html"]).group(1)
    assert alt.startswith("Shape explorer. Keras (channels_last) reads axis 3 as channels: 2 there, not 1.")
    assert "together 19 parameters" in alt
    root = ET.fromstring(explorer.picture())
    cells = [rect.get("class") for rect in root.iter(f"{SVG}rect") if rect.get("height") == "30"]
    # Input, weight, bias, output and PyTorch's weight have 17 axes; then three channels.
    assert sorted(cells) == ["bad", *["plain"] * 16, "read", "read", "written"]
    names = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "label"]
    assert names == [*"NHWC", "kh", "kw", "out", "in", "out", *"NHWC", "in", "out/groups", "kh", "kw"]


def test_page_of_its_own(tmp_path):
    page = ShapeExplorer().to_html(tmp_path / "page.html")
    assert re.findall(r"(?:src|href)=\"(?!data:)", page) == []
    assert '"kind": "shapes"' in page


# --- planted faults ----------------------------------------------------------------------------------------------

FAULTS = [
    ('sizes[isTransposed(state) ? "O" : "I"] /= groups', 'sizes["I"] /= groups', check_torch),
    ('conv_transpose2d: { torch: "IOHW"', 'conv_transpose2d: { torch: "OIHW"', check_torch),
    ("axes.every(Boolean) && (keras || fits)", "axes.every(Boolean)", check_torch),
    ('keras: "HWOI"', 'keras: "HWIO"', check_pages),
    ("const channels = keras ? shape[at] : meant;", "const channels = meant;", check_pages),
    ("[total >> 1, total - (total >> 1)]", "[total >> 1, total >> 1]", check_pages),
    ("[parts.O, parts.I] = column ? [one, all] : [all, one];", "[parts.O, parts.I] = [one, all];", check_scenes),
    ('shapes.wrong.forEach((axis) => { panels[0].look[0][axis] = "bad"; });', "", check_scenes),
    ("first = group * shapes.weight[letters.indexOf(within)]", "first = 0", check_scenes),
]


@pytest.mark.parametrize(("right", "wrong", "check"), FAULTS)
def test_planted_fault_is_noticed(right, wrong, check, explorers, monkeypatch):
    text = module_text()
    assert text.count(right) == 1
    monkeypatch.setattr("explorer_node.module_text", lambda: text.replace(right, wrong))
    with pytest.raises(AssertionError):
        check(explorers[:500])


# --- in JupyterLab -----------------------------------------------------------------------------------------------

SHOWN = "ShapeExplorer('conv_transpose2d', in_channels=4, out_channels=2, groups=2, kernel_size=(3, 3))"


def check_page(shown):
    """By real keys and the pointer: steps, hover, pin, settings, the wrong axis, and what is refused in place."""
    check_steps(shown)
    check_pointing(shown)
    check_settings(shown)
    check_wrong_axis(shown)


def check_steps(shown):
    assert shown.numbers("weight") == [["4", "1", "3", "3"]]
    assert shown.numbers("output") == [["1", "2", "7", "7"]]
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight")
    shown.wait("Output channel 1 (group 1 of 2) reads input channels 2 to 3 through weight[2:4], 2·3·3 = 18 numbers")
    assert shown.looks("group 1") == [["read", "written"], ["read", "none"]]
    assert shown.at(".cl-stroke-group").count() == 2
    assert shown.at(".cl-stroke-chosen").count() == 2
    shown.press("Home")
    shown.wait("Output channel 0 ")


def check_pointing(shown):
    shown.cell("group 1", 1, 0).hover()
    shown.wait("Input channel 3 (group 1 of 2) enters output channel 1 through weight[3].")
    shown.cell("weight", 0, 1).hover()
    shown.wait("Weight axis 1: output channels of one group, 2 / 2 = 1")
    assert shown.looks("output") == [["plain", "written", "plain", "plain"]]
    assert shown.looks("bias") == [["read"]]
    shown.cell("output", 0, 2).click()
    shown.page.mouse.move(2, 2)
    shown.wait("Output axis 2, height: 1·(5 − 1) + 3 − 0 − 0 = 7")
    assert "cl-pinned" in shown.at(".cl-cursor").get_attribute("class")
    shown.press("Escape")
    shown.wait("Output channel 0 ")
    shown.press("ArrowLeft", "Enter")
    shown.wait("Input channel 0 ")
    shown.press("Escape")
    shown.wait("Output channel 0 ")


def refused(shown, field, typed, sentence):
    before = shown.numbers("weight") + shown.numbers("output")
    shown.field(field).fill(typed)
    shown.press("Enter")
    shown.page.wait_for_function("t => document.querySelector('.cl-alert').textContent.includes(t)", arg=sentence)
    assert shown.alert().endswith("Nothing was changed.")
    assert shown.field(field).get_attribute("aria-invalid") == "true"
    assert shown.numbers("weight") + shown.numbers("output") == before


def check_settings(shown):
    shown.field("stride 0").focus()
    shown.press("ArrowUp")
    code_says(shown, "stride=(2, 1)")
    assert shown.numbers("output") == [["1", "2", "11", "7"]]
    refused(shown, "stride 0", "0", "from 1 to 64, got 0")
    refused(shown, "stride 0", "two", "got “two”")
    refused(shown, "output_padding 1", "1", "must be smaller than stride or dilation")
    refused(shown, "groups", "3", "must divide in_channels and out_channels, got 3 for 4 and 2")
    refused(shown, "in_channels", "99999", "from 1 to 4096, got 99999")
    refused(shown, "input_shape", "1, 4, 5", "must be 4 whole numbers, the batch first")
    refused(shown, "input_shape", "1, 4, five, 5", "got “five”")
    shown.field("out_channels").fill("6")
    shown.press("Enter")
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('bias 6')")
    assert shown.alert() == ""
    assert shown.numbers("weight") == [["4", "3", "3", "3"]]
    shown.field("bias").select_option("false")
    code_says(shown, "bias=False")
    shown.field("operator").select_option("conv2d")
    code_says(shown, "torch.nn.Conv2d")
    assert shown.numbers("weight") == [["6", "2", "3", "3"]]


def check_wrong_axis(shown):
    """Channels-last data in PyTorch; then channels-first data in Keras, which says nothing."""
    shown.field("swap").click()
    shown.wait("PyTorch reads axis 1 as channels: 5 there, not 4. Axis 3 has 4: the data look channels_last.")
    assert shown.looks("input") == [["plain", "bad", "plain", "plain"]]
    assert shown.numbers("output") == [["?"] * 4]
    shown.field("swap").click()
    shown.wait("Output channel 0 ")
    assert shown.looks("input") == [["plain"] * 4]
    shown.field("surprise").focus()
    shown.press("Enter")
    shown.wait("Keras (channels_last) reads axis 3 as channels: 2 there, not 1.")
    assert "The output is (1, 2, 4, 1)." in shown.formula()
    assert shown.looks("input") == [["plain", "plain", "plain", "bad"]]
    assert shown.numbers("weight") == [["3", "3", "1", "2"]]
    assert shown.numbers("other") == [["2", "1", "3", "3"]]
    shown.field("data_format").select_option("channels_first")
    code_says(shown, 'data_format="channels_first"')
    shown.field("input_shape").fill("1, 1, 2, 2")
    shown.press("Enter")
    shown.wait("Output channel 0 ")
    assert shown.numbers("output") == [["1", "1", "4", "4"]]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_explorer_by_keyboard_and_pointer(context, lab, theme, tmp_path):
    lesson, shown = opened(context, lab, f"shapes_{theme}", SHOWN, theme)
    check_page(shown)
    shown.field("in_channels").fill("3")
    shown.press("Enter")
    shown.field("out_channels").fill("2")
    shown.press("Enter")
    play_one_step(lesson.page, shown)
    lesson.screenshot(f"explorer_shapes_{theme}", tmp_path)
    assert violations(lesson.page, ".convlab") == []
    state = asked(lesson)
    assert (state["framework"], state["operator"], state["in_channels"]) == ("keras", "conv_transpose2d", 3)
    assert state["input_shape"] == [1, 3, 2, 2]
    assert lesson.problems == []


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_narrow_page(context, lab, theme, tmp_path):
    source = "ShapeExplorer('conv2d', 8, 16, 3, groups=4, input_shape=(1, 5, 5, 8))"
    lesson, shown = opened(context, lab, f"shapes_narrow_{theme}", source, theme)
    shown.wait("PyTorch reads axis 1 as channels: 5 there, not 8.")
    lesson.screenshot(f"explorer_shapes_wide_{theme}", tmp_path)
    check_narrow(lesson, shown, f"explorer_shapes_narrow_{theme}", tmp_path)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_of_its_own_asks_for_nothing(browser, scheme, tmp_path):
    ShapeExplorer(groups=2).to_html(tmp_path / "page.html")
    check_offline(browser, tmp_path / "page.html", scheme, "Output channel 1 (group 1 of 2) reads ")


PAGE_FAULTS = [
    ("event.stopPropagation();", ";", check_steps),
    ('drawn.strokes.push(column ? wire("chosen", n, row) : wire("chosen", row, n));', "", check_steps),
    ("if (other === letter) one.look[0][m]", "if (other === n) one.look[0][m]", check_pointing),
    ("if (out_channels % groups || (!keras", "if (false && (!keras", check_settings),
    ('shapes.wrong.forEach((axis) => { panels[0].look[0][axis] = "bad"; });', "", check_wrong_axis),
]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("right", "wrong", "check"), PAGE_FAULTS, ids=["keys", "wires", "axes", "refusal", "wrong axis"]
)
def test_planted_fault_on_the_page_is_noticed(context, lab, right, wrong, check):
    from playwright.sync_api import TimeoutError as TooLate

    assert right in module_text()
    cls = f"type('Planted', (ShapeExplorer,), {{'_esm': ShapeExplorer._esm.replace({right!r}, {wrong!r})}})"
    lesson, shown = opened(context, lab, "shapes_planted", SHOWN.replace("ShapeExplorer", cls))
    lesson.page.set_default_timeout(2000)
    with pytest.raises((AssertionError, TooLate)):
        check(shown)


@pytest.mark.browser
def test_axe_notices_a_missing_name(context, lab):
    lesson, shown = opened(context, lab, "shapes_nameless", SHOWN)
    shown.field("operator").evaluate("element => element.removeAttribute('aria-label')")
    assert [rule for rule, _ in violations(lesson.page, ".convlab")] == ["select-name"]
