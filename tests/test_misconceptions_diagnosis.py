"""diagnose: right answers, single ideas, pairs, ties, shapes, functions and nonsense."""

import contextlib
import inspect
import re
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab.misconceptions import (
    CATALOGUE,
    OPERATORS,
    Problem,
    diagnose,
    further_problems,
    simulation_of,
    wrong_answer,
    wrong_function,
)
from convlab.misconceptions.stamping_simulation import StampingSimulation
from tools.measure_diagnosis import random_problem

PROBLEM = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1, output_padding=1)
RIGHT = [10, 102, 20, 203, 30, 300]
PLANE = Problem("conv_transpose2d", [[1, 2], [3, 4]], np.arange(1, 10).reshape(3, 3), stride=2, padding=1)


def ids(diagnosis):
    return [match.ids for match in diagnosis.misconceptions]


@pytest.mark.parametrize(
    "answer",
    [RIGHT, tuple(RIGHT), np.array(RIGHT), np.array(RIGHT, np.int32), torch.tensor(RIGHT), torch.tensor(RIGHT).int()],
)
def test_a_right_answer_is_right(answer):
    diagnosis = diagnose(answer, PROBLEM)
    assert diagnosis.right
    assert ids(diagnosis) == []
    assert diagnosis.message() == "Right."


def test_what_pytorch_answers_is_never_diagnosed():
    random = np.random.default_rng(11)
    for number in range(150):
        problem = random_problem(random, transposed=number % 2 == 0)
        arguments = {n: torch.tensor(v) if isinstance(v, np.ndarray) else v for n, v in problem.full_arguments.items()}
        answer = getattr(F, problem.operator)(**arguments)
        diagnosis = diagnose(problem.stated_form(answer.numpy()), problem)
        assert diagnosis.right, (problem, diagnosis)


def test_float_answers_within_rounding_errors_are_right():
    random = np.random.default_rng(12)
    x, w = random.normal(size=(2, 3, 5, 5)), random.normal(size=(3, 2, 3, 3))
    for real in (np.float32, np.float64):
        problem = Problem("conv_transpose2d", x.astype(real), w.astype(real), stride=2, padding=1)
        answer = F.conv_transpose2d(torch.tensor(x.astype(real)), torch.tensor(w.astype(real)), stride=2, padding=1)
        assert diagnose(answer, problem).right
        off = answer.numpy().copy()
        off[0, 0, 0, 0] *= 1.001
        assert not diagnose(off, problem).right


def test_one_idea():
    diagnosis = diagnose([10, 201, 20, 302, 30, 3], PROBLEM)
    assert ids(diagnosis) == [("M01a",)]
    assert not diagnosis.right
    assert not diagnosis.tied
    assert diagnosis.recognised
    assert diagnosis.misconceptions[0].misconceptions == (CATALOGUE["M01"],)
    assert diagnosis.message() == (
        "Not yet. This answer comes out if the kernel is not rotated by 180 degrees in the method that inserts zeros."
    )
    assert diagnosis.certain


def test_a_tie_is_a_tie():
    # On this problem the TensorFlow window and an output_padding at the begin are the same.
    diagnosis = diagnose([1, 10, 102, 20, 203, 30], PROBLEM)
    assert ids(diagnosis) == [("M04d",), ("M57f",), ("M50",)]
    assert diagnosis.tied
    assert not diagnosis.certain
    said = "One way to get this is that output_padding moves the begin of the crop instead of its end; another is that "
    assert said in diagnosis.message()


def test_two_ideas_at_once():
    full = [100, 10, 201, 20, 302, 30, 3]
    assert ids(diagnose([*full[1:], 0], PROBLEM)) == [("M01a", "M05a"), ("M01a", "M06d")]
    flipped = np.arange(9, 0, -1).reshape(3, 3)
    full = F.conv_transpose2d(torch.tensor([[[[1, 2], [3, 4]]]]), torch.tensor(flipped)[None, None], stride=2)
    diagnosis = diagnose(full[0, 0, :-1, :-1], PLANE)
    assert ids(diagnosis) == [("M01a", "M05b"), ("M01a", "M50")]  # for kernel 3, stride 2 the same window
    assert " and padding crops the end only;" in diagnosis.message()


def test_a_single_idea_is_preferred_to_two():
    for match in diagnose(wrong_answer("M06a", PLANE), PLANE).misconceptions:
        assert len(match.ids) == 1


def test_one_or_two_numbers_are_not_explained_by_two_ideas():
    problem = Problem("conv_transpose1d", [3], [1, 5], stride=2, padding=0)
    for a in range(1, 30):
        assert all(len(match.ids) == 1 for match in diagnose([a, 7], problem).misconceptions)


def test_an_arithmetic_slip_is_not_recognised():
    diagnosis = diagnose([10, 102, 20, 203, 30, 301], PROBLEM)
    assert not diagnosis.recognised
    assert diagnosis.message() == "Not yet. This answer is not recognised."


def test_the_shape_alone():
    diagnosis = diagnose([0, *RIGHT[:3], 7, 7, 10, 20, 0, 0], PROBLEM)
    assert ids(diagnosis) == []
    assert diagnosis.shape_only == "One way to get 10 cells is that padding adds zeros around the output."
    assert diagnosis.recognised
    square = np.pad(PLANE.truth(), 1)
    square[0, 0] = 999
    assert "5x5" in diagnose(square, PLANE).shape_only
    assert "padding is left out" in diagnose(square, PLANE).shape_only


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 10])
@pytest.mark.parametrize("transposed", [True, False])
def test_the_shape_of_nonsense_accuses_of_nothing(size, transposed):
    stated = PROBLEM if transposed else Problem("conv1d", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding=1)
    diagnosis = diagnose(np.arange(size) + 5.3, stated)
    assert not diagnosis.recognised
    assert "One way" not in diagnosis.message()


def test_the_right_numbers_in_another_window():
    diagnosis = diagnose([20, 203, 30, 300, 0, 0], PROBLEM)
    assert diagnosis.note == "The numbers are right, but of another window: it begins at cell 3 of the full result."


def test_channels_that_do_not_fit():
    problem = Problem("conv2d", np.ones((1, 2, 4, 4)), np.ones((3, 2, 3, 3)))
    assert "not the number of samples or channels" in diagnose(np.ones((1, 2, 2, 2)), problem).shape_only


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (None, "There is no answer yet."),
        (..., "There is no answer yet."),
        ("[1, 2]", "The answer is a text. Give numbers, without quotes."),
        ([[1, 2], [3]], "The rows have different lengths."),
        ({"a": 1}, "The answer is not made of numbers: it is of type dict."),
        ([1, None], "The answer is not made of numbers: it is of type list."),
        ([1j] * 6, "The answer is not made of numbers: it is of type list."),
        (np.array(["a"]), "The answer is not made of numbers: it is of type ndarray."),
        (np.ma.array(RIGHT), "The answer is a masked array. Give a plain one."),
        ([2**70] * 6, "The answer is not made of numbers: it is of type list."),
        (int, "The answer is not made of numbers: it is of type type."),
        ([RIGHT], "The answer has 2 axes instead of 1: 1 axis of length 1 too many at the front."),
        ([[RIGHT]], "The answer has 3 axes instead of 1: 2 axes of length 1 too many at the front."),
        ([RIGHT, RIGHT], "The answer has 2 axes instead of 1."),
        (10, "The answer has 0 axes instead of 1."),
        ([np.nan] * 6, "The answer holds NaN, 6 times."),
        ([0] * 6, "All values are zero."),
        ([], "Your answer is empty. So is y[p:-p + op] where it ends at 0; y[p:len(y) - p + op] is not."),
        (torch.tensor([7.0], requires_grad=True), "The shape is not the one asked for, and no known slip gives it."),
    ],
)
def test_whatever_comes_is_read_safely(answer, note):
    diagnosis = diagnose(answer, PROBLEM)
    assert not diagnosis.right
    assert ids(diagnosis) == []
    assert diagnosis.note == note
    assert note in diagnosis.message()


@pytest.mark.parametrize(
    ("options", "slice_told"),
    [({"stride": 2}, "y[p:len(y) - p] "), ({"padding": 1}, ""), ({"stride": 2, "padding": 0}, "y[p:len(y) - p] ")],
)
def test_an_empty_answer_is_called_empty(options, slice_told):
    message = diagnose([], Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], **options)).message()
    assert message.startswith("Not yet. Your answer is empty.")
    assert slice_told in message
    assert ("y[p" in message) == bool(slice_told)


def test_an_empty_answer_to_a_convolution_is_called_empty():
    assert diagnose([], Problem("conv1d", [1, 2, 3], [1, 10], padding="same")).note == "Your answer is empty."


def test_a_function_that_gives_nothing_without_padding_is_told_so():
    stated = Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2, padding=1)
    diagnosis = diagnose(lambda x, w, stride, padding: stamp(x, w, stride)[padding:-padding], stated)
    assert diagnosis.note.startswith("Right for the stated problem, but not for conv_transpose1d(")
    assert diagnosis.note.endswith("Your answer is empty. So is y[p:-p] where it ends at 0; y[p:len(y) - p] is not.")


def test_missing_axes_are_told():
    problem = Problem("conv1d", np.array([[[1, 2, 3]]]), np.array([[[1, 10]]]))
    diagnosis = diagnose([21, 32], problem)
    assert diagnosis.note == "The answer has 1 axis instead of 3: batch or channel axes are missing at the front."
    assert not diagnosis.right
    # With other numbers the idea is named all the same.
    diagnosis = diagnose([12, 23], problem)
    assert ids(diagnosis) == [("M38",)]
    assert "missing at the front" in diagnosis.message()


def test_right_numbers_are_right_in_any_number_type():
    for dtype in (float, np.float32, np.uint16, np.int32):
        assert diagnose(np.array(RIGHT, dtype), PROBLEM).right
    problem = Problem("interpolate", [10.0, 20.0], scale_factor=2, mode="linear")
    assert diagnose([10, 12.5, 17.5, 20], problem).right
    assert diagnose(problem.truth().astype(np.float32), problem).right


def test_a_size_is_an_integer():
    problem = Problem("conv_output_size", 6, 3, stride=2, padding=1)
    assert diagnose(3, problem).right
    assert diagnose(3.0, problem).right
    assert not diagnose(True, Problem("conv_output_size", 3, 3)).right


def test_decimals_written_by_hand():
    problem = Problem("interpolate", [10.0, 20.0], scale_factor=2, mode="linear")
    assert ids(diagnose([10, 13.33, 16.67, 20], problem)) == [("M24a",)]
    assert ids(diagnose(np.array([10, 13.33, 16.67, 20]), problem)) == []
    aligned = Problem("interpolate", [10.0, 20.0], scale_factor=2, mode="linear", align_corners=True)
    assert diagnose([10, 13.33, 16.67, 20], aligned).note == "Rounded. Give the numbers with all their digits."
    assert ids(diagnose([10, 12, 18, 20], problem)) == [("M26b",)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (8, [("M12d",)]),
        (3, [("M06a",), ("M12e",)]),
        (13, [("M02a",), ("M06c",)]),
        (11, [("M02b",), ("M12a",), ("M49b",)]),
        (10, [("M05a",), ("M06d",), ("M12c",)]),
        (99, []),
    ],
)
def test_sizes(answer, expected):
    problem = Problem("conv_transpose_output_size", 5, 3, stride=2, padding=1)
    assert ids(diagnose(answer, problem)) == expected
    assert not diagnose(answer, problem).right


def test_other_questions():
    assert ids(diagnose(3.5, Problem("conv_output_size", 6, 3, stride=2, padding=1))) == [("M13a",)]
    assert ids(diagnose(5, Problem("effective_kernel_size", 3, 3))) == [("M09b",)]
    assert ids(diagnose((4, 4, 3, 3), Problem("conv_transpose_weight_shape", 8, 4, 3, groups=2))) == [
        ("M15",),
        ("M16d",),
    ]
    assert ids(diagnose(True, Problem("interior_is_constant", [1, 3], 2))) == [("M29",)]
    assert diagnose(False, Problem("interior_is_constant", [1, 3], 2)).right
    assert ids(diagnose(9, Problem("receptive_field", [(3, 1, 1)] * 2))) == [("M33b",)]
    assert ids(diagnose([1, 2, 3], Problem("conv_transpose1d", [3, 5], [1, 1]))) == [("M07",)]
    shuffled = Problem("pixel_shuffle", [[[c]] for c in range(1, 9)], 2)
    assert ids(diagnose([[[1, 3], [5, 7]], [[2, 4], [6, 8]]], shuffled)) == [("M40",)]
    assert ids(diagnose([1, 10], Problem("max_pool2d_indices", np.ones((2, 2)), 2))) == []


def test_every_example_of_the_catalogue_is_diagnosed():
    tried = 0
    for entry in CATALOGUE.values():
        for example in entry.examples:
            for variant in example.variants:
                if isinstance(example.truth(), ValueError):
                    continue
                answer = wrong_answer(variant, example.problem)
                diagnosis = diagnose(answer, example.problem)
                assert not diagnosis.right
                assert (variant,) in ids(diagnosis) or not np.any(answer), (entry.id, variant)
                tried += 1
            if example.problem is not None and not isinstance(example.truth(), ValueError):
                assert diagnose(example.truth(), example.problem).right
    assert tried > 70


def test_a_refused_layer():
    problem = Problem("conv_transpose_output_size", 3, 3, output_padding=1)
    diagnosis = diagnose(6, problem)
    assert ids(diagnosis) == [("M19",)]
    assert diagnosis.message().startswith("Not yet. PyTorch refuses this layer")
    assert ids(diagnose(5, problem)) == []
    assert not diagnose("an error", problem).right
    assert diagnose(ValueError, problem).right
    assert diagnose(ValueError("too large"), problem).right

    def refuses(input_size, kernel_size, output_padding):
        raise ValueError

    assert diagnose(refuses, problem).right
    array = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], output_padding=1)
    assert ids(diagnose([1, 12, 123, 230, 300, 0], array)) == [("M19",)]
    too_small = Problem("conv_transpose1d", [1], [1, 1], padding=1)
    assert not diagnose([0], too_small).right


# ---------------------------------------------------------------- options that the problem does not have

LAYER = {"conv1d": ([1, 2, 3, 4, 5, 6, 7], [3, 7, 11]), "conv1d_same": ([1, 2, 3, 4, 5, 6, 7], [3, 7, 11])}
LAYER |= {"conv_transpose1d": ([1, 2, 3], [3, 7, 11]), "effective_kernel_size": (3,)}
LAYER |= {"conv_output_size": (9, 3), "conv_transpose_output_size": (9, 3)}
SPOKEN = {"stride": "stride (zeros|cells|\\* i)", "dilation": "zeros are put between the taps|dilat"}


@pytest.mark.parametrize("operator", LAYER)
@pytest.mark.parametrize("option", SPOKEN)
@pytest.mark.parametrize("stated", [True, False])
def test_no_option_is_accused_that_the_problem_does_not_have(operator, option, stated):
    names = inspect.signature(OPERATORS[operator].truth).parameters
    options = {name: 2 for name in ("stride", "dilation") if name in names and name != option}
    if stated and option in names:
        options[option] = 1
    problem = Problem(operator, *LAYER[operator], **options)
    named = 0
    for variant in simulation_of(problem).variants:
        wrong = wrong_answer(variant.id, problem)
        if wrong is not None:
            message = diagnose(wrong, problem).message()
            assert not re.search(SPOKEN[option], message), message
            named += "One way" in message or "comes out if" in message
    assert named or operator == "effective_kernel_size"


def test_an_option_is_accused_where_one_axis_has_it():
    problem = Problem("conv2d", np.arange(56).reshape(7, 8), [[3, 7], [11, 20]], dilation=(1, 2))
    assert ids(diagnose(wrong_answer("M09c", problem), problem)) == [("M09c",)]


# ---------------------------------------------------------------- functions


def stamp(input, weight, stride=1, padding=0, flip=False, overwrite=False, crop_end=None):
    if flip:
        weight = weight[::-1]
    full = np.zeros(stride * (len(input) - 1) + len(weight), dtype=int)
    for j, value in enumerate(input):
        cells = slice(stride * j, stride * j + len(weight))
        full[cells] = value * weight if overwrite else full[cells] + value * weight
    return full[padding : len(full) - (padding if crop_end is None else crop_end)]


STATED = Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2, padding=1)


def test_a_right_function():
    assert diagnose(stamp, STATED).right


@pytest.mark.parametrize(
    ("slips", "expected"),
    [
        ({"flip": True}, [("M01a",)]),
        ({"overwrite": True}, [("M14a",)]),
        ({"crop_end": 0}, [("M05a",)]),
        ({"flip": True, "crop_end": 0}, [("M01a", "M05a")]),
        ({"flip": True, "overwrite": True}, [("M01a", "M14a")]),
    ],
)
def test_a_wrong_function_is_told_apart_on_further_problems(slips, expected):
    assert ids(diagnose(lambda *a, **k: stamp(*a, **k, **slips), STATED)) == expected


def test_a_function_that_is_right_here_only():
    symmetric = Problem("conv_transpose1d", [2, 3], [1, 2, 1], stride=2)
    diagnosis = diagnose(lambda *a, **k: stamp(*a, **k, flip=True), symmetric)
    assert ids(diagnosis) == [("M01a",)]
    assert diagnosis.note.startswith("Right for the stated problem, but not for conv_transpose1d(input=")
    assert diagnose(lambda *a, **k: stamp(*a, **k, flip=True), symmetric, further=()).right


def test_a_function_is_not_asked_for_more_than_was_stated():
    seen = set()

    def learner(input, weight, **options):
        seen.update(options)
        assert input.ndim == weight.ndim == 1
        return stamp(input, weight, **options)

    assert diagnose(learner, STATED).right
    assert seen == {"stride", "padding"}
    for problem in further_problems(STATED):
        assert set(problem.arguments) == set(STATED.arguments)


def test_a_function_cannot_spoil_the_problem():
    def learner(input, weight, stride, padding):
        answer = stamp(input, weight, stride, padding)
        input[:] = 0
        return answer

    assert diagnose(learner, STATED).right
    assert STATED.arguments["input"].tolist() == [2, 3]


def test_functions_that_fail():
    assert (
        diagnose(lambda *a, **k: 1 / 0, STATED).note == "The function stopped with ZeroDivisionError: division by zero"
    )
    assert "unexpected keyword argument" in diagnose(lambda x, w: x, STATED).note
    assert diagnose(lambda *a, **k: None, STATED).note == "Your function returned None: is its return missing?"

    def only_the_stated(input, weight, **options):
        if len(input) != 2:
            raise NotImplementedError
        return stamp(input, weight, **options)

    diagnosis = diagnose(only_the_stated, STATED)
    assert not diagnosis.right
    assert diagnosis.note.startswith("Right for the stated problem, but not for conv_transpose1d(input=[1, 2, 3]")
    assert diagnosis.note.endswith("The function stopped with NotImplementedError: ")


def test_functions_of_sizes():
    problem = Problem("conv_transpose_output_size", 5, 3, stride=2, padding=1)

    def added(input_size, kernel_size, stride, padding):
        return stride * (input_size - 1) + kernel_size + 2 * padding

    def two_slips(input_size, kernel_size, stride, padding):
        return stride * (input_size - 1) + kernel_size - 1 - padding

    assert ids(diagnose(added, problem)) == [("M02a",)]
    assert ("M05a", "M12d") in ids(diagnose(two_slips, problem))
    assert (
        diagnose(lambda input_size, kernel_size, stride, padding: stride * (input_size - 1) + 1, problem).right is False
    )


def field(layers, growth=lambda k, d: d * (k - 1), jump=lambda strides, n: np.prod(strides[:n], dtype=int)):
    strides = [stride for _, stride, _ in layers]
    return 1 + sum(growth(k, d) * jump(strides, n) for n, (k, _, d) in enumerate(layers))


@pytest.mark.parametrize(
    ("slips", "expected"),
    [
        ({"growth": lambda k, d: d * k}, ("M33f",)),
        ({"jump": lambda strides, n: strides[n - 1] if n else 1}, ("M33h",)),
        ({"jump": lambda strides, n: np.prod(strides[: n + 1])}, ("M33i",)),
        ({"growth": lambda k, d: d * k, "jump": lambda strides, n: 1}, ("M33c", "M33f")),
        ({"growth": lambda k, d: d * k, "jump": lambda strides, n: np.prod(strides[: n + 1])}, ("M33f", "M33i")),
    ],
)
def test_functions_of_receptive_fields(slips, expected):
    stated = Problem("receptive_field", [(7, 2, 1), (3, 2, 1), (3, 1, 2)])
    assert ids(diagnose(lambda layers: int(field(layers, **slips)), stated))[0] == expected


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda i, k, s, p: s * (i - 1) - 2 * p, ("M12j",)),
        (lambda i, k, s, p: s * (i - 1), ("M02b", "M12j")),
        (lambda i, k, s, p: s * (i - 1) - p, ("M05a", "M12j")),
    ],
)
def test_the_kernel_is_forgotten(function, expected):
    stated = Problem("conv_transpose_output_size", 9, 3, stride=2, padding=1)

    def learner(input_size, kernel_size, stride, padding):
        return function(input_size, kernel_size, stride, padding)

    assert ids(diagnose(learner, stated))[0] == expected


def gathered(x, w, s, p, cell):
    """A convolution of images by loops; ``cell`` says which input cell a window and a tap read."""
    (rows, columns), (kh, kw) = x.shape, w.shape
    y = np.zeros(((rows + 2 * p - kh) // s + 1, (columns + 2 * p - kw) // s + 1), int)
    for r, c, u, v in np.ndindex(*y.shape, kh, kw):
        i, j = cell(r * s - p, u), cell(c * s - p, v)
        if i < rows and j < columns and i >= -rows and j >= -columns:
            y[r, c] += x[i, j] * w[u, v]
    return y


def scattered(x, w, s, p, cell):
    """A transposed convolution of images by loops; ``cell`` says where a stamp and a tap are added."""
    y = np.zeros([s * (i - 1) + k - 2 * p for i, k in zip(x.shape, w.shape)], int)
    for i, j, u, v in np.ndindex(*x.shape, *w.shape):
        r, c = cell(s * i - p, u), cell(s * j - p, v)
        if -len(y) <= r < len(y) and -y.shape[1] <= c < y.shape[1]:
            y[r, c] += x[i, j] * w[u, v]
    return y


def unflipped(x, w, s, p, cell):
    return scattered(x, w[::-1, ::-1], s, p, cell)


WRAPPED, MOVED = lambda begin, tap: begin + tap, lambda begin, tap: max(0, begin) + tap


@pytest.mark.parametrize(
    ("operator", "loops", "cell", "expected"),
    [
        ("conv2d", gathered, WRAPPED, ("M56b",)),
        ("conv2d", gathered, MOVED, ("M56d",)),
        ("conv_transpose2d", scattered, WRAPPED, ("M56c",)),
        ("conv_transpose2d", scattered, MOVED, ("M56d",)),
        ("conv_transpose2d", unflipped, WRAPPED, ("M01a", "M56c")),
        ("conv_transpose2d", unflipped, MOVED, ("M01a", "M56d")),
    ],
)
def test_index_slips_in_loops_alone_and_with_an_idea(operator, loops, cell, expected):
    x, w = np.random.default_rng(5).integers(1, 60, (4, 5)), np.array([[3, 7, 20], [11, 5, 2]])
    stated = Problem(operator, x, w, stride=2, padding=1)
    assert ids(diagnose(loops(x, w, 2, 1, cell), stated))[0] == expected
    assert ids(diagnose(lambda x, w, stride, padding: loops(x, w, stride, padding, cell), stated))[0] == expected


OTHER_AXIS = {
    "M55d": {"stride": (1, 2), "padding": 1},
    "M55e": {"stride": 2, "padding": (0, 1)},
    "M55f": {"stride": 1, "dilation": (1, 2)},
}


@pytest.mark.parametrize("operator", ["conv2d", "conv_transpose2d"])
@pytest.mark.parametrize("variant", OTHER_AXIS)
def test_an_option_of_the_other_axis(variant, operator):
    def layer(x, w, **options):
        exchanged = {n: v[::-1] if isinstance(v, tuple) else v for n, v in options.items()}
        return getattr(F, operator)(torch.tensor(x)[None, None], torch.tensor(w)[None, None], **exchanged)[0, 0]

    x, w = np.random.default_rng(6).integers(1, 60, (6, 7)), np.array([[3, 7, 20], [11, 5, 2]])
    stated = Problem(operator, x, w, **OTHER_AXIS[variant])
    assert ids(diagnose(layer(x, w, **OTHER_AXIS[variant]), stated))[0] == (variant,)
    assert ids(diagnose(layer, stated))[0] == (variant,)


# ---------------------------------------------------------------- further problems

LAYERS = {
    "conv1d": ([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 10]),
    "conv2d": (np.arange(81).reshape(9, 9), [[1, 2], [3, 4]]),
    "conv2d_same": (np.arange(81).reshape(9, 9), [[1, 2], [3, 4]]),
    "conv3d": (np.ones((1, 4, 9, 9, 9)), np.ones((6, 2, 2, 2, 2))),
    "conv_transpose1d": ([1, 2, 3], [1, 10]),
    "conv_transpose2d": (np.ones((4, 9, 9)), np.ones((4, 3, 2, 2))),
    "conv_transpose3d": (np.ones((3, 3, 3)), np.ones((2, 2, 2))),
    "conv_output_size": (9, 2),
    "conv_same_output_size": (9, 2),
    "conv_transpose_output_size": (9, 2),
    "round_trip_size": (9, 2),
}
CHOICES = {
    "stride": (2, "each"),
    "padding": (1, "each", "same"),
    "output_padding": (1, "each"),
    "dilation": (2, "each"),
    "groups": (2,),
    "bias": (np.ones(6),),
}


def ways_to_state(operator):
    """Problems with all the options that the operator has, and with any of them left out."""
    names = inspect.signature(OPERATORS[operator].truth).parameters
    arrays = LAYERS[operator]
    axes = np.ndim(arrays[1]) if np.ndim(arrays[1]) < 3 or operator == "conv_transpose3d" else np.ndim(arrays[1]) - 2
    choices = {name: [None, *CHOICES[name]] for name in CHOICES if name in names}
    for chosen in product(*choices.values()):
        options = {name: value for name, value in zip(choices, chosen) if value is not None}
        options = {
            n: (1,) * max(axes, 2 * (n == "padding")) if isinstance(v, str) and v == "each" else v
            for n, v in options.items()
        }
        with contextlib.suppress(ValueError, TypeError):
            problem = Problem(operator, *arrays, **options)
            problem.truth()
            yield problem


@pytest.mark.parametrize("operator", LAYERS)
def test_further_problems_are_complete_and_differ_from_axis_to_axis(operator):
    tried = 0
    for stated in list(ways_to_state(operator))[::3]:
        others = further_problems(stated)
        tried += 1
        assert len(others) == len(further_problems(stated)) >= 5
        for problem in others:
            assert set(problem.arguments) == set(stated.arguments)
            truth = np.asarray(problem.truth())
            if "weight" not in problem.arguments:
                continue
            axes = truth.ndim if problem.plain else problem.arguments["weight"].ndim - 2
            assert min(truth.shape[-axes:]) >= 2, problem
            assert len(set(problem.arguments["weight"].shape[-2:])) == min(axes, 2), "kernels are rectangular"
        for name in ("stride", "padding", "output_padding", "dilation", "groups"):
            if name in stated.arguments and stated.arguments.get("padding") != "same":
                values = [problem.arguments[name] for problem in others]
                assert len(set(values)) > 1 or name == "output_padding", (stated, name)
                if isinstance(values[0], tuple) and len(values[0]) > 1 and name in ("stride", "padding", "dilation"):
                    assert any(len(set(value)) > 1 for value in values), (stated, name)
    assert tried >= 2


@pytest.mark.parametrize(
    "stated",
    [
        Problem("interpolate", [10.0, 20.0], size=4, mode="linear"),
        Problem("interpolate", [0, 1, 2], size=5),
        Problem("interpolate", [[1.0, 2.0]], scale_factor=(2, 3), mode="bilinear", align_corners=True),
        Problem("max_unpool2d", [[5, 6], [7, 8]], [[5, 2], [12, 15]], 2),
    ],
    ids=str,
)
def test_resizing_and_unpooling_have_further_problems_of_other_shapes(stated):
    others = further_problems(stated)
    assert len({problem.arguments["input"].shape for problem in others}) == len(others) == 4
    for problem in others:
        assert set(problem.arguments) == set(stated.arguments)
        assert np.ndim(problem.truth()) == np.ndim(stated.truth())
    remembered = stated.truth()
    assert not diagnose(lambda *a, **k: remembered, stated).right  # the stated answer by heart is not enough


def test_what_is_not_varied_has_no_further_problems():
    assert further_problems(Problem("max_unpool2d", [[9, 9], [9, 9]], [[5, 5], [5, 5]], 3, stride=1)) == ()


def correlate(x, w, stride=1, padding=0, dilation=1, span=None):
    x = np.pad(x, padding)
    span = span or dilation * (len(w) - 1) + 1
    places = range(0, len(x) - span + 1, stride)
    return np.array(
        [sum(x[m + dilation * t] * w[t] for t in range(len(w)) if m + dilation * t < len(x)) for m in places]
    )


def correlate2d(x, w, stride, kernel=None):
    kernel = kernel or w.shape
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape, kernel))
    window = [[x[stride * r :, stride * c :][: w.shape[0], : w.shape[1]] for c in range(columns)] for r in range(rows)]
    return np.array([[(part * w).sum() for part in row] for row in window])


ONE_AXIS = {"stride": 1, "dilation": 2}
RIGHT_BY_CHANCE = {
    "K = k + d - 1": (
        "conv1d",
        range(1, 7),
        [1, 10],
        {"dilation": 2},
        lambda x, w, dilation: correlate(x, w, dilation=dilation, span=len(w) + dilation - 1),
    ),
    "dilation 2 written in": (
        "conv1d",
        range(1, 7),
        [1, 10],
        {"dilation": 2},
        lambda x, w, dilation: correlate(x, w, dilation=2),
    ),
    "stride times dilation": (
        "conv1d",
        [1, 2, 3],
        [1, 10],
        ONE_AXIS,
        lambda x, w, stride, dilation: correlate(x, w, stride * dilation, dilation=dilation),
    ),
    "the height for both axes": (
        "conv2d",
        np.arange(20).reshape(4, 5),
        np.arange(4).reshape(2, 2),
        {"stride": 1},
        lambda x, w, stride: correlate2d(x, w, stride, (len(w), len(w))),
    ),
    "kernel size 3 written in": (
        "conv1d",
        range(1, 7),
        [1, 10, 100],
        {"stride": 1},
        lambda x, w, stride: np.array(
            [x[m] * w[0] + x[m + 1] * w[1] + x[m + 2] * w[2] for m in range(0, len(x) - 2, stride)]
        ),
    ),
    "an even kernel only": (
        "conv1d",
        range(1, 7),
        [1, 10],
        {"stride": 1},
        lambda x, w, stride: correlate(x, w[: len(w) // 2 * 2], stride),
    ),
    "the padding of one side": (
        "conv1d",
        range(1, 7),
        [1, 10],
        {"padding": 0},
        lambda x, w, padding: correlate(np.pad(x, (padding, 0)), w),
    ),
    "stored": (
        "conv2d",
        np.ones((2, 3)),
        np.ones((2, 2)),
        {"stride": 1},
        lambda x, w, stride: {(2, 3): np.array([[4, 4]])}[x.shape],
    ),
    "nothing elsewhere": (
        "conv1d",
        range(1, 7),
        [1, 10],
        {"stride": 1},
        lambda x, w, stride: correlate(x, w) if len(w) == 2 and stride == 1 else None,
    ),
}


@pytest.mark.parametrize("slip", RIGHT_BY_CHANCE)
def test_a_function_that_is_right_by_chance_is_not_right(slip):
    operator, x, w, options, function = RIGHT_BY_CHANCE[slip]
    stated = Problem(operator, np.array(x), w, **options)
    assert diagnose(function, stated, further=()).right
    diagnosis = diagnose(function, stated)
    assert not diagnosis.right
    assert diagnosis.note.startswith("Right for the stated problem, but not for conv")


def test_one_failing_probe_does_not_hide_a_known_diagnosis():
    stated = Problem("conv1d", [1, 2, 3, 4, 5], [1, 10, 100], padding=1)
    diagnosis = diagnose(lambda x, w, padding: np.convolve(x, w, "same"), stated)
    assert ids(diagnosis)[0] == ("M38",)
    assert "On other problems your function does something else" in diagnosis.message()
    assert not diagnosis.certain

    def flips_kernels_of_three(x, w, padding):
        a, b, c = w
        return correlate(x, np.array([c, b, a]), padding=padding)

    diagnosis = diagnose(flips_kernels_of_three, stated)
    assert ids(diagnosis)[0] == ("M38",)
    assert "The function stopped with ValueError" in diagnosis.message()


@pytest.mark.slow
@pytest.mark.parametrize("operator", ["conv1d", "conv_transpose1d", "conv2d", "conv_transpose2d"])
def test_no_failing_probe_hides_a_variant(operator):
    options = {"stride": 2, "padding": 1, "dilation": 2}
    options |= {"output_padding": 1} if "transposed" in operator else {}
    random = np.random.default_rng(9)
    sizes = ((15,), (4,)) if operator.endswith("1d") else ((7, 8), (2, 3))
    stated = Problem(operator, *(random.integers(1, 50, size) for size in sizes), **options)
    last, tried = further_problems(stated)[-1], 0
    for variant in simulation_of(stated).variants:
        answer = wrong_answer(variant.id, stated)
        if answer is None or not np.any(answer) or diagnose(answer, stated).right:
            continue
        for failing in (lambda: 1 / 0, lambda: np.arange(3)):

            def learner(input, weight, failing=failing, variant=variant, **given):
                if np.array_equal(input, last.arguments["input"]):
                    return failing()
                return wrong_function(variant.id, operator)(input, weight, **given)

            diagnosis = diagnose(learner, stated)
            assert (variant.id,) in ids(diagnosis), (variant, diagnosis)
            tried += 1
    assert tried > 20


# ---------------------------------------------------------------- how sure, and in what order


@pytest.mark.parametrize(
    ("operator", "arguments", "answer", "says"),
    [
        ("conv_transpose_output_size", (16, 8, 4), 71, 'that TensorFlow accepts with padding="VALID"'),
        ("conv_transpose_output_size", (16, 8, 4), 71, "with output_padding 3"),
        ("conv_transpose_output_size", (16, 8, 4), 64, 'that Keras gives with padding="same"'),
        ("conv_output_size", (8, 3, 2), 4, 'that TensorFlow and Keras give with padding="same"'),
        ("receptive_field", ([(8, 1, 1)] * 24,), 192, "One way to get this is that the kernel sizes are added up"),
        ("conv_transpose1d", ([3], [1, 5], None, 2, 1), [5], ""),
    ],
)
def test_a_single_number_is_no_certainty(operator, arguments, answer, says):
    diagnosis = diagnose(answer, Problem(operator, *arguments))
    assert not diagnosis.certain
    assert says in diagnosis.message()
    assert "This answer comes out if" not in diagnosis.message()


def test_a_function_of_sizes_is_certain_after_several_problems():
    stated = Problem("conv_transpose_output_size", 16, 8, stride=4)
    diagnosis = diagnose(lambda input_size, kernel_size, stride: stride * input_size + kernel_size, stated)
    assert ids(diagnosis) == [("M12a",)]
    assert diagnosis.certain
    assert diagnosis.readings == ()


@pytest.mark.parametrize(
    ("answer", "stated", "first"),
    [
        (13, Problem("conv_transpose_output_size", 5, 3, stride=2), "M12a"),
        ([1, 10, 102, 20, 203, 30], Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2), "M54b"),
        ([1, 2], Problem("conv_transpose1d", [1, 2, 3], [1, 10], output_padding=2, dilation=3), "M56f"),
    ],
)
def test_plausible_causes_come_first(answer, stated, first):
    assert ids(diagnose(answer, stated))[0] == (first,)


def test_the_lesson_at_hand_comes_first():
    problem, answer = Problem("conv_transpose_output_size", 5, 3, stride=2, padding=1), 11
    assert ids(diagnose(answer, problem, lesson="06_the_four_step_recipe"))[0] == ("M49b",)


def test_equal_plans_are_computed_once(monkeypatch):
    # The slowest answer is one that nothing explains: 60 ideas and their 1,500 pairs are tried, in the time of 330.
    x, w = np.arange(1, 17).reshape(4, 4), np.arange(1, 10).reshape(3, 3)
    problem = Problem("conv_transpose2d", x, w, stride=2, padding=1, output_padding=1, dilation=2)
    answer = problem.truth() + np.arange(100).reshape(10, 10) % 7
    computed, carry_out = [], StampingSimulation.carry_out
    monkeypatch.setattr(
        StampingSimulation, "carry_out", lambda self, plan: computed.append(plan) or carry_out(self, plan)
    )
    assert not diagnose(answer, problem).recognised
    assert len(set(computed)) == len(computed) < 400


# ---------------------------------------------------------------- the same ideas, written with PyTorch


def layer(x, w, s, p, op, d):
    return F.conv_transpose2d(x, w, stride=s, padding=p, output_padding=op, dilation=d)


BY_TORCH = {
    "M01a": lambda x, w, s, p, op, d: layer(x, w.flip(2, 3), s, p, op, d),
    "M01b": lambda x, w, s, p, op, d: layer(x, w.flip(3), s, p, op, d),
    "M02a": lambda x, w, s, p, op, d: F.pad(layer(x, w, s, 0, op, d), (p, p, p, p)),
    "M02b": lambda x, w, s, p, op, d: layer(x, w, s, 0, op, d),
    "M03a": lambda x, w, s, p, op, d: layer(x[:, :, p:-p, p:-p], w, s, 0, op, d),
    "M03b": lambda x, w, s, p, op, d: layer(F.pad(x, (p, p, p, p)), w, s, 0, op, d),
    "M04a": lambda x, w, s, p, op, d: F.pad(layer(x, w, s, p, 0, d), (0, op, 0, op)),
    "M04b": lambda x, w, s, p, op, d: F.pad(layer(x, w, s, p, 0, d), (op, op, op, op)),
    "M04e": lambda x, w, s, p, op, d: layer(x, w, s, p, 0, d),
    "M05a": lambda x, w, s, p, op, d: layer(x, w, s, 0, op, d)[:, :, p:, p:],
    "M05b": lambda x, w, s, p, op, d: layer(x, w, s, 0, op, d)[:, :, :-p, :-p],
    "M06a": lambda x, w, s, p, op, d: layer(x[:, :, ::s, ::s], w, 1, p, op, d),
    "M06c": lambda x, w, s, p, op, d: layer(x, w, s + 1, p, op, d),
    "M09c": lambda x, w, s, p, op, d: layer(x, w, s, p, op, d + 1),
    "M10": lambda x, w, s, p, op, d: layer(x, w, s, p, op, 1),
    "M11": lambda x, w, s, p, op, d: layer(x, w, s * d, p, op, d),
    "M12e": lambda x, w, s, p, op, d: F.conv2d(x, w.transpose(0, 1), stride=s, padding=p, dilation=d),
    "M15": lambda x, w, s, p, op, d: layer(x, w.transpose(0, 1), s, p, op, d),
    "M44": lambda x, w, s, p, op, d: layer(x, w.transpose(2, 3), s, p, op, d),
}


@pytest.mark.parametrize("variant", BY_TORCH)
def test_ideas_written_with_pytorch_are_recognised(variant):
    # d = 2 makes room for output_padding 1 where the stride becomes 1.
    x, w = (
        np.random.default_rng(31).integers(1, 60, (2, 2, 5, 6)),
        np.random.default_rng(32).integers(1, 60, (2, 2, 3, 3)),
    )
    for s, p, op, d in ((3, 1, 1, 2), (4, 1, 1, 2)):
        problem = Problem("conv_transpose2d", x, w, stride=s, padding=p, output_padding=op, dilation=d)
        answer = BY_TORCH[variant](torch.tensor(x), torch.tensor(w), s, p, op, d)
        assert ids(diagnose(answer, problem))[0] == (variant,)


@pytest.mark.parametrize("begin", [(0, 0), (2, 1), (-1, 1), (1, -2)])
def test_the_window_that_is_named_holds_these_numbers(begin):
    layer = [[1, 2, 3], [4, 5, 6]], [[1, 10, 100], [7, 13, 1000]]
    full = np.pad(Problem("conv_transpose2d", *layer, stride=2).truth(), 3)
    answer = full[begin[0] + 3 :, begin[1] + 3 :][:4, :5]
    note = diagnose(answer, Problem("conv_transpose2d", *layer, stride=2, padding=1)).note
    assert note.endswith(f"it begins at cell ({begin[0]}, {begin[1]}) of the full result.")


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("operator", ["conv1d", "conv2d"])
@pytest.mark.parametrize("padding", [1, 2, "same"])
def test_another_padding_mode_is_named_and_nothing_is_said_of_zeros(mode, operator, padding):
    ndim = int(operator[4])
    x, w = np.random.default_rng(3).integers(1, 90, (5,) * ndim), np.random.default_rng(4).integers(1, 90, (3,) * ndim)
    problem = Problem(operator, x, w, padding=padding, padding_mode=mode)
    others = {"zeros": "M58a", "replicate": "M58b", "reflect": "M58c", "circular": "M58d"}
    for other, variant in others.items():
        diagnosis = diagnose(Problem(operator, x, w, padding=padding, padding_mode=other).truth(), problem)
        assert diagnosis.right if other == mode else ids(diagnosis) == [(variant,)]
    flipped = Problem(operator, x, np.flip(w), padding=padding).truth()
    assert ids(diagnose(flipped, problem)) == [("M38", "M58a")]
    with_zeros = Problem(operator, x, w, padding=padding)
    for variant in ("M51b", "M51c", "M51d", "M56b", "M56d", "M56e"):
        answer = wrong_answer(variant, with_zeros)
        said = {name for match in ids(diagnose(answer, problem)) for name in match}
        assert variant not in said or (variant != "M51d" and "M58a" in said), (variant, said)


def test_causal_padding_on_the_wrong_side():
    x, w = np.array([3, 1, 4, 1, 5]), np.array([1, 10, 100, 1000])
    for pads, expected in {(0, 3): "M59b", (1, 2): "M59a", (3, 3): "M59c", (0, 0): "M51a"}.items():
        answer = np.correlate(np.pad(x, pads), w, "valid")
        assert ids(diagnose(answer, Problem("conv1d", x, w, padding="causal"))) == [(expected,)]
    stated = Problem("conv_transpose1d", x, w, stride=2, padding="causal")
    full = Problem("conv_transpose1d", x, w, stride=2).truth()
    for window, expected in ((slice(2, None), "M59d"), (slice(1, -1), "M50"), (slice(None), "M02b")):
        assert ids(diagnose(full[window], stated)) == [(expected,)]
    even = Problem("conv1d", x, [1, 10], padding="same")  # one cell, at the end: not causal
    assert ids(diagnose(np.correlate(np.pad(x, (1, 0)), [1, 10], "valid"), even)) == [("M23b",)]
