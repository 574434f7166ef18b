"""Known misconceptions about convolution arithmetic, and which of them a wrong answer shows.

:func:`diagnose` names what gives exactly a learner's answer to a :class:`Problem`.
:data:`CATALOGUE` holds every misconception with its idea, lesson, examples, public evidence and wrong rules;
:func:`wrong_answer` computes what it gives, for any input.
"""

from convlab.misconceptions import catalogue  # noqa: F401  (fills CATALOGUE)
from convlab.misconceptions.diagnosis import Diagnosis, Match, diagnose
from convlab.misconceptions.examples import Example
from convlab.misconceptions.further_problems import further_problems
from convlab.misconceptions.problem import OPERATORS, Problem
from convlab.misconceptions.registry import (
    CATALOGUE,
    Misconception,
    NotApplicable,
    lesson_about,
    misconception,
    rules_for,
    variants,
)
from convlab.misconceptions.wrong_answers import simulation_of, wrong_answer, wrong_function

__all__ = [
    "CATALOGUE",
    "OPERATORS",
    "Diagnosis",
    "Example",
    "Match",
    "Misconception",
    "NotApplicable",
    "Problem",
    "diagnose",
    "further_problems",
    "lesson_about",
    "misconception",
    "rules_for",
    "simulation_of",
    "variants",
    "wrong_answer",
    "wrong_function",
]
