"""What the test cells of the assignments call.

A test cell holds data only: a list of calls, each a dict of arguments. The checks
make the arrays (:mod:`convlab.grading.cases`), ask PyTorch for the truth
(:mod:`~convlab.grading.oracles`), compare exactly, and name the mistake that gives
the student's answer (:func:`convlab.misconceptions.diagnose`). What a source notebook must look like is in
:mod:`tools.lint_assignments`. PyTorch is imported with the first check.
"""

from convlab.grading.adjoint import check_adjoint
from convlab.grading.check_calls import check_call, check_errors, check_untouched
from convlab.grading.designs import check_design

__all__ = ["check_adjoint", "check_call", "check_design", "check_errors", "check_untouched"]
