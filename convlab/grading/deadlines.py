"""Where the ``nbgrader_config.py`` of courses finds :mod:`convlab.grading.sandbox.penalties`."""

from convlab.grading.sandbox.penalties import LatePenalty, due_dates

__all__ = ["LatePenalty", "due_dates"]
