"""Commit an answer before the truth is shown: ``predict(...)``.

In a running notebook it is a form; while it is open, the outputs of the code cells below it and the explanation after
them wait, down to the next Markdown cell. Without a kernel (GitHub, nbviewer, an HTML page), and wherever the
environment variable ``CONVLAB_STATIC`` is set, it is the question with the answer folded away; so a committed notebook
reads well and stays the same. Saved with the state of its widgets, a notebook shows tomorrow what was answered today.
"""

import os
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
from traitlets import Int, Unicode, observe

from convlab import arithmetic
from convlab.feedback import checks
from convlab.feedback.box import compared
from convlab.feedback.typed import example, is_counted, read_typed
from convlab.misconceptions.comparison import plain, same_cells

__all__ = ["Prediction", "predict", "unasked"]

STATIC = Path(__file__).parent / "static"


class Prediction(anywidget.AnyWidget):
    """The question, a field, a button; once it is committed, the verdict, and ``truth`` where the answer is wrong.

    ``judge`` makes a :class:`~convlab.feedback.box.Feedback` of an answer in the form of the truth; ``counted`` says
    that the number of its entries may be told.

    Attributes
    ----------
    state : str
        "open", "committed" or "skipped".
    note, outcome : str
        Why it is asked again, in words; what came of it, as HTML.
    """

    _esm = (STATIC / "prediction.js").read_text("utf-8")
    _css = (STATIC / "prediction.css").read_text("utf-8")

    question = Unicode().tag(sync=True)
    example = Unicode().tag(sync=True)
    rows = Int(1).tag(sync=True)
    answer = Unicode().tag(sync=True)
    note = Unicode().tag(sync=True)
    outcome = Unicode().tag(sync=True)
    state = Unicode("open").tag(sync=True)

    def __init__(self, question, judge, truth, counted=False):
        self.judge, self.truth, self.counted = judge, truth, counted
        self.form = plain(truth) if not isinstance(truth, set) else list(truth)
        in_rows = isinstance(self.form, list) and any(isinstance(entry, list) for entry in self.form)
        super().__init__(question=question, example=example(self.form, counted), rows=1 + in_rows)
        self.on_msg(self._hear)

    def _hear(self, _, content, buffers):
        if "commit" in content:
            self.commit(content["commit"])

    def commit(self, text: str) -> None:
        """Judge the answer in ``text`` and show the truth; one of another form is asked for again."""
        if self.state != "open":
            return
        try:
            answer = read_typed(text, self.form, self.counted)
        except ValueError as error:
            self.note = str(error)
            return
        feedback = self.judge(answer)
        with self.hold_sync():
            self.answer, self.note, self.state = text, "", "committed"
            self.outcome = feedback._repr_html_() + ("" if feedback.passed else f"<p>{self._gives()}</p>")

    @observe("state")
    def _skip(self, change):
        if change["new"] == "skipped":
            self.note, self.outcome = "", f"<p>Skipped. {self._gives()}</p>"

    def _gives(self):
        return f"It gives {escape(str(self.truth))}."

    def _repr_mimebundle_(self, **options):
        folded = f"<details><summary>Predict first, then open</summary><code>{escape(str(self.truth))}</code></details>"
        static = {"text/plain": repr(self), "text/html": f"<p>{escape(self.question)}</p>{folded}"}
        if os.environ.get("CONVLAB_STATIC"):
            return static
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, **static}, metadata

    def __repr__(self):
        return f"Predict. {self.question}"


def unasked(styled: bool = True) -> str:
    """What a learner's copy shows, as HTML, where a prediction has not been run: its truth waits there, too.

    ``styled`` brings the style sheet along, once for a page.

    Examples
    --------
    >>> unasked(styled=False)
    '<div class="convlab-prediction" data-open><p>Run this cell (Shift+Enter) to answer.</p></div>'
    """
    style = f"<style>{Prediction._css}</style>" if styled else ""
    return f'{style}<div class="convlab-prediction" data-open><p>Run this cell (Shift+Enter) to answer.</p></div>'


def predict(question: str, operator: str | Callable, *arguments: Any, **options: Any) -> Prediction:
    """Ask for a prediction of what an operator or a size formula gives.

    ``operator`` is a name from :mod:`convlab.reference` (then as in :func:`convlab.feedback.checks.equal`) or from
    :mod:`convlab.arithmetic` (as in :func:`convlab.feedback.checks.size`), or a function that computes the truth (as
    in :func:`convlab.feedback.checks.computed`). The prediction is displayed as the last value of a cell.

    Examples
    --------
    >>> predict("How long is the output?", "conv_transpose_output_size", 2, 3, stride=2)
    Predict. How long is the output?
    >>> predict("Its largest value?", max, [1, 3, 2])
    Predict. Its largest value?
    """
    if callable(operator):
        return _predict_computed(question, plain(operator(*arguments, **options)))
    sizes = operator in arithmetic.__all__
    truth = checks.truth(operator, *arguments, **options)

    def judge(answer):
        check = checks.size if sizes else checks.equal
        feedback = check(answer, operator, *arguments, **options)
        if not feedback.passed:  # the truth is shown in any case, so all that is known may be said
            feedback.text = f"You said {answer}. {checks.why(answer, operator, *arguments, **options)}".strip()
            if feedback.picture:  # only where answer and truth have one shape
                values, right = np.asarray(answer), np.asarray(truth)
                feedback.picture = compared(values, same_cells(values, right, tolerance=0), right)
        return feedback

    return Prediction(question, judge, truth, sizes or is_counted(question, plain(truth)))


def _predict_computed(question, truth):
    def judge(answer):
        feedback = checks.computed(answer, lambda: truth)
        if not feedback.passed:  # the truth is shown in any case
            feedback.text, feedback.picture = f"You said {answer}.", ""
        return feedback

    return Prediction(question, judge, truth, is_counted(question, truth))
