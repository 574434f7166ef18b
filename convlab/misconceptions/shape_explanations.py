"""Why an answer has the wrong shape, and whether its numbers are those of another window."""

import numpy as np

from convlab.misconceptions.comparison import equal_values
from convlab.misconceptions.problem import NEUTRAL, Problem
from convlab.misconceptions.registry import in_order
from convlab.misconceptions.simulation import Simulation, StepSimulation
from convlab.misconceptions.stamping_simulation import StampingSimulation

__all__ = ["explain_shape", "find_window"]

MANY = 3  # so many numbers that are not zero must agree before a window is named


def explain_shape(simulation: Simulation, problem: Problem, values: np.ndarray) -> str:
    """Which wrong size formula gives the shape of ``values``; empty if the shape is right, or none gives it.

    A shape is little evidence: it is silent unless half of the numbers, and three that are not zero, are right ones.

    Examples
    --------
    >>> from convlab.misconceptions.wrong_answers import simulation_of
    >>> problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1)
    >>> explain_shape(simulation_of(problem), problem, np.arange(9))
    ''
    >>> explain_shape(simulation_of(problem), problem, np.array([0, 1, 10, 102, 20, 203, 30, 301, 0]))
    'One way to get 9 cells is that padding adds zeros around the output.'
    """
    if not isinstance(simulation, StepSimulation):
        return ""
    right = simulation.shape(simulation.plan()) or ()
    have = values.shape[-len(right) :]
    if have == right:
        if values.shape == np.shape(problem.truth()):
            return ""
        return "The spatial size is right, but not the number of samples or channels: look at the shape of weight."
    known = simulation.full_result() if isinstance(simulation, StampingSimulation) else problem.truth()
    right = np.isin(values, known)[values != 0]
    if right.sum() < max(MANY, right.size / 2):
        return ""
    sizes = simulation.sizes_by_variant()
    options = {option for option in NEUTRAL if problem.has(option)}
    reasons = [str(variant) for variant in in_order(simulation.shape_rules(), options) if sizes.get(variant) == have]
    if not reasons:
        return ""
    told = "x".join(map(str, have))
    return f"One way to get {told} cells is that {'; another is that '.join(reasons[:3])}."


def find_window(simulation: Simulation, values: np.ndarray) -> str:
    """Say so if all numbers are those of the full transposed result, but of another window.

    Examples
    --------
    >>> from convlab.misconceptions.wrong_answers import simulation_of
    >>> problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1)
    >>> find_window(simulation_of(problem), np.array([102, 20, 203, 30, 300]))
    'The numbers are right, but of another window: it begins at cell 2 of the full result.'
    """
    if not isinstance(simulation, StampingSimulation):
        return ""
    if np.count_nonzero(values) < MANY:
        return ""
    full = simulation.full_result()
    spatial = full.ndim - 2
    while values.ndim < full.ndim:
        values = values[None]
    size = values.shape[2:]
    if values.shape[:2] != full.shape[:2] or full.size * values.size > 10**6:
        return ""
    padded = np.pad(full, [(0, 0), (0, 0), *((s - 1, s - 1) for s in size)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=tuple(range(2, full.ndim)))
    for begin in np.ndindex(*windows.shape[2 : 2 + spatial]):
        if equal_values(windows[:, :, *begin], values):
            cells = ", ".join(str(b - s + 1) for b, s in zip(begin, size))
            cell = cells if spatial == 1 else f"({cells})"
            return f"The numbers are right, but of another window: it begins at cell {cell} of the full result."
    return ""
