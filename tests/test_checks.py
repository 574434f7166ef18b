"""The checks that learners use, and predict(): right, wrong, hostile and endless answers."""

import ast
import re
import time

import numpy as np
import pytest

from convlab import checks as check
from convlab.prediction import Prediction, predict, read_answer, read_words

PROBLEM = ("conv_transpose1d", [1, 2, 3], [1, 10, 100])
OPTIONS = {"stride": 2, "padding": 1, "output_padding": 1}
RIGHT = [10, 102, 20, 203, 30, 300]
UNFLIPPED = [10, 201, 20, 302, 30, 3]


@pytest.fixture(autouse=True)
def _no_hints_from_other_tests():
    check.forget()


def ask(answer):
    return check.equal(answer, *PROBLEM, **OPTIONS)


@pytest.mark.parametrize("answer", [RIGHT, tuple(RIGHT), np.array(RIGHT), np.array(RIGHT, float)])
def test_right_answers_pass_in_any_form(answer):
    assert ask(answer).passed is True


def test_no_answer_is_neither_right_nor_wrong():
    assert ask(...).passed is None
    assert check.size(..., "conv_output_size", 5, 3).passed is None
    assert check.function(..., *PROBLEM).passed is None
    assert check.function(lambda x, w, **options: ..., *PROBLEM, **OPTIONS).passed is None


def test_hints_grow_with_each_different_wrong_answer():
    first = ask([0, *UNFLIPPED[1:]])
    assert "first difference is at [0]: you have 0" in first.text
    assert "M01" not in first.text
    assert ask([0, *UNFLIPPED[1:]]).text == first.text, "the same answer again earns no further hint"
    second = ask(UNFLIPPED)
    assert "M01" in second.text
    assert "ordinary convolution" not in second.text
    third = ask([*UNFLIPPED[:-1], 4])
    assert "is the sum of" in third.text, "an unrecognised answer gets the cell to work out"
    assert "is an ordinary convolution with the kernel rotated by 180 degrees" in ask(UNFLIPPED).text
    assert ask(RIGHT).passed is True


def test_hints_do_not_give_the_answer_away():
    for wrong in (UNFLIPPED, [1, 2, 3, 4, 5, 6], [9, 9, 9, 9, 9, 9]):
        shown = ask(wrong)._repr_html_()
        assert "203" not in shown
        assert "<td" in shown


def test_solution_on_request_only():
    assert str(RIGHT) in check.solution(*PROBLEM, **OPTIONS).text


@pytest.mark.parametrize(
    "answer",
    [
        "10, 102",
        None,
        [1, [2, 3]],
        [[1, 2], [3]],
        [float("nan")] * 6,
        [1 + 1j] * 6,
        {"a": 1},
        {1, 2},
        object(),
        b"\0",
        [],
        np.array(RIGHT, dtype=object),
        np.zeros((2, 3, 4, 5)),
        np.array(["a"] * 6),
        range(6),
        10**400,
        print,
        int,
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_any_wrong_thing_gets_an_answer_and_no_exception(answer):
    for _ in range(3):
        feedback = ask(answer)
        assert feedback.passed is False
        assert feedback.text.startswith("Not yet.")
        assert "<div" in feedback._repr_html_()


def test_markup_in_an_answer_is_shown_as_text():
    assert "<script" not in ask("<script>alert(1)</script>")._repr_html_()
    assert "<script" not in check.size("<script>", "conv_output_size", 5, 3)._repr_html_()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (9, "Right: 9"),
        (np.int64(9), "Right: 9"),
        (10, "too large"),
        (3, "too small"),
        (9.0, "must be an integer, got 9.0"),
        (True, "must be an integer, got True"),
        ("9", "must be an integer"),
        ([9], "must be an integer"),
        (None, "must be an integer"),
    ],
)
def test_sizes(answer, text):
    assert text in check.size(answer, "conv_transpose_output_size", 5, 3, stride=2, padding=1).text


def test_sizes_name_the_misconception_on_the_second_try():
    ask = ("conv_transpose_output_size", 5, 3)
    assert "M12" not in check.size(12, *ask, stride=2, padding=1).text
    assert "M12" in check.size(8, *ask, stride=2, padding=1).text


@pytest.mark.parametrize(
    ("answer", "passed", "words"),
    [
        ([5, 7, 9], True, "Right: [5, 7, 9]"),
        ((5, 7, 9), True, "Right"),
        ([5, 7, 8], False, "[2] is 8"),
        ([5, 7], False, "3 sizes are asked for, got 2"),
        (5, False, "3 sizes are asked for, got 1"),
    ],
)
def test_lists_of_sizes(answer, passed, words):
    feedback = check.size(answer, "conv_transpose_output_size", 3, 3, stride=[1, 2, 3])
    assert feedback.passed is passed
    assert words in feedback.text


# --- functions


def stamp(x, w, stride=1, padding=0, output_padding=0):
    full = np.zeros(stride * (len(x) - 1) + len(w) + output_padding, dtype=int)
    for j, value in enumerate(x):
        full[stride * j : stride * j + len(w)] += value * w
    return full[padding : len(full) - padding]


def overwrite(x, w, stride):
    full = np.zeros(stride * (len(x) - 1) + len(w), dtype=int)
    for j, value in enumerate(x):
        full[stride * j : stride * j + len(w)] = value * w
    return full


def judge(function, **options):
    return check.function(function, "conv_transpose1d", [2, 3], [1, 2, 3], **options)


def test_right_function_passes():
    assert judge(stamp, stride=2, padding=1, output_padding=1).passed is True


def test_function_right_on_the_stated_problem_only_is_found_out():
    feedback = judge(overwrite, stride=3)
    assert feedback.passed is False
    assert "Right for the stated problem, but not for" in feedback.text


def test_wrong_function_is_diagnosed():
    judge(lambda x, w, stride: [0], stride=2)
    feedback = judge(overwrite, stride=2)
    assert "M14a" in feedback.text


def test_function_that_raises():
    def broken(x, w, stride):
        raise KeyError("oh no")

    feedback = judge(broken, stride=2)
    assert feedback.passed is False
    assert "KeyError" in feedback.text


def test_function_with_the_wrong_arguments():
    assert "TypeError" in judge(lambda x: x, stride=2).text


def test_not_a_function():
    assert "A function is asked for, got int" in judge(3, stride=2).text


def endless(x, w, stride):
    while True:
        pass


def endless_and_stubborn(x, w, stride):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            while True:
                pass
        except Exception:
            continue


@pytest.mark.parametrize("function", [endless, endless_and_stubborn])
def test_endless_loops_are_stopped(function):
    start = time.monotonic()
    feedback = judge(function, stride=2, seconds=0.3)
    assert time.monotonic() - start < 5
    assert "stopped after 0.3 seconds" in feedback.text


def test_function_cannot_change_the_problem():
    def spoil(x, w, stride):
        result = stamp(x, w, stride)
        x[...] = 0
        w[...] = 0
        return result

    problem = np.array([2, 3]), np.array([1, 2, 3])
    assert check.function(spoil, "conv_transpose1d", *problem, stride=2).passed is True
    assert problem[0].tolist() == [2, 3]


# --- badly stated problems are the author's fault, and say so


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: check.equal(1, "conv9d", [1], [1]), "operator must be one of"),
        (lambda: check.size(1, "conv_size", 1, 1), "formula must be a function of convlab.arithmetic"),
        (lambda: check.size(1, "LayerParameters", 1, 1), "formula must be a function"),
        (lambda: check.size([1], "conv_output_size", [5, 6], [3, 3, 3]), "one length"),
        (lambda: check.size(1, "conv_output_size", 1, 3), "spans 3 cells"),
        (lambda: predict("?", "conv_transpose9d", [1], [1]), "operator must be one of"),
    ],
)
def test_badly_stated_problems_raise(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# --- predictions


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("5", 5),
        (" 5 ", 5),
        ("-3", -3),
        ("1.5", 1.5),
        ("1, 2, 3", [1, 2, 3]),
        ("1 2 3", [1, 2, 3]),
        ("1;2", [1, 2]),
        ("[1, 2]", [1, 2]),
        ("(1, 2)", [1, 2]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
    ],
)
def test_typed_answers(text, answer):
    assert read_answer(text) == answer


@pytest.mark.parametrize("text", ["", "five", "1,,x", "[1, 2", "__import__('os')", "1 + ", "[" * 5000])
def test_unreadable_answers_may_be_given_again(text):
    asked = predict("How long?", "conv_transpose_output_size", 3, 3)
    asked.commit(text)
    assert "Please type numbers" in asked.outcome.value
    assert not asked.button.disabled
    asked.commit("5")
    assert "Right: 5" in asked.outcome.value


def test_prediction_is_committed_once_and_then_the_truth_is_shown():
    asked = predict("Which numbers?", *PROBLEM, **OPTIONS)
    asked.field.value = ", ".join(map(str, UNFLIPPED))
    asked.button.click()
    assert asked.button.disabled
    assert asked.field.disabled
    assert str(RIGHT) in asked.outcome.value
    assert "M01" in asked.outcome.value


def test_live_prediction_is_a_widget_that_holds_no_answer_in_its_state(monkeypatch):
    monkeypatch.delenv("CONVLAB_STATIC", raising=False)
    asked = predict("Which numbers?", *PROBLEM, **OPTIONS)
    assert isinstance(asked, Prediction)
    assert "application/vnd.jupyter.widget-view+json" in asked._repr_mimebundle_()
    # The ids of other models are random, and now and then have these digits in them.
    states = [re.sub(r"IPY_MODEL_\w+", "", str(child.get_state())) for child in asked.children]
    assert not any("203" in state for state in states)


def test_static_prediction_is_a_question_with_a_folded_answer(monkeypatch):
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    bundle = predict("Which <numbers>?", *PROBLEM, **OPTIONS)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "Which &lt;numbers&gt;?" in bundle["text/html"]
    folded = bundle["text/html"].split("<summary>")[1]
    assert ast.literal_eval(folded.split("<code>")[1].split("</code>")[0]) == RIGHT
    assert "203" not in bundle["text/plain"]


# --- whatever a function of the library gives --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("truth", "right", "wrong"),
    [
        (5, [5, np.int64(5), 5.0], [4, "5", [5], None, True]),
        (0.25, [0.25, 1 / 4], [0.3, "0.25"]),
        ([1, 2, 3], [(1, 2, 3), np.array([1, 2, 3])], [[1, 2], [3, 2, 1], 1, [[1, 2, 3]]]),
        ([[1], [2, 3]], [[[1], [2, 3]]], [[[1], [2]], [1, 2, 3]]),
        ("SAME", ["same", " SAME "], ["valid", 1, None]),
        (None, [None], [0, "None", False]),
        (True, [True], [1, "True", False]),
        ({1, 2}, [{2, 1}, [2, 1], (1, 2)], [{1}, [1, 2, 3], [[1], 2], 1]),
        ({(1, 2)}, [{(1, 2)}, [(1, 2)]], [{(2, 1)}, [[1, 2]]]),
        ((1, (2, 3)), [(1, (2, 3)), [1, [2, 3]]], [(1, 2, 3)]),
    ],
)
def test_computed_compares_what_a_function_gives(truth, right, wrong):
    assert check.computed(..., lambda: truth).passed is None
    for answer in right:
        assert check.computed(answer, lambda: truth).passed is True, answer
    for answer in wrong:
        feedback = check.computed(answer, lambda: truth)
        assert feedback.passed is False, answer
        assert feedback._repr_html_()


def test_computed_says_the_hint_from_the_second_wrong_answer_on():
    assert "begin" not in check.computed(1, max, [1, 2], hint="Look at the begin.").text
    assert "begin" not in check.computed(1, max, [1, 2], hint="Look at the begin.").text, "the same answer again"
    assert "begin" in check.computed(0, max, [1, 2], hint="Look at the begin.").text


def test_computed_compares_tensors_and_arrays():
    torch = pytest.importorskip("torch")
    assert check.computed([1, 2], torch.tensor, [1, 2]).passed
    assert check.computed(torch.tensor([1, 2]), np.array, [1, 2]).passed
    assert "at [1]: you have 3" in check.computed([1, 3], np.array, [1, 2]).text


def test_computed_refuses_what_it_cannot_call():
    with pytest.raises(TypeError, match="compute must be callable"):
        check.computed(1, "max", [1, 2])


def test_a_prediction_of_what_a_function_gives():
    prediction = predict("Which is the largest?", max, [1, 3, 2])
    prediction.commit("2")
    assert "You said 2" in prediction.outcome.value
    assert "It gives 3" in prediction.outcome.value
    word = predict("Which padding?", str.upper, "same")
    word.commit("")
    assert "Please type a word" in word.outcome.value
    word.commit("same")
    assert "Right: SAME" in word.outcome.value
    several = predict("Which answers?", list, "AB")
    several.commit("a, b")
    assert "Right" in several.outcome.value
    assert read_words("no") is False


def test_a_constant_is_no_right_function():
    layers = [(7, 2, 1), (3, 2, 1), (3, 1, 1)]
    assert check.function(lambda layers: 19, "receptive_field", layers).passed is False
    right = check.function(lambda layers: check.truth("receptive_field", layers), "receptive_field", layers)
    assert right.passed
    assert "others" in right.text


def test_only_what_was_tried_is_called_right():
    asked = ("interpolate", [10, 20])
    feedback = check.function(lambda x, **o: np.array([10.0, 10, 20, 20]), *asked, scale_factor=2, mode="nearest")
    assert feedback.passed, feedback.text
    assert "others" not in feedback.text


def test_a_list_with_a_gap_is_no_answer_yet():
    assert check.computed([1, ...], list, [1, 2]).passed is None


def test_a_function_is_told_once_for_which_problem_it_is_wrong():
    def stamp(x, w, stride):  # right for the stated problem only
        y = np.zeros(stride * (len(x) - 1) + len(w), dtype=int)
        for j in range(len(x)):
            y[stride * j : stride * j + len(w)] = x[j] * w
        return y

    stated = ("conv_transpose1d", [1, 2], [1, 10])
    check.function(lambda x, w, stride: np.convolve(x, w), *stated, stride=2)
    text = check.function(stamp, *stated, stride=2).text
    assert text.count("Right for the stated problem") == 1
    assert "M14" in text
