"""What a check says, as a box in a notebook and in words."""

from html import escape

import numpy as np

from convlab.typing import Array

__all__ = ["Feedback", "compared"]

MARKS = {True: "✔", False: "✘", None: "…"}


class Feedback:
    """The verdict of a check: ``passed`` is None where there is no answer yet.

    ``repr`` gives ``text``, so it also stands where HTML does not reach; ``picture`` is HTML shown below it.

    Examples
    --------
    >>> Feedback(True, "Right: 5")
    Right: 5
    """

    def __init__(self, passed: bool | None, text: str, picture: str = ""):
        self.passed, self.text, self.picture = passed, text, picture

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        lines = "<br>".join(escape(line) for line in self.text.splitlines())
        return (
            '<div role="status" style="border:2px solid currentColor;border-radius:4px;padding:0.5em 0.8em;'
            f'max-width:46em"><b aria-hidden="true">{MARKS[self.passed]}</b> {lines}{self.picture}</div>'
        )


def compared(values: Array, same: Array, right: Array | None = None) -> str:
    """Two small tables as HTML: the answer, and what may be told of the right one.

    Cells that differ are underlined and have a thick frame, so nothing rests on colour. In
    the second table they are question marks, unless ``right`` is given.

    ``values`` are the learner's, 1-D or 2-D, and ``same`` says where they are right. ``right`` are the right values,
    where they may be shown.

    Examples
    --------
    >>> compared(np.array([2, 4]), np.array([True, False])).count("<td")
    4
    """
    if values.ndim not in (1, 2) or values.size > 200:
        return ""
    caption, shown = "It gives", right
    if right is None:
        caption, shown = "So far right", np.where(same, values.astype(str), "?")
    tables = _table("Your answer", values, same) + _table(caption, shown, same)
    return f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start;gap:1.5em;margin-top:0.5em">{tables}</div>'


def _table(caption, values, same):
    rows = []
    for row, row_same in zip(np.atleast_2d(values), np.atleast_2d(same)):
        cells = []
        for value, right in zip(row.tolist(), row_same):
            look = "border:1px solid gray" if right else "border:3px solid;font-weight:bold;text-decoration:underline"
            cells.append(f'<td style="{look};padding:0.2em 0.5em;text-align:right">{escape(str(value))}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table><caption style="text-align:left;white-space:nowrap">{caption}</caption>{"".join(rows)}</table>'
