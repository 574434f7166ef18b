"""The checks of the test cells: cases and messages."""

import subprocess
import sys

import numpy as np
import pytest

from convlab import arithmetic, reference
from convlab.grading import check_call, check_calls, check_errors, check_untouched
from convlab.grading.cases import build, show_call
from convlab.grading.messages import CheckFailed
from convlab.grading.oracles import ORACLES, answer

ONE, TWO = ORACLES["conv_transpose1d"].axes, ORACLES["conv_transpose2d"].axes

# ------------------------------------------------------------------ cases


def test_lists_are_numbers_and_get_missing_axes_in_front():
    call = build({"input": [[1, 2], [3, 4]], "weight": [[5]], "bias": [6]}, TWO)
    assert call["input"].shape == (1, 1, 2, 2)
    assert call["weight"].shape == (1, 1, 1, 1)
    assert call["bias"].shape == (1,)
    assert build({"input": [[1], [2]], "weight": [[[5]], [[6]]]}, ONE)["input"].shape == (1, 2, 1)


@pytest.mark.parametrize(("x", "w"), [("input", "weight"), ("x", "w")])
def test_filled_arrays_are_whole_numbers_and_decodable(x, w):
    case, axes = {x: (2, 3, 4, 5), w: (3, 2, 2, 3), "bias": (2,)}, {x: 4, w: 4, "bias": 1}
    call, other = build(case, axes, seed=1), build(case, axes, seed=2)
    for name in case:
        assert call[name].dtype == np.float64
        assert (call[name] == np.round(call[name])).all()
    digits = call[w] / 10.0 ** np.arange(6).reshape(2, 3)
    assert set(digits.ravel()) | set(call[x].ravel()) == set(range(1, 10))
    assert call["bias"].tolist() == [-1, -2]
    assert not np.array_equal(call[x], other[x])
    assert np.array_equal(call[x], build(case, axes, seed=1)[x])
    with pytest.raises(ValueError, match="12 taps"):
        build({"input": (1, 1, 5, 5), "weight": (1, 1, 4, 4)}, TWO)


def test_the_call_in_a_message_can_be_pasted():
    call = build({"input": [1, 2], "weight": (1, 1, 3), "stride": 2, "bias": [7]}, ONE)
    text = show_call("conv_transpose1d", call)
    pasted = eval(text, {"np": np, "conv_transpose1d": reference.conv_transpose1d})
    assert np.array_equal(pasted, answer("conv_transpose1d", call))


# ------------------------------------------------------------------ checks

SCATTER = [{"input": [2, 3], "weight": [1, 2, 3], "stride": 2}]


def message(check, *arguments, **options):
    with pytest.raises(CheckFailed) as caught:
        check(*arguments, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("oracle", "case"),
    [
        ("conv_transpose_output_size", {"input_size": 3, "kernel_size": 2}),
        ("conv_transpose1d", {"input": (2, 2, 3), "weight": (2, 3, 2)}),
        ("conv_transpose2d", {"input": (2, 2, 3, 4), "weight": (2, 3, 2, 1)}),
    ],
)
def test_the_reference_passes_and_a_check_returns_nothing(oracle, case):
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
    assert "Likely:   the later of two overlapping stamps overwrites the earlier" in text


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
    [
        (5.0, "the answer must be an int, this is 5.0 (float)"),
        (True, "the answer must be an int"),
        (4, "the number differs"),
    ],
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


@pytest.mark.parametrize("check", [check_call, check_untouched])
def test_a_loop_without_end_is_stopped_in_a_sentence(check, monkeypatch):
    def endless(input, weight, stride):
        while True:
            pass

    monkeypatch.setattr(check_calls, "SECONDS", 0.1)
    assert "was stopped after 0.1 seconds: does a loop never end?" in message(
        check, endless, "conv_transpose1d", SCATTER
    )
    legal = {"refused": [{"input": [1, 2], "weight": [1], "stride": 2, "output_padding": 2}], "accepted": SCATTER}
    assert "does a loop never end?" in message(
        check_errors, lambda *a, output_padding=0, **k: endless(*a, **k), "conv_transpose1d", **legal
    )


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


def test_an_answer_of_several_arrays_must_be_new_memory_too():
    case = [{"input": [[[1, 2], [3, 4]]], "kernel_size": 1}]
    assert check_untouched(lambda x, k, **o: (x.copy(), np.array([[[[0, 1], [2, 3]]]])), "max_pool2d", case) is None
    text = message(check_untouched, lambda x, k, **o: (x, np.array([[[[0, 1], [2, 3]]]])), "max_pool2d", case)
    assert "returns a part of an array" in text
