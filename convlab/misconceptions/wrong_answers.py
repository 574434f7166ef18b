"""From a stated problem to the wrong answers that the registry has for it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlab.misconceptions.problem import OPERATORS, Problem
from convlab.misconceptions.registry import NotApplicable, rules_for
from convlab.misconceptions.simulation import FunctionSimulation, Simulation, SizeSimulation, StackSimulation
from convlab.misconceptions.sliding_simulation import SlidingSimulation
from convlab.misconceptions.stamping_simulation import StampingSimulation

__all__ = ["in_simulated_form", "in_stated_form", "simulation_of", "wrong_answer", "wrong_function"]


def simulation_of(problem: Problem) -> Simulation:
    """The simulation of a problem; arrays have a batch axis there.

    Examples
    --------
    >>> simulation_of(Problem("conv1d", [1, 2, 3, 4], [1, 10, 100])).answer()
    array([[[321, 432]]])
    """
    operator, arguments = problem.operator, problem.full_arguments
    kind: Callable = StampingSimulation if operator.startswith("conv_transpose") else SlidingSimulation
    if operator in ("conv_output_size", "conv_transpose_output_size"):
        return SizeSimulation(kind, **arguments)
    if not (operator.startswith("conv") and "weight" in arguments):
        kind = StackSimulation if operator == "receptive_field" else FunctionSimulation
        return kind(rules_for(operator), **arguments)
    if _lacks_batch(problem):
        arguments["input"] = arguments["input"][None]
    return kind(**arguments, **({"same": True} if operator.endswith("_same") else {}))


def _lacks_batch(problem):
    weight, input = problem.full_arguments.get("weight"), problem.full_arguments.get("input")
    return weight is not None and input is not None and input.ndim == weight.ndim - 1


def in_stated_form(problem: Problem, answer: Any) -> Any:
    """An answer of the simulation, with the axes that the learner's answer has."""
    return problem.stated_form(answer[0] if _lacks_batch(problem) else answer)


def in_simulated_form(problem: Problem, values: np.ndarray) -> np.ndarray:
    """An array in the stated form, with the axes that the simulation gives to its answers."""
    if problem.plain:
        return values[(None,) * OPERATORS[problem.operator].leading]
    return values[None] if _lacks_batch(problem) else values


def wrong_function(variant_id: str, operator: str) -> Callable:
    """The function that a learner with this misconception writes for an operator.

    It raises :class:`~convlab.misconceptions.registry.NotApplicable` where the idea gives no answer.

    Examples
    --------
    >>> wrong_function("M14a", "conv_transpose1d")([2, 3], [1, 2, 3], stride=2)
    array([2, 4, 3, 6, 9])
    """

    def learner(*arguments, **options):
        problem = Problem(operator, *arguments, **options)
        simulation = simulation_of(problem)
        known = {variant.id: variant for variant in simulation.variants}
        if variant_id not in known:
            raise ValueError(f"variant_id must be one of {', '.join(known)} for {operator}, got {variant_id!r}")
        return in_stated_form(problem, simulation.answer(known[variant_id]))

    return learner


def wrong_answer(variant_id: str, problem: Problem) -> Any:
    """What the learner with this misconception answers, in the form of :meth:`Problem.truth`.

    None where the idea gives no answer; ValueError if the operator has no such variant.

    Examples
    --------
    >>> wrong_answer("M14b", Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2))
    array([2. , 4. , 4.5, 6. , 9. ])
    """
    try:
        return wrong_function(variant_id, problem.operator)(**problem.arguments)
    except NotApplicable:
        return None
