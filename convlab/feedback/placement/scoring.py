"""Points, question by question, and the lessons to revisit."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from convlab.feedback.box import MARKS, Feedback
from convlab.feedback.placement.question import Question, Result
from convlab.feedback.placement.questions import FIRST_TEST
from convlab.validation import integer

__all__ = ["Score", "score"]

NO_ANSWERS = "No answers yet. Replace the ... after each question, run its cell, then run this one again."
WORDS = {True: "right", False: "wrong", None: "no answer"}
CELL = "border:1px solid gray;padding:0.3em 0.5em;text-align:left;vertical-align:top"


class Score(Feedback):
    """A box with the points and, for each question, what a wrong answer shows and what to revisit.

    ``before`` is the points of the first test, or its results. ``revisit`` are lessons, by the names of their
    notebooks, in the order of the course; ``passed`` is True if every answer is right, never False, since a test is
    no exercise.
    """

    def __init__(self, results, before=None):
        self.results, self.before = tuple(results), before
        self.points = _points(self.results)
        self.revisit = tuple(sorted({lesson for result in self.results for lesson in result.lessons}))
        started = _started(self.results)
        text = self._headline() if started else NO_ANSWERS
        super().__init__(not self.revisit or None, text, self._table() if started else "")

    def _headline(self):
        points = f"{self.points} of {len(self.results)} points"
        if isinstance(self.before, int):
            points += f"; {self.before} before the course"
        elif self.before is not None:
            asked = _started(self.before)
            points += f"; {_points(self.before)} before the course" if asked else "; there is no first test to compare"
        return f"{points}."

    def _before(self):
        """In words, for each question; nothing where only the points are known, or no answers."""
        if self.before is None or isinstance(self.before, int) or not _started(self.before):
            return [""] * len(self.results)
        return [WORDS[result.right] for result in self.before]

    def __repr__(self):
        lines = [self.text]
        if self.picture:
            for result, before in zip(self.results, self._before()):
                then = f" (before: {before})" if before else ""
                revisit = f"Revisit {' and '.join(map(_title, result.lessons))}." if result.lessons else ""
                first = f"{result.number}. {result.topic}: {WORDS[result.right]}{then}."
                lines.append(" ".join(part for part in (first, result.text, revisit) if part))
        return "\n".join(lines)

    def _table(self):
        compared = any(self._before())
        heads = ["question", *(["before"] if compared else []), "now" if compared else "answer"]
        rows = ["".join(f'<th scope="col" style="{CELL}">{head}</th>' for head in [*heads, "what it shows", "revisit"])]
        for result, before in zip(self.results, self._before()):
            mark = f'<span aria-hidden="true">{MARKS[result.right]}</span> {WORDS[result.right]}'
            cells = [f"{result.number}. {escape(result.topic)}", *([before] if compared else []), mark]
            cells += [escape(result.text), "<br>".join(map(_link, result.lessons))]
            rows.append("".join(f'<td style="{CELL}">{cell}</td>' for cell in cells))
        lines = "".join(f"<tr>{row}</tr>" for row in rows)
        return f'<table style="margin-top:0.5em;font-size:inherit">{lines}</table>'


def _points(results):
    return sum(result.right is True for result in results)


def _started(results):
    return any(result.right is not None for result in results)


def _title(lesson):
    return lesson.replace("_", " ")


def _link(lesson):
    return f'<a href="{lesson}.ipynb">{_title(lesson)}</a>'


def score(
    answers: Mapping[int, Any], questions: Sequence[Question] = FIRST_TEST, before: int | Mapping | None = None
) -> Score:
    """Score the answers to a test.

    ``answers`` has the answer by the number of the question, from 1; ``...`` and what is missing are no answers. To
    compare with the first test, ``before`` is its points, or the answers to it. What is revisited is named, and no
    right answer given away; what cannot be scored raises ``TypeError`` or ``ValueError``.

    Examples
    --------
    >>> score({1: ...})
    No answers yet. Replace the ... after each question, run its cell, then run this one again.
    >>> lines = repr(score({1: [413, 241], 2: 6.5}, before=1)).splitlines()
    >>> print("\\n".join(lines[:3]))
    1 of 10 points; 1 before the course.
    1. Sliding a kernel: right.
    2. The size of a convolution: wrong. One way to get this is that the number of kernel positions is not rounded ...
    """
    earlier: int | list[Result] | None = None
    if isinstance(before, Mapping):
        earlier = _judged("before", before, FIRST_TEST)
    elif before is not None:
        earlier = integer("before", before, minimum=0)
        if earlier > len(FIRST_TEST):
            raise ValueError(f"before must be at most {len(FIRST_TEST)} points, got {earlier}")
    return Score(_judged("answers", answers, questions), earlier)


def _judged(name, answers, questions) -> list[Result]:
    if not isinstance(answers, Mapping):
        raise TypeError(f"{name} must be a dict, the number of a question: the answer, got {type(answers).__name__}")
    numbers = range(1, len(questions) + 1)
    for number in answers:
        if number not in numbers:
            raise ValueError(f"{name} must be numbered from 1 to {len(questions)}, got {number!r}")
    return [question.judge(number, answers.get(number, ...)) for number, question in zip(numbers, questions)]
