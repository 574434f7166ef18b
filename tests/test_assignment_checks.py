"""The checks of the test cells: cases, mistakes, messages."""

import subprocess
import sys

import numpy as np
import pytest

from convlab import arithmetic, reference
from convlab.grading import check_call, check_errors
from convlab.grading.cases import build, show_call
from convlab.grading.checks import CheckFailed
from convlab.grading.mistakes import OPERATOR_MISTAKES, Layer, explain_values, right
from convlab.grading.oracles import ORACLES, answer
from convlab.grading.size_mistakes import SIZE_MISTAKES, explain_size

THREE = {"input": [1, 2, 3], "weight": [1, 10, 100]}
PROBES = [
    {"input": [1, 2, 3], "weight": [1, 10, 100, 1000], "stride": 2, "padding": 1},
    {**THREE, "stride": 2, "padding": 1, "output_padding": 1},
    {**THREE, "stride": 3, "padding": 1, "output_padding": 2, "dilation": 2},
]
RIGHT = [
    [10, 102, 1020, 203, 2030, 300],
    [10, 102, 20, 203, 30, 300],
    [0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0],
]
# What each mistake answers to the three probes: numbers, so that nothing here leans on the code under test.
FINGERPRINTS = {
    "kernel_turned": (
        [100, 2010, 201, 3020, 302, 30],
        [10, 201, 20, 302, 30, 3],
        [0, 10, 200, 1, 20, 300, 2, 30, 0, 3, 0],
    ),
    "padding_adds": (
        [0, 1, 10, 102, 1020, 203, 2030, 300, 3000, 0],
        [0, 1, 10, 102, 20, 203, 30, 300, 0, 0],
        [0, 1, 0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0, 0, 0],
    ),
    "padding_ignored": (
        [1, 10, 102, 1020, 203, 2030, 300, 3000],
        [1, 10, 102, 20, 203, 30, 300, 0],
        [1, 0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0, 0],
    ),
    "padding_crops_only_end": (
        [1, 10, 102, 1020, 203, 2030, 300],
        [1, 10, 102, 20, 203, 30, 300],
        [1, 0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0],
    ),
    "padding_crops_only_begin": (
        [10, 102, 1020, 203, 2030, 300, 3000],
        [10, 102, 20, 203, 30, 300, 0],
        [0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0, 0],
    ),
    "padding_crops_input": ([2, 20, 200, 2000], [2, 20, 200, 0], [2, 0, 20, 0, 200, 0, 0]),
    "padding_pads_input": (
        [0, 0, 1, 10, 102, 1020, 203, 2030, 300, 3000, 0, 0],
        [0, 0, 1, 10, 102, 20, 203, 30, 300, 0, 0, 0],
        [0, 0, 0, 1, 0, 10, 2, 100, 20, 3, 200, 30, 0, 300, 0, 0, 0, 0, 0],
    ),
    "output_padding_zeros": (RIGHT[0], [10, 102, 20, 203, 30, 0], [0, 10, 2, 100, 20, 3, 200, 30, 0, 0, 0]),
    "output_padding_zeros_both_sides": (
        RIGHT[0],
        [0, 10, 102, 20, 203, 30, 0],
        [0, 0, 0, 10, 2, 100, 20, 3, 200, 30, 0, 0, 0],
    ),
    "output_padding_repeats": (RIGHT[0], [10, 102, 20, 203, 30, 30], [0, 10, 2, 100, 20, 3, 200, 30, 0, 0, 0]),
    "output_padding_at_begin": (RIGHT[0], [1, 10, 102, 20, 203, 30], [0, 1, 0, 10, 2, 100, 20, 3, 200, 30, 0]),
    "stride_on_input": ([13, 130, 1300], [13, 130, 300], [0, 10, 0, 100, 0]),
    "stride_ignored": ([12, 123, 1230, 2300], [12, 123, 230, 300], [2, 13, 20, 130, 200, 300, 0]),
    "stride_ignored_in_right_size": (
        [12, 123, 1230, 2300, 3000, 0],
        [12, 123, 230, 300, 0, 0],
        [2, 13, 20, 130, 200, 300, 0, 0, 0, 0, 0],
    ),
    "dilation_ignored_in_right_size": (RIGHT[0], RIGHT[1], [10, 100, 2, 20, 200, 3, 30, 300, 0, 0, 0]),
    "window_begins_at_zero": (
        [1, 10, 102, 1020, 203, 2030],
        [1, 10, 102, 20, 203, 30],
        [1, 0, 10, 2, 100, 20, 3, 200, 30, 0, 300],
    ),
    "window_begins_at_twice_padding": (
        [102, 1020, 203, 2030, 300, 3000],
        [102, 20, 203, 30, 300, 0],
        [10, 2, 100, 20, 3, 200, 30, 0, 300, 0, 0],
    ),
    "stride_zeros_between": (
        [10, 100, 1002, 20, 200, 2003, 30, 300],
        [10, 100, 2, 20, 200, 3, 30, 300],
        [0, 10, 0, 102, 0, 20, 0, 203, 0, 30, 0, 300, 0],
    ),
    "overlaps_overwrite": ([10, 2, 20, 3, 30, 300], [10, 2, 20, 3, 30, 300], RIGHT[2]),
    "overlaps_averaged": ([10, 51, 510, 101.5, 1015, 300], [10, 51, 20, 101.5, 30, 300], RIGHT[2]),
    "overlaps_largest": ([10, 100, 1000, 200, 2000, 300], [10, 100, 20, 200, 30, 300], RIGHT[2]),
    "stretched_padded_by_p": ([102, 1020, 203, 2030], RIGHT[1], [2, 100, 20, 3, 200, 30, 0]),
    "stretched_padded_by_k_minus_p": (
        [1, 10, 102, 1020, 203, 2030, 300, 3000],
        [1, 10, 102, 20, 203, 30, 300, 0],
        [10, 2, 100, 20, 3, 200, 30, 0, 300],
    ),
    "stretched_padded_without_dilation": (RIGHT[0], RIGHT[1], [2, 100, 20, 3, 200, 30, 0]),
    "dilated_kernel_too_long": (RIGHT[0], RIGHT[1], [*RIGHT[2], 0]),
    "dilation_zeros_between": (
        [0, 12, 0, 123, 0, 1230, 0, 2300, 0],
        [0, 12, 0, 123, 0, 230, 0, 300],
        [0, 0, 12, 0, 0, 123, 0, 0, 230, 0, 0, 300, 0],
    ),
    "dilation_ignored": (RIGHT[0], RIGHT[1], [10, 100, 2, 20, 200, 3, 30, 300, 0]),
    "dilation_multiplies_stride": (
        RIGHT[0],
        RIGHT[1],
        [0, 10, 0, 100, 0, 2, 0, 20, 0, 200, 0, 3, 0, 30, 0, 300, 0],
    ),
    "same_window": (RIGHT[0], [1, 10, 102, 20, 203, 30], [0, 10, 2, 100, 20, 3, 200, 30, 0]),
    "ordinary_convolution": ([3210], [210, 32], [20]),
}
# Other mistakes need channels, groups, a second axis or a bias to show.
OTHER = {
    "weight_order": ({"input": [[1], [2]], "weight": [[[1], [10]], [[100], [1000]]]}, [[[21], [2100]]]),
    "groups_ignored": (
        {"input": [[1], [2], [3], [4]], "weight": [[[1]], [[10]], [[100]], [[1000]]], "groups": 2},
        [[[4321]]],
    ),
    "groups_interleaved": (
        {"input": [[1], [2], [3], [4]], "weight": [[[1]], [[10]], [[100]], [[1000]]], "groups": 2},
        [[[301], [4020]]],
    ),
    "axes_swapped": ({"input": [[1, 2]], "weight": [[1]], "stride": (1, 2)}, [[[[1, 2]]]]),
    "first_axis_for_all": ({"input": [[1, 2]], "weight": [[1]], "padding": (0, 1), "stride": (1, 3)}, [[[[1, 2]]]]),
    "bias_missing": ({"input": [1, 2], "weight": [1], "stride": 2, "bias": [5]}, [[[1, 0, 2]]]),
    "bias_only_on_full": (
        {"input": [1, 2], "weight": [1, 1], "stride": 3, "output_padding": 1, "bias": [5]},
        [[[6, 6, 5, 7, 7, 0]]],
    ),
    "output_padding_ignored": (PROBES[1], [[[10, 102, 20, 203, 30]]]),
}


@pytest.mark.parametrize(("probe", "expected"), list(zip(PROBES, RIGHT)))
def test_right_answer_of_each_probe_is_pytorchs(probe, expected):
    call = build(probe, 1)
    assert answer("conv_transpose1d", call).tolist() == [[expected]]
    assert right(Layer.of(**call)).tolist() == [[expected]]


@pytest.mark.parametrize("name", FINGERPRINTS)
def test_mistakes_answer_the_probes_as_the_misunderstanding_does(name):
    for probe, expected in zip(PROBES, FINGERPRINTS[name]):
        assert OPERATOR_MISTAKES[name].answer(Layer.of(**build(probe, 1))).tolist() == [[expected]]


@pytest.mark.parametrize("name", OTHER)
def test_mistakes_that_need_more_than_one_channel_or_axis(name):
    case, expected = OTHER[name]
    spatial = 2 if name in ("axes_swapped", "first_axis_for_all") else 1
    call = build(case, spatial)
    assert OPERATOR_MISTAKES[name].answer(Layer.of(**call)).tolist() == expected
    assert OPERATOR_MISTAKES[name].says in explain_values(np.array(expected, dtype=float), **call)


def test_every_mistake_is_tested_and_no_two_say_the_same():
    assert set(OPERATOR_MISTAKES) == set(FINGERPRINTS) | set(OTHER)
    assert len({mistake.says for mistake in OPERATOR_MISTAKES.values()}) == len(OPERATOR_MISTAKES)


def test_the_probes_separate_the_mistakes():
    prints = [str(FINGERPRINTS[name]) for name in FINGERPRINTS]
    assert len(set(prints)) == len(prints)


# i=5, k=3, s=2, p=1, op=1, d=2: the right size is 2 * 4 + 5 - 2 + 1 = 12.
SIZES = {
    "no_plus_one": 11,
    "stride_times_input": 14,
    "stride_ignored": 8,
    "one_padding": 13,
    "padding_ignored": 14,
    "padding_added": 16,
    "output_padding_ignored": 11,
    "output_padding_twice": 13,
    "dilation_ignored": 10,
    "kernel_times_dilation": 13,
    "kernel_plus_dilation": 11,
    "size_of_convolution": 2,
}


def test_size_mistakes():
    problem = (5, 3, 2, 1, 1, 2)
    assert {name: mistake.answer(*problem) for name, mistake in SIZE_MISTAKES.items()} == SIZES
    assert explain_size(12, *problem) == []
    assert explain_size(16, *problem) == [SIZE_MISTAKES["padding_added"].says]


def test_a_right_answer_is_never_explained():
    rng = np.random.default_rng(0)
    for _ in range(200):
        k, s, d = (int(n) for n in rng.integers(1, 4, 3))
        case = {"input": (2, 2, 4), "weight": (2, 3, k), "bias": (3,), "stride": s, "dilation": d}
        case["output_padding"] = int(rng.integers(0, max(s, d)))
        call = build(case, 1, seed=int(rng.integers(100)))
        assert explain_values(answer("conv_transpose1d", call), **call) == []


# ------------------------------------------------------------------ cases


def test_lists_are_numbers_and_get_missing_axes_in_front():
    call = build({"input": [[1, 2], [3, 4]], "weight": [[5]], "bias": [6]}, spatial_axes=2)
    assert call["input"].shape == (1, 1, 2, 2)
    assert call["weight"].shape == (1, 1, 1, 1)
    assert call["bias"].shape == (1,)
    assert build({"input": [[1], [2]], "weight": [[[5]], [[6]]]}, spatial_axes=1)["input"].shape == (1, 2, 1)


def test_filled_arrays_are_whole_numbers_and_decodable():
    case = {"input": (2, 3, 4, 5), "weight": (3, 2, 2, 3), "bias": (2,)}
    call, other = build(case, 2, seed=1), build(case, 2, seed=2)
    for name in case:
        assert call[name].dtype == np.float64
        assert (call[name] == np.round(call[name])).all()
    digits = call["weight"] / 10.0 ** np.arange(6).reshape(2, 3)
    assert ((digits >= 1) & (digits <= 9) & (digits == np.round(digits))).all()
    assert call["bias"].tolist() == [-1, -2]
    assert not np.array_equal(call["input"], other["input"])
    assert np.array_equal(call["input"], build(case, 2, seed=1)["input"])
    with pytest.raises(ValueError, match="12 taps"):
        build({"input": (1, 1, 5, 5), "weight": (1, 1, 4, 4)}, 2)


def test_the_call_in_a_message_can_be_pasted():
    call = build({"input": [1, 2], "weight": (1, 1, 3), "stride": 2, "bias": [7]}, 1)
    text = show_call("conv_transpose1d", call)
    pasted = eval(text, {"np": np, "conv_transpose1d": reference.conv_transpose1d})
    assert np.array_equal(pasted, answer("conv_transpose1d", call))


# ------------------------------------------------------------------ checks

SCATTER = [{"input": [2, 3], "weight": [1, 2, 3], "stride": 2}]


def message(check, *arguments, **options):
    with pytest.raises(CheckFailed) as caught:
        check(*arguments, **options)
    return str(caught.value)


@pytest.mark.parametrize("oracle", ORACLES)
def test_the_reference_passes_and_a_check_returns_nothing(oracle):
    case = {
        "conv_transpose_output_size": {"input_size": 3, "kernel_size": 2},
        "conv_transpose1d": {"input": (2, 2, 3), "weight": (2, 3, 2)},
        "conv_transpose2d": {"input": (2, 2, 3, 4), "weight": (2, 3, 2, 1)},
    }[oracle]
    function = getattr(arithmetic if oracle.endswith("size") else reference, oracle)
    assert check_call(function, oracle, [{**case, "stride": 3}]) is None


def test_the_message_names_place_values_and_mistake():
    def overwrite(input, weight, stride):
        full = np.zeros((1, 1, 5))
        for j in range(2):
            full[:, :, 2 * j : 2 * j + 3] = input[:, :, j : j + 1] * weight
        return full

    text = message(check_call, overwrite, "conv_transpose1d", SCATTER)
    assert "Call:     conv_transpose1d(np.array([[[2, 3]]], float), np.array([[[1, 2, 3]]], float), stride=2)" in text
    assert "one value differs, the first at index [0, 0, 2]: expected 9, got 3" in text
    assert "Expected: [[[2, 4, 9, 6, 9]]]" in text
    assert "Got:      [[[2, 4, 3, 6, 9]]]" in text
    assert "Likely:   stamps that overlap overwrite each other" in text


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (None, "is a return missing?"),
        ([[[2.0, 4, 9, 6, 9]]], "must be a NumPy array"),
        (np.array([[[2, 4, 9, 6, 9]]]), "the dtype differs: expected float64, got int64"),
        (np.array([[[2, 4, 9, 6, 9]]], dtype=np.float32), "got float32"),
        (np.array([2.0, 4, 9, 6, 9]), "the shape differs: expected (1, 1, 5), got (5,)"),
        (np.array([[[2.0, 4, np.nan, 6, 9]]]), "expected 9, got nan"),
        (np.ma.array([[[2.0, 4, 9, 6, 9]]]), "must be a NumPy array"),
        (np.array([[[2.0, 4, 9.0000001, 6, 9]]]), "got 9.0000001"),
    ],
)
def test_answers_of_a_wrong_kind(answers, says):
    assert says in message(check_call, lambda input, weight, stride: answers, "conv_transpose1d", SCATTER)


@pytest.mark.parametrize(
    ("answers", "says"),
    [(5.0, "a size must be an int, this is 5.0 (float)"), (True, "a size must be an int"), (4, "the size differs")],
)
def test_sizes_of_a_wrong_kind(answers, says):
    cases = [{"input_size": 2, "kernel_size": 3, "stride": 2}]
    assert says in message(check_call, lambda *a, **k: answers, "conv_transpose_output_size", cases)
    assert check_call(lambda *a, **k: np.int64(5), "conv_transpose_output_size", cases) is None


def test_an_exception_is_told_and_kept_as_the_cause():
    def broken(input, weight, stride):
        return input[7]

    with pytest.raises(CheckFailed, match="conv_transpose1d raises IndexError: index 7") as caught:
        check_call(broken, "conv_transpose1d", SCATTER)
    assert "of its cell: return input[7]" in str(caught.value)
    assert isinstance(caught.value.__cause__, IndexError)

    def blank(input, weight, stride):
        raise NotImplementedError

    assert message(check_call, blank, "conv_transpose1d", SCATTER) == "conv_transpose1d is not written yet."


def test_a_print_to_stderr_costs_nothing(capsys):
    def noisy(input, weight, stride):
        print("debugging", file=sys.stderr)
        return reference.conv_transpose1d(input, weight, stride=stride)

    assert check_call(noisy, "conv_transpose1d", SCATTER) is None
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "debugging" in printed.out


def test_writing_to_the_input_does_not_change_the_next_case():
    def greedy(input, weight, stride):
        result = reference.conv_transpose1d(input, weight, stride=stride)
        input[:] = weight[:] = 0
        return result

    assert check_call(greedy, "conv_transpose1d", SCATTER * 2) is None


REFUSED = [{"input": [1, 2], "weight": [1], "stride": 2, "output_padding": 2}]
ACCEPTED = [{"input": [1, 2], "weight": [1], "stride": 2, "output_padding": 1}]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (None, "returns an answer"),
        (TypeError("no"), "it raises TypeError"),
        (NotImplementedError(), "it raises NotImplementedError"),
    ],
)
def test_a_call_that_must_be_refused(error, says):
    def lenient(input, weight, **options):
        if error:
            raise error
        return input

    text = message(check_errors, lenient, "conv_transpose1d", REFUSED, ACCEPTED)
    assert says in text
    assert "output_padding must be smaller than stride or dilation, got output_padding=2 with stride=2" in text


def test_a_legal_neighbour_must_not_be_refused():
    def strict(input, weight, stride, output_padding):
        raise ValueError("never")

    text = message(check_errors, strict, "conv_transpose1d", REFUSED, ACCEPTED)
    assert "This call is legal" in text
    assert check_errors(reference.conv_transpose1d, "conv_transpose1d", REFUSED, ACCEPTED) is None


def test_a_test_that_is_wrong_itself_says_so():
    right_function = reference.conv_transpose1d
    with pytest.raises(ValueError, match="has no cases"):
        check_call(right_function, "conv_transpose1d", [])
    with pytest.raises(ValueError, match="PyTorch refuses"):
        check_call(right_function, "conv_transpose1d", REFUSED)
    with pytest.raises(ValueError, match="has no cases"):
        check_errors(right_function, "conv_transpose1d", REFUSED, [])
    with pytest.raises(ValueError, match="this call is legal"):
        check_errors(right_function, "conv_transpose1d", ACCEPTED, ACCEPTED)
    with pytest.raises(ValueError, match="PyTorch refuses"):
        check_errors(right_function, "conv_transpose1d", REFUSED, REFUSED)


def test_import_needs_no_torch():
    code = "import sys, convlab.grading; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
