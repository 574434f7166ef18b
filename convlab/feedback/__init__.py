"""Feedback on a learner's answer: checks, predictions, placement tests, and the box that they speak in."""
