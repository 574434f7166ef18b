"""What the explorers show, by their JavaScript, against convlab.arithmetic, views, reference, frameworks and PyTorch.

The numbers, the marks and the sentence of each explorer are worked out here a second time, from the library.
"""

import itertools
import re

import numpy as np
import pytest
import torch

from convlab import arithmetic, views
from convlab.reference import conv2d, conv_transpose2d
from convlab.views import Conv
from explorer_examples import RANDOM, as_json, ask, grids, panels, plant, some_explorers, taken, where

SUM = re.compile(r"^(?:.* = )?((?:\(?-?[\d.e-]+\)?·\(?-?[\d.e-]+\)?(?: \+ )?)+) = (-?[\d.e-]+)$")


def numbers(panel):
    """The texts of a panel as numbers; what shows nothing is 0."""
    return np.array([[float(text or 0) for text in row] for row in panel["text"]])


def marked(scene, look):
    """Cells of all panels that look so: ``(panel, row, column)``."""
    return {(one["name"], *cell) for one in panels(scene) for cell in where(one, look)}


def check_sum(formula):
    """Where a sentence ends with products and their sum, the sum is right."""
    found = SUM.match(formula)
    if found:
        terms = [np.prod([float(n.strip("()")) for n in term.split("·")]) for term in found[1].split(" + ")]
        assert sum(terms) == pytest.approx(float(found[2]), rel=1e-5, abs=1e-5), formula
    return bool(found)


def close(one, other):
    return np.allclose(one, other, rtol=1e-5, atol=1e-5)


# --- convolution -------------------------------------------------------------------------------------------------


class Products:
    """Every product of a convolution explorer by PyTorch: what a cell is joined with is where its gradient is not 0."""

    def __init__(self, explorer):
        self.transposed, self.nd = explorer.transposed, explorer.weight.ndim - 2
        self.stride, self.dilation, self.padding = explorer.stride, explorer.dilation, explorer.padding
        pad = [(0, 0), *(((0, 0),) * self.nd if self.transposed else self.padding)]
        self.x = np.pad(explorer.input, pad).astype(float)
        self.w, self.groups = explorer.weight.astype(float), explorer.groups

    def full(self, x, w):
        call = getattr(torch.nn.functional, f"conv{'_transpose' if self.transposed else ''}{self.nd}d")
        return call(x[None], w, stride=self.stride, dilation=self.dilation, groups=self.groups)[0]

    def joined(self, side, cell):
        """Masks of inputs, outputs (uncropped) and taps that take part in the products of a cell."""
        x = torch.ones(self.x.shape, dtype=torch.float64, requires_grad=True)
        w = torch.ones(self.w.shape, dtype=torch.float64, requires_grad=True)
        y = self.full(x, w)
        if side == "out":
            y[cell].backward()
            taps, inputs, outputs = w.grad != 0, x.grad != 0, torch.zeros(y.shape, dtype=bool)
            outputs[cell] = True
            return inputs.numpy(), outputs.numpy(), taps.numpy()
        chosen = torch.zeros((self.x if side == "in" else self.w).shape, dtype=torch.float64)
        chosen[cell] = 1
        x, w = (chosen, w) if side == "in" else (x, chosen)
        x, w = (one.detach().requires_grad_() for one in (x, w))
        y = self.full(x, w)
        y.sum().backward()
        other = ((w if side == "in" else x).grad != 0).numpy()
        mine = chosen.numpy() != 0
        return (mine, (y != 0).numpy(), other) if side == "in" else (other, (y != 0).numpy(), mine)


def two_axes(values, nd):
    return values if nd == 2 else np.expand_dims(values, -2)


def check_convolution(explorer, scene):
    """Values of the grids, marks of the stamping line and of the output, and the looks of cells that nothing meets."""
    drawn, products = {one["name"]: one for one in panels(scene)}, Products(explorer)
    nd, begins = products.nd, [pair[0] for pair in explorer.padding]
    full = products.full(torch.tensor(products.x), torch.tensor(products.w)).numpy()
    name, row, column = scene["selection"]
    kind, *channels = name.split(" ")
    place = (row, column) if nd == 2 else (column,)
    if kind in ("products", "stamps"):
        channels, place = ([0, 0], place) if kind == "products" else ([0], (row,))
    crop = np.array(begins if explorer.transposed else [0] * nd)
    for c, plane in enumerate(two_axes(explorer.output, nd)):
        shown = numbers(drawn[f"output {c}"])
        filled = np.array([[text != "" for text in line] for line in drawn[f"output {c}"]["text"]])
        assert close(shown[filled], plane[filled])
    for c, plane in enumerate(two_axes(products.x, nd)):
        assert close(numbers(drawn[f"input {c}"]), plane)
    if explorer.transposed:
        check_zero_insertion(explorer, drawn, nd)
        if explorer.selection or explorer.walk == "output":
            for c, plane in enumerate(two_axes(full, nd)):
                shown = numbers(drawn[f"full {c}"])
                assert close(shown[: plane.shape[0], : plane.shape[1]], plane)
                assert not shown[plane.shape[0] :].any()
                assert not shown[:, plane.shape[1] :].any()
    side = {"input": "in", "kernel": "tap", "flipped": "tap", "full": "out", "output": "out"} | {
        "products": "tap",
        "stamps": "in",
    }
    side = side.get(kind)
    if "stamps" in drawn and (explorer.selection or explorer.walk == "output"):
        assert close(numbers(drawn["stamps"]).sum(axis=0), full[0])  # the rows add up to all stamps
    if "products" in drawn and side == "out" and explorer.transposed:
        beyond = any(n >= size for n, size in zip(np.add(place, crop if kind == "output" else 0), full.shape[1:]))
        at = tuple(int(n) for n in np.add(place, crop if kind == "output" else 0))
        assert beyond or close(numbers(drawn["products"]).sum(), full[(0, *at)])
    if kind == "stretched":
        return check_sum(scene["formula"])
    if kind == "flipped":
        place = tuple(k - 1 - n for k, n in zip(products.w.shape[2:], place))
    if kind == "output":
        place = tuple(int(n) for n in np.array(place) + crop)
    cell = (*map(int, channels), *place)
    beyond = side == "out" and any(n >= size for n, size in zip(place, full.shape[1:]))
    if not beyond:
        check_marks(drawn, explorer.transposed, crop, nd, *products.joined(side, cell))
    summed = check_sum(scene["formula"])
    if side == "out" and not beyond and scene["formula"].split(" = ")[-1].replace("-", "").replace(".", "").isdigit():
        assert close(float(scene["formula"].split(" = ")[-1]), full[cell]), scene["formula"]
    return summed


def check_marks(drawn, transposed, crop, nd, inputs, outputs, taps):
    for c, mask in enumerate(two_axes(inputs, nd)):
        assert where(drawn[f"input {c}"], "read") == set(zip(*map(list, np.nonzero(mask))))
    for a, b in itertools.product(*map(range, taps.shape[:2])):
        assert where(drawn[f"kernel {a} {b}"], "read") == set(zip(*map(list, np.nonzero(two_axes(taps, nd)[a, b]))))
    down, across = (0, *crop)[-2:]
    for c, mask in enumerate(two_axes(outputs, nd)):
        cells = set(zip(*map(list, np.nonzero(mask))))
        if transposed:
            assert where(drawn[f"full {c}"], "written") == cells
        height, width = np.shape(drawn[f"output {c}"]["text"])
        moved = {(y - down, x - across) for y, x in cells}
        inside = {(y, x) for y, x in moved if 0 <= y < height and 0 <= x < width}
        assert where(drawn[f"output {c}"], "written") == inside


def check_zero_insertion(explorer, drawn, nd):
    """The stretched input, its zeros and paddings; what no stamp reaches or the crop takes away."""
    axes = zip(explorer.weight.shape[2:], *(getattr(explorer, name) for name in ("stride", "padding")))
    axes = [
        arithmetic.equivalent_convolution(k, s, p, op, d)
        for (k, s, p), op, d in zip(axes, explorer.output_padding, explorer.dilation)
    ]
    pads = [(axis.padding_begin, axis.padding_end) for axis in axes]
    x = explorer.input[None].astype(float)
    stretched = views.pad_or_crop(views.stretch(x, explorer.stride), pads)[0]
    kept = views.pad_or_crop(views.stretch(np.ones_like(x), explorer.stride), pads)[0, 0]
    for c, plane in enumerate(two_axes(stretched, nd)):
        assert close(numbers(drawn[f"stretched {c}"]), plane)
        looks = np.array(drawn[f"stretched {c}"]["look"])
        assert not np.isin(looks, ["zero", "padding"])[two_axes(kept, nd) == 1].any()
    touched = Products(explorer)
    ones = touched.full(*(torch.ones(one.shape, dtype=torch.float64) for one in (touched.x, touched.w))).numpy()
    hit = two_axes(ones[0] != 0, nd)
    looks = np.array(drawn["full 0"]["look"])[: hit.shape[0], : hit.shape[1]]
    assert not (looks == "unwritten")[hit].any()
    assert not (looks == "plain")[~hit].any()
    top, left, bottom, right = drawn["full 0"]["frame"]
    assert (bottom - top, right - left) == np.shape(drawn["output 0"]["text"])
    inside = np.zeros(looks.shape, bool)
    inside[top:bottom, left:right] = True
    assert not (looks == "cropped")[inside].any()
    assert np.isin(looks[~inside], ["cropped", "written"]).all()
    output = np.array(drawn["output 0"]["look"])
    begins = (0, *(pair[0] for pair in explorer.padding))[-2:]
    wide = np.zeros(np.add(begins, output.shape), bool)
    wide[: hit.shape[0], : hit.shape[1]] = hit[: wide.shape[0], : wide.shape[1]]
    assert not (output == "plain")[~wide[begins[0] :, begins[1] :]].any()


# --- the others --------------------------------------------------------------------------------------------------


def check_pitfall(explorer, scene):
    drawn = {one["name"]: one for one in panels(scene)}
    assert close(numbers(drawn["answer"]), explorer.output)
    top, left, bottom, right = drawn["full"]["frame"]
    assert close(numbers(drawn["full"])[top:bottom, left:right], explorer.output)
    outside = np.array(drawn["full"]["look"])
    outside[top:bottom, left:right] = "none"
    assert np.isin(outside, ["none", "cropped", "written"]).all()
    written = {(y - top, x - left) for y, x in where(drawn["full"], "written")}
    inside = {(y, x) for y, x in written if 0 <= y < bottom - top and 0 <= x < right - left}
    assert where(drawn["answer"], "written") == inside
    name, row, column = scene["selection"]
    if name == "input" and explorer.dilation == 1:
        assert len(written) == explorer.weight.size
        assert f"lands on {explorer.weight.size} cell" in scene["formula"]
        assert f" {len(inside)} of them in the window" in scene["formula"]
    if name == "answer":
        assert (row, column) in inside
        shown = f"{explorer.output[row, column]:g}"
        assert re.search(rf"(= |: ){re.escape(shown)}$|= 0: no stamp", scene["formula"]), scene["formula"]
    return check_sum(scene["formula"])


def check_matrix(explorer, scene):
    drawn = {one["name"]: one for one in panels(scene)}
    flat = len(explorer.input) == len(explorer.weight) == 1
    x, w = (one[0] if flat else one for one in (explorer.input, explorer.weight))
    settings = (explorer.stride, explorer.padding, explorer.dilation)
    matrix = views.conv_matrix(x.shape, w[None, None], *settings)
    vector = x.reshape(-1)
    if explorer.transposed:
        matrix, vector = matrix.T, matrix @ vector
    assert close(numbers(drawn["matrix"]), matrix)
    for names, values in ((("vector", "first"), vector), (("result", "last"), matrix @ vector)):
        for name in names:
            assert close(numbers(drawn[name]).reshape(-1), values)
    filled = np.array([[text != "" for text in row] for row in drawn["matrix"]["text"]])
    name, row, column = scene["selection"]
    if name in ("result", "last"):
        r = row if name == "result" else row * len(drawn["last"]["text"][0]) + column
        assert where(drawn["matrix"], "read") == {(r, int(c)) for c in np.flatnonzero(filled[r])}
        assert {y for y, _ in where(drawn["vector"], "read")} == set(np.flatnonzero(filled[r]))
    if name in ("vector", "first"):
        c = row if name == "vector" else row * len(drawn["first"]["text"][0]) + column
        assert where(drawn["matrix"], "read") == {(int(r), c) for r in np.flatnonzero(filled[:, c])}
        assert {y for y, _ in where(drawn["result"], "written")} == set(np.flatnonzero(filled[:, c]))
    assert f"{filled.sum()} of its {filled.size} places" in scene["facts"][0]
    return check_sum(scene["formula"])


def check_checkerboard(explorer, scene):
    drawn = {one["name"]: numbers(one) for one in panels(scene)}
    w, n = explorer.weight.astype(float), explorer.input_size
    size, stride = ((1, n), (1, explorer.stride)) if len(w) == 1 else ((n, n), (explorer.stride,) * 2)
    phases = views.polyphase_sums(w[None, None], stride)[0, 0]
    assert close(drawn["phases"], phases)
    assert close(drawn["counts"], views.overlap_counts(size, w.shape, stride))
    assert close(drawn["response"], conv_transpose2d(np.ones((1, 1, *size)), w[None, None], stride=stride)[0, 0])
    large = np.ones([i * s for i, s in zip(size, stride)])
    padded = np.pad(large, [arithmetic.same_padding(k) for k in w.shape])
    assert close(drawn["resized"], conv2d(padded[None, None], w[None, None])[0, 0])
    assert close(drawn["shuffled"], np.tile(phases, size))
    free = views.is_checkerboard_free(w[None, None], stride)
    assert ("not all equal" in scene["facts"][0]) != free
    name, row, column = scene["selection"]
    if name in ("phases", "shuffled", "kernel"):
        phase = (row % stride[0], column % stride[1])
        looks = {one["name"]: one for one in panels(scene)}
        mine = {(y, x) for y, x in np.ndindex(*w.shape) if (y % stride[0], x % stride[1]) == phase}
        assert where(looks["kernel"], "read") == mine
        assert scene["formula"].endswith(f" = {phases[phase]:g}")
    return True


def check_sizes(explorer, scene):
    chain = [one for one in panels(scene) if one["name"].startswith("sizes")]
    stages = [column for one in chain for column in zip(*one["text"])]
    looks = ["".join(set(column) - {"none"}) for one in chain for column in zip(*one["look"])]
    said = [label[2] for one in chain for label in one["labels"]]
    sizes, lost, fits = [explorer.input_size], [0], [True]
    for layer in explorer.layers:
        i, (k, s, p, op, d) = sizes[-1], (layer[n] for n in views_numbers())
        if layer["kind"] == "transpose":
            sizes.append(arithmetic.conv_transpose_output_size(i, k, s, p, op, d))
            lost.append(0)
        else:
            sizes.append(arithmetic.conv_output_size(i, k, s, p, d))
            lost.append(arithmetic.unread_cells(i, k, s, p, d))
        fits.append(layer["skip"] is None or sizes[layer["skip"]] == sizes[-1])
    assert ["".join(stage) for stage in stages] == [str(size) for size in sizes]
    assert [text for text in said if text.endswith("unread")] == [f"{n} unread" for n in lost if n]
    skips = [None, *(layer["skip"] for layer in explorer.layers)]
    needs = [f"needs {sizes[skip]}" for skip, fit in zip(skips, fits) if not fit]
    assert [text for text in said if text.startswith("needs")] == needs
    n = scene["selection"][2]
    if n:
        assert f" = {sizes[n]}" in scene["formula"] or f"has {sizes[n]} cell" in scene["formula"]
    assert [look != "bad" for look in looks] == fits
    said = [fact for fact in scene["facts"] if fact.startswith("The skip")]
    assert sum("does not fit" in fact for fact in said) == fits.count(False)
    return True


def views_numbers():
    return ("kernel_size", "stride", "padding", "output_padding", "dilation")


def check_receptive(explorer, scene):
    stack = [Conv(one["kernel_size"], one["stride"], 0, one["dilation"]) for one in explorer.layers]
    if any(one["name"] == "fields" for one in panels(scene)):
        fields = [one.size for one in views.receptive_fields(stack)]
        assert [int(text) for text in panels(scene)[0]["text"][0]] == [1, *fields]
        return True
    drawn = {one["name"]: one for one in panels(scene)}
    paths = views.paths_per_input(stack, 0)
    size = views.receptive_fields(stack)[-1].size
    assert [int(text) for text in drawn["level 0"]["text"][0]] == [paths.get(cell, 0) for cell in range(size)]
    holes = {cell for cell in range(size) if cell not in paths}
    assert {x for _, x in where(drawn["level 0"], "hole")} == holes
    assert f"{len(paths)} of {size} cells are seen" in scene["facts"][1]
    if size <= 17:
        seen = np.array([paths.get(cell, 0) for cell in range(size)])
        assert close(numbers(drawn["plane"]), np.outer(seen, seen))
    name, _, column = scene["selection"]
    if name == "level 0" and column in paths:
        above = {cell for cell in range(len(explorer.layers) and 10**4) if column in views.reads(stack[0], cell)}
        marked_ = where(drawn["level 1"], "written")
        assert bool(marked_) == bool(above)
        assert f": {paths[column]} path" in scene["formula"]
    for level in range(1, len(stack) + 1):
        counts = views.paths_per_input(stack[level:], 0) if stack[level:] else {0: 1}
        shown = [int(text) for text in drawn[f"level {level}"]["text"][0] if text]
        assert shown == [counts.get(cell, 0) for cell in range(max(counts) + 1)]
    return True


CHECKS = {
    "convolution": check_convolution,
    "pitfall": check_pitfall,
    "matrix": check_matrix,
    "checkerboard": check_checkerboard,
    "sizes": check_sizes,
    "receptive": check_receptive,
}


@pytest.fixture(scope="module")
def explorers():
    """For each kind explorers of random settings, steps and pins."""
    return {kind: some_explorers(kind, 200 if kind == "convolution" else 100) for kind in RANDOM}


def check_scenes(kind, explorers):
    sums = 0
    for explorer in explorers:
        scene = explorer.scene()
        try:
            sums += CHECKS[kind](explorer, scene)
        except AssertionError as error:
            raise AssertionError(f"{explorer.state()}: {scene['formula']}") from error
    assert sums > len(explorers) / 10


@pytest.mark.parametrize("kind", CHECKS)
def test_scene_is_what_the_library_says(kind, explorers):
    check_scenes(kind, explorers[kind])


@pytest.mark.parametrize("kind", RANDOM)
def test_whatever_a_control_does_python_judges_alike(kind, explorers):
    moves = 0
    for explorer in explorers[kind][:50]:
        for field, value, problem, state in ask("moves", explorer.kind, explorer.state()):
            if state is not None and state.get("weight") != [[]]:  # an empty array never reaches `checked`
                assert taken(explorer, state) == (not problem), (field, value, problem, state)
                moves += not problem
    assert moves > 200


@pytest.mark.parametrize("kind", RANDOM)
def test_the_chosen_cell_is_there_and_every_panel_is_whole(kind, explorers):
    for explorer in explorers[kind]:
        scene = explorer.scene()
        drawn = {one["name"]: one for one in panels(scene)}
        name, row, column = scene["selection"]
        assert drawn[name]["look"][row][column] != "none"
        if explorer.selection and drawn.get(explorer.selection[0]):
            asked = explorer.selection
            look = np.array(drawn[asked[0]]["look"])
            if asked[1] < look.shape[0] and asked[2] < look.shape[1] and look[tuple(asked[1:])] != "none":
                assert scene["selection"] == asked
        for one in drawn.values():
            assert np.shape(one["text"]) == np.shape(one["look"])
            assert len(one.get("places") or one["text"][0]) == len(one["text"][0])
        assert as_json(scene) == scene


FAULTS = [
    ("convolution", "layer.k[0] - 1 - row, layer.k[1] - 1 - column", "row, column"),
    ("convolution", '? "unwritten" : "plain"', '? "plain" : "plain"'),
    ("pitfall", "y - views[0].begin}|", "y}|"),
    ("matrix", "taps.map((row) => row[c])", "taps[0].map(() => null)"),
    ("checkerboard", "[y % s[0]][x % s[1]] += v", "[0][x % s[1]] += v"),
    ("sizes", "stages[skips[n]].size === stages[n].size", "true"),
    ("receptive", "(below.get(read) ?? 0) + count", "count"),
]


@pytest.mark.parametrize(("kind", "right", "wrong"), FAULTS)
def test_planted_fault_in_a_scene(kind, right, wrong, explorers, monkeypatch):
    plant(monkeypatch, right, wrong)
    with pytest.raises((AssertionError, KeyError)):
        check_scenes(kind, explorers[kind])


def test_planted_fault_in_the_window_of_the_zero_insertion(monkeypatch):
    """The window of the equivalent convolution lies where the kernel's taps are, dilation and all."""
    from convlab.explorers import ConvExplorer

    explorer = ConvExplorer(np.arange(1, 4), np.array([1, 10]), dilation=2, transposed=True, step=1)
    assert where(grids(explorer)["stretched 0"], "read") == {(0, 1), (0, 3)}
    plant(monkeypatch, "[y - p[0][0] + d[0] * ty, x - p[1][0] + d[1] * tx]", "[y - p[0][0] + ty, x - p[1][0] + tx]")
    assert where(grids(explorer)["stretched 0"], "read") != {(0, 1), (0, 3)}
