"""Right and wrong answers to every assignment: who gets all points, and who loses which.

The answers are data, in ``assignment_submissions``; they run in this process, without nbgrader.
"""

import pytest

import assignment_tools as tools
from convlab.grading.points import failing, solution

NAMES = tools.assignments()
FUNCTIONS = [(name, function) for name in NAMES for function in tools.functions(name)]
RIGHT = [(name, method) for name in NAMES for method in tools.right_files(name)]
WRONG = [
    (name, function, mistake)
    for name in NAMES
    for function, mistakes in tools.wrong(name).items()
    for mistake in mistakes
]


def test_there_are_six_assignments():
    assert len(NAMES) == 6


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_there_are_enough_answers_of_every_kind(name, function):
    written = [method for method, path in tools.right_files(name).items() if f"def {function}(" in path.read_text()]
    assert len(written) >= 5
    assert len({tools.method_of(name, method) for method in written}) == len(written)
    assert len(tools.wrong(name)[function]) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_gets_everything(name):
    assert failing(tools.notebook(name), solution(tools.notebook(name))) == {}


@pytest.mark.parametrize(("name", "method"), RIGHT)
def test_right_answers_get_everything(name, method):
    own, messages = tools.right_messages(name, method)
    assert own
    assert messages == {}


@pytest.mark.parametrize(("name", "function", "mistake"), WRONG)
def test_wrong_answers_lose_what_they_get_wrong(name, function, mistake):
    _, cells, words = tools.wrong(name)[function][mistake]
    messages = tools.wrong_messages(name, function, mistake)
    assert set(messages) == set(cells.split())
    assert words in "\n".join(messages.values())
