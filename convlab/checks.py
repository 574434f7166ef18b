"""Instant feedback on an answer: ``from convlab import checks as check``.

An exercise names the operator and its arguments; the check computes the truth. So a
notebook states the problem and never holds the answer:

>>> equal([2, 4, 9, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
Right: [2, 4, 9, 6, 9]

An answer that is still ``...`` is not wrong, only not there yet.
"""

from html import escape

import numpy as np

from convlab import arithmetic, reference
from convlab.validation import integer

__all__ = ["Feedback", "equal", "size"]

NO_ANSWER = "No answer yet. Replace the ... and run the cell again."


class Feedback:
    """What a check says: ``passed`` (True, False, or None without an answer) and the text.

    Shown in a notebook as a box; ``str`` gives the same in words.
    """

    def __init__(self, passed, text, comparison=""):
        self.passed, self.text, self.comparison = passed, text, comparison

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        mark = {True: "✔", False: "✘", None: "…"}[self.passed]
        lines = "<br>".join(escape(line) for line in self.text.splitlines())
        return (
            '<div style="border:2px solid currentColor;border-radius:4px;padding:0.5em 0.8em;max-width:46em">'
            f'<b aria-hidden="true">{mark}</b> {lines}{self.comparison}</div>'
        )


def equal(answer, operator, *arguments, **options):
    """Compare an answer with what an operator really gives, value by value.

    Parameters
    ----------
    answer : array or nested list
        The learner's answer; ``...`` for none yet.
    operator : str
        A name from :mod:`convlab.reference`.
    *arguments, **options
        The operator's. Lists and arrays without batch and channel axes, ``(L,)`` or
        ``(H, W)``, are fine: they stand for one sample and one channel.

    Returns
    -------
    Feedback

    Raises
    ------
    ValueError
        If ``operator`` is unknown.

    Examples
    --------
    >>> equal([[0, 0, 1], [0, 4, 6]], "conv_transpose2d", [[0, 1], [2, 3]], [[0, 1], [2, 3]])
    Not yet: your answer has shape (2, 3), expected is (3, 3).
    >>> equal([2, 4, 3, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet: the first difference is at [2]: you have 3.
    """
    truth = _truth(operator, arguments, options)
    if answer is ...:
        return Feedback(None, NO_ANSWER)
    try:
        values = np.asarray(answer)
        comparable = values.dtype.kind in "iuf"
    except ValueError:  # ragged lists
        comparable = False
    if not comparable:
        return Feedback(False, f"Not yet: your answer must be numbers in rows of equal length, got {answer!r}")
    if values.shape != truth.shape:
        return Feedback(False, f"Not yet: your answer has shape {values.shape}, expected is {truth.shape}.")
    same = values == truth if truth.dtype.kind == "i" else np.isclose(values, truth, rtol=1e-6, atol=1e-6)
    if same.all():
        return Feedback(True, f"Right: {truth.tolist()}")
    first = tuple(int(i) for i in np.argwhere(~same)[0])
    place = ", ".join(map(str, first))
    text = f"Not yet: the first difference is at [{place}]: you have {values[first]}."
    return Feedback(False, text, _marked(values, same))


def size(answer, formula, *arguments, **options):
    """Compare a size with what a formula of :mod:`convlab.arithmetic` gives.

    Parameters
    ----------
    answer : int or list of int
        The learner's answer; ``...`` for none yet.
    formula : str
        A name from :mod:`convlab.arithmetic`.
    *arguments, **options
        The formula's. Where one is a list, the formula is asked once per entry, and the
        answer is a list as well.

    Returns
    -------
    Feedback

    Raises
    ------
    ValueError
        If ``formula`` is unknown, or two lists have different lengths.

    Examples
    --------
    >>> size(5, "conv_transpose_output_size", 2, 3, stride=2)
    Right: 5
    >>> size([5, 6, 9], "conv_transpose_output_size", 3, 3, stride=[1, 2, 3])
    Not yet: [1] is 6, and that is too small.
    >>> size(3.5, "conv_output_size", 6, 3, stride=2, padding=1)
    Not yet: a size must be an integer, got 3.5
    """
    if formula not in arithmetic.__all__:
        raise ValueError(f"formula must be a name from convlab.arithmetic, got {formula!r}")
    truth = _sizes(getattr(arithmetic, formula), arguments, options)
    if answer is ...:
        return Feedback(None, NO_ANSWER)
    listed = isinstance(truth, list)
    answers = list(answer) if listed and isinstance(answer, (list, tuple, np.ndarray)) else [answer]
    try:
        numbers = [integer("a size", number) for number in answers]
    except TypeError as error:
        return Feedback(False, f"Not yet: {error}")
    truths = truth if listed else [truth]
    if len(numbers) != len(truths):
        return Feedback(False, f"Not yet: {len(truths)} sizes are asked for, got {len(numbers)}.")
    for index, (number, right) in enumerate(zip(numbers, truths)):
        if number != right:
            place = f"[{index}] is {number}, and that" if listed else number
            return Feedback(False, f"Not yet: {place} is too {'large' if number > right else 'small'}.")
    return Feedback(True, f"Right: {truth}")


def _sizes(formula, arguments, options):
    """The formula's value, or the list of its values where an argument is a list."""
    lengths = {len(value) for value in (*arguments, *options.values()) if isinstance(value, list)}
    if not lengths:
        return formula(*arguments, **options)
    if len(lengths) > 1:
        raise ValueError(f"lists of arguments must have one length, got {sorted(lengths)}")

    def entry(value, index):
        return value[index] if isinstance(value, list) else value

    return [
        formula(*(entry(value, n) for value in arguments), **{name: entry(value, n) for name, value in options.items()})
        for n in range(lengths.pop())
    ]


def _truth(operator, arguments, options):
    if operator not in reference.__all__:
        raise ValueError(f"operator must be a name from convlab.reference, got {operator!r}")
    axes = int(operator[-2]) if operator[-1] == "d" else None
    arrays = [np.asarray(a) for a in arguments[:2]]
    plain = axes is not None and arrays[0].ndim == axes
    if plain:
        arrays = [a[None, None] for a in arrays]
    result = getattr(reference, operator)(*arrays, *arguments[2:], **options)
    return result[0, 0] if plain else result


def _marked(values, same):
    """The learner's array as an HTML table, the wrong cells outlined and underlined."""
    rows = []
    for row, row_same in zip(np.atleast_2d(values), np.atleast_2d(same)):
        cells = []
        for value, right in zip(row, row_same):
            look = "border:1px solid gray" if right else "border:3px solid;font-weight:bold;text-decoration:underline"
            cells.append(f'<td style="{look};padding:0.2em 0.5em;text-align:right">{escape(str(value))}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    caption = "<caption>Your answer; cells that differ are underlined.</caption>"
    return f'<table style="margin-top:0.4em">{caption}{"".join(rows)}</table>'
