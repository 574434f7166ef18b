"""What the catalogue holds of one misconception."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convlab.misconceptions.benches import wrong_answer
from convlab.misconceptions.problem import Problem

__all__ = ["Example", "Misconception"]


@dataclass(frozen=True, eq=False)
class Example:
    """A small question with its right and wrong answers, computed when asked for.

    Parameters
    ----------
    question : str
        In words.
    problem : Problem, optional
        The question as an operator with arguments; then its truth is computed.
    variants : tuple of str
        Ids of the variants whose wrong answers to ``problem`` are shown.
    right, wrong
        For a question that is no ``problem``: the answer, and by name the wrong answers.
        A function without arguments computes it.
    note : str
        Where stored values come from.
    """

    question: str
    problem: Problem | None = None
    variants: tuple[str, ...] = ()
    right: Any = None
    wrong: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def truth(self):
        """The right answer; a ValueError where the operator refuses."""
        if self.problem is None:
            return _computed(self.right)
        try:
            return self.problem.truth()
        except ValueError as refusal:
            return refusal

    def wrong_answers(self):
        """The wrong answers by the id of the variant, or by name."""
        answers = {variant: wrong_answer(variant, self.problem) for variant in self.variants}
        return {**answers, **{name: _computed(answer) for name, answer in self.wrong.items()}}


def _computed(answer):
    return answer() if callable(answer) else answer


@dataclass(frozen=True, eq=False)
class Misconception:
    """One misconception.

    Parameters
    ----------
    id : str
        ``"M01"`` and so on.
    name : str
        The wrong idea, in its own words.
    truth : str
        One sentence.
    examples : tuple of Example
    evidence : tuple of str
        Public threads where people fell for it: ``"owner/repository#number"`` and the like.
    """

    id: str
    name: str
    truth: str
    examples: tuple[Example, ...]
    evidence: tuple[str, ...]
