"""A learner's function, called by us: it may never end, fail, or forget to return."""

import traceback
from collections.abc import Callable
from typing import Any

from convlab.feedback.timelimit import TimeLimitReached, time_limit

__all__ = ["Stopped", "call"]

SECONDS = 5.0


class Stopped:
    """What stands where a call gave no answer; checks say its ``text``.

    Examples
    --------
    >>> Stopped("A function is asked for.")
    Stopped('A function is asked for.')
    """

    def __init__(self, text: str):
        self.text = text

    def __repr__(self):
        return f"Stopped({self.text!r})"


def call(function: Callable, *arguments: Any, seconds: float = SECONDS, **options: Any) -> Any:
    """What a learner's function answers, for a check; a :class:`Stopped` where it gives no answer.

    It has ``seconds``, and what it raises becomes a sentence.

    Examples
    --------
    >>> call(max, [1, 3, 2])
    3
    >>> call(print, "half")
    half
    Stopped('Your function returned None: is its return missing?')
    """
    if function is ...:
        return ...
    if not callable(function):
        return Stopped(f"A function is asked for, got {type(function).__name__}.")
    try:
        with time_limit(seconds):
            answer = function(*arguments, **options)
    except TimeLimitReached:
        return Stopped(f"Your function was stopped after {seconds:g} seconds. Does a loop never end?")
    except Exception as error:  # it may raise anything
        return Stopped(f"Your function stopped with {type(error).__name__}: {error}{_where(error)}")
    return Stopped("Your function returned None: is its return missing?") if answer is None else answer


def _where(error):
    """The last line of the learner's own code."""
    steps = traceback.extract_tb(error.__traceback__)[1:]
    own = [step for step in steps if step.line and "site-packages" not in step.filename]
    return f"\nIn the line: {own[-1].line}" if own else ""
