"""Whoever computes nothing wins nothing: functions that return a constant, or what they were given.

Cells that such a function might pass (nothing is changed, there is no window) ask for right answers as well.
"""

import numpy as np
import pytest

from convlab.grading import check_calls
from tools import submissions
from tools.points import failing, solution


def first(*arguments, **options):
    """What was given first."""
    return [*arguments, *options.values()][0]


def copied(*arguments, **options):
    """A copy of it."""
    given = first(*arguments, **options)
    return given.copy() if isinstance(given, np.ndarray) else given


ALWAYS = {
    "nothing": None,
    "zero": 0,
    "one": 1,
    "zero point": 0.0,
    "false": False,
    "true": True,
    "a word": "",
    "no layers": [],
    "no parts": (),
    "a pair of zeros": (0, 0),
    "a pair of ones": (1, 1),
    "a window": (0, 0, False),
    "a zero in 1-D": np.zeros((1, 1, 1)),
    "zeros in 1-D": np.zeros((1, 1, 3)),
    "zeros in 2-D": np.zeros((1, 1, 2, 2)),
    "two arrays": (np.zeros((1, 1, 2, 2)), np.zeros((1, 1, 2, 2), np.int64)),
}
ANSWERS = {name: lambda *a, value=value, **k: value for name, value in ALWAYS.items()}
ANSWERS |= {"the input itself": first, "a copy of the input": copied}


def zeros_like(right):
    """A zero for every number of an answer: of its kind, its shape and its dtype."""
    if isinstance(right, (tuple, list)):
        return type(right)(map(zeros_like, right))
    if isinstance(right, np.ndarray):
        return np.zeros_like(right)
    return right if right is None else type(right)(0)


def zeros_of_the_right_shape(assignment, function):
    """What this function gives to each call: zeros where the reference has an answer, also where it refuses."""
    right = solution(submissions.notebook(assignment))[function]

    def student(*arguments, **options):
        try:
            return zeros_like(right(*arguments, **options))
        except ValueError:
            return 0

    return student


def won(assignment, functions):
    """The check cells that are passed."""
    lost = failing(submissions.notebook(assignment), functions)
    return [cell for cell in submissions.points_of(assignment) if cell not in lost]


@pytest.mark.parametrize("assignment", submissions.assignments())
@pytest.mark.parametrize("name", ANSWERS)
def test_constants_win_nothing(assignment, name):
    assert won(assignment, dict.fromkeys(submissions.functions(assignment), ANSWERS[name])) == []


@pytest.mark.parametrize("assignment", submissions.assignments())
def test_zeros_of_the_right_shape_win_nothing(assignment):
    zeros = {name: zeros_of_the_right_shape(assignment, name) for name in submissions.functions(assignment)}
    assert won(assignment, zeros) == []


def test_red_where_only_the_kind_is_checked(monkeypatch):
    """As it was: who returns zeros changes no argument, and won the points for that."""
    monkeypatch.setattr(check_calls.messages, "problem", lambda got, expected, tolerance: None)
    assert "pad_untouched" in won("convolution", {"pad2d": ANSWERS["zeros in 2-D"]})
