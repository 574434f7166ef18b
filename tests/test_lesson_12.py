"""Lesson 12: answers to its exercises, its absolute sentences tried on many sizes, the states it speaks of."""

import itertools

import numpy as np
import pytest

from convlab.explorers import CoordinateExplorer
from convlab.frameworks import source_positions
from convlab.reference import bed_of_nails, conv_transpose1d, conv_transpose2d, interpolate, max_pool2d, max_unpool2d

RULES = ("half_pixel", "align_corners", "asymmetric")
UNPOOL = """
    plane = np.zeros([kernel_size * n for n in values.shape], dtype=int)
    for value, index in zip(values.ravel(), indices.ravel()):
        plane[{place}] {put} value
    return plane"""
ENLARGED = """
    y = np.zeros(size)
    for m in range(size):
        point = {point}
        low = int({low})
        high = min(low + 1, len(x) - 1)
        y[m] = x[low] + (point - low) * (x[high] - x[low])
    return y"""
HALF = "(m + 0.5) * len(x) / size - 0.5"


def unpool(place="divmod(index, plane.shape[1])", put="="):
    return UNPOOL.format(place=place, put=put).strip()


def enlarged(point=f"max({HALF}, 0)", low="point"):
    return ENLARGED.format(point=point, low=low).strip()


ANSWERS = {
    "check-hand": (
        "[0, 2, 6, 7, 5, 4]",
        "[0, 4, 8, 6, 4, 4]",  # asymmetric
        "[0, 3.2, 6.4, 7.2, 5.6, 4]",  # align_corners
        "[0, 0, 8, 8, 4, 4]",
        "[-1, 2, 6, 7, 5, 3.5]",  # beyond the border
    ),
    "check-exact": ("[1, 3, 5]", "[0, 2, 4]", "[0, 3, 6]", "[1, 3, 6]", "[0, 3, 5]"),
    "check-deeplab": ("513", "528", "512", "529", "544"),
    "check-write": (
        unpool(),
        unpool(place="divmod(index, plane.shape[0])"),
        unpool(place="divmod(index, 4)"),
        unpool(place="index % plane.shape[1], index // plane.shape[1]"),
        unpool(place="divmod(index, values.shape[1])"),
    ),
    "check-bug": (
        enlarged(),
        enlarged("m * len(x) / size"),
        enlarged(HALF),  # the first cells lie before the border
        enlarged(HALF, "np.floor(point)"),
        enlarged("m * (len(x) - 1) / (size - 1)"),
        enlarged("max((m + 0.5) * len(x) / size, 0)"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("i", "s"), list(itertools.product(range(1, 7), range(1, 7))))
def test_three_of_the_four_are_stamps(i, s):
    """The rules of the boxes: nails, nearest, tent (except in the outer f // 2 cells), both remedies."""
    x = np.random.default_rng(i).random((1, 1, i, i))
    nails = conv_transpose2d(x, np.ones((1, 1, 1, 1)), stride=s, output_padding=s - 1)
    assert np.array_equal(nails, bed_of_nails(x, s))
    assert np.array_equal(nails[0, 0, ::s, ::s], x[0, 0])
    assert np.count_nonzero(nails) == i * i
    nearest = conv_transpose2d(x, np.ones((1, 1, s, s)), stride=s)
    assert np.array_equal(nearest, interpolate(x, scale_factor=s))
    assert np.array_equal(nearest[0, 0, 0], [x[0, 0, 0, m // s] for m in range(s * i)])

    k, row, outer = 2 * s - s % 2, x[:, :, 0], s // 2
    tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / s
    layer = {"weight": tent[None, None], "stride": s}
    assert tent.sum() == pytest.approx(s)
    linear = interpolate(row, scale_factor=s, mode="linear")[0, 0]
    stamped = conv_transpose1d(row, **layer, padding=outer)[0, 0]
    differs = np.flatnonzero(np.abs(stamped - linear) > 1e-9)
    assert differs.tolist() == [*range(outer), *range(s * i - outer, s * i)]
    ones = conv_transpose1d(np.ones_like(row), **layer, padding=outer)[0, 0]
    wider = np.pad(row, [(0, 0), (0, 0), (1, 1)], mode="edge")
    assert np.allclose(stamped / ones, linear)
    assert np.allclose(conv_transpose1d(wider, **layer, padding=outer + s)[0, 0], linear)


@pytest.mark.parametrize(("i", "o"), list(itertools.product(range(1, 9), range(1, 30))))
def test_where_a_cell_looks(i, o):
    half, aligned, asymmetric = (np.array([float(p) for p in source_positions(rule, i, o)]) for rule in RULES)
    m = np.arange(o)
    assert np.allclose(half, (m + 1 / 2) * i / o - 1 / 2)
    assert np.allclose(asymmetric, m * i / o)
    if o > 1:
        assert np.allclose(aligned, m * (i - 1) / (o - 1))
        assert aligned[0] == 0
        assert aligned[-1] == i - 1
    assert np.allclose(half, i - 1 - half[::-1])  # both rows begin and end together: the same from both ends
    if i > 1:
        x = np.random.default_rng(o).random(i)
        mixed = np.interp(half, range(i), x)
        assert np.allclose(mixed, interpolate(x[None, None], size=o, mode="linear")[0, 0])


def test_align_corners_fits_a_map_whose_cells_are_points():
    """0, 16, 32, ... up to the last of 513."""
    looks = source_positions("align_corners", 33, 513)
    assert [m for m, at in enumerate(looks) if at.denominator == 1] == list(range(0, 513, 16))


def test_unpooling_puts_back_what_was_largest_and_nothing_else():
    for high, wide in itertools.product((2, 4, 6), repeat=2):
        plane = np.random.default_rng(high * wide).permutation(high * wide).reshape(1, high, wide) + 1
        values, indices = max_pool2d(plane, 2, return_indices=True)
        back = max_unpool2d(values, indices, 2)
        assert np.array_equal(back, np.where(np.isin(plane, values), plane, 0))
        assert all(back.ravel()[index] == value for value, index in zip(values.ravel(), indices.ravel()))


def test_what_try_it_says_can_be_set():
    explorer = CoordinateExplorer([10, 20], size=4, convention="half-pixel", step=1, controls=["convention", "size"])
    for step in range(4):
        explorer.step = step
    ends = {}
    for convention in ("half-pixel", "align_corners", "asymmetric", "nearest", "nearest-exact"):
        explorer.convention = convention
        ends[convention] = [float(explorer.samples()[m].position) for m in (0, -1)]
    assert ends["half-pixel"] == [-0.25, 1.25]
    assert ends["align_corners"] == [0, 1]
    assert ends["asymmetric"] == [0, 1.5]
