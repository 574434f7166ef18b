"""One question of a test: what is asked, what is right, and what a wrong answer shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from convlab.misconceptions import Problem, diagnose
from convlab.misconceptions.answers import equal_values, fit_axes, read
from convlab.misconceptions.lessons import lesson_about

__all__ = ["Question", "Result", "Slip"]


class Result(NamedTuple):
    """What came of one question: ``right`` is None without an answer; ``lessons`` are those to revisit."""

    number: int
    topic: str
    right: bool | None
    text: str = ""
    lessons: tuple[str, ...] = ()


class Slip(NamedTuple):
    """A wrong way: id of the variant, what is done (after "This answer comes out if"), and a function that does it."""

    variant: str
    did: str
    compute: Callable


@dataclass(frozen=True)
class Question:
    """One question of a test.

    Parameters
    ----------
    topic, text : str
        In words; ``text`` is Markdown with the names of ``arguments`` in braces.
    aim : str
        The id of the misconception that the question looks for.
    compute : str or callable
        What gives the truth from the arguments: the name of an operator of
        :class:`convlab.misconceptions.Problem`, or a function. A set of letters is answered with letters.
    arguments : mapping
        By name.
    slips : tuple of Slip
        Where ``compute`` is a function; an operator has those of its misconceptions.

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
    compute: str | Callable
    arguments: Mapping[str, Any] = field(default_factory=dict)
    slips: tuple[Slip, ...] = ()

    def with_numbers(self, **arguments):
        """The same question about these numbers."""
        return Question(self.topic, self.text, self.aim, self.compute, arguments, self.slips)

    @property
    def asked(self):
        """The text with its numbers."""
        return self.text.format(**self.arguments)

    @property
    def lesson(self):
        """The lesson about the aim."""
        return lesson_about(self.aim)

    def truth(self):
        """The right answer, computed: an array, a number, or a set of letters."""
        if isinstance(self.compute, str):
            return Problem(self.compute, **self.arguments).truth()
        return self.compute(**self.arguments)

    def judge(self, number, answer):
        """Compare an answer with the truth, and with what misconceptions give.

        Parameters
        ----------
        number : int
            Of the question in its test.
        answer : object
            ``...`` or None where there is none. ``[5]`` and 5.0 count as 5: a test of knowledge forgives the form.

        Returns
        -------
        Result
            Whatever the answer is; it does not give the right one away.

        Examples
        --------
        >>> question = Question("Kernel", "x = {input}, w = {weight}: conv1d?", "M38", "conv1d")
        >>> question = question.with_numbers(input=[5, 6, 7], weight=[1, 10])
        >>> question.judge(1, [56, 67])
        Result(number=1, topic='Kernel', right=False, text='This answer comes out if the kernel is flipped, ...
        """
        if answer is ... or answer is None:
            return Result(number, self.topic, None, "", (self.lesson,))
        judge = self._judge_by_diagnosis if isinstance(self.compute, str) else self._judge_by_slips
        right, text, lessons = judge(answer)
        return Result(number, self.topic, right, text, tuple(sorted(lessons)))

    def _judge_by_diagnosis(self, answer):
        problem = Problem(self.compute, **self.arguments)
        diagnosis = diagnose(_in_form(answer, problem.truth()), problem)
        if diagnosis.right:
            return True, "", ()
        found = [{lesson_about(entry.id) for entry in match.misconceptions} for match in diagnosis.misconceptions]
        # Where several ideas explain the answer, the one that the question looks for is the likeliest.
        lessons = {self.lesson} if not found or {self.lesson} in found else found[0]
        return False, diagnosis.message().removeprefix("Not yet. "), lessons

    def _judge_by_slips(self, answer):
        if _equal(answer, self.truth()):
            return True, "", ()
        for variant, did, compute in self.slips:
            if _equal(answer, compute(**self.arguments)):
                return False, f"This answer comes out if {did} ({variant}).", (lesson_about(variant),)
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
