"""Right and wrong answers to every assignment: who gets all points, and who loses which.

The answers are data, in ``assignment_submissions``; they run in this process, without nbgrader.
"""

import pytest

from tools import submissions
from tools.points import failing, solution

NAMES = submissions.assignments()
FUNCTIONS = [(name, function) for name in NAMES for function in submissions.functions(name)]
RIGHT = [(name, method) for name in NAMES for method in submissions.right_methods(name)]
WRONG = [(*place, mistake) for place in FUNCTIONS for mistake in submissions.expected(*place)]


def some_daily(answers):
    """Of each assignment the first answer is for every day, the others are slow: together they take a minute."""
    daily = {answer[0]: answer for answer in reversed(answers)}
    return [pytest.param(*answer, marks=[] if daily[answer[0]] == answer else pytest.mark.slow) for answer in answers]


def test_no_wrong_answer_is_lost():
    assert len(WRONG) >= 1059


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_there_are_enough_answers_of_every_kind(name, function):
    written = [said for said, text in submissions.right_methods(name).values() if f"def {function}(" in text]
    assert len(set(written)) == len(written) >= 5
    assert len(submissions.expected(name, function)) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_gets_everything(name):
    assert failing(submissions.notebook(name), solution(submissions.notebook(name))) == {}


@pytest.mark.parametrize(("name", "method"), some_daily(RIGHT))
def test_right_answers_get_everything(name, method):
    own, messages = submissions.right_messages(name, method)
    assert own
    assert messages == {}


@pytest.mark.parametrize(("name", "function", "mistake"), some_daily(WRONG))
def test_wrong_answers_lose_what_they_get_wrong(name, function, mistake):
    cells, words = submissions.expected(name, function)[mistake]
    messages = submissions.wrong_messages(name, function, mistake)
    assert set(messages) == set(cells.split())
    assert words in "\n".join(messages.values())


@pytest.mark.parametrize(
    ("name", "function", "mistake", "lost"),
    [
        ("framework_translator", "tf_window", "larger_half_first", "tf keras jax"),
        ("transposed_convolution", "conv_transpose_output_size", "dilation_left_out", "size dilation groups"),
    ],
)
def test_a_wrong_function_costs_those_that_call_it_as_well(name, function, mistake, lost):
    """Keras asks TensorFlow's function in the reference, and JAX that of Keras: that is the student's choice."""
    cell, _ = submissions.solution_cell(name, function)
    names = solution(submissions.notebook(name), {cell: submissions.edited(name, function, mistake)})
    messages = failing(submissions.notebook(name), names)
    assert {cell.partition("_")[0] for cell in messages} == set(lost.split())
