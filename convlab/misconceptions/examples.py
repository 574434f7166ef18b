"""The small questions with which the catalogue shows a misconception."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convlab.misconceptions.problem import Problem
from convlab.misconceptions.wrong_answers import wrong_answer

__all__ = ["Example", "asked"]


@dataclass(frozen=True, eq=False)
class Example:
    """A small question with its right and wrong answers, computed when asked for.

    For a question that is no ``problem``, ``right`` and ``wrong`` are the answer, and by name the wrong answers; a
    function without arguments computes it.
    """

    question: str  # in words
    problem: Problem | None = None  # the question as an operator with arguments; then its truth is computed
    variants: tuple[str, ...] = ()  # ids of those whose wrong answers to the problem are shown
    right: Any = None
    wrong: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""  # where stored values come from

    def truth(self) -> Any:
        """The right answer; a ValueError where the operator refuses."""
        if self.problem is None:
            return _computed(self.right)
        try:
            return self.problem.truth()
        except ValueError as refusal:
            return refusal

    def wrong_answers(self) -> dict[str, Any]:
        """The wrong answers by the id of the variant, or by name."""
        problem = self.problem
        answers = {variant: wrong_answer(variant, problem) for variant in self.variants} if problem else {}
        return {**answers, **{name: _computed(answer) for name, answer in self.wrong.items()}}


def asked(question: str, variants: str, problem: Problem) -> Example:
    """A question that is a problem; ``variants`` with spaces between.

    Examples
    --------
    >>> asked("Two 3x3 layers?", "M33a M33b", Problem("receptive_field", [(3, 1, 1)] * 2)).wrong_answers()
    {'M33a': 6, 'M33b': 9}
    """
    return Example(question, problem, tuple(variants.split()))


def _computed(answer):
    return answer() if callable(answer) else answer
