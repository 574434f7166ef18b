"""From a stated problem to the bench on which its wrong answers are computed."""

from convlab.misconceptions import wrong_other, wrong_sizes
from convlab.misconceptions.problem import OPERATORS
from convlab.misconceptions.transposed_bench import TransposedBench
from convlab.misconceptions.variants import NotApplicable
from convlab.misconceptions.wrong_convolution import ConvolutionBench
from convlab.misconceptions.wrong_sizes import FunctionBench, SizeBench

__all__ = ["bench_for", "in_bench_form", "in_stated_form", "wrong_answer"]

WRONG_FUNCTIONS = {**wrong_sizes.WRONG_FUNCTIONS, **wrong_other.WRONG_FUNCTIONS}


def bench_for(problem):
    """The bench of a :class:`~convlab.misconceptions.problem.Problem`; arrays have a batch axis there."""
    operator, arguments = problem.operator, problem.full_arguments
    if operator in WRONG_FUNCTIONS:
        return FunctionBench(WRONG_FUNCTIONS[operator], **arguments)
    if operator in ("conv_output_size", "conv_transpose_output_size"):
        return SizeBench("transpose" in operator, **arguments)
    if _lacks_batch(problem):
        arguments["input"] = arguments["input"][None]
    if operator.startswith("conv_transpose"):
        return TransposedBench(**arguments)
    return ConvolutionBench(**arguments, same=operator.endswith("_same"))


def _lacks_batch(problem):
    weight, input = problem.full_arguments.get("weight"), problem.full_arguments.get("input")
    return weight is not None and input is not None and input.ndim == weight.ndim - 1


def in_stated_form(problem, answer):
    """An answer from the bench, with the axes that the learner's answer has."""
    return problem.stated_form(answer[0] if _lacks_batch(problem) else answer)


def in_bench_form(problem, values):
    """An array in the stated form, with the axes that the bench gives to its answers."""
    if problem.plain:
        return values[(None,) * OPERATORS[problem.operator].leading]
    return values[None] if _lacks_batch(problem) else values


def wrong_answer(variant_id, problem):
    """What the learner with this misconception answers; None where the idea gives no answer.

    Parameters
    ----------
    variant_id : str
        The id of a variant, such as ``"M03a"``.
    problem : Problem
        Any problem of an operator to which the variant belongs.

    Returns
    -------
    array, int, bool, tuple or None
        In the form of :meth:`Problem.truth`.

    Raises
    ------
    ValueError
        If the operator has no such variant.

    Examples
    --------
    >>> from convlab.misconceptions.problem import Problem
    >>> wrong_answer("M14b", Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2))
    array([2. , 4. , 4.5, 6. , 9. ])
    """
    bench = bench_for(problem)
    for variant in bench.variants:
        if variant.id == variant_id:
            try:
                return in_stated_form(problem, bench.answer(variant))
            except NotApplicable:
                return None
    known = ", ".join(variant.id for variant in bench.variants)
    raise ValueError(f"variant_id must be one of {known} for {problem.operator}, got {variant_id!r}")
