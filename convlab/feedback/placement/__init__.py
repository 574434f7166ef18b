"""Ten questions before the course and ten after it: what a learner knows, and what to revisit.

Both tests have the same aims in the same order, with other numbers. A question states an operator and its arguments,
so its truth is computed and never written down; each looks for one misconception of :mod:`convlab.misconceptions`.
"""

from convlab.feedback.placement.question import Question, Result
from convlab.feedback.placement.questions import FIRST_TEST, LAST_TEST
from convlab.feedback.placement.saved import saved_answers
from convlab.feedback.placement.scoring import Score, score

__all__ = ["FIRST_TEST", "LAST_TEST", "Question", "Result", "Score", "saved_answers", "score"]
