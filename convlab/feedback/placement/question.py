"""One question of a test: what is asked, what is right, and what a wrong answer shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from convlab.misconceptions import Problem, diagnose, lesson_about, simulation_of
from convlab.misconceptions.comparison import equal_values, fit_axes, read

__all__ = ["Question", "Result"]


class Result(NamedTuple):
    """What came of one question: ``right`` is None without an answer; ``lessons`` are those to revisit."""

    number: int
    topic: str
    right: bool | None
    text: str = ""
    lessons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question of a test.

    Parameters
    ----------
    topic, text
        In words; ``text`` is Markdown with the names of ``arguments`` in braces.
    aim
        The id of the misconception that the question looks for.
    operator, arguments
        Of a :class:`convlab.misconceptions.Problem`, which gives the truth. A set of letters is answered with letters.
    slips
        Ids of the only variants that the question looks for; without them, everything is diagnosed.

    Examples
    --------
    >>> question = Question("Size", "Input {input_size}, kernel {kernel_size}: the size?", "M12", "conv_output_size")
    >>> question = question.with_numbers(input_size=7, kernel_size=3)
    >>> question.asked, question.truth(), question.lesson
    ('Input 7, kernel 3: the size?', 5, '02_size_arithmetic')
    """

    topic: str
    text: str
    aim: str
    operator: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    slips: tuple[str, ...] = ()

    def with_numbers(self, **arguments: Any) -> "Question":
        """The same question about these numbers."""
        return replace(self, arguments=arguments)

    @property
    def asked(self) -> str:
        """The text with its numbers."""
        return self.text.format(**self.arguments)

    @property
    def lesson(self) -> str:
        """The lesson about the aim."""
        return lesson_about(self.aim)

    @property
    def problem(self) -> Problem:
        """The question as the registry of misconceptions knows it."""
        return Problem(self.operator, **self.arguments)

    def truth(self) -> Any:
        """The right answer, computed: an array, a number, or a set of letters."""
        return self.problem.truth()

    def judge(self, number: int, answer: Any) -> Result:
        """Compare an answer with the truth, and with what misconceptions give; never gives the right one away.

        ``number`` is that of the question in its test. ``...`` and None are no answers; ``[5]`` and 5.0 count as 5: a
        test of knowledge forgives the form.

        Examples
        --------
        >>> question = Question("Kernel", "x = {input}, w = {weight}: conv1d?", "M38", "conv1d")
        >>> question = question.with_numbers(input=[5, 6, 7], weight=[1, 10])
        >>> question.judge(1, [56, 67])
        Result(number=1, topic='Kernel', right=False, text='One way to get this is that the kernel is flipped, ...
        """
        if answer is ... or answer is None:
            return Result(number, self.topic, None, "", (self.lesson,))
        judge = self._judge_by_slips if self.slips else self._judge_by_diagnosis
        right, text, lessons = judge(answer)
        return Result(number, self.topic, right, text, tuple(sorted(lessons)))

    def _judge_by_diagnosis(self, answer):
        diagnosis = diagnose(_in_form(answer, self.truth()), self.problem, lesson=self.lesson)
        if diagnosis.right:
            return True, "", ()
        found = [{lesson_about(entry.id) for entry in match.misconceptions} for match in diagnosis.misconceptions]
        # Where several ideas explain the answer, the one that the question looks for is the likeliest.
        lessons = {self.lesson} if not found or {self.lesson} in found else found[0]
        return False, diagnosis.message().removeprefix("Not yet. "), lessons

    def _judge_by_slips(self, answer):
        if _equal(answer, self.truth()):
            return True, "", ()
        simulation = simulation_of(self.problem)
        for variant in simulation.variants:
            if variant.id in self.slips and _equal(answer, simulation.answer(variant)):
                return False, f"This answer comes out if {variant}.", (lesson_about(variant.id),)
        return False, "This answer is not recognised.", (self.lesson,)


def _in_form(answer, truth):
    """The answer with the axes of the truth, and as integers where it only looks otherwise."""
    values, truth = read(answer).values, np.asarray(truth)
    fitted = None if values is None else fit_axes(values, truth.shape)[0]
    if fitted is None:
        return answer
    if fitted.dtype.kind == "f" and truth.dtype.kind in "iu" and np.array_equal(fitted, fitted.round()):
        fitted = fitted.astype(np.int64)
    return fitted


def _equal(answer, truth):
    if isinstance(truth, set):
        return _letters(answer) == truth
    values = read(_in_form(answer, truth)).values
    return values is not None and values.dtype.kind != "b" and equal_values(values, truth)


def _letters(answer):
    """``["A", "C"]``, ``{"A", "C"}``, ``"AC"`` and ``"a, c"`` as a set; None for what is not made of letters."""
    parts = answer if isinstance(answer, (list, tuple, set, frozenset, str)) else [answer]
    if not all(isinstance(part, str) for part in parts):
        return None
    return {letter.upper() for part in parts for letter in part if letter.isalnum()}
