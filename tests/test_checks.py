"""The checks that learners use: right, wrong, hostile and endless answers."""

import re
import signal
import time
from operator import floordiv, truediv

import numpy as np
import pytest
import torch

from convlab import checks as check
from convlab.misconceptions import CATALOGUE, diagnose

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
    assert "rotated" not in first.text
    assert ask([0, *UNFLIPPED[1:]]).text == first.text, "the same answer again earns no further hint"
    second = ask(UNFLIPPED)
    assert "the kernel is not rotated by 180 degrees" in second.text
    assert "ordinary convolution" not in second.text
    third = ask([*UNFLIPPED[:-1], 4])
    assert "is the sum of" in third.text, "an unrecognised answer gets the cell to work out"
    assert "is an ordinary convolution with the kernel rotated by 180 degrees" in ask(UNFLIPPED).text
    assert ask(RIGHT).passed is True


def test_ids_of_misconceptions_are_not_said():
    """Every example of the catalogue: an id means nothing to a learner."""
    said = [text for entry in CATALOGUE.values() for text in (entry.truth, *map(str, entry.variants))]
    examples = [example for entry in CATALOGUE.values() for example in entry.examples if example.problem is not None]
    said += [diagnose(answer, example.problem).message() for example in examples for answer in example.wrong_answers()]
    assert len(said) > 150
    assert [text for text in said if re.search(r"\bM\d\d", text)] == []


@pytest.mark.parametrize(
    ("notebook", "first"),
    [
        ("", "padding is left out"),
        ("my notes.ipynb", "padding is left out"),
        ("work/02_size_arithmetic.ipynb", "the formula has stride * i"),
        ("/home/me/05_padding_crops.ipynb", "padding is left out"),
    ],
)
def test_what_this_lesson_teaches_is_named_before_what_later_ones_do(notebook, first, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    said = check.why(11, "conv_transpose_output_size", 5, 3, stride=2, padding=1)
    assert said.startswith(f"One way to get this is that {first}")


def test_hints_do_not_give_the_answer_away():
    for wrong in (UNFLIPPED, [1, 2, 3, 4, 5, 6], [9, 9, 9, 9, 9, 9]):
        shown = ask(wrong)._repr_html_()
        assert "203" not in shown
        assert "<td" in shown


def test_solution_on_request_only():
    assert str(RIGHT) in check.solution(*PROBLEM, **OPTIONS).text


class Unreadable:
    def __array__(self, *arguments, **options):
        raise RuntimeError("unreadable")


ODD = [
    "10, 102", "", b"\0", None, True, 10**400, 3.5, float("nan"), [float("nan")] * 6, float("inf"), 1j, [1 + 1j] * 6,
    [], [None], [1, [2, 3]], [[1, 2], [3]], ((1, 0), (1, 0)), [[(1, 0), (1, 0)]], (7, 7, 7), {}, {"a": 1}, {1, 9},
    range(7), iter([1]), print, int, ValueError, object(), Unreadable(), [Unreadable()], np.array(None),
    np.zeros(0), np.array(["a"] * 6),
    np.array(RIGHT, dtype=object), np.zeros((2, 3, 4, 5)), np.ma.array([1, 2]), torch.ones(2, requires_grad=True),
    check.call(lambda: None), [check.call(lambda: 1 / 0)],
]  # fmt: skip
ASKED = {
    "values": lambda answer: ask(answer),
    "rows": lambda answer: check.equal(answer, "sliding_kernel", [[1, 2], [3, 4]]),
    "size": lambda answer: check.size(answer, "conv_output_size", 9, 3),
    "sizes": lambda answer: check.size(answer, "conv_output_size", [9, 8], 3),
    "a pair": lambda answer: check.size(answer, "full_padding", 3),
    "a size": lambda answer: check.equal(answer, "conv_output_size", 9, 3),
    "a number": lambda answer: check.computed(answer, lambda: 0.5),
    "numbers": lambda answer: check.computed(answer, lambda: [0.5, 2], hint="Think."),
    "pairs": lambda answer: check.computed(answer, lambda: [(2, 0), (1, 0)]),
    "a word": lambda answer: check.computed(answer, lambda: "same"),
    "a set": lambda answer: check.computed(answer, lambda: {1, 2}),
    "a table": lambda answer: check.computed(answer, lambda: {"b": [1]}),
    "a function": lambda answer: check.function(lambda *a, **k: answer, *PROBLEM, **OPTIONS),
    "a function of sizes": lambda answer: check.function(lambda *a, **k: answer, "conv_output_size", 9, 3),
    "no function": lambda answer: check.function(answer if not callable(answer) else 3, *PROBLEM, **OPTIONS),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_any_wrong_thing_gets_a_sentence_and_no_exception(asked):
    for answer in ODD:
        for _ in range(2):
            feedback = asked(answer)
            assert feedback.passed is False, answer
            assert feedback.text.startswith("Not yet."), answer
            assert "<div" in feedback._repr_html_()


def test_a_missing_return_is_named():
    for feedback in (
        ask(None),
        check.computed(None, list),
        check.function(lambda x, w, **options: None, *PROBLEM, **OPTIONS),
    ):
        assert "is its return missing?" in feedback.text
    assert check.computed(None, lambda: None).passed, "where None is right it is an answer"


def never(x):
    while True:
        try:
            x += 1
        except:  # noqa: E722  (learners write that)
            pass


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: check.call(never, 1, seconds=0.1), "was stopped after 0.1 seconds. Does a loop never end?"),
        (lambda: [check.call(never, x, seconds=0.1) for x in (1, 2)], "Does a loop never end?"),
        (lambda: check.call(lambda x: x[7], [1]), "stopped with IndexError: list index out of range"),
        (lambda: check.call(3), "A function is asked for, got int."),
        (lambda: check.call(print), "is its return missing?"),
    ],
)
def test_a_call_without_an_answer_becomes_a_sentence(answer, said):
    given = answer()
    for feedback in (ask(given), check.size(given, "conv_output_size", 9, 3), check.computed(given, lambda: 2)):
        assert feedback.passed is False
        assert said in feedback.text


def test_a_call_gives_what_the_function_answers():
    assert ask(check.call(lambda: RIGHT)).passed
    assert check.size(check.call(max, [5, 7]), "conv_output_size", 9, 3).passed
    assert ask(check.call(...)).passed is None
    assert ask(check.call(lambda x: ..., 1)).passed is None
    with pytest.raises(KeyboardInterrupt):  # a learner may interrupt it
        check.call(signal.raise_signal, signal.SIGINT)


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
        (9.0, "Right: 9"),
        (True, "must be an integer, got True"),
        ("9", "must be an integer"),
        ([9], "Right: 9"),
        (9.5, "must be an integer, got 9.5"),
        (None, "is its return missing?"),
    ],
)
def test_sizes(answer, text):
    assert text in check.size(answer, "conv_transpose_output_size", 5, 3, stride=2, padding=1).text


def test_sizes_name_the_misconception_on_the_second_try():
    ask = ("conv_transpose_output_size", 5, 3)
    assert "One way" not in check.size(12, *ask, stride=2, padding=1).text
    assert "the kernel counts as d (k - 1) cells" in check.size(8, *ask, stride=2, padding=1).text


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
    assert "the later of two overlapping stamps overwrites the earlier" in feedback.text


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
    ],
)
def test_badly_stated_problems_raise(call, words):
    with pytest.raises(ValueError, match=words):
        call()


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


def test_a_constant_is_no_right_function():
    layers = [(7, 2, 1), (3, 2, 1), (3, 1, 1)]
    assert check.function(lambda layers: 19, "receptive_field", layers).passed is False
    right = check.function(lambda layers: check.truth("receptive_field", layers), "receptive_field", layers)
    assert right.passed
    assert "others" in right.text


def test_only_what_was_tried_is_called_right():
    asked = ("pixel_shuffle", [[[1]], [[2]], [[3]], [[4]]])
    feedback = check.function(lambda x, **o: np.array([[[1, 2], [3, 4]]]), *asked, upscale_factor=2)
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
    assert "overwrites the earlier" in text


# --- sentences that name cells -----------------------------------------------------------------------------------

ROW, TAPS = [1, 2, 3, 4, 5, 6, 7], [1, 10, 100]
PLANE, KERNEL = np.arange(1, 31).reshape(5, 6), np.array([[1, 10, 100], [1000, 7, 13]])
BLOCK, CUBE = np.arange(1, 49).reshape(3, 4, 4), np.arange(2, 10).reshape(2, 2, 2)
CELLS = [
    *(("conv1d_same", ROW[:n], TAPS, {"stride": s, "dilation": d}) for n in (5, 7) for s in (1, 2, 3) for d in (1, 2)),
    ("conv1d_same", ROW, [1, 10], {}),
    ("conv2d_same", PLANE, KERNEL, {"stride": (2, 1), "dilation": (1, 2)}),
    *(
        ("conv1d", ROW, TAPS, {"stride": s, "padding": p, "dilation": d})
        for s in (1, 2)
        for p in (0, 2)
        for d in (1, 2)
    ),
    ("conv1d", [1], [1, 10], {"padding": 3}),
    ("conv1d", ROW, TAPS, {"bias": [1000], "padding": "same"}),
    ("conv1d", ROW, [1, 10], {"padding": "same", "dilation": 3}),
    ("conv1d", ROW, TAPS, {"padding": "valid", "groups": 1}),
    ("conv2d", PLANE, KERNEL, {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2)}),
    ("conv3d", BLOCK, CUBE, {"padding": (0, 1, 2), "stride": 2}),
    ("conv_transpose1d", ROW, TAPS, {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 3}),
    ("conv_transpose1d", ROW, [1, 10], {"stride": 4, "output_padding": 2}),
    ("conv_transpose1d", ROW, [1, 10], {"stride": 4, "bias": [9]}),
    ("conv_transpose2d", PLANE, KERNEL, {"stride": (2, 3), "padding": (1, 0), "output_padding": (0, 2)}),
    ("conv_transpose3d", BLOCK, CUBE, {"stride": (1, 2, 1), "padding": (0, 1, 0)}),
]


def said_of_a_cell(sentence, x, w):
    """The cell that a hint names, and the number that its sum gives."""
    cell = tuple(map(int, re.search(r"The cell \[([\d, ]+)\]", sentence)[1].split(",")))
    products = re.findall(r"x\[([\d, ]+)\]·w\[([\d, ]+)\]", sentence)
    places = [[tuple(map(int, place.split(","))) for place in product] for product in products]
    bias = re.search(r"the bias (\d+)", sentence)
    return cell, sum(np.asarray(x)[i] * np.asarray(w)[t] for i, t in places) + (int(bias[1]) if bias else 0)


@pytest.mark.parametrize(("operator", "x", "w", "options"), CELLS)
def test_what_is_said_of_a_cell_gives_its_number(operator, x, w, options):
    truth = np.array(check.truth(operator, x, w, **options))
    for cell in list(np.ndindex(truth.shape))[:40]:
        check.forget()
        answer = truth.astype(float)
        answer[cell] += 0.37  # no misconception gives this
        for other in (0, 1):
            check.equal([other], operator, x, w, **options)
        hint = check.equal(answer, operator, x, w, **options).text.splitlines()[-1]
        assert said_of_a_cell(hint, x, w) == (cell, truth[cell]), hint


@pytest.mark.parametrize(
    ("answer", "cell"),
    [([10, 102], 2), ([10, 103], 1), ([], 0), ([*RIGHT[:5], 301], 5), ([*RIGHT[:4], 31, 300, 0.5], 4), ([[0] * 6], 0)],
)
def test_the_cell_explained_is_wrong(answer, cell):
    ask([7.5])
    ask([8.5])
    assert f"The cell [{cell}] of the right answer" in ask(answer).text


@pytest.mark.parametrize("answer", [[*RIGHT, 0.5], [RIGHT], "10", [RIGHT, RIGHT]])
def test_no_cell_is_explained_where_none_is_wrong(answer):
    ask([7.5])
    ask([8.5])
    assert "The cell" not in ask(answer).text


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes_are_stated_options(mode):
    words = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}

    def padded_as(word):
        return lambda x, w, padding, padding_mode: np.correlate(np.pad(x, padding, mode=word), w, "valid")

    stated = ([1, 2, 3, 4], [1, 10, 100])
    for asked, word in words.items():
        answer = check.function(padded_as(word), "conv1d", *stated, padding=1, padding_mode=mode)
        assert answer.passed == (asked == mode)
    check.equal([1, 1, 1, 1], "conv1d", *stated, padding=1, padding_mode=mode)
    check.equal([1, 1, 1, 2], "conv1d", *stated, padding=1, padding_mode=mode)
    third = check.equal([1, 1, 1, 3], "conv1d", *stated, padding=1, padding_mode=mode)
    assert "is the sum of" not in str(third)  # the cells of the padding would be missing in it


def test_causal_is_a_stated_option():
    stated = ([1, 2, 3, 4], [1, 10, 100])

    def past(x, w, padding):
        return np.correlate(np.pad(x, (len(w) - 1, 0)), w, "valid")

    def future(x, w, padding):
        return np.correlate(np.pad(x, (0, len(w) - 1)), w, "valid")

    def stamped(first, x, w, stride):
        full = np.zeros(stride * (len(x) - 1) + len(w), int)
        for j, value in enumerate(x):
            full[stride * j :][: len(w)] += value * w
        return full[first(len(w), stride) :][: stride * len(x)]

    def trimmed(x, w, stride, padding):
        return stamped(lambda k, s: 0, x, w, stride)

    def late(x, w, stride, padding):
        return stamped(lambda k, s: k - s, x, w, stride)

    assert check.function(past, "conv1d", *stated, padding="causal").passed
    assert not check.function(future, "conv1d", *stated, padding="causal").passed
    assert check.function(trimmed, "conv_transpose1d", *stated, stride=2, padding="causal").passed
    assert not check.function(late, "conv_transpose1d", *stated, stride=2, padding="causal").passed


def _positions(i, k, divide, stride, p, d):
    return divide(i + p - d * (k - 1) - 1, stride) + 1


@pytest.mark.parametrize(
    ("operator", "padding", "size"),
    [
        ("conv_output_size", {"padding": 1}, _positions),
        ("conv_output_size", {"padding": (1, 2)}, _positions),
        ("conv_same_output_size", {}, lambda i, k, divide, stride, p, d: divide(i + stride - 1, stride)),
        ("conv_same_output_size", {}, lambda i, k, divide, stride, p, d: -divide(-i, stride)),
        (
            "round_trip_size",
            {"padding": 1},
            lambda i, k, divide, s, p, d: (_positions(i, k, divide, s, p, d) - 1) * s + d * (k - 1) + 1 - p,
        ),
    ],
)
@pytest.mark.parametrize("dilation", [1, 2])
def test_a_size_without_rounding_is_wrong_though_whole_floats_are_right(operator, padding, size, dilation):
    def function_with(divide):
        def function(input_size, kernel_size, stride, padding=0, dilation=1):
            cells = sum(padding) if isinstance(padding, tuple) else 2 * padding
            return size(input_size, kernel_size, divide, stride, cells, dilation)

        return function

    for input_size, stride in ((8, 2), (9, 2), (9, 3), (10, 4)):
        stated = {"stride": stride, "dilation": dilation} | padding
        for divide, right in ((floordiv, True), (lambda a, b: float(a // b), True), (truediv, False)):
            answer = check.function(function_with(divide), operator, input_size, 3, **stated)
            assert answer.passed is right, (operator, input_size, stated)
