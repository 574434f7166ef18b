"""Known misconceptions about convolution arithmetic, and which of them a wrong answer shows.

:func:`diagnose` names what gives exactly a learner's answer to a :class:`Problem`.
:data:`CATALOGUE` holds every misconception with its idea, examples and public evidence;
:func:`wrong_answer` computes what it gives, for any input.
"""

from convlab.misconceptions.benches import wrong_answer
from convlab.misconceptions.catalogue import CATALOGUE, misconception, variants
from convlab.misconceptions.diagnosis import Diagnosis, Match, diagnose
from convlab.misconceptions.entry import Example, Misconception
from convlab.misconceptions.problem import Problem

__all__ = [
    "CATALOGUE",
    "Diagnosis",
    "Example",
    "Match",
    "Misconception",
    "Problem",
    "diagnose",
    "misconception",
    "variants",
    "wrong_answer",
]
