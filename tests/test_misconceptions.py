"""The wrong algorithms against hand-worked answers, and against each other in one and two dimensions."""

import subprocess
import sys
from collections import Counter
from math import inf, nan

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab.misconceptions import CATALOGUE, Problem, diagnose, misconception, simulation_of, variants, wrong_answer
from tools.measure_diagnosis import PROBES, SEPARATED

# What each idea answers to the three probes P1, P2, P3: worked out apart from this code.
P1 = [10, 102, 1020, 203, 2030, 300]
P2 = [10, 102, 20, 203, 30, 300]
P3 = [0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0]
FULL1, FULL2 = [1, *P1, 3000], [1, 10, 102, 20, 203, 30, 300]
FULL3 = [1, 0, 10, 2, 100, 20, 3, 200, 30, 0, 300]
TABLE = {
    "M01a": (
        [100, 2010, 201, 3020, 302, 30],
        [10, 201, 20, 302, 30, 3],
        [0, 10, 200, 1, 20, 300, 2, 30, 0, 3, 0],
    ),
    "M02a": ([0, *FULL1, 0], [0, *FULL2, 0, 0], [0, *FULL3, 0, 0, 0]),
    "M02b": (FULL1, [*FULL2, 0], [*FULL3, 0, 0]),
    "M05b": (FULL1[:-1], FULL2, [*FULL3, 0]),
    "M05a": (FULL1[1:], [*FULL2[1:], 0], [*FULL3[1:], 0, 0]),
    "M03a": ([2, 20, 200, 2000], [2, 20, 200, 0], [2, 0, 20, 0, 200, 0, 0]),
    "M03b": ([0, 0, *FULL1, 0, 0], [0, 0, *FULL2, 0, 0, 0], [0, 0, 0, *FULL3, 0, 0, 0, 0, 0]),
    "M04a": (P1, [10, 102, 20, 203, 30, 0], [0, 10, 2, 100, 20, 3, 200, 30, 0, 0, 0]),
    "M04b": (P1, [0, 10, 102, 20, 203, 30, 0], [0, 0, 0, 10, 2, 100, 20, 3, 200, 30, 0, 0, 0]),
    "M04c": (P1, [10, 102, 20, 203, 30, 30], [0, 10, 2, 100, 20, 3, 200, 30, 0, 0, 0]),
    "M04d": (P1, [1, 10, 102, 20, 203, 30], [0, 1, 0, 10, 2, 100, 20, 3, 200, 30, 0]),
    "M06a": ([13, 130, 1300], [13, 130, 300], [0, 10, 0, 100, 0]),
    "M06b": ([12, 123, 1230, 2300], [12, 123, 230, 300], [2, 13, 20, 130, 200, 300, 0]),
    "M06c": (
        [10, 100, 1002, 20, 200, 2003, 30, 300],
        [10, 100, 2, 20, 200, 3, 30, 300],
        [0, 10, 0, 102, 0, 20, 0, 203, 0, 30, 0, 300, 0],
    ),
    "M14a": ([10, 2, 20, 3, 30, 300], [10, 2, 20, 3, 30, 300], P3),
    "M14b": ([10, 51, 510, 101.5, 1015, 300], [10, 51, 20, 101.5, 30, 300], P3),
    "M14c": ([10, 100, 1000, 200, 2000, 300], [10, 100, 20, 200, 30, 300], P3),
    "M49a": ([102, 1020, 203, 2030], P2, [2, 100, 20, 3, 200, 30, 0]),
    "M49b": (FULL1, [*FULL2, 0], [10, 2, 100, 20, 3, 200, 30, 0, 300]),
    "M49c": (P1, P2, [2, 100, 20, 3, 200, 30, 0]),
    "M09a": (P1, P2, [*P3, 0]),
    "M09c": (
        [0, 12, 0, 123, 0, 1230, 0, 2300, 0],
        [0, 12, 0, 123, 0, 230, 0, 300],
        [0, 0, 12, 0, 0, 123, 0, 0, 230, 0, 0, 300, 0],
    ),
    "M10": (P1, P2, [10, 100, 2, 20, 200, 3, 30, 300, 0]),
    "M11": (P1, P2, [0, 10, 0, 100, 0, 2, 0, 20, 0, 200, 0, 3, 0, 30, 0, 300, 0]),
    "M50": (P1, [1, 10, 102, 20, 203, 30], [0, 10, 2, 100, 20, 3, 200, 30, 0]),
    "M12e": ([3210], [210, 32], [20]),
}

# Catalogue: the truth of each example, then its wrong answers, as stated in the literature named there.
FINGERPRINTS = {
    ("M01", 0): ([2, 4, 9, 6, 9], {"M01a": [6, 4, 11, 6, 3]}),
    ("M02", 0): ([4, 9, 6], {"M02a": [0, 2, 4, 9, 6, 9, 0]}),
    ("M03", 0): ([10, 102, 20, 203, 30], {"M03a": [2, 20, 200], "M03b": [0, 0, *FULL2, 0, 0]}),
    ("M04", 0): ([[5, 6], [8, 9]], {"M04a": [[5, 0], [0, 0]]}),
    ("M05", 0): (
        [[5, 14, 10], [14, 36, 24], [15, 34, 20]],
        {"M05a": [[5, 14, 10, 12], [14, 36, 24, 30], [15, 34, 20, 24], [24, 55, 32, 36]]},
    ),
    ("M06", 0): ([2, 4, 9, 6, 9], {"M06a": [2, 4, 6]}),
    ("M07", 0): ([3, 8, 5], {"M07": [1, 2, 3]}),
    ("M08", 0): (23, {"M08": 24}),
    ("M08", 1): (24, {"M08": 23}),
    ("M09", 0): (7, {"M09a": 9, "M09b": 5, "M09c": 9}),
    ("M10", 0): (14, {"M10": 12}),
    ("M11", 0): (4, {"M11": 2}),
    ("M12", 0): (9, {"M12a": 11, "M12c": 10, "M12d": 8, "M12e": 3, "M02a": 13, "M05a": 10}),
    ("M13", 0): (3, {"M13a": 3.5, "M13b": 4}),
    ("M14", 0): ([2, 4, 9, 6, 9], {"M14a": [2, 4, 3, 6, 9], "M14b": [2, 4, 4.5, 6, 9]}),
    ("M15", 0): ([[[201], [2010]]], {"M15": [[[21], [2100]]]}),
    ("M16", 0): ([8, 2, 3, 3], {"M16d": [4, 4, 3, 3], "M16b": [8, 4, 3, 3]}),
    ("M16", 1): ([[[21], [4300]]], {"M16c": [[[301], [4020]]], "every channel times every weight": 11110}),
    ("M17", 0): ([1, 2, 4, 1], {"channels first": [1, 1, 4, 4]}),
    ("M18", 0): ([6, 6, 5, 7, 7, 5], {"M18a": [6, 6, 0, 7, 7, 0]}),
    ("M20", 0): ([321, 543, 65], {"M20": [210, 432, 654]}),
    ("M21", 0): (3, {"M21": 5}),
    ("M21", 1): (10, {"M21": 5}),
    ("M22", 0): (9, {"padding 0": 8}),
    ("M22", 1): (506, {"padding 0": 512}),
    ("M23", 0): ([21, 32, 43, 54, 5], {"M23a": [10, 21, 32, 43, 54, 5]}),
    ("M24", 0): ([10, 12.5, 17.5, 20], {"M24a": [10, 40 / 3, 50 / 3, 20], "M24b": [10, 15, 20, 20]}),
    ("M25", 0): ([0, 1, 3], {"M25": [0, 2, 4]}),
    ("M26", 0): (
        [10, 12.5, 17.5, 20],
        {"M26a": [10, 12, 17, 20], "M26b": [10, 12, 18, 20], "M26c": [10, 13, 18, 20]},
    ),
    ("M27", 0): ([[5, 2], [12, 15]], {"M27b": [[3, 0], [2, 3]]}),
    ("M27", 1): (
        [[0, 0, 6, 0], [0, 5, 0, 0], [0, 0, 0, 0], [7, 0, 0, 8]],
        {"M27a": [[5, 0, 6, 0], [0, 0, 0, 0], [7, 0, 8, 0], [0, 0, 0, 0]]},
    ),
    ("M28", 0): (
        [[0, 0, 0, 0], [0, 9, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        {
            "M28": [[0, 0, 0, 0], [0, 36, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
            "M27a": [[9, 9, 0, 0], [9, 9, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        },
    ),
    ("M29", 0): (False, {"M29": True}),
    ("M29", 1): (True, {"M29": False}),
    ("M30", 0): ([1, 1, 2, 1, 2, 1, 2, 1, 1], {}),
    ("M31", 0): ([1, 2, 2, 2, 2, 2, 2, 1], {"M31": [2] * 8}),
    ("M32", 0): ([6, 8, 8, 8, 8, 6], {"M32": [3, 4, 4, 4, 4, 3]}),
    ("M33", 0): (5, {"M33a": 6, "M33b": 9}),
    ("M33", 1): (7, {"M33a": 6, "M33c": 5}),
    ("M33", 2): (15, {"M33a": 9, "M33d": 21, "M33e": 17}),
    ("M34", 0): (5, {"M34": 7}),
    ("M35", 0): ([321], {"M35": [321 + 999 * 11]}),
    ("M36", 0): (7, {"M36": 13}),
    ("M37", 0): (False, {"M37": True}),
    ("M38", 0): ([321, 432], {"M38": [123, 234]}),
    ("M39", 0): ([9, 5], {"M39": [5, 9]}),
    ("M40", 0): (
        [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
        {"M40": [[[1, 3], [5, 7]], [[2, 4], [6, 8]]]},
    ),
    ("M41", 0): (4, {"M41": 1}),
    ("M41", 1): (2, {"M41": 4}),
    ("M42", 0): (6, {"M42": 5}),
    ("M43", 0): (5, {"read the other way": 3}),
    ("M44", 0): ([[1, 2], [3, 4]], {"M44": [[1, 3], [2, 4]], "M01a": [[4, 3], [2, 1]]}),
    ("M45", 0): ([70, 140, 280, 560], {"the skips": [71, 143, 286, 572]}),
    ("M46", 0): ([12, 24, 36], {"fixed": [6, 12, 18]}),
    ("M47", 0): ([[5, 4], [9, 6], [31, 57]], {"centred": [[4.5, 4.5], [7.5, 7.5], [44, 44]]}),
    ("M48", 0): ([1, 4, 7, 13, 25, 49], {"still doubles": [1, 4, 8, 16, 32, 64]}),
    ("M50", 0): (P2, {"M50": [1, 10, 102, 20, 203, 30]}),
    ("M53", 0): ([[[1031, 1042]]], {"M53a": [[[1030, 1040]]], "M53b": [[[1001, 1002]]], "M53c": [[[2031, 2042]]]}),
    ("M54", 0): ([321, 432, 543], {"M54a": [321, 432, 0], "M54b": [321, 432]}),
    ("M54", 1): (FULL2, {"M54a": [*FULL2[:-1], 0], "M54b": FULL2[:-1], "M54c": [1, 10, 102, 20, 200, 0, 0]}),
    ("M55", 0): (
        [[5421, 6532], [8754, 9865]],
        {
            "M55a": [[5421, 8754], [6532, 9865]],
            "M55b": [[5241, 8574], [6352, 9685]],
            "M55c": [[9865, 8754], [6532, 5421]],
            "M55h": [[7755, 9977], [14421, 16643]],
        },
    ),
    ("M55", 1): ([[5421], [8754]], {"M55d": [[5421, 6532]]}),
    ("M56", 0): (
        [210, 321, 432, 543, 54],
        {"M56b": [215, 321, 432, 543, 54], "M56d": [321, 321, 432, 543, 54], "M56e": [21, 321, 432, 543, 54]},
    ),
    ("M56", 1): ([10, 102, 20, 203, 30], {"M56a": [11, 112, 122, 223, 233], "M56d": [1, 12, 120, 203, 30]}),
    ("M56", 2): ([102, 20, 203], {"M56c": [102, 21, 213]}),
    ("M56", 3): ([*FULL2, 0], {"M56b": [301, *FULL2[1:], 0], "M56f": [1]}),
    ("M57", 0): (
        P2,
        {
            "M57a": P2[:-1],
            "M57d": [11, 112, 122, 223, 233, 330, 300],
            "M57e": [*P2[1:], 0],
            "M57f": FULL2[:-1],
            "M57g": [0, *P2[:-1]],
        },
    ),
    ("M57", 1): ([0.5, 1, 1.5, 2, 2.5, 3, 1.5], {"M57b": [0, 1, 1, 2, 2, 3, 1], "M57c": [0, 1, 1, 2, 2, 3, 1]}),
    ("M57", 2): ([21, 32, 43, 54, 5], {"M57h": [21, 32, 43, 54]}),
    ("M58", 0): (
        [212, 321, 432, 343],
        {"M58a": [210, 321, 432, 43], "M58b": [211, 321, 432, 443], "M58d": [214, 321, 432, 143]},
    ),
    ("M58", 1): (
        [214, 321, 432, 143],
        {"M58a": [210, 321, 432, 43], "M58b": [211, 321, 432, 443], "M58c": [212, 321, 432, 343]},
    ),
    ("M59", 0): (
        [100, 210, 321, 432],
        {"M59a": [210, 321, 432, 43], "M59b": [321, 432, 43, 4], "M59c": [100, 210, 321, 432, 43, 4]},
    ),
    ("M59", 1): ([1, 10, 102, 1020, 203, 2030], {"M59d": [102, 1020, 203, 2030, 300, 3000]}),
}


@pytest.mark.parametrize("variant", TABLE)
def test_the_26_wrong_algorithms_on_the_three_probes(variant):
    for problem, expected in zip(PROBES, TABLE[variant], strict=True):
        assert wrong_answer(variant, problem).tolist() == expected


def test_the_probes_have_the_right_truth():
    assert [problem.truth().tolist() for problem in PROBES] == [P1, P2, P3]
    assert set(TABLE) == set(SEPARATED)
    assert len(SEPARATED) == 26


@pytest.mark.parametrize(("entry", "number"), FINGERPRINTS)
def test_examples_give_the_stated_truth_and_wrong_answers(entry, number):
    truth, wrong = FINGERPRINTS[entry, number]
    example = CATALOGUE[entry].examples[number]
    np.testing.assert_allclose(np.array(example.truth(), dtype=float), np.array(truth, dtype=float), rtol=1e-12)
    found = example.wrong_answers()
    for name, answer in wrong.items():
        np.testing.assert_allclose(np.array(found[name], dtype=float), np.array(answer, dtype=float), rtol=1e-12)


def test_m19_is_refused_by_pytorch_too():
    example = CATALOGUE["M19"].examples[0]
    assert isinstance(example.truth(), ValueError)
    assert example.wrong_answers() == {"M19": 6}
    with pytest.raises(RuntimeError, match="output padding must be smaller"):
        F.conv_transpose1d(torch.ones(1, 1, 3), torch.ones(1, 1, 3), output_padding=1)


def test_the_catalogue_is_complete():
    assert [f"M{number:02d}" for number in range(1, 49)] == list(CATALOGUE)[:48]
    for entry in CATALOGUE.values():
        assert entry.evidence
        assert all(len(text) > 8 for text in entry.evidence)
        assert entry.name.endswith(".")
        assert entry.truth.endswith(".")
        assert entry.examples
    assert {variant.misconception for variant in variants()} <= set(CATALOGUE)


def test_every_example_has_a_wrong_answer_that_differs():
    for entry in CATALOGUE.values():
        for example in entry.examples:
            wrong = example.wrong_answers()
            assert wrong
            for answer in wrong.values():
                assert repr(np.array(answer).tolist()) != repr(np.array(example.truth()).tolist()), entry.id


def test_an_id_says_one_thing_for_each_operator():
    said = {}
    for variant in variants():
        for operator in variant.rules:
            assert (variant.id, operator) not in said
            said[variant.id, operator] = variant.did
    told = Counter(id for id, _ in {(variant.id, variant.did) for variant in variants()})
    assert len(told) >= 80
    # In the words of a question of the placement test.
    assert {id for id, sentences in told.items() if sentences > 1} == {"M01a", "M02b", "M50"}


def test_entries_are_found_by_the_id_of_a_variant():
    assert misconception("M03b") is CATALOGUE["M03"]
    with pytest.raises(ValueError, match="id must be one from M01 to M59, got 'M99'"):
        misconception("M99")
    with pytest.raises(ValueError, match="variant_id must be one of M01a"):
        wrong_answer("M38", PROBES[0])


SEPARABLE = [variant for variant in TABLE if variant != "M12e"]


@pytest.mark.parametrize("variant", SEPARABLE)
@pytest.mark.parametrize("probe", range(3))
def test_in_two_dimensions_each_axis_is_treated_alike(variant, probe):
    # On positive outer products every one of these ideas gives the outer product of what it gives per axis.
    line = PROBES[probe].arguments
    options = {name: value for name, value in line.items() if name not in ("input", "weight")}
    other = [3, 1, 2], [2, 5, 3, 7][: line["weight"].size]
    plane = Problem(
        "conv_transpose2d", np.outer(line["input"], other[0]), np.outer(line["weight"], other[1]), **options
    )
    first, second = (
        wrong_answer(variant, Problem("conv_transpose1d", *xw, **options))
        for xw in ((line["input"], line["weight"]), other)
    )
    np.testing.assert_array_equal(wrong_answer(variant, plane), np.outer(first, second))


LINEAR = [v for v in TABLE if v not in ("M14a", "M14c")]


@pytest.mark.parametrize("variant", LINEAR)
def test_input_channels_add_up(variant):
    random = np.random.default_rng(7)
    x, w = random.integers(-9, 10, (2, 3, 4, 3)), random.integers(-9, 10, (3, 2, 3, 3))
    options = {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 2}
    together = wrong_answer(variant, Problem("conv_transpose2d", x, w, **options))
    apart = [
        wrong_answer(variant, Problem("conv_transpose2d", x[:, c : c + 1], w[c : c + 1], **options)) for c in range(3)
    ]
    np.testing.assert_allclose(together, sum(apart), rtol=1e-12)


@pytest.mark.parametrize("operator", ["conv_transpose2d", "conv2d"])
def test_groups_are_layers_side_by_side(operator):
    random = np.random.default_rng(8)
    x, w = random.integers(-9, 10, (1, 4, 5, 4)), random.integers(-9, 10, (4, 2, 3, 3))
    options = {"stride": 2, "padding": 1, "dilation": 1}
    simulation = simulation_of(Problem(operator, x, w, groups=2, **options))
    halves = [simulation_of(Problem(operator, x[:, c : c + 2], w[c : c + 2], **options)) for c in (0, 2)]
    tried = 0
    for variant in simulation.variants:
        if variant.misconception == "M16" or variant.id == "M32":
            continue  # these are about the groups, or divide by sums that may be zero
        if variant.id == "M42" and operator == "conv_transpose2d":
            continue  # there is no output_padding here
        if variant.id in ("M55b", "M55h"):
            continue  # only a square image or kernel can be read so
        if variant.misconception in ("M58", "M59"):
            continue  # no padding_mode is stated, and nothing causal
        together = simulation.answer(variant)
        np.testing.assert_array_equal(together, np.concatenate([half.answer(variant) for half in halves], axis=1))
        tried += 1
    assert tried > 15


def test_same_padding_is_not_pytorch_with_a_stride():
    problem = Problem("conv2d_same", np.arange(36).reshape(6, 6), np.arange(9).reshape(3, 3), stride=2)
    shifted = F.conv2d(
        torch.arange(36.0).reshape(1, 1, 6, 6), torch.arange(9.0).reshape(1, 1, 3, 3), stride=2, padding=1
    )
    assert wrong_answer("M20", problem).tolist() == shifted[0, 0].int().tolist()
    assert wrong_answer("M20", problem).tolist() != problem.truth().tolist()


def test_flipping_a_convolution_kernel():
    x, w = torch.arange(12.0).reshape(1, 1, 3, 4), torch.tensor([[[[1.0, 2], [3, 5]]]])
    flipped = F.conv2d(x, w.flip(2, 3), stride=1, padding=1)
    problem = Problem("conv2d", x[0, 0].int().numpy(), w[0, 0].int().numpy(), padding=1)
    assert wrong_answer("M38", problem).tolist() == flipped[0, 0].int().tolist()


def test_problems_are_stated_as_pytorch_states_them():
    problem = Problem("conv_transpose1d", [1, 2], [1, 1], 5, stride=3, output_padding=1)
    assert problem.truth().tolist() == [6, 6, 5, 7, 7, 5]
    mixed = Problem("conv1d", [1, 2, 3], [0.5, 0.5])
    assert mixed.truth().tolist() == [1.5, 2.5]
    assert repr(mixed) == "Problem('conv1d', input=[1.0, 2.0, 3.0], weight=[0.5, 0.5])"
    unbatched = Problem("conv1d", np.ones((2, 5), int), np.ones((3, 2, 2), int))
    assert unbatched.truth().shape == wrong_answer("M38", unbatched).shape == (3, 4)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("conv9d", [1], [1]), ValueError, "operator must be one of cells_read"),
        ((["conv1d"], [1], [1]), ValueError, "operator must be one of cells_read"),
        (("conv1d", [1]), TypeError, "conv1d: missing a required argument: 'weight'"),
        (("conv1d", [[1, 2], [3]], [1]), ValueError, "input must be rows of equal length"),
        (("conv1d", ["a"], [1]), TypeError, "input must hold numbers"),
        (("conv2d", [[1]], [[[[1]]]]), ValueError, "all arrays with batch and channel axes or all without"),
    ],
)
def test_a_problem_that_cannot_be_stated_says_why(arguments, error, says):
    with pytest.raises(error, match=says):
        Problem(*arguments)


def test_a_problem_cannot_be_changed():
    given = np.array([1, 2, 3])
    problem = Problem("conv1d", given, [1, 10])
    given[0] = 9
    assert problem.truth().tolist() == [21, 32]
    with pytest.raises(TypeError):
        problem.arguments["stride"] = 2
    with pytest.raises(ValueError, match="read-only"):
        problem.arguments["input"][0] = 5


def test_overlap_rules_with_negative_numbers_and_other_values():
    problem = Problem("conv_transpose1d", [1, -1], [2, -3, -4], stride=1)
    assert problem.truth().tolist() == [2, -5, -1, 4]
    assert wrong_answer("M14a", problem).tolist() == [2, -2, 3, 4]
    assert wrong_answer("M14b", problem).tolist() == [2, -2.5, -0.5, 4]
    assert wrong_answer("M14c", problem).tolist() == [2, -2, 3, 4]
    huge = Problem("conv_transpose1d", [inf, 1.0], [1.0, 1.0])
    assert huge.truth().tolist() == [inf, inf, 1.0]
    assert np.isnan(Problem("conv_transpose1d", [nan], [1.0]).truth()).all()


def test_small_integers_do_not_overflow():
    x, w = np.array([200, 100], np.uint8), np.array([3, 2, 200], np.uint8)
    small = Problem("conv_transpose1d", x, w)
    wide = Problem("conv_transpose1d", x.tolist(), w.tolist())
    assert simulation_of(small).variants
    for variant in simulation_of(small).variants:
        expected = wrong_answer(variant.id, wide)
        assert np.array_equal(wrong_answer(variant.id, small), expected) or expected is None
    assert wrong_answer("M14a", small).tolist() == [600, 300, 200, 20000]
    assert diagnose([600, 300, 200, 20000], small).misconceptions[0].ids == ("M14a",)


def test_importing_it_loads_no_framework():
    code = (
        "import sys, convlab.misconceptions, tools.measure_diagnosis\n"
        "print([m for m in ('torch', 'matplotlib', 'ipywidgets', 'tensorflow', 'jax') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
