"""diagnose: right answers, single ideas, pairs, ties, shapes, functions and nonsense."""

import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab.misconceptions import CATALOGUE, Problem, diagnose, wrong_answer
from convlab.misconceptions.measure import random_problem
from convlab.misconceptions.probes import further_problems

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
        "Not yet. This answer comes out if the kernel is not rotated by 180 degrees "
        "in the method that inserts zeros (M01a)."
    )


def test_a_tie_is_a_tie():
    # On this problem the TensorFlow window and an output_padding at the begin are the same.
    diagnosis = diagnose([1, 10, 102, 20, 203, 30], PROBLEM)
    assert ids(diagnosis) == [("M04d",), ("M50",)]
    assert diagnosis.tied
    assert diagnosis.message().startswith("Not yet. Several slips give exactly this answer: if ")


def test_two_ideas_at_once():
    full = [100, 10, 201, 20, 302, 30, 3]
    assert ids(diagnose([*full[1:], 0], PROBLEM)) == [("M01a", "M05a"), ("M01a", "M06d")]
    flipped = np.arange(9, 0, -1).reshape(3, 3)
    full = F.conv_transpose2d(torch.tensor([[[[1, 2], [3, 4]]]]), torch.tensor(flipped)[None, None], stride=2)
    diagnosis = diagnose(full[0, 0, :-1, :-1], PLANE)
    assert ids(diagnosis) == [("M01a", "M05b"), ("M01a", "M50")]  # for kernel 3, stride 2 the same window
    assert " and padding crops the end only (M05b)" in diagnosis.message()


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
    diagnosis = diagnose(np.arange(10) + 5, PROBLEM)
    assert ids(diagnosis) == []
    assert diagnosis.shape_only == (
        "An output of size 10 is what comes out if padding adds zeros around the output (M02a)."
    )
    assert diagnosis.recognised
    plane = diagnose(np.arange(35).reshape(5, 7) + 5, PLANE)
    assert plane.shape_only == ""
    assert "no known slip gives it" in plane.message()
    square = diagnose(np.arange(25).reshape(5, 5) + 5, PLANE)
    assert "5x5" in square.shape_only
    assert "padding is left out (M02b)" in square.shape_only
    conv = diagnose(np.arange(6) + 1, Problem("conv1d", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding=1))
    assert "the stride is left out (M52a)" in conv.shape_only


def test_the_right_numbers_in_another_window():
    diagnosis = diagnose([102, 20, 203, 30, 300, 0], PROBLEM)
    assert diagnosis.note == "The numbers are right, but of another window: it begins at cell 2 of the full result."


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
        ([], "The shape is not the one asked for, and no known slip gives it."),
        (torch.tensor([1.0], requires_grad=True), "The shape is not the one asked for, and no known slip gives it."),
    ],
)
def test_whatever_comes_is_read_safely(answer, note):
    diagnosis = diagnose(answer, PROBLEM)
    assert not diagnosis.right
    assert ids(diagnosis) == []
    assert diagnosis.note == note
    assert note in diagnosis.message()


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
    assert diagnose(3.0, problem).note == "The answer holds float64; integers are asked for."
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
        (11, [("M02b",), ("M49b",), ("M09c",), ("M12a",)]),
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
    assert diagnose(9.0, Problem("conv_transpose_output_size", 5, 3, stride=2, padding=1)).note


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
    assert diagnose(lambda *a, **k: None, STATED).note == "There is no answer yet."

    def only_the_stated(input, weight, **options):
        if len(input) != 2:
            raise NotImplementedError
        return stamp(input, weight, **options)

    assert diagnose(only_the_stated, STATED).right


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


def test_two_dimensional_functions_get_square_problems():
    shapes = {problem.arguments["input"].shape for problem in further_problems(PLANE)}
    assert shapes == {(3, 3), (4, 4), (6, 6)}
    oblong = Problem("conv_transpose2d", [[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]], stride=(2, 2))
    assert (3, 4) in {problem.arguments["input"].shape for problem in further_problems(oblong)}
    assert all(isinstance(p.arguments["stride"], tuple) for p in further_problems(oblong))
    channels = Problem("conv2d", np.ones((1, 4, 5, 5)), np.ones((2, 2, 3, 3)), groups=2)
    assert all(p.arguments["input"].shape[:2] == (1, 4) for p in further_problems(channels))


def test_it_is_fast():
    # The slowest answer is one that nothing explains: every idea and every pair is tried.
    x, w = np.arange(1, 17).reshape(4, 4), np.arange(1, 10).reshape(3, 3)
    problem = Problem("conv_transpose2d", x, w, stride=2, padding=1, output_padding=1, dilation=2)
    answer = problem.truth() + np.arange(100).reshape(10, 10) % 7
    durations = []
    for _ in range(5):
        begin = time.process_time()
        assert not diagnose(answer, problem).recognised
        durations.append(time.process_time() - begin)
    assert min(durations) < 0.05


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
