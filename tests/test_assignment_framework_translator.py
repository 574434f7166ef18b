"""The framework translator: its form, its right and wrong answers, its oracles, and a round through nbgrader."""

import copy

import nbformat
import numpy as np
import pytest
import torch
from nbgrader.preprocessors import ClearSolutions

import assignment_tools as tools
from assignment_round import STUB, WRITTEN, Round
from convlab import frameworks
from convlab.frameworks import rearrange
from convlab.frameworks.arguments import input_layout, weight_layout
from convlab.grading import check_call
from convlab.grading.cases import build
from convlab.grading.lint import problems
from convlab.grading.messages import CheckFailed
from convlab.grading.mutants import survivors
from convlab.grading.oracles import ORACLES, answer, framework_mistakes
from convlab.grading.points import failing, solution
from convlab.misconceptions.lessons import lesson_about

NAME = "framework_translator"
PARTS = {"torch": 10, "values": 15, "tf": 16, "keras": 12, "jax": 16, "onnx": 13, "args": 12}
FUNCTIONS = [
    "torch_window",
    "conv_transpose_like",
    "tf_window",
    "keras_window",
    "jax_window",
    "onnx_window",
    "to_torch_args",
]


def test_its_form_and_points():
    assert problems(tools.notebook(NAME)) == []
    assert tools.functions(NAME) == FUNCTIONS
    parts = dict.fromkeys(PARTS, 0)
    for cell, points in tools.points_of(NAME).items():
        parts[cell.partition("_")[0]] += points
    assert parts == PARTS
    assert sum(PARTS.values()) == 94  # and 6 by hand


def test_a_blank_release_gets_nothing():
    blank, _ = ClearSolutions().preprocess(copy.deepcopy(tools.notebook(NAME)), {})
    messages = failing(blank, solution(blank))
    assert list(messages) == list(tools.points_of(NAME))
    assert "jax_window is not written yet." in messages["jax_pair"]


def test_mistakes_of_the_catalogue_are_named():
    said = " ".join(words for mistakes in tools.wrong(NAME).values() for _, _, words in mistakes.values())
    ids = "M01 M02a M02b M04b M04d M04e M05a M05b M09a M09b M10 M12a M12b M12c M19 M20 M21 M22 M50"
    for id in ids.split():
        assert f"({id})" in said


def test_one_wrong_rule_costs_its_own_framework_only():
    """In the reference Keras asks TensorFlow's function, and JAX that of Keras: that is the student's choice."""
    names = solution(tools.notebook(NAME), {"tf_window": tools.edited(NAME, "tf_window", "larger_half_first")})
    lost = set(failing(tools.notebook(NAME), names))
    assert {cell.partition("_")[0] for cell in lost} == {"tf", "keras", "jax"}


# ------------------------------------------------------------------ mutants


@pytest.mark.slow
def test_every_mutant_loses_points():
    tried, alive = survivors(tools.notebook(NAME), tools.equivalent(NAME))
    assert tried > 250
    assert alive == []


def test_some_mutants_lose_points():
    tried, alive = survivors(tools.notebook(NAME), tools.equivalent(NAME), every=15)
    assert tried > 15
    assert alive == []


# ------------------------------------------------------------------ oracles


def test_the_kernel_of_a_case_can_be_decoded():
    call = build({"framework": "torch", "x": (1, 2, 2, 2), "w": (2, 1, 2, 3)}, ORACLES["conv_transpose_like"].axes)
    digits = call["w"] / 10.0 ** np.arange(6).reshape(2, 3)
    assert set(digits.ravel()) <= set(range(1, 10))
    assert call["x"].max() < 10


LONG = {"tf": "tensorflow"}
LAYERS = [
    ("torch", {"padding": [1, 0], "output_padding": [1, 2]}),
    ("tf", {"padding": "SAME", "output_size": [5, 9]}),
    ("tf", {"padding": [(1, 0), (0, 2)], "output_size": [5, 9]}),
    ("keras", {"padding": "same"}),
    ("keras", {"padding": "valid", "output_padding": [1, 2]}),
    ("jax", {"padding": "SAME"}),
    ("jax", {"padding": [(0, 3), (4, 1)], "transpose_kernel": True}),
    ("jax", {"padding": (1, 0), "use_consistent_padding": True}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
    ("onnx", {"output_shape": [5, 10]}),
]


@pytest.mark.parametrize(("framework", "options"), LAYERS)
def test_values_are_those_of_the_framework(framework, options):
    """The oracle has PyTorch's layout; :func:`convlab.frameworks.conv_transpose` that of the framework."""
    random = np.random.default_rng(3)
    x, w = (random.integers(-9, 10, size).astype(float) for size in ((2, 3, 3, 3), (3, 2, 2, 4)))
    mine = answer("conv_transpose_like", {"framework": framework, "x": x, "w": w, "s": (2, 3), **options})

    long = LONG.get(framework, framework)
    kernel = weight_layout(long, 2, options.get("transpose_kernel", False))
    theirs = frameworks.conv_transpose(
        long,
        rearrange(x, "NCHW", input_layout(long)),
        rearrange(w, "IOHW", kernel),
        stride=(2, 3),
        **options,
    )
    assert np.array_equal(rearrange(theirs, input_layout(long), "NCHW"), mine)


@pytest.mark.parametrize("s", [1, 2, 3])
@pytest.mark.parametrize("d", [1, 2, 4])
def test_windows_and_arguments_are_pytorchs(s, d):
    """Asked with a row that can be decoded, PyTorch itself shows its window, or refuses."""
    row = torch.arange(1.0, 5.0, dtype=torch.float64)[None, None]
    kernel = 10 ** torch.arange(3.0, dtype=torch.float64)[None, None]
    full = np.pad(torch.nn.functional.conv_transpose1d(row, kernel, stride=s, dilation=d)[0, 0].numpy(), (0, 9))
    seen = 0
    for p in range(6):
        for op in range(6):
            window = answer("torch_window", {"i": 4, "k": 3, "s": s, "d": d, "padding": p, "output_padding": op})
            try:
                y = torch.nn.functional.conv_transpose1d(
                    row, kernel, stride=s, padding=p, output_padding=op, dilation=d
                )[0, 0].numpy()
            except RuntimeError:
                assert window is None
                continue
            begin, end, flip = window
            assert not flip
            assert np.array_equal(full[begin : len(full) - 9 - end], y)
            assert answer("to_torch_args", {"window": window, "s": s, "d": d}) == (p, op)
            seen += 1
    assert seen >= 3


def test_no_check_asks_what_tensorflow_does_otherwise_than_its_rule():
    """A pair with a dilation has no kernel for the CPU; VALID takes smaller sizes than the rule for a single input."""
    names, calls = solution(tools.notebook(NAME)), []
    right = names["tf_window"]

    def recording(i, k, **options):
        calls.append((i, k, options))
        return right(i, k, **options)

    assert failing(tools.notebook(NAME), {**names, "tf_window": recording}) == {}
    assert len(calls) > 200
    for i, k, options in calls:
        padding = options.get("padding", "SAME")
        assert isinstance(padding, str) or options.get("d", 1) == 1
        assert padding != "VALID" or i > 1 or options["output_size"] >= k


# ------------------------------------------------------------------ what is said of mistakes

LAYER_SIZES = [(4, 3, 2, 1), (4, 5, 2, 2), (2, 2, 4, 1), (4, 4, 2, 3), (8, 6, 1, 2)]
OPTIONS = {
    "torch": [{"padding": 2, "output_padding": 1}],
    "tensorflow": [
        {"output_size": 7, "padding": "SAME"},
        {"output_size": 8, "padding": "SAME"},
        {"output_size": 7, "padding": (1, 2)},
    ],
    "keras": [
        {"padding": "same", "output_padding": 1},
        {"padding": "same"},
        {"padding": "valid", "output_padding": 1},
        {},
    ],
    "jax": [{"padding": (1, 2)}, {"padding": "SAME"}, {"padding": "VALID"}],
    "onnx": [{"auto_pad": "SAME_LOWER", "output_padding": 1}, {"pads": (0, 1)}, {"output_shape": 6}],
}


@pytest.mark.parametrize("framework", OPTIONS)
def test_every_mistake_has_a_lesson_and_shows_somewhere(framework):
    shows = {}
    for sizes in LAYER_SIZES:
        for options in OPTIONS[framework]:
            try:
                right = frameworks.window(framework, *sizes, **options)
            except ValueError:
                continue
            for idea, id, window in framework_mistakes.windows(framework, *sizes, **options):
                assert lesson_about(id)
                shows[idea] = shows.get(idea, False) or window != right
    assert len(shows) >= 7
    assert [idea for idea, shown in shows.items() if not shown] == []


def test_a_mistake_in_values_is_named_though_pytorch_has_no_such_window():
    def symmetrical(framework, x, w, s, padding):
        return answer("conv_transpose_like", {"framework": "torch", "x": x, "w": w, "s": s, "padding": 1})

    call = {"framework": "keras", "x": [[1, 2, 3]], "w": [[1], [10], [100], [1000]], "s": 2, "padding": "same"}
    with pytest.raises(CheckFailed, match="the shape differs"):
        check_call(symmetrical, "conv_transpose_like", [call])

    def torch_like(framework, x, w, s, padding):
        options = {"padding": [1, 0], "output_padding": [1, 1]}
        return answer("conv_transpose_like", {"framework": "torch", "x": x, "w": w, "s": s, **options})

    call = {**call, "w": [[1], [10], [100]]}
    with pytest.raises(CheckFailed, match=r"begin and end of the crop are exchanged \(M50\)") as caught:
        check_call(torch_like, "conv_transpose_like", [call])
    assert "lesson 07_the_padding_pitfall" in caught.value.outline
    assert "np.array" not in caught.value.outline


def test_every_rule_has_an_oracle():
    assert {f"{name}_window" for name in ("torch", "tf", "keras", "jax", "onnx")} <= set(ORACLES)


# ------------------------------------------------------------------ nbgrader


@pytest.mark.assignments
def test_the_round(tmp_path):
    course = Round(tmp_path / "course", NAME)
    release = course.release()
    assert problems(release, release=True) == []
    written = next(cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN)
    assert written.source == STUB
    assert "For the marker" not in nbformat.writes(release)

    function, mistake = "jax_window", "never_turned"
    course.submit_three(function, mistake)
    course.grade("wrong")
    _, cells, words = tools.wrong(NAME)[function][mistake]
    lost = {*cells.split(), "jax_values"}  # whose values come from this window
    assert course.lost("right") == (set(), {WRITTEN})
    assert course.lost("wrong") == (lost, {WRITTEN})
    assert course.lost("blank") == ({*tools.points_of(NAME), WRITTEN}, set())

    points = sum(tools.points_of(NAME)[cell] for cell in lost)
    assert [course.score(student) for student in ("right", "wrong", "blank")] == [94, 94 - points, 0]
    course.give("right", 5)
    course.grade()
    assert course.score("right") == 99
    page = course.feedback("wrong")
    assert words in page
    assert "both windows, the same size, and the shift by one cell" in page  # the rubric
    assert "For the marker" not in page
    assert "HIDDEN TESTS" not in page
