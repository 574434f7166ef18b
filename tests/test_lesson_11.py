"""Lesson 11: answers to its exercises, its absolute sentences tried on many stacks, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.explorers import ReceptiveFieldExplorer
from convlab.reference import conv2d, max_pool2d
from convlab.studies.coarse_map import flower, outlined
from convlab.views import Conv, Pool, holes, path_counts, paths_per_input, receptive_fields

READ = """
    reached = {first}
    for rate in rates:
        reached = {{{cells} for cell in reached for step in {steps}}}
    return {result}"""
FIELD = """
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        {lines[0]}
        {lines[1]}
    return size"""
GROW, JUMP = "size += dilation * (kernel_size - 1) * jump", "jump *= stride"


def read(first="{0}", cells="cell + step * rate", steps="(0, 1, 2)", result="len(reached)"):
    return READ.format(first=first, cells=cells, steps=steps, result=result).strip()


def field(*lines):
    return FIELD.format(lines=lines).strip()


ANSWERS = {
    "check-resnet": ("19", "13", "11", "9", "63", "17"),
    "check-read": ("15", "29", "27", "14", "7"),
    "check-wavenet": ("1024", "1023", "2047", "1025", "20", "512"),
    "check-write": (
        read(),
        read(result="max(reached) + 1"),  # the field, holes and all
        read(steps="(0, 1)"),
        read(cells="cell + step"),
        "3 ** len(rates)",
        "2 * len(rates) + 1",
    ),
    "check-bug": (
        field(GROW, JUMP),
        field(GROW.replace("dilation * ", ""), JUMP),
        field(JUMP, GROW),
        field(GROW, "jump *= stride * dilation"),
        field("size += dilation * kernel_size * jump", JUMP),
        field(GROW.replace(" * jump", ""), JUMP),
    ),
}  # fmt: skip

LAYERS = list(itertools.product((1, 2, 3), (1, 2, 3), (1, 2)))  # kernel, stride, dilation


@pytest.mark.parametrize("first", LAYERS)
def test_the_rule_of_the_field(first):
    """Of two and three layers, pools as well: what is read lies between the first and the last cell of the field."""
    for others in itertools.product(LAYERS, repeat=1 + (first[0] == 3)):
        size, jump = 1, 1
        for k, s, d in (first, *others):
            size, jump = size + d * (k - 1) * jump, jump * s
        for kind in (Conv, Pool):
            layers = [kind(k, s, 0, d) for k, s, d in (first, *others)]
            found = receptive_fields(layers)[-1]
            assert (found.size, found.jump) == (size, jump)
            cells = sorted(paths_per_input(layers, 0))
            assert cells[-1] - cells[0] + 1 == size
        padded = [Conv(k, s, 1, d) for k, s, d in (first, *others)]
        assert receptive_fields(padded)[-1].size == size


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_rule_of_no_holes(count):
    for rates in itertools.product(range(1, 10), repeat=count):
        ordered = sorted(rates)
        passes = all(rate <= 1 + 2 * sum(ordered[:n]) for n, rate in enumerate(ordered))
        assert passes == (not holes(rates)), rates
        if 1 not in rates:
            assert holes(rates)


def test_equal_rates_read_sets_without_a_common_cell():
    reads = [set(paths_per_input([Conv(3, dilation=2)] * 3, cell)) for cell in (0, 1)]
    assert reads[0].isdisjoint(reads[1])
    assert round(100 * np.mean(np.outer(*[np.array(path_counts([2, 2, 2])) > 0] * 2))) == 29


@pytest.mark.parametrize(("stride", "size"), [(s, n) for s in (2, 3) for n in (14, 17, 20)])
def test_a_stride_is_traded_for_dilation_behind_it(stride, size):
    """The layer that had it keeps its own dilation; a pool behind it needs the rate, too."""
    random = np.random.default_rng(size)
    x, w = random.integers(0, 9, (1, 1, size, size)), random.integers(-3, 4, (1, 1, 3, 3))
    coarse = conv2d(max_pool2d(conv2d(x, w, stride=stride), 2, stride=1), w[..., :2, :2])
    dense = conv2d(max_pool2d(conv2d(x, w), 2, stride=1, dilation=stride), w[..., :2, :2], dilation=stride)
    assert np.array_equal(dense[..., ::stride, ::stride], coarse)
    before = [Conv(3, stride), Pool(2, 1), Conv(2)]
    after = [Conv(3), Pool(2, 1, dilation=stride), Conv(2, dilation=stride)]
    assert receptive_fields(before)[-1].size == receptive_fields(after)[-1].size
    moved = conv2d(max_pool2d(conv2d(x[..., 1:], w, stride=stride), 2, stride=1), w[..., :2, :2])
    assert np.array_equal(dense[..., ::stride, 1::stride], moved)


def test_the_middle_of_the_flower_is_more_than_15_and_at_most_31_cells_from_the_rim():
    _, mask = flower()
    rim = np.argwhere(outlined(np.zeros(mask.shape), mask) == 1)
    away = [np.abs(rim - cell).max(axis=1).min() for cell in np.argwhere(mask == 1)]
    assert 15 < max(away) <= 31


def test_what_try_it_says_can_be_set():
    for layer in (1, 2, 3):
        stack = [Conv(3, dilation=2)] * 3
        explorer = ReceptiveFieldExplorer(stack, layer=1, controls=["layer", "dilation"])
        assert "7 of 13 cells are seen" in explorer.scene()["facts"][1]
        explorer.layer = layer
        explorer.layers = [Conv(3, dilation=1 if n == layer else 2) for n in (1, 2, 3)]
        assert not holes([1 if n == layer else 2 for n in (1, 2, 3)])
        assert "11 of 11 cells are seen" in explorer.scene()["facts"][1]
