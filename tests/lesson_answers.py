"""What the lessons' tests share: the answers of all ``test_lesson_NN.py``, and the layers that sentences are tried on.

``ANSWERS`` of a lesson are a right answer and at least three wrong ones to each exercise, ``{cell id: sources}``; each
source replaces the ``...`` of the exercise.
"""

import importlib
import pathlib

LAYERS = [(i, k, s) for i in range(1, 6) for k in range(1, 6) for s in range(1, 7)]
NUMBERS = {path.stem[-2:] for path in pathlib.Path(__file__).parent.glob("test_lesson_??.py")}


def answers(number):
    return importlib.import_module(f"test_lesson_{number}").ANSWERS
