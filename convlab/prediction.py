"""Commit an answer before the truth is shown: ``predict(...)``.

In a running notebook it is a text field and a button. Without a kernel (GitHub, nbviewer,
an HTML page), and wherever the environment variable ``CONVLAB_STATIC`` is set, it is the
question with the answer folded away; so a committed notebook reads well and stays the same.
"""

import ast
import os
from html import escape

import ipywidgets
import numpy as np

from convlab import arithmetic, checks
from convlab.feedback import compared

__all__ = ["Prediction", "predict"]

ASK = "Your prediction:"


class Prediction(ipywidgets.VBox):
    """The question, a text field, a button; after the button, the verdict and the truth.

    Parameters
    ----------
    question : str
    judge : callable
        Takes the answer, returns a :class:`convlab.checks.Feedback`.
    truth : object
        Shown after the learner has committed.
    read : callable
        Makes an answer of what was typed, or raises ``ValueError``.
    example : str
        Of what may be typed.
    """

    def __init__(self, question, judge, truth, read=None, example="for example 1, 2, 3"):
        self.question, self.judge, self.truth, self.read = question, judge, truth, read or read_answer
        self.field = ipywidgets.Text(placeholder=example, description=ASK)
        self.field.style.description_width = "initial"
        self.button = ipywidgets.Button(description="Commit", tooltip="Commit this answer; then the truth is shown")
        self.outcome = ipywidgets.HTML()
        self.button.on_click(lambda button: self.commit(self.field.value))
        answer_line = ipywidgets.HBox([self.field, self.button])
        super().__init__([ipywidgets.HTML(escape(question)), answer_line, self.outcome])

    def commit(self, text):
        """Judge the answer in ``text`` and show the truth; an unreadable answer may be given again."""
        try:
            answer = self.read(text)
        except ValueError as error:
            self.outcome.value = f"<p>{escape(str(error))}</p>"
            return
        feedback = self.judge(answer)
        self.outcome.value = feedback._repr_html_() + ("" if feedback.passed else f"<p>It gives {self.truth}.</p>")
        self.field.disabled = self.button.disabled = True

    def _repr_mimebundle_(self, include=None, exclude=None):
        answer = f"<details><summary>Predict first, then open</summary><code>{escape(str(self.truth))}</code></details>"
        static = {"text/plain": repr(self), "text/html": f"<p>{escape(self.question)}</p>{answer}"}
        if os.environ.get("CONVLAB_STATIC"):
            return static
        live = super()._repr_mimebundle_()
        return {**live, **static} if isinstance(live, dict) else live

    def __repr__(self):
        return f"Predict. {self.question}"


def read_answer(text):
    """Numbers typed by a person: ``"5"``, ``"1, 2, 3"``, ``"1 2 3"`` or ``"[[1, 2], [3, 4]]"``.

    Raises
    ------
    ValueError
        If it is none of these.

    Examples
    --------
    >>> read_answer("5"), read_answer("1, 2 3"), read_answer("[[1, 2], [3, 4]]")
    (5, [1, 2, 3], [[1, 2], [3, 4]])
    """
    words = text.strip()
    if words and "[" not in words and "(" not in words:
        parts = words.replace(",", " ").replace(";", " ").split()
        words = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
    try:
        value = ast.literal_eval(words)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"Please type numbers, like 1, 2, 3 or [[1, 2], [3, 4]]; this is {text!r}.") from None
    return list(value) if isinstance(value, tuple) else value


def read_words(text):
    """Words typed by a person: one as it is, several as a list; yes and no as True and False.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> read_words("SAME"), read_words("A, b C"), read_words("yes")
    ('SAME', ['A', 'b', 'C'], True)
    """
    meanings = {"yes": True, "true": True, "no": False, "false": False, "none": None}
    words = [meanings.get(word.casefold(), word) for word in text.replace(",", " ").replace(";", " ").split()]
    if not words:
        raise ValueError("Please type a word, or several with commas between them.")
    return words[0] if len(words) == 1 else words


def predict(question, operator, *arguments, **options):
    """Ask for a prediction of what an operator or a size formula gives.

    Parameters
    ----------
    question : str
        In words; shown as it is.
    operator : str or callable
        A name from :mod:`convlab.reference` (then as in :func:`convlab.checks.equal`) or from
        :mod:`convlab.arithmetic` (as in :func:`convlab.checks.size`); or a function that
        computes the truth (as in :func:`convlab.checks.computed`).
    *arguments, **options
        The operator's.

    Returns
    -------
    Prediction
        Displayed when it is the last value of a cell.

    Raises
    ------
    ValueError
        If ``operator`` is unknown.

    Examples
    --------
    >>> predict("How long is the output?", "conv_transpose_output_size", 2, 3, stride=2)
    Predict. How long is the output?
    >>> predict("Its largest value?", max, [1, 3, 2])
    Predict. Its largest value?
    """
    if callable(operator):
        return _predict_computed(question, operator, arguments, options)
    check = checks.size if operator in arithmetic.__all__ else checks.equal
    truth = checks.truth(operator, *arguments, **options)

    def judge(answer):
        feedback = check(answer, operator, *arguments, **options)
        if not feedback.passed:  # the truth is shown in any case, so all that is known may be said
            feedback.text = f"You said {answer}. {checks.why(answer, operator, *arguments, **options)}".strip()
            if feedback.picture:  # only where answer and truth have one shape
                values, right = np.asarray(answer), np.asarray(truth)
                feedback.picture = compared(values, values == right, right)
        return feedback

    return Prediction(question, judge, truth)


def _predict_computed(question, compute, arguments, options):
    truth = checks.plain(compute(*arguments, **options))
    in_words = any(
        isinstance(entry, (str, bool, type(None))) for entry in (truth if isinstance(truth, list) else [truth])
    )

    def judge(answer):
        feedback = checks.computed(answer, lambda: truth)
        if not feedback.passed:  # the truth is shown in any case
            feedback.text, feedback.picture = f"You said {answer}.", ""
        return feedback

    if in_words:
        return Prediction(question, judge, truth, read_words, "in a word")
    return Prediction(question, judge, truth)
