"""The shape explorer: its shapes and its drawing against PyTorch and Keras, and what it refuses."""

import random
import re
import xml.etree.ElementTree as ET

import pytest
import torch
import traitlets

from convlab import arithmetic
from convlab.explorers import ShapeExplorer
from convlab.explorers.explorer import Refused
from convlab.frameworks import conv_padding, window
from explorer_examples import SVG, ask, grids, looks_drawn, plant, random_shapes, several, taken

SURPRISE = {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "stride": 2, "padding": "same", "framework": "keras"}


@pytest.fixture(scope="module")
def explorers():
    """2000 of them."""
    return several(lambda rng: ShapeExplorer(**random_shapes(rng), step=rng.randint(0, 30)), 2000, seed=3)


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
    """Against the layers of PyTorch."""
    explorers = [explorer for explorer in explorers if explorer.framework == "torch"]
    for explorer in explorers:
        assert shapes(explorer) == by_torch(explorer), explorer.state()


@pytest.mark.slow
def test_shapes_are_those_of_pytorch(explorers):
    mine = [explorer for explorer in explorers if explorer.framework == "torch"]
    assert len(mine) > 1000
    assert 200 < sum(explorer.output_shape is None for explorer in mine) < 1000
    check_torch(explorers)


def by_rules(explorer):
    """Weight and output of a Keras layer, by convlab.frameworks; None where it is refused."""
    shape, transposed = explorer.input_shape, explorer.operator == "conv_transpose2d"
    at = 1 if explorer.data_format == "channels_first" else 3
    channels, out, groups = shape[at], explorer.out_channels, explorer.groups
    if channels % groups:
        return None, None
    weight = (*explorer.kernel_size, *((out, channels) if transposed else (channels // groups, out)))
    after = list(shape)
    after[at] = out
    for n, axis in enumerate((2, 3) if at == 1 else (1, 2)):
        numbers = (shape[axis], *(getattr(explorer, name)[n] for name in ("kernel_size", "stride", "dilation")))
        try:
            if transposed:
                given = {"output_padding": explorer.output_padding and explorer.output_padding[n]}
                after[axis] = window("keras", *numbers, padding=explorer.padding, **given).output_size
            else:
                after[axis] = conv_padding("keras", *numbers, padding=explorer.padding)[2]
        except ValueError:
            return weight, None
    return weight, tuple(after)


def check_keras(explorers):
    for explorer in explorers:
        if explorer.framework == "keras":
            assert shapes(explorer)[:2] == by_rules(explorer), explorer.state()


def test_shapes_are_those_that_the_library_says_of_keras(explorers):
    assert sum(explorer.framework == "keras" for explorer in explorers) > 400
    check_keras(explorers)


@pytest.mark.frameworks
def test_shapes_are_those_of_keras(explorers):
    """The code line, run: the same kernel, output and number of parameters, or refused by both."""
    keras = pytest.importorskip("keras")
    mine = [explorer for explorer in explorers if explorer.framework == "keras"][:500]
    ran = 0
    for explorer, code in zip(mine, [ask("fronts.shapes.code", explorer.state()) for explorer in mine]):
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
    for explorer, code in zip(mine, [ask("fronts.shapes.code", explorer.state()) for explorer in mine]):
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


@pytest.mark.slow
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
    problems = [ask("fronts.shapes.problem", state) for state in states]
    assert 200 < sum(map(bool, problems)) < 1000
    assert [not problem for problem in problems] == [taken(ShapeExplorer(), state) for state in states]


def test_changing_the_framework_is_never_refused(explorers):
    """Nor is changing the operator: the page resets what the other one does not take."""
    for answers in [ask("moves", "shapes", explorer.state()) for explorer in explorers[:150]]:
        assert [problem for field, _, problem, _ in answers if field in ("framework", "operator", "data_format")] != []
        assert not any(problem for field, _, problem, _ in answers if field in ("framework", "operator", "data_format"))


def looks_of(explorer):
    return {name: one["look"] for name, one in grids(explorer).items()}


def test_groups_are_drawn_with_their_channels():
    explorer = ShapeExplorer("conv_transpose2d", in_channels=4, out_channels=2, groups=2, kernel_size=(3, 3), step=1)
    drawn = grids(explorer)
    assert [drawn[f"group {g}"]["text"] for g in range(2)] == [[["0", "0"], ["1", ""]], [["2", "1"], ["3", ""]]]
    assert explorer.scene()["formula"] == (
        "Output channel 1 (group 1 of 2) reads input channels 2 to 3 through weight[2:4], 2·3·3 = 18 numbers, "
        "plus bias[1]."
    )
    looks = looks_of(explorer)
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
    assert looks_of(explorer)["input"] == [["plain", "bad", "plain", "plain"]]
    assert explorer.output_shape is None
    assert grids(explorer)["output"]["text"] == [["?"] * 4]
    explorer.input_shape = (1, 3, 5, 2)
    assert looks_of(explorer)["input"] == [["plain", "plain", "plain", "bad"]]
    assert "In width, the kernel spans 3 cells, but the padded input has only 2." in explorer.scene()["formula"]
    explorer.input_shape = (1, 3, 5, 5)
    assert "bad" not in looks_of(explorer)["input"][0]


def test_an_axis_is_marked_in_every_shape():
    explorer = ShapeExplorer("conv_transpose2d", 4, 2, (3, 5), stride=2, selection=["output", 0, 3])
    looks = looks_of(explorer)
    assert looks["input"] == looks["weight"] == [["plain", "plain", "plain", "read"]]
    assert looks["output"] == [["plain", "plain", "plain", "written"]]
    assert looks["other"] == [["plain", "read", "plain", "plain"]]
    assert explorer.scene()["formula"] == "Output axis 3, width: 2·(5 − 1) + 5 − 0 − 0 = 13"
    assert arithmetic.conv_transpose_output_size(5, 5, 2) == 13


def check_drawing(_):
    test_groups_are_drawn_with_their_channels()
    test_wrong_axes_are_marked()


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
    cells = looks_drawn(root)
    # Input, weight, bias, output and PyTorch's weight have 17 axes; then three channels.
    assert sorted(cells) == ["bad", *["plain"] * 16, "read", "read", "written"]
    names = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "cl-label"]
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
    ('keras: "HWOI"', 'keras: "HWIO"', check_keras),
    ("const channels = keras ? shape[at] : meant;", "const channels = meant;", check_keras),
    ("[total >> 1, total - (total >> 1)]", "[total >> 1, total >> 1]", check_keras),
    ("[parts.O, parts.I] = column ? [one, all] : [all, one];", "[parts.O, parts.I] = [one, all];", check_drawing),
    ('panels[0].look[0][axis] = "bad";', "", check_drawing),
    (
        "first = group * shapes.weight[letters.indexOf(within)]",
        "first = 0",
        test_parts_of_the_weight_that_a_channel_reads,
    ),
]


@pytest.mark.parametrize(("right", "wrong", "check"), FAULTS)
def test_planted_fault_is_noticed(right, wrong, check, explorers, monkeypatch):
    plant(monkeypatch, right, wrong)
    with pytest.raises((AssertionError, IndexError)):
        check(explorers[:500])
