"""Lesson 14: answers to its exercises, its absolute sentences tried on many layers, the states it speaks of."""

import itertools
import random
import re

import nbformat
import numpy as np
import pytest

from convlab import frameworks
from convlab.explorers import SizeExplorer
from convlab.reference import avg_pool2d, conv2d, conv_transpose2d
from convlab.studies import stored
from convlab.views import Conv, ConvTranspose, Pool, output_sizes, paths_per_output, receptive_fields
from test_notebooks import FOLDER

PADDED = "return np.pad(picture, [({begin}, {end}) for side in picture.shape])"


def cropped(top="(h - m) // 2", left="(w - n) // 2", rows="m", columns="n"):
    lines = ["(h, w), (m, n) = early.shape, x.shape", f"top, left = {top}, {left}"]
    return "\n    ".join([*lines, f"return early[top : top + {rows}, left : left + {columns}]"])


ANSWERS = {
    "check-dcgan": ("1", "0", "2", "3"),
    "check-fcn": ("27", "19", "31", "26", "28"),
    "check-message": ("[356, 359]", "[352, 359]", "[356, 356]", "[178, 179]", "[712, 719]", "[356, 358]"),
    "check-write": (
        PADDED.format(begin="0", end="-side % multiple"),
        PADDED.format(begin="0", end="side % multiple"),
        PADDED.format(begin="0", end="multiple - side % multiple"),
        PADDED.format(begin="-side % multiple", end="0"),
        PADDED.format(begin="0", end="-picture.shape[0] % multiple"),
        "return picture",
    ),
    "check-bug": (
        cropped(),
        cropped(top="0", left="0"),
        cropped(top="(h - m + 1) // 2", left="(w - n + 1) // 2"),
        cropped(rows="h - 2 * top", columns="w - 2 * left"),
        cropped(top="(w - n) // 2", left="(h - m) // 2"),
    ),
}


def cell(name):
    return next(cell for cell in nbformat.read(FOLDER / "14_shape_clinic.ipynb", 4).cells if cell.id == name)


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson's own cells make: ``place``, ``branches``, ``meeting``."""
    names = {"np": np}
    for name in ("predict-unet", "predict-place"):
        exec(re.sub(r"^predict\(.*", "", cell(name).source, flags=re.MULTILINE | re.DOTALL), names)
    return names


def random_stack(seed, kinds):
    choose = random.Random(seed).choice
    made = []
    for _ in range(choose([1, 2, 3, 4])):
        kind, k = choose(kinds), choose([1, 2, 3, 4, 5])
        if kind is Conv:
            made.append(Conv(k, choose([1, 2, 3]), choose([0, 1, 2]), choose([1, 2])))
        elif kind is Pool:
            made.append(Pool(k, choose([None, 1, 2]), 0))
        else:
            s = choose([1, 2, 3])
            made.append(ConvTranspose(2 * s, s, choose(range(2 * s)), choose(range(s))))
    return made


def ramp_after(layers, cells=240):
    """What layers that keep a slope make of 0, 1, 2, ...: windows take means, stamps are tents."""
    y = np.arange(float(cells))[None, None, None]
    for layer in layers:
        k, s = layer.kernel_size, layer.stride or layer.kernel_size
        if isinstance(layer, Conv):
            y = conv2d(y, np.ones((1, 1, 1, k)) / k, stride=(1, s), padding=(0, layer.padding), dilation=layer.dilation)
        elif isinstance(layer, Pool):
            y = avg_pool2d(y, (1, k), stride=(1, s))
        else:
            tent = 1 - np.abs(np.arange(2 * s) - s + 0.5) / s
            options = {"padding": (0, layer.padding), "output_padding": (0, layer.output_padding)}
            y = conv_transpose2d(y, tent[None, None, None], stride=(1, s), **options)
    return y[0, 0, 0]


@pytest.mark.parametrize("seed", range(60))
def test_the_rule_of_places_is_what_layers_do(lesson, seed):
    """Cell ``o`` of the output lies at ``middle + distance * o``: what a slope becomes says so."""
    layers = random_stack(seed, [Conv, Pool, ConvTranspose])
    middle, apart = lesson["place"](layers)
    y = ramp_after(layers)
    inside = np.arange(len(y) // 3, len(y) // 2)
    assert np.allclose(y[inside], middle + apart * inside)


@pytest.mark.parametrize("seed", range(40))
def test_without_transposed_layers_the_place_is_the_middle_of_what_a_cell_sees(lesson, seed):
    layers = random_stack(seed, [Conv, Pool])
    field = receptive_fields(layers)[-1]
    assert lesson["place"](layers) == (field.start + (field.size - 1) / 2, field.jump)


def test_a_wrong_rule_of_places_is_found(lesson):
    wrong = re.sub(r"middle -= half \* apart", "middle -= half", cell("predict-place").source.split("\n\n\n")[0])
    names = dict(lesson)
    exec(wrong, names)
    layers = [Conv(3, 2), ConvTranspose(4, 2), ConvTranspose(4, 2)]
    assert names["place"](layers) != lesson["place"](layers)
    assert np.isclose(ramp_after(layers)[50], lesson["place"](layers)[0] + 50 * lesson["place"](layers)[1])


def test_the_middle_of_unet_is_right_where_each_pool_meets_an_even_size(lesson):
    place, branches, meeting = (lesson[name] for name in ("place", "branches", "meeting"))
    for pools, crop in zip((3, 2, 1, 0), (4, 16, 40, 88)):
        (here, apart), (there, also) = map(place, branches(pools))
        assert (there - here) / apart == crop
        assert apart == also
    legal = []
    for n in range(188, 700):
        sizes = meeting(n)
        even = all(skip % 2 == 0 for skip, _ in sizes)
        assert ([(skip - rising) / 2 for skip, rising in sizes] == [4, 16, 40, 88]) == even
        assert ((sizes[-1][0] - sizes[-1][1]) / 2 == 88) == even
        assert all(skip - rising >= 2 * crop for (skip, rising), crop in zip(sizes, (4, 16, 40, 88)))
        legal += [n] * even
    assert [n for n in legal if n >= 560][:2] == [572, 588]


def test_fixed_paddings_is_said_because_same_moves_with_the_size():
    pads = {frameworks.conv_padding("keras", n, 3, stride=2, padding="same").begin for n in (6, 7)}
    assert pads == {0, 1}


@pytest.mark.parametrize(("n", "levels"), list(itertools.product(range(16, 70), (1, 2, 3, 4))))
def test_three_cures_for_odd_photographs(lesson, n, levels):
    place, down, rise = lesson["place"], lesson["down"], lesson["rise"]
    assert place(down * levels + rise * levels) == (0, 1)  # both begin at place 0: cut the skip at its end
    up = output_sizes(down * levels + rise * levels, n)[-1]
    assert (up == n) == (n % 2**levels == 0)
    fit = n + -n % 2**levels
    assert output_sizes(down * levels + rise * levels, fit)[-1] == fit


@pytest.mark.parametrize(("i", "p"), list(itertools.product(range(2, 40), (0, 1))))
def test_the_decoder_doubles_and_its_border_fades_more_with_padding(i, p):
    assert output_sizes([ConvTranspose(4, stride=2, padding=p), Conv(3, padding=p)], i)[-1] == 2 * i
    if i > 6:
        edges = [paths_per_output([ConvTranspose(4, 2, q), Conv(3, padding=q)] * 3, i)[0] for q in (0, 1)]
        assert edges == [73, 41]


def test_what_is_said_of_the_stored_studies():
    skips, borders = stored.load("unet_skips"), stored.load("decoder_border")
    final = {join: np.array(seeds)[:, -1] for join, seeds in skips["errors"].items()}
    others = np.stack([final[join] for join in ("corner", "shrunk", "no skip")])
    assert (final["middle"] < others).all()
    slow = others.argmax(axis=1)
    assert set(slow) == {int(final["middle"].argmax())}  # one seed learned slowly in all four networks
    assert abs(np.delete(others, slow[0], axis=1) - skips["untouched"]).max() < 2  # "leave the noise as it was"
    more = np.subtract(borders["errors"]["padding 1"], borders["errors"]["padding 0"])
    assert (more[:, 0] > 0).all()
    means = {version: np.mean(errors, axis=0) for version, errors in borders["errors"].items()}
    assert all(mean[0] > 1.25 * mean[-1] and mean[1] < 1.15 * mean[-1] for mean in means.values())


def test_what_try_it_says_can_be_set():
    layers = [Pool(2)] * 4 + [ConvTranspose(2, stride=2)] * 4
    explorer = SizeExplorer(layers, input_size=572, skips={5: 3, 6: 2, 7: 1, 8: 0}, step=4)

    def unfit():
        return [
            int(found[1]) for fact in explorer.scene()["facts"] if (found := re.search(r"not fit layer (\d)", fact))
        ]

    assert "Layer 5" in repr(explorer)
    assert unfit() == [5, 6, 7, 8]
    for number, left in ((5, [6, 7, 8]), (6, [])):
        changed = [dict(layer) for layer in explorer.layers]
        changed[number - 1]["output_padding"] = 1
        explorer.layers = changed
        assert unfit() == left
    explorer.layers = [layer | {"output_padding": 0} for layer in explorer.layers]
    for n in range(573, 577):
        explorer.input_size = n
        assert bool(unfit()) == (n < 576)
