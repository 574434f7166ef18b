"""Further problems that keep misconceptions apart, for an answer that is a function.

Only options that the stated problem has are varied, so that a function which is right for
its task is never asked for more.
"""

import numpy as np

from convlab.misconceptions.problem import Problem

__all__ = ["further_problems"]

# input size, kernel size, then the options. On the first three the commonest wrong ideas all give
# different answers: an even and an odd kernel, a dilation, and 2 p + 1 != k. Their numbers can be
# read, digits times powers of ten; those of the others are random, in no order.
READABLE = 3
PROBES = (
    (3, 4, {"stride": 2, "padding": 1}),
    (3, 3, {"stride": 2, "padding": 1, "output_padding": 1}),
    (3, 3, {"stride": 3, "padding": 1, "output_padding": 2, "dilation": 2}),
    (4, 5, {"stride": 2, "padding": 2, "output_padding": 1}),
    (6, 2, {"stride": 3}),
)
SIZES = ("conv_output_size", "conv_transpose_output_size", "effective_kernel_size", "round_trip_size")
# Questions about a list of layers: other lists.
STACKS = {
    "receptive_field": ([(3, 1, 1), (3, 1, 1)], [(5, 2, 1), (3, 1, 2)], [(2, 3, 1), (4, 1, 1), (3, 2, 3)]),
}


def further_problems(problem):
    """Problems of the same operator, of the same form and with the same options as ``problem``.

    Returns
    -------
    tuple of Problem
        Empty for operators without probes.

    Examples
    --------
    >>> stated = Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    >>> [p.truth().tolist() for p in further_problems(stated)][:2]
    [[1, 10, 102, 1020, 203, 2030, 300, 3000], [1, 10, 102, 20, 203, 30, 300]]
    """
    if problem.operator in STACKS:
        others = (Problem(problem.operator, stack) for stack in STACKS[problem.operator])
        return tuple(other for other in others if repr(other) != repr(problem))
    found = {}
    for number, (input_size, kernel_size, options) in enumerate(PROBES):
        chosen = {name: options.get(name, _neutral(name)) for name in problem.arguments if name in OPTIONS}
        chosen = {name: _like(problem.arguments[name], value) for name, value in chosen.items()}
        if problem.operator in SIZES:
            sizes = {"input_size": input_size + 4, "kernel_size": kernel_size}
            arguments = {name: sizes.get(name, chosen.get(name)) for name in problem.arguments}
        elif problem.operator.startswith("conv") and "weight" in problem.arguments:
            arguments = {**problem.arguments, **chosen, **_arrays(problem, input_size, kernel_size, number < READABLE)}
        else:
            return ()
        another = Problem(problem.operator, **arguments)
        try:
            another.truth()
        except ValueError:  # these numbers do not go together without the options that were not stated
            continue
        found.setdefault(repr(another), another)
    found.pop(repr(problem), None)
    return tuple(found.values())


OPTIONS = ("stride", "padding", "output_padding", "dilation")


def _neutral(name):
    return 0 if "padding" in name else 1


def _like(stated, value):
    """An option in the form in which it was stated: a tuple stays one, "same" stays."""
    if isinstance(stated, str):
        return stated
    return type(stated)([value] * len(stated)) if isinstance(stated, (tuple, list)) else value


def _arrays(problem, input_size, kernel_size, readable):
    """Input and weight of the stated form, of other sizes, square where the stated ones are square."""
    x, w = problem.arguments["input"], problem.arguments["weight"]
    ndim = w.ndim if problem.plain else w.ndim - 2
    in_size, kernel = [input_size] * ndim, [kernel_size] * ndim
    if len(set(x.shape[-ndim:])) > 1:
        in_size[-1] += 1
    shape = (*x.shape[: x.ndim - ndim], *in_size)
    kernel_shape = (*w.shape[: w.ndim - ndim], *kernel)
    if readable and ndim == 1 and x.size == x.shape[-1] and w.size == w.shape[-1]:  # one axis, one channel
        values, taps = np.arange(1, input_size + 1), 10 ** np.arange(kernel_size)
    else:
        random = np.random.default_rng(input_size + 10 * kernel_size)
        values, taps = random.integers(1, 90, shape), random.integers(1, 90, kernel_shape)
    return {"input": values.reshape(shape).astype(x.dtype), "weight": taps.reshape(kernel_shape).astype(w.dtype)}
